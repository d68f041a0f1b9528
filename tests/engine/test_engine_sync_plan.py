"""The planner: every row of its table, and what must hold for any numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from martlet.engine.sync_plan import NEW_AT_ONCE, Local, Remote, Step, adds_up, plan, unchanged
from martlet.mail.sync import FolderStatus, SyncState

KNOWN = SyncState(7, 101, 50)


def test_never_seen_folder_compares_uids() -> None:
    steps = plan(Local(SyncState(), 0, True), Remote(10, 7, 11, 5))
    assert steps == (Step.COMPARE_UIDS,)


def test_cut_off_first_pass_asks_for_flags_of_what_came() -> None:
    for state in (SyncState(), SyncState(7)):
        steps = plan(Local(state, 4, True), Remote(10, 7, 11, 5))
        assert steps == (Step.COMPARE_UIDS, Step.FLAGS_ALL)


def test_new_uidvalidity_forgets_first() -> None:
    steps = plan(Local(KNOWN, 100, False), Remote(100, 8, 101, 50))
    assert steps == (Step.FORGET, Step.COMPARE_UIDS)


def test_nothing_changed_is_nothing_to_do() -> None:
    assert plan(Local(KNOWN, 100, True), Remote(100, 7, 101, 50)) == ()


def test_flags_changed_are_asked_since_modseq() -> None:
    assert plan(Local(KNOWN, 100, False), Remote(100, 7, 101, 60)) == (Step.FLAGS_SINCE,)


def test_what_qresync_told_is_taken() -> None:
    steps = plan(Local(KNOWN, 100, False), Remote(100, 7, 103, 60, resynced=True))
    assert steps == (Step.TAKE_GONE, Step.TAKE_FLAGS, Step.FETCH_NEW)


def test_few_new_ones_are_fetched_and_many_compared() -> None:
    for count, step in ((1, Step.FETCH_NEW), (NEW_AT_ONCE + 1, Step.COMPARE_UIDS)):
        remote = Remote(100 + count, 7, 101 + count, 60)
        assert plan(Local(KNOWN, 100, False), remote) == (Step.FLAGS_SINCE, step)


def test_without_condstore_newest_flags_now_and_all_when_due() -> None:
    state = SyncState(7, 101)
    assert plan(Local(state, 100, False), Remote(100, 7, 101, 0)) == (Step.FLAGS_NEWEST,)
    assert plan(Local(state, 100, True), Remote(100, 7, 101, 0)) == (Step.FLAGS_ALL,)


def test_numbers_going_backwards_compare_everything() -> None:
    for remote in (Remote(100, 7, 90, 50), Remote(100, 7, 101, 40)):
        assert plan(Local(KNOWN, 100, False), remote) == (Step.COMPARE_UIDS, Step.FLAGS_ALL)


def test_status_alone_proves_only_what_modseq_vouches_for() -> None:
    same = FolderStatus(messages=100, uid_next=101, uid_validity=7, modseq=50)
    assert unchanged(KNOWN, 100, same)
    assert not unchanged(KNOWN, 99, same)
    assert not unchanged(SyncState(7, 101), 100, FolderStatus(100, 101, 7))
    for other in (
        FolderStatus(100, 102, 7, modseq=50),
        FolderStatus(100, 101, 8, modseq=50),
        FolderStatus(100, 101, 7, modseq=51),
        FolderStatus(101, 101, 7, modseq=50),
    ):
        assert not unchanged(KNOWN, 100, other)


numbers = st.integers(0, 2**32 - 1)


@given(
    st.builds(SyncState, numbers, numbers, numbers),
    st.integers(0, 1000),
    st.booleans(),
    st.builds(Remote, st.integers(0, 1000), numbers, numbers, numbers, st.booleans()),
)
def test_any_numbers(state: SyncState, known: int, due: bool, remote: Remote) -> None:
    steps = plan(Local(state, known, due), remote)
    assert len(set(steps)) == len(steps)
    # Another numbering is always compared uid by uid; a count that disagrees is, at the end.
    if remote.uid_validity != state.uid_validity:
        assert Step.COMPARE_UIDS in steps
    assert adds_up(known, remote.exists) == (known == remote.exists)
    # Uids of another validity are never trusted for flags or for who is gone.
    if state.uid_validity and state.uid_validity != remote.uid_validity:
        assert steps[0] is Step.FORGET
        assert not {Step.FLAGS_SINCE, Step.TAKE_GONE, Step.TAKE_FLAGS} & set(steps)
    # Whatever uids the server has given out since are looked at.
    if state.uid_validity == remote.uid_validity and 0 < state.uid_next < remote.uid_next:
        assert {Step.FETCH_NEW, Step.COMPARE_UIDS} & set(steps)


@given(
    st.builds(SyncState, numbers, numbers, numbers),
    st.integers(0, 1000),
    st.builds(FolderStatus, st.integers(0, 1000), numbers, numbers, numbers, numbers),
)
def test_what_is_unchanged_has_an_empty_plan(
    state: SyncState, known: int, status: FolderStatus
) -> None:
    if unchanged(state, known, status):
        remote = Remote(status.messages, status.uid_validity, status.uid_next, status.modseq)
        assert plan(Local(state, known, True), remote) == ()
