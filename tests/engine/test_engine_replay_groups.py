"""Which neighbours of the journal go into one command."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from martlet.engine.replay_groups import first_group
from martlet.mail.account import AccountId
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.mail.sync import Op, OpKind

ops = st.lists(
    st.builds(
        Op,
        id=st.integers(1, 10**6),
        kind=st.sampled_from(OpKind),
        account_id=st.just(AccountId(1)),
        message=st.integers(1, 5).map(MessageId),
        folder_id=st.integers(1, 3).map(FolderId),
        folder_name=st.just("INBOX"),
        uid=st.integers(0, 5),
        target_id=st.integers(1, 2).map(FolderId),
        add=st.sampled_from([frozenset(), frozenset({"\\Seen"})]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda op: op.id,
)


@given(ops)
def test_a_group_is_uniform_and_overtakes_nothing_of_its_messages(pending: list[Op]) -> None:
    group = first_group(pending)
    assert group[0] == pending[0]
    assert len({op.message for op in group}) == len(group)
    assert len({(op.kind, op.folder_id, op.target_id, op.add, op.remove) for op in group}) == 1
    if group[0].kind is not OpKind.FLAGS:
        assert group == pending[: len(group)]
    last = max(place for place, op in enumerate(pending) if op in group)
    overtaken = [op for op in pending[:last] if op not in group]
    assert all((op.kind, op.folder_id) == (OpKind.FLAGS, group[0].folder_id) for op in overtaken)
    for op in group:
        before = pending[: pending.index(op)]
        assert all(other.message != op.message for other in before)


def test_marks_of_many_messages_in_turn_are_few_commands() -> None:
    kinds = (frozenset({"\\Seen"}), frozenset({"\\Flagged"}))
    left = [
        Op(
            i, OpKind.FLAGS, AccountId(1), MessageId(i), FolderId(1), "INBOX", i, add=kinds[i % 2]
        )
        for i in range(1, 1001)
    ]  # fmt: skip
    commands = 0
    while left:
        group = first_group(left)
        left = [op for op in left if op not in group]
        commands += 1
    assert commands == 2


def test_a_thousand_flags_are_one_command() -> None:
    pending = [
        Op(
            i,
            OpKind.FLAGS,
            AccountId(1),
            MessageId(i),
            FolderId(1),
            "INBOX",
            i,
            add=frozenset({"\\Seen"}),
        )
        for i in range(1, 1001)
    ]
    assert len(first_group(pending)) == 1000
