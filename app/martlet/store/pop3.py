"""Which messages of a POP3 server are known, under which name, and which are to go there.

Deleted there is what was deleted here for good (PRODUCT 4.6), and what the account's settings say.
A message that has left the server is remembered for a while: should it be listed again, it is not
fetched twice. `message` 0 stands for one that others put back there: nothing is deleted of those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from martlet.mail.account import AccountId
from martlet.mail.changes import NO_MESSAGE, FoldersChanged, MessagesChanged
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import Content, Envelope, MessageId
from martlet.mail.sync import Arrival
from martlet.store import mailbox
from martlet.store.codec import clean, ids_json, to_json
from martlet.store.database import Source, Tx
from martlet.store.folder_rows import by_role

KEPT_S = 90 * 86_400.0
_SUMMARY_SECTION = "1"


class Wanted(IntEnum):
    """Whether a message is to be deleted there. WITH_IT: since it was deleted here, if the account
    says so. PLAINLY: only its header was here, and deleting that can mean nothing else."""

    NO = 0
    WITH_IT = 1
    PLAINLY = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """A message that is or was on the server.

    mark: what it is recognised by under another name, or "". size: as LIST told it, 0 when not
    known. gone_at: when it left the server, 0 while it is there.
    message: its row here, 0 for one that was put back there after it had been deleted here.
    here: that row exists. whole: with all its bytes, which are `stored` many.
    """

    mark: str = ""
    size: int = 0
    seen_at: float = 0.0
    gone_at: float = 0.0
    wanted: Wanted = Wanted.NO
    message: MessageId = NO_MESSAGE
    here: bool = True
    whole: bool = True
    stored: int = 0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is to be remembered of a message just stored."""

    uidl: str
    mark: str
    size: int
    message: MessageId


def all_seen(source: Source, account_id: AccountId) -> dict[str, Seen]:
    """All that is known of an account's mailbox, by name."""
    return {
        row[0]: Seen(
            row[1], row[2], row[3], row[4], Wanted(row[5]), MessageId(row[6]), bool(row[7]),
            bool(row[8]), row[9],
        )
        for row in source.query(
            "SELECT s.uidl, CASE s.mark WHEN '' THEN COALESCE(m.message_id, '') ELSE s.mark END,"
            " s.size, s.seen_at, s.gone_at, s.wanted_gone, s.message, m.id IS NOT NULL,"
            " COALESCE(m.blob <> '', 0), COALESCE(m.size, 0) FROM pop3_seen s"
            " LEFT JOIN message m ON m.id = s.message WHERE s.account_id = ?",
            (account_id,),
        )
    }  # fmt: skip


def note_all(tx: Tx, account_id: AccountId, fetched: Iterable[Fetched], when: float) -> None:
    """These are stored in the same transaction."""
    tx.many(
        "INSERT INTO pop3_seen (account_id, uidl, message, seen_at, size, mark)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, uidl) DO UPDATE SET"
        " message = excluded.message, seen_at = excluded.seen_at, size = excluded.size,"
        " mark = excluded.mark, wanted_gone = 0, gone_at = 0",
        [
            (account_id, clean(one.uidl), one.message, when, one.size, clean(one.mark))
            for one in fetched
        ],
    )


def add_headers(
    tx: Tx, folder_id: FolderId, summaries: Sequence[tuple[Arrival, str]]
) -> list[MessageId]:
    """Stores messages of which only the header is here: (row, key of a MIME message with an empty
    body); answers their ids in order. The size of the row is what the server says."""
    ids = mailbox.add_many(tx, folder_id, [one for one, _ in summaries])
    tx.many(
        "UPDATE message SET partial = ? WHERE id = ?",
        [(key, message) for (_, key), message in zip(summaries, ids, strict=True)],
    )
    tx.many(
        "INSERT INTO part (message, section, size, decoded) VALUES (?, ?, ?, ?)",
        [
            (message, _SUMMARY_SECTION, one.size, one.size)
            for (one, _), message in zip(summaries, ids, strict=True)
        ],
    )
    return ids


def complete(
    tx: Tx, message_id: MessageId, envelope: Envelope, content: Content, blob: str, size: int
) -> None:
    """A message of which only the header was here is here whole. Nothing happens if its row is
    gone."""
    mailbox.set_body(tx, message_id, envelope, content, blob)
    tx.execute("UPDATE message SET size = ? WHERE id = ?", (size, message_id))


def wanted_gone(source: Source, account_id: AccountId, least: Wanted = Wanted.WITH_IT) -> list[str]:
    """The UIDLs to delete on the server because they were deleted here."""
    return [
        row[0]
        for row in source.query(
            "SELECT uidl FROM pop3_seen WHERE account_id = ? AND wanted_gone >= ? AND gone_at = 0",
            (account_id, least),
        )
    ]


def mark_wanted_gone(tx: Tx, message_ids: Iterable[MessageId]) -> None:
    """These are about to be deleted for good here.

    One of which only the header is here is meant to go there too, but for what is thrown out with
    the trash.
    """
    tx.execute(
        "UPDATE pop3_seen SET wanted_gone = CASE WHEN EXISTS (SELECT 1 FROM message m"
        "  JOIN folder f ON f.id = m.folder_id WHERE m.id = pop3_seen.message AND m.blob = ''"
        "  AND f.role <> ?) THEN ? ELSE ? END"
        " WHERE message > 0 AND message IN (SELECT value FROM json_each(?))",
        (Role.TRASH.value, Wanted.PLAINLY, Wanted.WITH_IT, ids_json(message_ids)),
    )


