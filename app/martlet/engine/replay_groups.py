"""Which pending changes one command can carry to the server; pure."""

from __future__ import annotations

from collections.abc import Sequence

from martlet.engine.replay_folders import KINDS
from martlet.mail.message import MessageId
from martlet.mail.sync import Op, OpKind

GROUP = 1000


def first_run(ops: Sequence[Op]) -> int:
    """How many of the leading ops may be put into another order, since what they change are flags
    of one folder; of others, how many are alike."""
    if not ops:
        return 0
    first = ops[0]
    for number, op in enumerate(ops):
        if first.kind is OpKind.FLAGS:
            alike = (op.kind, op.folder_id) == (first.kind, first.folder_id)
        else:
            alike = _change(op) == _change(first)
        if not alike:
            return number
    return len(ops)


def first_group(ops: Sequence[Op]) -> list[Op]:
    """What of the leading ops one command can carry out.

    The same message twice would need two commands (its uid may change between them), so it ends
    a group. Changes of flags may be picked from behind others, but for those of messages that have
    another change before.
    """
    first = ops[0]
    if first.kind in (*KINDS, OpKind.APPEND):
        return [first]
    group: list[Op] = []
    seen: set[MessageId] = set()
    for op in ops[: min(first_run(ops), GROUP)]:
        if op.message in seen and first.kind is not OpKind.FLAGS:
            break
        if op.message not in seen and _change(op) == _change(first):
            group.append(op)
        seen.add(op.message)
    return group


def _change(op: Op) -> tuple[object, ...]:
    return (op.kind, op.folder_id, op.target_id, op.add, op.remove, bool(op.draft))
