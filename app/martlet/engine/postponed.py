"""Changes that are put off: what waits for them, and what need not.

A change that costs the line each time, or for which the server has no time now, does not hold up
all others. What follows it for the same message waits with it, and so do changes of the folders
they are about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from martlet.engine import replay_folders
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.mail.sync import Op, OpKind


def free(ops: Sequence[Op], postponed: Iterable[int]) -> list[Op]:
    """Those of an account's pending changes, in order, that wait for none of the postponed."""
    put_off = set(postponed)
    messages: set[MessageId] = set()
    copied_to: set[FolderId] = set()
    folders_put_off: set[str] = set()
    concerned: set[str] = set()
    found: list[Op] = []
    for op in ops:
        names = {name for name in (op.folder_name, op.target_name) if name}
        is_folder = op.kind in replay_folders.KINDS
        if not (
            op.id in put_off
            or op.message in messages
            # A copy has a row of its own, which nobody can find before it is made.
            or (op.uid == 0 and op.folder_id in copied_to)
            or _touch(names, concerned if is_folder else folders_put_off)
        ):
            found.append(op)
            continue
        concerned |= names
        if is_folder:
            folders_put_off |= names
        else:
            messages.add(op.message)
        if op.kind is OpKind.COPY:
            copied_to.add(op.target_id)
    return found


def _touch(names: Iterable[str], others: Iterable[str]) -> bool:
    """Whether any of these folders is one of those, above or below it."""
    return any(
        name.startswith(other) or other.startswith(name) for name in names for other in others
    )
