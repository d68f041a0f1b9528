"""What people did: written down, true here at once, pending until the server did it too.

One table is offline queue, undo log and history (DESIGN 4). How the changes of one message follow
on each other is told in `settle`; taking actions back is in `undo`, both are reached from here.

A row's life:  pending -> done | refused | undone,  done -> undone (by an inverse change)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from martlet.mail.account import AccountId
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.message import MessageId
from martlet.mail.sync import Op, OpKind
from martlet.store import folders
from martlet.store.database import Row, Source, Tx
from martlet.store.deeds import Action, copy_rows, delete_rows, flag_rows, move_rows
from martlet.store.fold import unpack
from martlet.store.settle import COLUMNS, confirm, entries, entry_of, settle, withdraw
from martlet.store.undo import give_up_deleted, undo, undo_late

__all__ = [
    "copy",
    "create_folder",
    "delete",
    "delete_folder",
    "done",
    "flag",
    "folder",
    "give_up_deleted",
    "move",
    "pending",
    "refuse",
    "rename_folder",
    "subscribe_folder",
    "undo",
]


def flag(
    tx: Tx,
    ids: Iterable[MessageId],
    add: frozenset[str],
    remove: frozenset[str],
    *,
    cause: str = "user",
) -> int:
    """Adds and removes flags; answers how many messages really changed.

    cause: "user" for what Undo may take back, "rule" or "server" for what it leaves alone.
    """
    return flag_rows(Action(tx, cause), ids, add, remove)


def move(tx: Tx, ids: Iterable[MessageId], folder_id: FolderId) -> int:
    """Moves messages; answers how many. Refused, whole, if one goes to another account and its
    body is not stored here, for then it has to be uploaded."""
    return move_rows(Action(tx), ids, folder_id)


def copy(tx: Tx, ids: Iterable[MessageId], folder_id: FolderId) -> int:
    """Copies messages; answers how many. Refused like `move`."""
    return copy_rows(Action(tx), ids, folder_id)


def delete(tx: Tx, ids: Iterable[MessageId]) -> int:
    """Deletes for good: hidden until the server confirms, in local folders gone at once."""
    return delete_rows(Action(tx), ids)


def create_folder(
    tx: Tx,
    account_id: AccountId,
    name: str,
    delimiter: str,
    *,
    role: Role = Role.NONE,
    local: bool = False,
) -> FolderId:
    """A new folder, here at once."""
    folder_id = folders.create(tx, account_id, name, delimiter, role, local)
    folder(tx, OpKind.FOLDER_CREATE, folder_id, {}, {"name": name})
    return folder_id


def rename_folder(tx: Tx, folder_id: FolderId, name: str) -> None:
    """Another path for a folder, and for those below it."""
    found = folders.by_id(tx, folder_id)
    if found is not None and found.name != name:
        folder(tx, OpKind.FOLDER_RENAME, folder_id, _named(found), {"name": name})
        folders.rename(tx, folder_id, name)


def delete_folder(tx: Tx, folder_id: FolderId) -> None:
    """Deletes a folder and those below it, deepest first as servers want it (RFC 9051, 6.3.5)."""
    found = folders.by_id(tx, folder_id)
    if found is None:
        return
    below = sorted(folders.children(tx, found), key=lambda f: f.name, reverse=True)
    for one in (*below, found):
        created = tx.query(
            "SELECT id FROM journal WHERE state = 'pending' AND kind = 'folder_create'"
            " AND folder_id = ?",
            (one.id,),
        )
        if created:
            # Never made there: nothing to be told.
            tx.execute("UPDATE journal SET state = 'undone' WHERE id = ?", (created[0][0],))
        else:
            folder(tx, OpKind.FOLDER_DELETE, one.id, _named(one), {})
    folders.delete(tx, folder_id)


def subscribe_folder(tx: Tx, folder_id: FolderId, subscribed: bool) -> None:
    found = folders.by_id(tx, folder_id)
    if found is not None and found.subscribed != subscribed:
        before = {"subscribed": found.subscribed}
        folder(tx, OpKind.FOLDER_SUBSCRIBE, folder_id, before, {"subscribed": subscribed})
        folders.set_subscribed(tx, folder_id, subscribed)


def folder(
    tx: Tx,
    kind: OpKind,
    folder_id: FolderId,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    """Writes down a change of a folder that is (still) there; the verbs above are for use."""
    found = folders.by_id(tx, folder_id)
    if found is not None:
        Action(tx).write(
            kind, found.account_id, MessageId(0), folder_id, 0, before, after, done=found.local
        )


def pending(source: Source, account_id: AccountId) -> list[Op]:
    """What is to be carried to this account's server, in order.

    Accounts are replayed beside each other, so what must wait for another account is left out:
    the deletion half of a move until the other half is done, an upload until what was asked for
    before on the old server is done.
    """
    rows = source.query(
        "SELECT " + ", ".join(f"j.{column}" for column in COLUMNS.split(", ")) + ","
        " COALESCE(f.name, ''), COALESCE(t.id, 0), COALESCE(t.name, ''),"
        " COALESCE(m.message_id, ''), COALESCE(m.size, 0), COALESCE(m.blob, ''),"
        " COALESCE(m.flags, '')"
        " FROM journal j LEFT JOIN message m ON m.id = j.message"
        " LEFT JOIN folder f ON f.id = j.folder_id"
        " LEFT JOIN folder t ON t.id = json_extract(j.after, '$.target')"
        " WHERE j.account_id = ? AND j.state = 'pending'"
        " AND NOT (j.kind = 'delete' AND json_extract(j.before, '$.kept') IS NOT NULL"
        "  AND EXISTS (SELECT 1 FROM journal a WHERE a.message = j.message AND a.message > 0"
        "   AND a.state = 'pending' AND +a.action = j.action AND a.kind = 'append'))"
        " AND NOT EXISTS (SELECT 1 FROM journal e WHERE e.message = j.message AND e.message > 0"
        "  AND e.state = 'pending' AND e.id < j.id AND +e.account_id <> j.account_id"
        "  AND (e.kind <> 'delete' OR json_extract(e.before, '$.kept') IS NULL"
        "   OR json_extract(e.before, '$.alone') IS NOT NULL))"
        " AND NOT (j.kind = 'append' AND EXISTS (SELECT 1 FROM journal c WHERE c.kind = 'copy'"
        "  AND c.state = 'pending' AND json_extract(c.after, '$.copy') = j.message))"
        " ORDER BY j.id",
        (account_id,),
    )
    ops = [_op(row) for row in rows]
    renames = [op for op in ops if op.kind is OpKind.FOLDER_RENAME]
    return [_as_named_then(source, op, renames) for op in ops] if renames else ops


def done(
    tx: Tx,
    op_ids: Iterable[int],
    answer: str = "",
    new_uids: Mapping[MessageId, int] | None = None,
) -> None:
    """The server did these. new_uids: by Op.message, where MOVE, COPY or APPEND put them."""
    uids = new_uids or {}
    for entry in entries(tx, op_ids):
        if entry.state == "pending":
            settle(tx, entry, "done", answer)
            confirm(tx, entry, uids)
        elif entry.state == "undone":
            undo_late(tx, entry, uids)


def refuse(tx: Tx, op_ids: Iterable[int], answer: str) -> None:
    """The server will not do these: everything here is as if they had not been asked for."""
    # Newest first, so that each finds the message where it was left.
    for one in reversed(entries(tx, op_ids)):
        entry = entries(tx, [one.id])[0]
        if entry.state == "pending":
            settle(tx, entry, "refused", answer)
            withdraw(tx, entry)


def _op(row: Row) -> Op:
    entry = entry_of(row[:11])
    folder_name, target_id, target_name, header, size, blob, flags = row[11:]
    folder_id = entry.folder_id
    add = frozenset(entry.after.get("add", ()))
    match entry.kind:
        case OpKind.APPEND:
            folder_id, folder_name, add = FolderId(target_id), target_name, unpack(flags)
        case OpKind.FOLDER_CREATE:
            folder_name = entry.after["name"]
        case OpKind.FOLDER_DELETE:
            folder_name = entry.before["name"]
        case OpKind.FOLDER_RENAME:
            folder_name, target_name = entry.before["name"], entry.after["name"]
        case _:
            pass
    return Op(
        entry.id, entry.kind, entry.account_id, entry.message, folder_id, folder_name, entry.uid,
        FolderId(target_id), target_name, add, frozenset(entry.after.get("remove", ())),
        header, size, blob, bool(entry.after.get("subscribed", True)),
    )  # fmt: skip


def _as_named_then(source: Source, op: Op, renames: Iterable[Op]) -> Op:
    """Folder names as they are on the server when it is this change's turn."""
    if op.message == 0 and op.kind is not OpKind.FOLDER_SUBSCRIBE:
        return op
    name, target = op.folder_name, op.target_name
    for later in sorted(renames, key=lambda r: r.id, reverse=True):
        if later.id > op.id:
            delimiter = _delimiter(source, later)
            name = folders.renamed(name, later.target_name, later.folder_name, delimiter)
            target = folders.renamed(target, later.target_name, later.folder_name, delimiter)
    return Op(
        op.id, op.kind, op.account_id, op.message, op.folder_id, name, op.uid, op.target_id,
        target, op.add, op.remove, op.message_id, op.size, op.blob, op.subscribed,
    )  # fmt: skip


def _delimiter(source: Source, rename: Op) -> str:
    return str(entries(source, [rename.id])[0].before["delimiter"])


def _named(folder: Folder) -> dict[str, str]:
    return {"name": folder.name, "delimiter": folder.delimiter}
