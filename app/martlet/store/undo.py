"""Takes back the newest thing the user did, many levels deep and after a restart.

What still waits is withdrawn and never reaches the server. What is done gets an inverse change,
which is not itself undone. Messages and folders deleted for good are not brought back once the
server has done so. What was done to folders is taken back in `undo_folders`.
"""

from __future__ import annotations

from collections.abc import Mapping

from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.mail.sync import OpKind
from martlet.store import folders, undo_folders
from martlet.store.codec import ids_json
from martlet.store.database import Tx
from martlet.store.deeds import Action, delete_rows, flag_rows, move_rows, undelete_rows
from martlet.store.fold import unpack
from martlet.store.folded import place, refold, remove
from martlet.store.settle import (
    COLUMNS,
    Entry,
    apply_flags,
    entry_of,
    relocate,
    settle,
    waiting,
    withdraw,
)

_UNDOABLE = (
    "cause = 'user' AND ("
    "(message = 0 AND (state = 'pending' OR (state = 'done' AND kind <> 'folder_delete')))"
    " OR (message > 0 AND (state = 'pending' OR (state = 'done' AND (kind <> 'delete'"
    "  OR json_extract(before, '$.alone') IS NOT NULL"
    # For lack of UIDPLUS it is only marked there.
    "  OR EXISTS (SELECT 1 FROM message m WHERE m.id = journal.message AND m.hidden = 1))))"
    # Half of a move to another account: its other half speaks for it.
    "  AND NOT (kind = 'delete' AND json_extract(before, '$.kept') IS NOT NULL"
    "   AND json_extract(before, '$.alone') IS NULL)))"
)


def undo(tx: Tx) -> str:
    """Takes the newest action back; answers what it was, as a sentence, or "" if nothing is left.

    Actions whose messages or folders are all gone, or were moved on by others, are passed over.
    """
    while True:
        newest = tx.query(f"SELECT action FROM journal WHERE {_UNDOABLE} ORDER BY id DESC LIMIT 1")
        if not newest:
            return ""
        rows = tx.query(
            f"SELECT {COLUMNS} FROM journal WHERE action = ? AND {_UNDOABLE} ORDER BY id DESC",
            (newest[0][0],),
        )
        entries = [entry_of(row) for row in rows]
        tx.must_last()
        action = Action(tx, "undo")
        if entries[0].message == 0:
            said = undo_folders.sentence(tx, entries)
            # All of them, also when one has nothing to be taken back.
            if sum([undo_folders.take_back(tx, entry, action) for entry in entries]):
                return said
            continue
        said = _sentence(tx, entries)
        # Many marks that wait are taken back at once.
        marks = [e for e in entries if e.kind is OpKind.FLAGS and e.state == "pending"]
        others = [e for e in entries if e.kind is not OpKind.FLAGS or e.state != "pending"]
        back = {entry.message for entry in others if _take_back(tx, entry, action)}
        count = len(back | _forget_marks(tx, marks))
        if count:
            return said.format(f"{count} message" if count == 1 else f"{count} messages")


def give_up_deleted(tx: Tx) -> str:
    """Why the newest thing the user did cannot be taken back, as a sentence: it was a deletion for
    good that has been carried out. "": it was none.

    It does not stand in the way of older changes any more.
    """
    rows = tx.query(
        "SELECT action, message FROM journal WHERE cause = 'user'"
        " AND state IN ('pending', 'done') ORDER BY id DESC LIMIT 1"
    )
    if not rows:
        return ""
    action, message = rows[0]
    if tx.query(f"SELECT 1 FROM journal WHERE action = ? AND {_UNDOABLE} LIMIT 1", (action,)):
        return ""
    tx.execute(
        "UPDATE journal SET cause = 'final' WHERE action = ?"
        " AND kind IN ('delete', 'folder_delete')"
        " AND state = 'done' AND json_extract(before, '$.kept') IS NULL",
        (action,),
    )
    if not tx.touched:
        return ""
    what = "Messages" if message else "A folder"
    return f"{what} deleted for good cannot be brought back."


def undo_late(tx: Tx, entry: Entry, new_uids: Mapping[MessageId, int]) -> None:
    """The server did a change after all that was withdrawn meanwhile: now it gets its inverse."""
    message = entry.message
    action = Action(tx, "undo")
    uid = new_uids.get(message, 0)
    match entry.kind:
        case OpKind.FLAGS:
            apply_flags(tx, entry)
            _unflag(entry, action)
        case OpKind.MOVE:
            if relocate(tx, message, 0, entry.target, uid) and _exists(tx, entry.folder_id):
                move_rows(action, [message], entry.folder_id)
        case OpKind.COPY | OpKind.APPEND:
            # A copy nobody has a row for: to be deleted there.
            action.write(
                OpKind.DELETE, entry.account_id, message, entry.target, uid, {"kept": True}, {}
            )
        case OpKind.DELETE:
            _upload_again(tx, message, action)
        case _:
            for lost in undo_folders.undo_late(tx, entry, action):
                _upload_again(tx, lost, action)
    settle(tx, entry, "undone", "Done by the server before it was undone.")


