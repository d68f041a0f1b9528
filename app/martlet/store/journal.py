"""What people did: written down, true here at once, pending until the server did it too.

One table is offline queue, undo log and history (DESIGN 4). How the changes of one message follow
on each other is told in `settle`; taking actions back is in `undo`, deeds on folders are in
`folder_deeds`; all are reached from here.

A row's life:  pending -> done | refused | undone,  done -> undone (by an inverse change)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from martlet.mail.account import AccountId
from martlet.mail.folder import FolderId
from martlet.mail.message import SEEN, MessageId
from martlet.mail.sync import Op, OpKind
from martlet.store import folders
from martlet.store.codec import ids_json
from martlet.store.database import Row, Source, Tx
from martlet.store.deeds import (
    Action,
    copy_rows,
    delete_rows,
    flag_rows,
    move_rows,
    undelete_rows,
)
from martlet.store.fold import Flags, unpack
from martlet.store.folder_deeds import (
    create_folder,
    delete_folder,
    folder,
    rename_folder,
    set_keep,
    set_role,
    subscribe_folder,
    trash_folder,
)
from martlet.store.settle import (
    COLUMNS,
    NO_FLAGS,
    Entry,
    confirm,
    entries,
    entry_of,
    settle,
    withdraw,
)
from martlet.store.undo import give_up_deleted, undo, undo_late

__all__ = [
    "begin",
    "copy",
    "create_folder",
    "delete",
    "delete_folder",
    "done",
    "flag",
    "folder",
    "give_up_deleted",
    "mark_read",
    "move",
    "not_begun",
    "pending",
    "refuse",
    "rename_folder",
    "set_keep",
    "set_role",
    "subscribe_folder",
    "trash_folder",
    "uids_waiting",
    "undelete",
    "undo",
    "waits",
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


def move(
    tx: Tx,
    ids: Iterable[MessageId],
    folder_id: FolderId,
    marks: Iterable[tuple[Iterable[MessageId], Flags, Flags]] = (),
) -> int:
    """Moves messages; answers how many. Refused, whole, if one goes to another account and its
    body is not stored here, for then it has to be uploaded.

    marks: (messages, flags added, flags removed) that belong to the move and are undone with it.
    """
    action = Action(tx)
    for some, add, remove in marks:
        flag_rows(action, some, add, remove)
    return move_rows(action, ids, folder_id)


def copy(tx: Tx, ids: Iterable[MessageId], folder_id: FolderId) -> int:
    """Copies messages; answers how many. Refused like `move`."""
    return copy_rows(Action(tx), ids, folder_id)


def delete(tx: Tx, ids: Iterable[MessageId]) -> int:
    """Deletes for good: hidden until the server confirms, in local folders gone at once."""
    return delete_rows(Action(tx), ids)


def undelete(tx: Tx, ids: Iterable[MessageId]) -> int:
    """Shows again what is marked \\Deleted or to be deleted, and still there; answers how many."""
    return undelete_rows(Action(tx), ids)


def mark_read(tx: Tx, folder_id: FolderId) -> int:
    """Marks all of a folder read, as one action; answers how many were not."""
    rows = tx.query(
        "SELECT id FROM message WHERE folder_id = ? AND hidden = 0 AND seen = 0", (folder_id,)
    )
    return flag_rows(Action(tx), [MessageId(row[0]) for row in rows], frozenset({SEEN}), NO_FLAGS)


def pending(source: Source, account_id: AccountId, limit: int = -1) -> list[Op]:
    """What is to be carried to this account's server, in order; the first `limit`, all below 0.

    Accounts are replayed beside each other, so what must wait for another account is left out:
    the deletion half of a move until the other half is done, an upload until what was asked for
    before on the old server is done; and the old copy of a draft until the new one is there.
    """
    rows = source.query(
        "SELECT " + ", ".join(f"j.{column}" for column in COLUMNS.split(", ")) + ","
        " COALESCE(f.name, ''), COALESCE(t.id, 0), COALESCE(t.name, ''),"
        " COALESCE(m.message_id, ''), COALESCE(m.size, 0), COALESCE(m.blob, ''),"
        " COALESCE(m.flags, ''), COALESCE(m.received, 0)"
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
        " AND NOT (j.kind = 'delete' AND json_extract(j.before, '$.draft') IS NOT NULL"
        "  AND EXISTS (SELECT 1 FROM journal d WHERE d.state = 'pending' AND d.kind = 'append'"
        "   AND json_extract(d.before, '$.draft') = json_extract(j.before, '$.draft')))"
        " ORDER BY j.id LIMIT ?",
        (account_id, limit),
    )
    ops = [_op(row) for row in rows]
    renames = _renames(source, account_id) if ops else []
    return [_as_named_then(op, renames) for op in ops] if renames else ops


def waits(source: Source, account_id: AccountId) -> bool:
    """Whether anything is pending that could be carried to this account's server now."""
    return bool(pending(source, account_id, 1))