def mark_folder_gone(tx: Tx, folder_id: FolderId) -> None:
    """All that is in a folder which is about to be deleted for good here."""
    tx.execute(
        "UPDATE pop3_seen SET wanted_gone = ? WHERE message > 0"
        " AND message IN (SELECT id FROM message WHERE folder_id = ?)",
        (Wanted.WITH_IT, folder_id),
    )


def rename(tx: Tx, account_id: AccountId, renamed: Iterable[tuple[str, str]]) -> None:
    """The server has named these anew: (old, new)."""
    pairs = [(clean(old), clean(new)) for old, new in renamed]
    # One may get the name another of them still has.
    tx.many(
        "UPDATE pop3_seen SET uidl = ' ' || uidl WHERE account_id = ? AND uidl = ?",
        [(account_id, old) for old, _ in pairs],
    )
    tx.many(
        "UPDATE OR REPLACE pop3_seen SET uidl = ?, gone_at = 0 WHERE account_id = ? AND uidl = ?",
        [(new, account_id, f" {old}") for old, new in pairs],
    )


def resize(tx: Tx, account_id: AccountId, sizes: Iterable[tuple[str, int]]) -> None:
    """What LIST says of these now."""
    tx.many(
        "UPDATE pop3_seen SET size = ? WHERE account_id = ? AND uidl = ?",
        [(size, account_id, clean(uidl)) for uidl, size in sizes],
    )


def left(tx: Tx, account_id: AccountId, uidls: Iterable[str], when: float) -> None:
    """These are not on the server any more. What left it long ago is forgotten."""
    tx.execute(
        "UPDATE pop3_seen SET gone_at = ? WHERE account_id = ? AND gone_at = 0"
        " AND uidl IN (SELECT value FROM json_each(?))",
        (when, account_id, to_json([clean(uidl) for uidl in uidls])),
    )
    tx.execute(
        "DELETE FROM pop3_seen WHERE account_id = ? AND gone_at > 0 AND gone_at < ?",
        (account_id, when - KEPT_S),
    )


def returned(tx: Tx, account_id: AccountId, uidls: Iterable[str]) -> None:
    """These had left the server and are there again."""
    tx.execute(
        "UPDATE pop3_seen SET gone_at = 0, wanted_gone = 0,"
        " message = COALESCE((SELECT m.id FROM message m WHERE m.id = pop3_seen.message), 0)"
        " WHERE account_id = ? AND uidl IN (SELECT value FROM json_each(?))",
        (account_id, to_json([clean(uidl) for uidl in uidls])),
    )


def place(source: Source, message_id: MessageId) -> tuple[AccountId, str] | None:
    """On whose server a message is, in whosever folder it lies here, and its name there.

    Of a copy it is the original's.
    """
    rows = source.query(
        "SELECT account_id, uidl FROM pop3_seen WHERE message = ? AND message > 0 LIMIT 1",
        (message_id,),
    ) or source.query(
        "SELECT s.account_id, s.uidl FROM message m JOIN pop3_seen s ON s.mark = m.message_id"
        " WHERE m.id = ? AND m.partial <> '' AND m.message_id <> '' AND m.uid = 0"
        " AND s.mark <> '' AND s.size = m.size AND s.gone_at = 0 LIMIT 1",
        (message_id,),
    )
    return (AccountId(rows[0][0]), str(rows[0][1])) if rows else None


def owners(source: Source, message_ids: Iterable[MessageId]) -> set[AccountId]:
    """The accounts on whose servers these are."""
    return {
        AccountId(row[0])
        for row in source.query(
            "SELECT DISTINCT account_id FROM pop3_seen WHERE message > 0"
            " AND message IN (SELECT value FROM json_each(?))",
            (ids_json(message_ids),),
        )
    }


def take_home(tx: Tx, account_id: AccountId) -> None:
    """This account is about to be removed: mail that came by others and lies in its folders goes
    to folders of theirs, by what those are for."""
    going: dict[FolderId, list[MessageId]] = {}
    owners_of: dict[FolderId, AccountId] = {}
    for owner, role, message in tx.query(
        "SELECT s.account_id, f.role, m.id FROM folder f JOIN message m ON m.folder_id = f.id"
        " JOIN pop3_seen s ON s.message = m.id WHERE f.account_id = ?1 AND s.account_id <> ?1",
        (account_id,),
    ):
        known = [by_role(tx, owner, one) for one in (Role(role), Role.INBOX) if one.value]
        home = next((one for one in known if one is not None and one.local), None)
        if home is not None:
            going.setdefault(home.id, []).append(message)
            owners_of[home.id] = owner
    for folder_id, messages in going.items():
        tx.execute(
            "UPDATE message SET folder_id = ? WHERE id IN (SELECT value FROM json_each(?))",
            (folder_id, ids_json(messages)),
        )
        tx.note(MessagesChanged(folder_id, added=tuple(messages)))
        tx.note(FoldersChanged(owners_of[folder_id]))


def lacking(source: Source, folder_id: FolderId) -> list[MessageId]:
    """The messages of a folder of which only the header is here, oldest first."""
    rows = source.query(
        "SELECT m.id FROM message m INDEXED BY message_missing WHERE m.folder_id = ?"
        " AND m.blob = '' AND m.hidden = 0 AND m.partial <> '' AND m.uid = 0 ORDER BY m.sort_key",
        (folder_id,),
    )
    return [MessageId(row[0]) for row in rows]