def _forget_marks(tx: Tx, entries: list[Entry]) -> set[MessageId]:
    """Withdraws pending changes of flags; answers the messages that are still there."""
    if not entries:
        return set()
    tx.execute(
        "UPDATE journal SET state = 'undone', answer = ''"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (ids_json(entry.id for entry in entries),),
    )
    messages = {entry.message for entry in entries}
    refold(tx, messages)
    rows = tx.query(
        "SELECT id FROM message WHERE id IN (SELECT value FROM json_each(?))",
        (ids_json(messages),),
    )
    return {MessageId(row[0]) for row in rows}


def _take_back(tx: Tx, entry: Entry, action: Action) -> int:
    """1 if there was anything to take back."""
    rows = tx.query("SELECT folder_id, hidden FROM message WHERE id = ?", (entry.message,))
    pending = entry.state == "pending"
    settle(tx, entry, "undone", "")
    if pending:
        withdraw(tx, entry)
        if "alone" in entry.before:
            relocate(tx, entry.message, entry.id, entry.folder_id, entry.uid)
        return 1 if rows else 0
    if not rows:
        return 0
    match entry.kind:
        case OpKind.FLAGS:
            return _unflag(entry, action)
        case OpKind.DELETE if rows[0][1]:
            return undelete_rows(action, [entry.message])
        case OpKind.COPY:
            return delete_rows(action, [MessageId(entry.after["copy"])])
        case OpKind.APPEND if "fresh" in entry.before:
            return delete_rows(action, [entry.message])
        case OpKind.MOVE | OpKind.APPEND | OpKind.DELETE:
            if rows[0][0] == entry.target and _exists(tx, entry.folder_id):
                return move_rows(action, [entry.message], entry.folder_id)
            return 0
        case _:
            return 0


def _upload_again(tx: Tx, message: MessageId, action: Action) -> None:
    """The server has lost a message that is to stay: it gets it once more, if its bytes are here.

    What waits for it is overtaken: it will arrive where it is now, with the flags it has now.
    """
    rows = tx.query(
        "SELECT m.folder_id, f.account_id, f.local, m.blob FROM message m"
        " JOIN folder f ON f.id = m.folder_id WHERE m.id = ?",
        (message,),
    )
    if not rows:
        return
    folder_id, account_id, local, blob = rows[0]
    ahead = waiting(tx, message)
    if any(entry.kind is OpKind.APPEND for entry in ahead):
        return
    if not blob or any(e.kind is OpKind.DELETE and "kept" not in e.before for e in ahead):
        remove(tx, [message])
        return
    for entry in ahead:
        if entry.kind in (OpKind.FLAGS, OpKind.MOVE):
            settle(tx, entry, "done", "It was uploaded again.")
            if entry.kind is OpKind.FLAGS:
                apply_flags(tx, entry)
    if not local:
        place(tx, message, folder_id, 0)
        action.write(
            OpKind.APPEND, account_id, message, folder_id, 0, {"again": True},
            {"target": folder_id},
        )  # fmt: skip


def _unflag(entry: Entry, action: Action) -> int:
    """Only what really changed is changed back."""
    before = unpack(entry.before["flags"])
    added = frozenset(entry.after["add"]) - before
    removed = frozenset(entry.after["remove"]) & before
    return flag_rows(action, [entry.message], removed, added)


def _exists(tx: Tx, folder_id: FolderId) -> bool:
    return folders.by_id(tx, folder_id) is not None


def _sentence(tx: Tx, entries: list[Entry]) -> str:
    """With {} where the messages are counted."""
    first = entries[0]
    to = folders.by_id(tx, first.target)
    where = f" to {to.leaf}" if to else ""
    if first.kind is OpKind.FLAGS:
        return "Change of marks of {}"
    if first.kind is OpKind.COPY or "fresh" in first.before:
        return "Copy of {}" + where.replace("{", "{{").replace("}", "}}")
    if first.kind is OpKind.DELETE and "alone" not in first.before:
        return "Deletion of {}"
    return "Move of {}" + where.replace("{", "{{").replace("}", "}}")