def uids_waiting(source: Source, folder_id: FolderId) -> set[int]:
    """The uids of a folder's messages for which something is pending, wherever they are here."""
    rows = source.query(
        "SELECT uid FROM journal WHERE folder_id = ? AND uid > 0 AND state = 'pending'",
        (folder_id,),
    )
    return {row[0] for row in rows}


def begin(tx: Tx, op_ids: Iterable[int], uid_next: int, uid_validity: int) -> bool:
    """Written before messages are put into a folder: only what is from `uid_next` on there can be
    what a try left whose answer was lost. The first word counts, unless UIDVALIDITY changed.

    False: none of these waits any more, it was taken back meanwhile.
    """
    ids = ids_json(op_ids)
    tx.must_last()
    tx.execute(
        "UPDATE journal SET after = json_set(after, '$.begun', json_array(?1, ?2))"
        " WHERE id IN (SELECT value FROM json_each(?3)) AND state = 'pending'"
        " AND COALESCE(json_extract(after, '$.begun[1]'), -1) <> ?2",
        (uid_next, uid_validity, ids),
    )
    return bool(
        tx.query(
            "SELECT 1 FROM journal WHERE id IN (SELECT value FROM json_each(?))"
            " AND state = 'pending' LIMIT 1",
            (ids,),
        )
    )


def not_begun(tx: Tx, op_ids: Iterable[int]) -> None:
    """The server has said no: nothing of these is there."""
    tx.execute(
        "UPDATE journal SET after = json_remove(after, '$.begun')"
        " WHERE id IN (SELECT value FROM json_each(?)) AND state = 'pending'",
        (ids_json(op_ids),),
    )


def done(
    tx: Tx,
    op_ids: Iterable[int],
    answer: str = "",
    new_uids: Mapping[MessageId, int] | None = None,
    *,
    unkept: Flags = NO_FLAGS,
    marked: bool = False,
) -> None:
    """The server did these. new_uids: by Op.message, where MOVE, COPY or APPEND put them.

    unkept: flags it cannot keep, which were not sent. marked: what was to be deleted is marked
    \\Deleted only, for lack of UIDPLUS.
    """
    uids = new_uids or {}
    for entry in entries(tx, op_ids):
        if entry.state == "pending":
            settle(tx, entry, "done", answer)
            confirm(tx, entry, uids, unkept, marked)
        elif entry.state == "undone":
            undo_late(tx, entry, uids)


def refuse(tx: Tx, op_ids: Iterable[int], answer: str) -> None:
    """The server will not do these: everything here is as if they had not been asked for."""
    # Newest first, so that each finds the message where it was left.
    for one in reversed(_with_companions(tx, entries(tx, op_ids))):
        entry = entries(tx, [one.id])[0]
        if entry.state == "pending":
            settle(tx, entry, "refused", answer)
            withdraw(tx, entry)
            if entry.kind is OpKind.FOLDER_RENAME and "trash" in entry.after:
                # Next time it is deleted for good, after asking.
                tx.execute("UPDATE folder SET inferiors = 0 WHERE id = ?", (entry.after["trash"],))


def _with_companions(tx: Tx, refused: list[Entry]) -> list[Entry]:
    """A folder is not deleted when one below it stays: what waits of the same deletion goes with
    it."""
    actions = {entry.action for entry in refused if entry.kind is OpKind.FOLDER_DELETE}
    ids = {entry.id for entry in refused}
    for action in actions:
        ids.update(
            row[0]
            for row in tx.query(
                "SELECT id FROM journal WHERE action = ? AND kind = 'folder_delete'"
                " AND state = 'pending'",
                (action,),
            )
        )
    return entries(tx, ids) if actions else refused


def _op(row: Row) -> Op:
    entry = entry_of(row[:11])
    folder_name, target_id, target_name, header, size, blob, flags, received = row[11:]
    folder_id = entry.folder_id
    add = frozenset(entry.after.get("add", ()))
    uid_next, uid_validity = entry.after.get("begun", (0, 0))
    begun = (int(uid_next), int(uid_validity))
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
        header, size, blob, bool(entry.after.get("subscribed", True)), received,
        begun, entry.cause in ("user", "undo"), str(entry.before.get("draft", "")),
    )  # fmt: skip


def _as_named_then(op: Op, renames: Iterable[Entry]) -> Op:
    """Folder names as they are on the server when it is this change's turn."""
    if op.message == 0 and op.kind is not OpKind.FOLDER_SUBSCRIBE:
        return op
    name, target = op.folder_name, op.target_name
    for later in sorted(renames, key=lambda r: r.id, reverse=True):
        if later.id > op.id:
            old, new = str(later.before["name"]), str(later.after["name"])
            delimiter = str(later.before["delimiter"])
            name = folders.renamed(name, new, old, delimiter)
            target = folders.renamed(target, new, old, delimiter)
    return replace(op, folder_name=name, target_name=target)


def _renames(source: Source, account_id: AccountId) -> list[Entry]:
    rows = source.query(
        f"SELECT {COLUMNS} FROM journal INDEXED BY journal_renames WHERE account_id = ?"
        " AND state = 'pending' AND kind = 'folder_rename' ORDER BY id",
        (account_id,),
    )
    return [entry_of(row) for row in rows]
