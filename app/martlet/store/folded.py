"""Keeps what a row shows equal to what its server said plus what waits in the journal.

Flags and hiding are folded here (DESIGN 4), places are set here; every change is noted.
"""

from __future__ import annotations

from collections.abc import Iterable

from martlet.mail.account import AccountId
from martlet.mail.changes import FoldersChanged, MessagesChanged
from martlet.mail.folder import FolderId
from martlet.mail.message import DELETED, SEEN, MessageId
from martlet.store import account_log
from martlet.store.codec import from_json, ids_json
from martlet.store.database import Tx
from martlet.store.fold import Flags, fold, pack, unpack

GONE = "The message is gone."

# Of a journal row j: whether its message has gone to a local folder since.
LEFT = (
    "EXISTS (SELECT 1 FROM journal l WHERE l.message = j.message AND l.message > 0"
    " AND l.state = 'pending' AND l.id > j.id AND json_extract(l.before, '$.alone') IS NOT NULL)"
)


def refold(tx: Tx, ids: Iterable[MessageId]) -> None:
    """flags = fold(server_flags, pending) and local_flags; hidden while \\Deleted or while
    deletion waits.

    Where a message went to a local folder its flags parted from those it had on the server
    (LEFT): what waited before that is for the copy there alone.
    """
    wanted = ids_json(ids)
    waiting: dict[int, list[tuple[Flags, Flags]]] = {}
    doomed: set[int] = set()
    read: dict[str, tuple[Flags, Flags]] = {}
    for message, kind, before, after in tx.query(
        "SELECT message, kind, before, after FROM journal j INDEXED BY journal_message"
        " WHERE state = 'pending' AND message > 0 AND kind IN ('flags', 'delete')"
        f" AND message IN (SELECT value FROM json_each(?)) AND NOT {LEFT} ORDER BY id",
        (wanted,),
    ):
        if kind == "flags":
            # Of many messages the change is often the same.
            if after not in read:
                change = from_json(after)
                read[after] = (frozenset(change["add"]), frozenset(change["remove"]))
            waiting.setdefault(message, []).append(read[after])
        elif "kept" not in from_json(before):
            doomed.add(message)
    updates: list[tuple[str, int, int, MessageId]] = []
    for message, folder_id, account_id, server_flags, local, flags, was_hidden in tx.query(
        "SELECT m.id, m.folder_id, f.account_id, m.server_flags, m.local_flags, m.flags, m.hidden"
        " FROM message m JOIN folder f ON f.id = m.folder_id"
        " WHERE m.id IN (SELECT value FROM json_each(?))",
        (wanted,),
    ):
        new = fold(unpack(server_flags), waiting.get(message, ())) | unpack(local)
        hidden = DELETED in new or message in doomed
        packed = pack(new)
        if packed == flags and hidden == bool(was_hidden):
            continue
        updates.append((packed, int(SEEN in new), int(hidden), message))
        if hidden != bool(was_hidden):
            group = "removed" if hidden else "added"
            tx.note(MessagesChanged(folder_id, **{group: (message,)}))
            tx.note(FoldersChanged(account_id))
        elif not hidden:
            tx.note(MessagesChanged(folder_id, changed=(message,)))
            if (SEEN in new) != (SEEN in unpack(flags)):
                tx.note(FoldersChanged(account_id))
    tx.many("UPDATE message SET flags = ?, seen = ?, hidden = ? WHERE id = ?", updates)


def place(tx: Tx, message: MessageId, folder_id: FolderId, uid: int) -> None:
    """Puts a row into a folder under a uid. Another row that holds that uid is the same message
    seen twice, and goes. Does nothing when row or folder are gone."""
    rows = tx.query(
        "SELECT m.folder_id, m.uid, m.hidden, f.account_id FROM message m"
        " JOIN folder f ON f.id = m.folder_id WHERE m.id = ?",
        (message,),
    )
    target = tx.query("SELECT account_id FROM folder WHERE id = ?", (folder_id,))
    if not rows or not target:
        return
    old_folder, old_uid, hidden, old_account = rows[0]
    if (old_folder, old_uid) == (folder_id, uid):
        return
    if uid:
        twins = tx.query(
            "SELECT id FROM message WHERE folder_id = ? AND uid = ? AND uid > 0 AND id <> ?",
            (folder_id, uid, message),
        )
        remove(tx, [MessageId(row[0]) for row in twins])
    tx.execute("UPDATE message SET folder_id = ?, uid = ? WHERE id = ?", (folder_id, uid, message))
    if old_folder != folder_id and not hidden:
        tx.note(MessagesChanged(FolderId(old_folder), removed=(message,)))
        tx.note(MessagesChanged(folder_id, added=(message,)))
        tx.note(FoldersChanged(AccountId(old_account)))
        tx.note(FoldersChanged(AccountId(target[0][0])))


def tell_gone(tx: Tx, ids: Iterable[MessageId]) -> None:
    """Others have deleted these on the server: says so where a change of them still waits. What
    was marked by the way, by reading it, is not worth a word."""
    rows = tx.query(
        "SELECT j.account_id, m.subject, COUNT(DISTINCT j.message) FROM journal j"
        " INDEXED BY journal_message JOIN message m ON m.id = j.message"
        " WHERE j.state = 'pending' AND j.message > 0 AND j.cause = 'user'"
        " AND json_extract(j.before, '$.kept') IS NULL AND j.kind <> 'delete'"
        " AND j.message IN (SELECT value FROM json_each(?)) GROUP BY j.account_id",
        (ids_json(ids),),
    )
    for account_id, subject, number in rows:
        account_log.conflict(
            tx,
            AccountId(account_id),
            f"{account_log.named(subject, number)} was deleted on the server; what was changed"
            " here could not be carried there.",
        )


def remove(tx: Tx, ids: Iterable[MessageId]) -> None:
    """Forgets rows here. What waited for them is settled as refused; what waits on the server a
    message was moved away from is not, for that message is still there."""
    wanted = ids_json(ids)
    if wanted == "[]":
        return
    for message, folder_id, account_id, hidden in tx.query(
        "SELECT m.id, m.folder_id, f.account_id, m.hidden FROM message m"
        " JOIN folder f ON f.id = m.folder_id WHERE m.id IN (SELECT value FROM json_each(?))",
        (wanted,),
    ):
        if not hidden:
            tx.note(MessagesChanged(folder_id, removed=(message,)))
            tx.note(FoldersChanged(account_id))
    tx.execute(
        "UPDATE journal SET state = 'refused', answer = ? WHERE state = 'pending' AND message > 0"
        " AND message IN (SELECT value FROM json_each(?))"
        " AND json_extract(before, '$.kept') IS NULL",
        (GONE, wanted),
    )
    tx.execute("DELETE FROM message WHERE id IN (SELECT value FROM json_each(?))", (wanted,))
