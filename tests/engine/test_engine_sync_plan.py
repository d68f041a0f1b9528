"""The planner: every row of its table, and what must hold for any numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from martlet.engine.sync_plan import Local, Remote, Step, plan
from martlet.mail.sync import SyncState

KNOWN = SyncState(7, 101, 50)


def test_never_seen_folder_compares_uids() -> None:
    steps = plan(Local(SyncState(), 0, True), Remote(10, 7, 11, 5), condstore=True)
    assert steps == (Step.COMPARE_UIDS,)


def test_cut_off_first_pass_asks_for_flags_of_what_came() -> None:
    steps = plan(Local(SyncState(), 4, True), Remote(10, 7, 11, 5), condstore=True)
    assert steps == (Step.COMPARE_UIDS, Step.FLAGS_ALL)


def test_new_uidvalidity_forgets_first() -> None:
    steps = plan(Local(KNOWN, 100, False), Remote(100, 8, 101, 50), condstore=True)
    assert steps == (Step.FORGET, Step.COMPARE_UIDS)


def test_nothing_changed_is_nothing_to_do() -> None:
    assert plan(Local(KNOWN, 100, True), Remote(100, 7, 101, 50), condstore=True) == ()


def test_flags_changed_are_asked_since_modseq() -> None:
    steps = plan(Local(KNOWN, 100, False), Remote(100, 7, 101, 60), condstore=True)
    assert steps == (Step.FLAGS_SINCE,)


def test_without_condstore_newest_flags_now_and_all_when_due() -> None:
    assert plan(Local(KNOWN, 100, False), Remote(100, 7, 101, 0), condstore=False) == (
        Step.FLAGS_NEWEST,
    )
    assert plan(Local(KNOWN, 100, True), Remote(100, 7, 101, 0), condstore=False) == (
        Step.FLAGS_ALL,
    )


def test_count_that_does_not_add_up_compares() -> None:
    steps = plan(Local(KNOWN, 100, False), Remote(99, 7, 101, 50), condstore=True)
    assert steps == (Step.COMPARE_UIDS,)


def test_numbers_going_backwards_compare_everything() -> None:
    for remote in (Remote(100, 7, 90, 50), Remote(100, 7, 101, 40)):
        assert plan(Local(KNOWN, 100, False), remote, condstore=True) == (
            Step.COMPARE_UIDS,
            Step.FLAGS_ALL,
        )


numbers = st.integers(0, 2**32 - 1)


@given(
    st.builds(SyncState, numbers, numbers, numbers),
    st.integers(0, 1000),
    st.booleans(),
    st.builds(Remote, st.integers(0, 1000), numbers, numbers, numbers),
    st.booleans(),
)
def test_any_numbers(
    state: SyncState, known: int, due: bool, remote: Remote, condstore: bool
) -> None:
    steps = plan(Local(state, known, due), remote, condstore=condstore)
    assert len(set(steps)) == len(steps)
    # A folder whose count or numbering disagrees with the server is always compared uid by uid.
    if remote.exists != known or remote.uid_validity != state.uid_validity:
        assert Step.COMPARE_UIDS in steps or (known == 0 and remote.exists == 0)
    # Uids of another validity are never trusted for flags.
    if state.uid_validity and state.uid_validity != remote.uid_validity:
        assert steps[0] is Step.FORGET
        assert Step.FLAGS_SINCE not in steps
