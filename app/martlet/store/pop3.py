"""Which messages of a POP3 server were fetched already, and which are to be deleted there.

Deleted there is what was deleted here for good (PRODUCT 4.6), and what the account's settings say.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from martlet.mail.account import AccountId
from martlet.mail.message import MessageId
from martlet.store.codec import clean, ids_json, to_json
from martlet.store.database import Source, Tx


def seen(source: Source, account_id: AccountId) -> set[str]:
    """The UIDLs of all that was fetched and is, as far as known, still there."""
    return {
        row[0]
        for row in source.query("SELECT uidl FROM pop3_seen WHERE account_id = ?", (account_id,))
    }


def note_seen(
    tx: Tx, account_id: AccountId, uidl: str, message_id: MessageId, *, when: float | None = None
) -> None:
    """This one is stored. The commit lasts through a power cut: it may be deleted there now."""
    tx.must_last()
    tx.execute(
        "INSERT INTO pop3_seen (account_id, uidl, message, seen_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (account_id, uidl) DO UPDATE SET message = excluded.message",
        (account_id, clean(uidl), message_id, time.time() if when is None else when),
    )


def wanted_gone(source: Source, account_id: AccountId) -> list[str]:
    """The UIDLs to delete on the server because they were deleted here."""
    return [
        row[0]
        for row in source.query(
            "SELECT uidl FROM pop3_seen WHERE account_id = ? AND wanted_gone = 1", (account_id,)
        )
    ]


def mark_wanted_gone(tx: Tx, message_ids: Iterable[MessageId]) -> None:
    """These were deleted for good here."""
    tx.execute(
        "UPDATE pop3_seen SET wanted_gone = 1 WHERE message > 0"
        " AND message IN (SELECT value FROM json_each(?))",
        (ids_json(message_ids),),
    )


def forget(tx: Tx, account_id: AccountId, uidls: Iterable[str]) -> None:
    """The server does not have these any more."""
    tx.execute(
        "DELETE FROM pop3_seen WHERE account_id = ? AND uidl IN (SELECT value FROM json_each(?))",
        (account_id, to_json([clean(uidl) for uidl in uidls])),
    )


def seen_before(source: Source, account_id: AccountId, time: float) -> list[str]:
    """The UIDLs fetched before this Unix time."""
    return [
        row[0]
        for row in source.query(
            "SELECT uidl FROM pop3_seen WHERE account_id = ? AND seen_at < ?", (account_id, time)
        )
    ]
