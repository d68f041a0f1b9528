"""The deeds of the journal on messages: each writes what it did and does it, row by row.

Used by `journal` for what people ask for and by `undo` for taking it back.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from martlet.mail.account import AccountId
from martlet.mail.errors import Refused
from martlet.mail.folder import Folder, FolderId
from martlet.mail.message import DELETED, MessageId
from martlet.mail.sync import OpKind
from martlet.store import folders, pop3
from martlet.store.codec import ids_json, to_json
from martlet.store.database import Source, Tx
from martlet.store.fold import Flags, fold, normal, pack, unkept, unpack
from martlet.store.folded import place, refold, remove
from martlet.store.mailbox import copy_row, is_complete
from martlet.store.settle import settle, waiting, withdraw

NOT_HERE = (
    "A message can only go to another account when it is wholly downloaded; open it once, or"
    " wait until it is."
)
PARTS_ONLY = (
    "The files of this message are here, but not every byte of it: save the message itself once,"
    " then it can go to another account."
)

_WRITE = (
    "INSERT INTO journal (action, time, cause, kind, account_id, message, folder_id, uid,"
    " before, after, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
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
            _WRITE,
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

    def write_flags(
        self, rows: Sequence[tuple[_Row, Mapping[str, object], str]], *, done: bool = False
    ) -> None:
        """Many changes of flags: (row, before, after as JSON)."""
        if not rows:
            return
        self.tx.must_last()
        if not self._first:
            last = self.tx.query("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence"
                                 " WHERE name = 'journal'")  # fmt: skip
            self._first = last[0][0] + 1
        self.tx.many(
            _WRITE,
            (
                (
                    self._first, self._time, self._cause, OpKind.FLAGS.value, row.account_id,
                    row.id, row.folder_id, row.uid, to_json(before), after,
                    "done" if done else "pending",
                )
                for row, before, after in rows
            ),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """flags: as shown. only_here: those of them its server does not have."""

    id: MessageId
    folder_id: FolderId
    account_id: AccountId
    local: bool
    uid: int
    flags: Flags
    blob: str
    only_here: Flags
    local_flags: Flags


def flag_rows(
    action: Action, ids: Iterable[MessageId], add: Flags, remove_: Flags, *, hidden: bool = False
) -> int:
    """Adds, and removes what is not added; answers how many changed.

    Keywords the folder's server cannot keep are kept here alone. hidden: also of hidden rows.
    """
    tx = action.tx
    add = normal(add)
    remove_ = normal(remove_) - add
    permanent: dict[FolderId, Flags] = {}
    local: list[tuple[_Row, Mapping[str, object], str]] = []
    here: list[tuple[_Row, Mapping[str, object], str]] = []
    there: list[tuple[_Row, Mapping[str, object], str]] = []
    placed: list[tuple[str, str, int]] = []
    kept: list[tuple[str, int]] = []
    changed: list[MessageId] = []
    for row in _rows(tx, ids, hidden=hidden):
        new = fold(row.flags, [(add, remove_)])
        if new == row.flags:
            continue
        changed.append(row.id)
        before = {"flags": pack(row.flags)}
        if row.local:
            local.append((row, before, _change(add, remove_)))
            placed.append((pack(new), pack(row.local_flags & new), row.id))
            continue
        if row.folder_id not in permanent:
            permanent[row.folder_id] = folders.keywords(tx, row.folder_id)
        mine = unkept(add, permanent[row.folder_id])
        local_flags = (row.local_flags | mine) - remove_
        if local_flags != row.local_flags:
            change = _change(mine, remove_ & row.local_flags)
            here.append((row, {**before, "local": True}, change))
            kept.append((pack(local_flags), row.id))
        base = row.flags - row.only_here
        theirs = (add - mine, remove_ - row.only_here)
        if fold(base, [theirs]) != base:
            there.append((row, before, _change(*theirs)))
    tx.many("UPDATE message SET server_flags = ?, local_flags = ? WHERE id = ?", placed)
    tx.many("UPDATE message SET local_flags = ? WHERE id = ?", kept)
    action.write_flags(local, done=True)
    action.write_flags(here, done=True)
    action.write_flags(there)
    refold(tx, changed)
    return len(changed)


def undelete_rows(action: Action, ids: Iterable[MessageId]) -> int:
    """Shows hidden messages again: their deletion is not carried out, \\Deleted is taken away."""
    tx = action.tx
    wanted = [row.id for row in _rows(tx, ids, hidden=True)]
    before = _hidden(tx, wanted)
    for message in before:
        for entry in reversed(waiting(tx, message)):
            if entry.kind is OpKind.DELETE and "kept" not in entry.before:
                settle(tx, entry, "undone", "")
                withdraw(tx, entry)
    flag_rows(action, before, frozenset(), frozenset({DELETED}), hidden=True)
    return len(before) - len(_hidden(tx, before))


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
            _must_be_here(action.tx, row)
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
            _must_be_here(action.tx, row)
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


def _change(add: Flags, remove_: Flags) -> str:
    return to_json({"add": sorted(add), "remove": sorted(remove_)})


def _hidden(tx: Tx, ids: Iterable[MessageId]) -> list[MessageId]:
    rows = tx.query(
        "SELECT id FROM message WHERE hidden = 1 AND id IN (SELECT value FROM json_each(?))",
        (ids_json(ids),),
    )
    return [MessageId(row[0]) for row in rows]


def _rows(tx: Tx, ids: Iterable[MessageId], *, hidden: bool = False) -> list[_Row]:
    """The visible ones of these, in the order asked."""
    wanted = list(dict.fromkeys(ids))
    found = {
        row[0]: _Row(
            row[0], row[1], row[2], bool(row[3]), row[4], unpack(row[5]), row[6],
            unpack(row[7]) - unpack(row[8]), unpack(row[7]),
        )
        for row in tx.query(
            "SELECT m.id, m.folder_id, f.account_id, f.local, m.uid, m.flags, m.blob,"
            " m.local_flags, m.server_flags FROM message m JOIN folder f ON f.id = m.folder_id"
            " WHERE m.hidden <= ? AND f.doomed = 0 AND m.id IN (SELECT value FROM json_each(?))",
            (int(hidden), ids_json(wanted)),
        )
    }  # fmt: skip
    return [found[message] for message in wanted if message in found]


def _target(tx: Tx, folder_id: FolderId) -> Folder:
    found = folders.by_id(tx, folder_id)
    if found is None:
        raise Refused("There is no such folder.")
    return found


def _must_be_here(source: Source, row: _Row) -> None:
    if not row.blob:
        raise Refused(PARTS_ONLY if is_complete(source, row.id) else NOT_HERE)
