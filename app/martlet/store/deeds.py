"""The deeds of the journal on messages: each writes what it did and does it, row by row.

Used by `journal` for what people ask for and by `undo` for taking it back.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from martlet.mail.account import AccountId
from martlet.mail.errors import Refused
from martlet.mail.folder import Folder, FolderId
from martlet.mail.message import MessageId
from martlet.mail.sync import OpKind
from martlet.store import folders, pop3
from martlet.store.codec import ids_json, to_json
from martlet.store.database import Tx
from martlet.store.fold import Flags, fold, normal, pack, unpack
from martlet.store.folded import place, refold, remove
from martlet.store.mailbox import copy_row

NOT_HERE = (
    "A message can only go to another account when it is wholly downloaded; open it once, or"
    " wait until it is."
)


class Action:
    """Rows of the journal that one verb writes; Undo takes them back together."""

    def __init__(self, tx: Tx, cause: str = "user") -> None:
        self.tx = tx
        self._cause = cause
        self._first = 0
        self._time = time.time()

    def write(
        self,
        kind: OpKind,
        account_id: AccountId,
        message: MessageId,
        folder_id: FolderId,
        uid: int,
        before: Mapping[str, object],
        after: Mapping[str, object],
        *,
        done: bool = False,
    ) -> int:
        """One row; done: nothing waits for a server."""
        self.tx.must_last()
        self.tx.execute(
            "INSERT INTO journal (action, time, cause, kind, account_id, message, folder_id, uid,"
            " before, after, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._first, self._time, self._cause, kind.value, account_id, message, folder_id,
                uid, to_json(before), to_json(after), "done" if done else "pending",
            ),
        )  # fmt: skip
        number = self.tx.inserted
        if not self._first:
            self._first = number
            self.tx.execute("UPDATE journal SET action = ? WHERE id = ?", (number, number))
        return number


@dataclass(frozen=True, slots=True)
class _Row:
    id: MessageId
    folder_id: FolderId
    account_id: AccountId
    local: bool
    uid: int
    flags: Flags
    blob: str


def flag_rows(action: Action, ids: Iterable[MessageId], add: Flags, remove_: Flags) -> int:
    """Adds, and removes what is not added; answers how many changed."""
    add = normal(add)
    remove_ = normal(remove_) - add
    change = {"add": sorted(add), "remove": sorted(remove_)}
    changed: list[MessageId] = []
    for row in _rows(action.tx, ids):
        new = fold(row.flags, [(add, remove_)])
        if new == row.flags:
            continue
        action.write(
            OpKind.FLAGS, row.account_id, row.id, row.folder_id, row.uid,
            {"flags": pack(row.flags)}, change, done=row.local,
        )  # fmt: skip
        if row.local:
            action.tx.execute(
                "UPDATE message SET server_flags = ? WHERE id = ?", (pack(new), row.id)
            )
        changed.append(row.id)
    refold(action.tx, changed)
    return len(changed)


def move_rows(action: Action, ids: Iterable[MessageId], folder_id: FolderId) -> int:
    """Within an account by MOVE, between accounts by APPEND and DELETE, locally at once."""
    target = _target(action.tx, folder_id)
    rows = [row for row in _rows(action.tx, ids) if row.folder_id != folder_id]
    after = {"target": folder_id}
    for row in rows:
        here = (row.id, row.folder_id, row.uid)
        if row.local and target.local:
            action.write(OpKind.MOVE, row.account_id, *here, {}, after, done=True)
        elif row.account_id == target.account_id and not row.local and not target.local:
            action.write(OpKind.MOVE, row.account_id, *here, {}, after)
        else:
            _must_be_here(row)
            if not row.local:
                kept = {"kept": True, "alone": True} if target.local else {"kept": True}
                action.write(OpKind.DELETE, row.account_id, *here, kept, after)
            if not target.local:
                action.write(OpKind.APPEND, target.account_id, *here, {}, after)
        place(action.tx, row.id, folder_id, 0)
        if target.local and not row.local:
            # From now on there is no server to say anything of its flags.
            action.tx.execute("UPDATE message SET server_flags = flags WHERE id = ?", (row.id,))
    return len(rows)


def copy_rows(action: Action, ids: Iterable[MessageId], folder_id: FolderId) -> int:
    """A new row for each, in the target."""
    target = _target(action.tx, folder_id)
    rows = _rows(action.tx, ids)
    for row in rows:
        same = row.account_id == target.account_id and row.local == target.local
        if not same:
            _must_be_here(row)
        new = copy_row(action.tx, row.id, folder_id)
        if same or target.local:
            action.write(
                OpKind.COPY, row.account_id, row.id, row.folder_id, row.uid, {},
                {"target": folder_id, "copy": new}, done=target.local,
            )  # fmt: skip
        else:
            action.write(
                OpKind.APPEND, target.account_id, new, folder_id, 0, {"fresh": True},
                {"target": folder_id},
            )  # fmt: skip
    return len(rows)


def delete_rows(action: Action, ids: Iterable[MessageId]) -> int:
    """For good; what is hidden is deleted already."""
    rows = _rows(action.tx, ids)
    for row in rows:
        action.write(
            OpKind.DELETE, row.account_id, row.id, row.folder_id, row.uid, {}, {}, done=row.local
        )
    local = [row.id for row in rows if row.local]
    if local:
        pop3.mark_wanted_gone(action.tx, local)
        remove(action.tx, local)
    refold(action.tx, [row.id for row in rows if not row.local])
    return len(rows)


def _rows(tx: Tx, ids: Iterable[MessageId]) -> list[_Row]:
    """The visible ones of these, in the order asked."""
    wanted = list(dict.fromkeys(ids))
    found = {
        row[0]: _Row(row[0], row[1], row[2], bool(row[3]), row[4], unpack(row[5]), row[6])
        for row in tx.query(
            "SELECT m.id, m.folder_id, f.account_id, f.local, m.uid, m.flags, m.blob"
            " FROM message m JOIN folder f ON f.id = m.folder_id"
            " WHERE m.hidden = 0 AND f.doomed = 0 AND m.id IN (SELECT value FROM json_each(?))",
            (ids_json(wanted),),
        )
    }
    return [found[message] for message in wanted if message in found]


def _target(tx: Tx, folder_id: FolderId) -> Folder:
    found = folders.by_id(tx, folder_id)
    if found is None:
        raise Refused("There is no such folder.")
    return found


def _must_be_here(row: _Row) -> None:
    if not row.blob:
        raise Refused(NOT_HERE)
