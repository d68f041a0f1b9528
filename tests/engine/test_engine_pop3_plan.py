"""What is done about a POP3 mailbox, for any mailbox, any past and any settings."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from martlet.engine.pop3_plan import DAY_S, Plan, Rules, deletions, plan
from martlet.mail.message import MessageId
from martlet.net.pop3 import Listed
from martlet.store.pop3 import Seen, Wanted

NOW = 1_700_000_000.0

names = st.sampled_from(["a", "b", "c", "d", "e", "f", ""])
sizes = st.sampled_from([0, 500, 2000, 3_000_000])
marks = st.sampled_from(["", "<1@x>", "<2@x>", "<3@x>"])
mailboxes = st.lists(st.tuples(names, sizes, marks), max_size=8)
pasts = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d", "e", "f", "a #2", "header:500 <1@x>"]),
    st.builds(
        Seen,
        mark=marks,
        size=sizes,
        seen_at=st.sampled_from([NOW, NOW - 5 * DAY_S, NOW - 50 * DAY_S]),
        gone_at=st.sampled_from([0.0, 0.0, NOW - DAY_S]),
        wanted=st.sampled_from(Wanted),
        message=st.sampled_from([MessageId(0), MessageId(7)]),
        here=st.booleans(),
        whole=st.booleans(),
        stored=sizes,
    ),
    max_size=6,
)
settings = st.builds(
    Rules,
    leave=st.booleans(),
    days=st.sampled_from([0, 14]),
    count=st.sampled_from([0, 2]),
    mb=st.sampled_from([0, 1]),
    gone_there=st.booleans(),
    headers=st.booleans(),
    limit=st.sampled_from([0, 1000]),
    tops=st.booleans(),
)


def planned(
    box: list[tuple[str, int, str]], seen: dict[str, Seen], wants: Rules
) -> tuple[dict[int, Listed], Plan]:
    listed = {n: Listed(name, size) for n, (name, size, _) in enumerate(box, 1)}
    made = plan(listed, seen, wants)
    if made.ask:
        assert wants.tops
        assert made == Plan(ask=made.ask)
        said = {n: box[n - 1][2] for n in made.ask}
        made = plan(listed, seen, wants, said)
    return listed, made


def carried_out(
    listed: dict[int, Listed],
    box: list[tuple[str, int, str]],
    seen: dict[str, Seen],
    made: Plan,
) -> dict[str, Seen]:
    """What is known afterwards, as the store writes it down."""
    after = dict(seen)
    for old, _ in made.renamed:
        after.pop(old, None)
    for old, new in made.renamed:
        after[new] = replace(seen[old], gone_at=0.0)
    for key, size in made.resized:
        after[key] = replace(after[key], size=size)
    for key in made.back:
        one = after[key]
        message = one.message if one.here else MessageId(0)
        after[key] = replace(one, gone_at=0.0, wanted=Wanted.NO, message=message)
    for key in made.gone:
        if key in after:
            after[key] = replace(after[key], gone_at=NOW)
    for number in (*made.whole, *made.headers, *made.stubs):
        size = listed[number].size
        after[made.keys[number]] = Seen(
            box[number - 1][2], size, NOW, 0.0, Wanted.NO, MessageId(9), True,
            number in made.whole, size,
        )  # fmt: skip
    for number in made.rest:
        one = after[made.keys[number]]
        after[made.keys[number]] = replace(one, whole=True, stored=one.size)
    return after


@given(mailboxes, pasts, settings)
def test_whatever_is_new_comes_once(
    box: list[tuple[str, int, str]], seen: dict[str, Seen], wants: Rules
) -> None:
    listed, made = planned(box, seen, wants)
    fetched = [*made.whole, *made.headers, *made.stubs]
    assert len(set(fetched)) == len(fetched)
    # Each is remembered under a name of its own.
    assert len(set(made.keys.values())) == len(made.keys)
    known = {*seen} | {new for _, new in made.renamed}
    for number in made.keys:
        assert number in fetched or made.keys[number] in known
    after = carried_out(listed, box, seen, made)
    _, again = planned(box, after, wants)
    assert again.whole == again.headers == again.stubs == again.rest == ()
    assert (again.renamed, again.gone, again.back) == ((), (), ())


@given(mailboxes, pasts, settings)
def test_nothing_is_deleted_that_is_not_had_or_meant(
    box: list[tuple[str, int, str]], seen: dict[str, Seen], wants: Rules
) -> None:
    listed, made = planned(box, seen, wants)
    after = carried_out(listed, box, seen, made)
    due = deletions(listed, after, wants, made, NOW)
    assert due == sorted(set(due))
    for number in due:
        one = after[made.keys[number]]
        assert listed[number].uidl
        assert [name for name, _, _ in box].count(listed[number].uidl) == 1
        assert one.gone_at == 0
        if one.wanted is Wanted.NO:
            # By the account's rules: its bytes are here, or were until the user threw them away.
            assert one.message
            assert one.whole or not one.here
        if one.wanted is Wanted.WITH_IT and not wants.gone_there:
            assert one.message
    if wants.leave and not (wants.days or wants.count or wants.mb):
        assert all(after[made.keys[n]].wanted for n in due)


@given(mailboxes, pasts)
def test_headers_are_only_looked_at_where_the_server_shows_them(
    box: list[tuple[str, int, str]], seen: dict[str, Seen]
) -> None:
    listed = {n: Listed(name, size) for n, (name, size, _) in enumerate(box, 1)}
    assert plan(listed, seen, Rules(tops=False)).ask == ()


def test_names_given_anew_are_recognised() -> None:
    seen = {f"old{n}": Seen(f"<{n}@x>", 100 + n, NOW, message=MessageId(n)) for n in range(1, 5)}
    listed = {n: Listed(f"new{n}", 100 + n) for n in range(1, 6)}
    assert plan(listed, seen, Rules()).ask == (1, 2, 3, 4)
    made = plan(listed, seen, Rules(), {n: f"<{n}@x>" for n in range(1, 5)})
    assert made.renamed == tuple((f"old{n}", f"new{n}") for n in range(1, 5))
    assert made.whole == (5,)
    assert made.gone == ()


def test_a_name_used_for_another_message_brings_that() -> None:
    seen = {"a": Seen("<1@x>", 100, NOW, message=MessageId(1))}
    listed = {1: Listed("a", 900)}
    assert plan(listed, seen, Rules()).ask == (1,)
    assert plan(listed, seen, Rules(), {1: "<2@x>"}).whole == (1,)
    same = plan(listed, seen, Rules(), {1: "<1@x>"})
    assert (same.whole, same.resized) == ((), (("a", 900),))
    # Without a header to tell them apart neither is fetched or deleted.
    unknown = plan(listed, seen, Rules(leave=False, tops=False))
    assert (unknown.whole, unknown.sure) == ((), frozenset())


def test_what_is_left_there_is_bounded_by_number_and_size() -> None:
    seen = {
        f"u{n}": Seen("", 600_000, NOW, message=MessageId(n), stored=600_000) for n in range(1, 6)
    }
    listed = {n: Listed(f"u{n}", 600_000) for n in range(1, 6)}
    for wants, left in ((Rules(count=2), 2), (Rules(mb=1), 1), (Rules(mb=2), 3), (Rules(), 5)):
        made = plan(listed, seen, wants)
        assert deletions(listed, seen, wants, made, NOW) == list(range(1, 6 - left))


def test_a_message_that_came_cut_off_stays_there() -> None:
    wants = Rules(leave=False)
    listed = {1: Listed("a", 90_000)}
    for stored, due in ((90_000, [1]), (89_000, [1]), (2000, [])):
        seen = {"a": Seen("", 90_000, NOW, message=MessageId(1), stored=stored)}
        assert deletions(listed, seen, wants, plan(listed, seen, wants), NOW) == due
