"""Messages as rows: what arrives, what a server says of them, where they are, and their text index.

What people do to messages is the journal's business. Rows are removed only when their server or
a local folder has let go of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from martlet.mail.account import AccountId
from martlet.mail.changes import BodyArrived, FoldersChanged, MessagesChanged
from martlet.mail.errors import Refused
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import DELETED, SEEN, Content, Envelope, MessageId
from martlet.mail.sync import Arrival, Location
from martlet.store import draft_links, pieces, text_index, told
from martlet.store.codec import (
    addresses_json,
    clean,
    first_key_at,
    ids_json,
    sort_key,
    to_json,
)
from martlet.store.database import Source, Tx, Value
from martlet.store.fold import Flags, normal, pack, unpack
from martlet.store.folded import refold, remove, tell_gone
from martlet.store.heads import ENVELOPE_COLUMNS, envelope_of
from martlet.store.holdings import (
    awaits_uids,
    count_awaiting,
    count_known,
    count_missing,
    is_complete,
    local_uids,
    missing,
    same_email,
    twins,
    unindexed,
)
from martlet.store.settle import relocate, server_place

__all__ = [
    "ENVELOPE_COLUMNS",
    "add",
    "add_many",
    "adopt",
    "awaits_uids",
    "blob_of",
    "copy_row",
    "count_awaiting",
    "count_known",
    "count_missing",
    "drop_orphans",
    "envelope",
    "envelope_of",
    "is_complete",
    "local_uids",
    "locate",
    "missing",
    "newest",
    "orphans",
    "refold",
    "remove",
    "remove_ranges",
    "remove_uids",
    "same_email",
    "set_body",
    "set_server_flags",
    "twins",
    "unindexed",
]

_INSERT = (
    "INSERT INTO message (id, folder_id, uid, sort_key, message_id, in_reply_to, refs, subject,"
    " from_name, from_address, to_list, cc_list, bcc_list, reply_to, date, received, size,"
    " server_flags, flags, seen, attachments, preview, blob, email_id, thread_id, indexed, hidden)"
    f" VALUES ({', '.join('?' * 27)})"
)
# Message ids give sort keys their tie-breaker; up to this one no two of them can collide.
_UNIQUE_TIES = 1 << 20


def add(
    tx: Tx,
    folder_id: FolderId,
    uid: int,
    envelope: Envelope,
    *,
    flags: frozenset[str],
    size: int,
    received: float,
    content: Content | None,
    blob: str = "",
) -> MessageId:
    """Stores one message; see `add_many`."""
    arrival = Arrival(uid, envelope, flags, size, received, content, blob)
    return add_many(tx, folder_id, [arrival])[0]


def add_many(
    tx: Tx, folder_id: FolderId, arrivals: Sequence[Arrival], *, index: bool = True
) -> list[MessageId]:
    """Stores messages of one folder and indexes their text; answers their ids in order.

    index False: `text_index.headers` is to put them into the index later.

    A uid known already is not stored twice, nor is one whose message was just moved away here
    and whose server does not know yet: the id of the row that stands for it is answered.
    """
    owner = tx.query("SELECT account_id FROM folder WHERE id = ?", (folder_id,))
    if not owner:
        raise Refused("The folder for this message is not there any more.")
    account_id = AccountId(owner[0][0])
    known = _rows_by_uid(tx, folder_id, [a.uid for a in arrivals if a.uid])
    last = tx.query("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'message'")
    number: int = last[0][0]
    ids: list[MessageId] = []
    added: list[MessageId] = []
    came: list[told.Came] = []
    rows: list[tuple[Value, ...]] = []
    texts: list[tuple[Value, ...]] = []
    keys: set[int] = set()
    for one in arrivals:
        if one.uid and one.uid in known:
            ids.append(known[one.uid])
            continue
        number += 1
        message = MessageId(number)
        key = _free_key(tx, one, number, keys)
        row = _row(folder_id, message, key, one, index=index)
        rows.append(row)
        if index:
            texts.append(text_index.text_row(key, one.envelope, one.content))
        ids.append(message)
        came.append((message, one.envelope, one.content, _date(one)))
        if one.uid:
            known[one.uid] = message
        if not row[-1]:
            added.append(message)
    tx.many(_INSERT, rows)
    text_index.insert(tx, texts)
    told.by_arrivals(tx, account_id, came)
    for message, _, content, _ in came:
        if content is not None and content.piece is not None:
            pieces.keep(tx, message, content.piece)
    if added:
        tx.note(MessagesChanged(folder_id, added=tuple(added)))
        tx.note(FoldersChanged(account_id))
    return ids


def newest(source: Source) -> MessageId:
    """The highest id a message has had; 0 before the first."""
    rows = source.query("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'message'")
    return MessageId(rows[0][0])


def set_body(
    tx: Tx, message_id: MessageId, envelope: Envelope, content: Content, blob: str
) -> None:
    """The raw message is stored under `blob` now: keeps what was read from it, and indexes it.

    The place in lists does not change. Nothing happens if the row is gone.
    """
    rows = tx.query(
        "SELECT m.folder_id, m.sort_key, f.account_id, m.date FROM message m"
        " JOIN folder f ON f.id = m.folder_id WHERE m.id = ?",
        (message_id,),
    )
    if not rows:
        return
    folder_id, key, account_id, date = rows[0]
    tx.execute(
        "UPDATE message SET message_id = ?, in_reply_to = ?, refs = ?, subject = ?, from_name = ?,"
        " from_address = ?, to_list = ?, cc_list = ?, bcc_list = ?, reply_to = ?,"
        " attachments = ?, preview = ?, blob = ?, indexed = 2 WHERE id = ?",
        (
            *_envelope_values(envelope),
            content.attachments,
            clean(content.preview),
            blob,
            message_id,
        ),
    )
    text_index.replace(tx, text_index.text_row(key, envelope, content))
    if content.report is not None:
        told.by_report(tx, AccountId(account_id), content.report, message_id, date)
    if content.piece is not None:
        pieces.keep(tx, message_id, content.piece)
    tx.note(BodyArrived(message_id))
    tx.note(MessagesChanged(FolderId(folder_id), changed=(message_id,)))


def set_server_flags(tx: Tx, folder_id: FolderId, flags: Mapping[int, frozenset[str]]) -> int:
    """What the server says now of the flags of these uids; what waits stays on top. Answers how
    many it says something new of."""
    rows = _rows_by_uid(tx, folder_id, flags, parted=False)
    old = {
        MessageId(message): text
        for message, text in tx.query(
            "SELECT id, server_flags FROM message WHERE id IN (SELECT value FROM json_each(?))",
            (ids_json(rows.values()),),
        )
    }
    changed: dict[MessageId, str] = {}
    for uid, message in rows.items():
        new = pack(normal(flags[uid]))
        if old.get(message, new) != new:
            changed[message] = new
    tx.many(
        "UPDATE message SET server_flags = ? WHERE id = ?",
        [(text, message) for message, text in changed.items()],
    )
    refold(tx, changed)
    return len(changed)


def remove_uids(tx: Tx, folder_id: FolderId, uids: Iterable[int]) -> None:
    """The server does not have these any more."""
    rows = tx.query(
        "SELECT id FROM message WHERE folder_id = ? AND uid > 0"
        " AND uid IN (SELECT value FROM json_each(?))",
        (folder_id, ids_json(uids)),
    )
    gone = [MessageId(row[0]) for row in rows]
    _remove_gone(tx, gone)


def remove_ranges(tx: Tx, folder_id: FolderId, ranges: Iterable[tuple[int, int]]) -> int:
    """The server has none of the uids from first to last of these any more (VANISHED); answers
    how many rows went."""
    rows = tx.query(
        "SELECT DISTINCT m.id FROM json_each(?) r JOIN message m ON m.folder_id = ? AND m.uid > 0"
        " AND m.uid BETWEEN json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]')",
        (to_json([list(one) for one in ranges]), folder_id),
    )
    gone = [MessageId(row[0]) for row in rows]
    _remove_gone(tx, gone)
    return len(gone)


def _remove_gone(tx: Tx, gone: list[MessageId]) -> None:
    tell_gone(tx, gone)
    draft_links.vanished(tx, gone)
    remove(tx, gone)


def adopt(
    tx: Tx,
    folder_id: FolderId,
    uid: int,
    message_id_header: str,
    size: int,
    flags: frozenset[str],
) -> bool:
    """Gives a row that waits for its uid in this folder the one found there; False if none does.

    It is the same by Message-ID and, where both are known, size. A message still to be moved or
    copied there waits for that, not for a uid.
    """
    if not message_id_header:
        return False
    for candidate, known_size in tx.query(
        "SELECT id, size FROM message WHERE message_id = ? AND message_id <> '' ORDER BY id",
        (clean(message_id_header),),
    ):
        message = MessageId(candidate)
        if size and known_size and size != known_size:
            continue
        if server_place(tx, message) != (folder_id, 0):
            continue
        relocate(tx, message, 0, folder_id, uid)
        draft_links.found_by_name(tx, message)
        tx.execute(
            "UPDATE message SET server_flags = ? WHERE id = ?", (pack(normal(flags)), message)
        )
        refold(tx, [message])
        return True
    return False


def drop_orphans(tx: Tx, folder_id: FolderId, known: Collection[MessageId] | None = None) -> None:
    """After a whole comparison: rows no uid was found for and nothing waits for go.

    known: only of these, which were there when it began; what came since was not compared.
    """
    gone = [one for one in orphans(tx, folder_id) if known is None or one in known]
    draft_links.vanished(tx, gone)
    remove(tx, gone)


def orphans(source: Source, folder_id: FolderId) -> list[MessageId]:
    """Rows of a folder on a server that have no uid, though nothing waits for them."""
    rows = source.query(
        "SELECT m.id FROM message m JOIN folder f ON f.id = m.folder_id"
        " WHERE m.folder_id = ? AND m.uid = 0 AND f.local = 0"
        " AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.message = m.id AND j.message > 0"
        "  AND j.state = 'pending')"
        " AND m.id NOT IN (SELECT json_extract(after, '$.copy') FROM journal"
        "  WHERE state = 'pending' AND kind = 'copy')"
        # What the server deleted and would not take back is nowhere but here.
        " AND m.id NOT IN (SELECT message FROM journal WHERE state = 'refused'"
        "  AND kind = 'append' AND json_extract(before, '$.again') IS NOT NULL)",
        (folder_id,),
    )
    return [MessageId(row[0]) for row in rows]


def locate(source: Source, ids: Iterable[MessageId]) -> list[Location]:
    """Where these are, in the order asked; those gone or hidden are left out."""
    wanted = list(dict.fromkeys(ids))
    found = {
        row[0]: Location(
            MessageId(row[0]),
            FolderId(row[1]),
            AccountId(row[2]),
            row[3],
            unpack(row[4]),
            row[5],
            row[6],
            row[7],
        )
        for row in source.query(
            "SELECT m.id, m.folder_id, f.account_id, m.uid, m.flags, m.size, m.message_id, m.blob"
            " FROM message m JOIN folder f ON f.id = m.folder_id"
            " WHERE m.hidden = 0 AND f.doomed = 0"
            " AND m.id IN (SELECT value FROM json_each(?))",
            (ids_json(wanted),),
        )
    }
    return [found[message] for message in wanted if message in found]


def sent_as(source: Source, message_id_header: str) -> MessageId | None:
    """The copy in a Sent of ours of the letter with this Message-ID, the newest of several."""
    rows = source.query(
        "SELECT MAX(m.id) FROM message m JOIN folder f ON f.id = m.folder_id"
        " WHERE m.message_id = ? AND m.message_id <> '' AND f.role = ?",
        (clean(message_id_header), Role.SENT.value),
    )
    return MessageId(rows[0][0]) if rows[0][0] else None


def blob_of(source: Source, message_id: MessageId) -> str:
    """The key of the raw message, "" while it is not stored here."""
    rows = source.query("SELECT blob FROM message WHERE id = ?", (message_id,))
    return str(rows[0][0]) if rows else ""


def envelope(source: Source, message_id: MessageId) -> Envelope | None:
    rows = source.query(f"SELECT {ENVELOPE_COLUMNS} FROM message WHERE id = ?", (message_id,))
    return envelope_of(rows[0]) if rows else None


def received(source: Source, message: MessageId) -> float | None:
    """When the message arrived (INTERNALDATE), Unix seconds; None when that is not known."""
    rows = source.query("SELECT received FROM message WHERE id = ? AND received > 0", (message,))
    return float(rows[0][0]) if rows else None


def copy_row(tx: Tx, message: MessageId, folder_id: FolderId) -> MessageId:
    """The same message once more, in another folder, without a uid yet."""
    last = tx.query("SELECT MAX(seq) FROM sqlite_sequence WHERE name = 'message'")
    new = MessageId(last[0][0] + 1)
    row = tx.query(
        "SELECT received, size, flags, attachments, preview, blob, date, email_id, thread_id,"
        f" local_flags, partial, {ENVELOPE_COLUMNS} FROM message WHERE id = ?",
        (message,),
    )[0]
    received, size, flags, count, preview, blob, date, email_id, thread_id, local, partial = row[
        :11
    ]
    head = envelope_of(row[11:])
    one = Arrival(
        0, head, unpack(flags), size, received or date, Content(preview, "", count), blob,
        email_id, thread_id,
    )  # fmt: skip
    key = _free_key(tx, one, new, set())
    values = list(_row(folder_id, new, key, one))
    # Its body is not in the index, and cannot be read back from there: `unindexed` names it.
    values[-2] = 1
    tx.execute(_INSERT, values)
    text_index.insert(tx, [text_index.text_row(key, head, None)])
    tx.execute(
        "UPDATE message SET server_flags = ?, local_flags = ?, partial = ? WHERE id = ?",
        (pack(unpack(flags) - unpack(local)), local, partial, new),
    )
    tx.execute(
        "INSERT INTO part (message, section, size, decoded, blob)"
        " SELECT ?, section, size, decoded, blob FROM part WHERE message = ?",
        (new, message),
    )
    tx.execute(
        "INSERT INTO piece (message, partial_id, number, total)"
        " SELECT ?, partial_id, number, total FROM piece WHERE message = ?",
        (new, message),
    )
    account = tx.query("SELECT account_id FROM folder WHERE id = ?", (folder_id,))
    tx.note(MessagesChanged(folder_id, added=(new,)))
    tx.note(FoldersChanged(AccountId(account[0][0])))
    return new


def _rows_by_uid(
    tx: Tx, folder_id: FolderId, uids: Iterable[int], *, parted: bool = True
) -> dict[int, MessageId]:
    """The rows that stand for these uids of a folder, wherever the user has put them since.

    parted: with those that went to another account and have flags of their own now.
    """
    wanted = ids_json(uids)
    if wanted == "[]":
        return {}
    found = {
        uid: MessageId(message)
        for uid, message in tx.query(
            "SELECT j.uid, m.id FROM journal j JOIN message m ON m.id = j.message"
            " WHERE j.folder_id = ? AND j.uid > 0 AND j.state = 'pending'"
            " AND j.uid IN (SELECT value FROM json_each(?))"
            " AND (? OR json_extract(j.before, '$.kept') IS NULL)",
            (folder_id, wanted, parted),
        )
    }
    found.update(
        (uid, MessageId(message))
        for uid, message in tx.query(
            "SELECT uid, id FROM message WHERE folder_id = ? AND uid > 0"
            " AND uid IN (SELECT value FROM json_each(?))",
            (folder_id, wanted),
        )
    )
    return found


def _date(one: Arrival) -> float:
    return one.received if one.envelope.date is None else one.envelope.date


def _free_key(tx: Tx, one: Arrival, number: int, taken: set[int]) -> int:
    key = sort_key(_date(one), number)
    if number >= _UNIQUE_TIES:
        lowest = first_key_at(_date(one))
        while key in taken or tx.query("SELECT 1 FROM message WHERE sort_key = ?", (key,)):
            key = lowest + (key + 1 - lowest) % _UNIQUE_TIES
        taken.add(key)
    return key


def _envelope_values(envelope: Envelope) -> tuple[Value, ...]:
    return (
        clean(envelope.message_id),
        clean(envelope.in_reply_to),
        clean(" ".join(envelope.references)),
        clean(envelope.subject),
        clean(envelope.sender.name),
        clean(envelope.sender.address),
        addresses_json(envelope.to),
        addresses_json(envelope.cc),
        addresses_json(envelope.bcc),
        addresses_json(envelope.reply_to),
    )


def _row(
    folder_id: FolderId, message: MessageId, key: int, one: Arrival, *, index: bool = True
) -> tuple[Value, ...]:
    flags: Flags = normal(one.flags)
    packed = pack(flags)
    content = one.content
    return (
        message, folder_id, one.uid, key, *_envelope_values(one.envelope), _date(one),
        one.received, one.size, packed, packed, int(SEEN in flags),
        content.attachments if content else 0, clean(content.preview) if content else "",
        one.blob, clean(one.email_id), clean(one.thread_id),
        0 if not index else 2 if content and one.blob else 1, int(DELETED in flags),
    )  # fmt: skip
