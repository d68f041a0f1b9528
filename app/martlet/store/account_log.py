"""What a person may want to know of an account's doings, newest first, bounded.

A conflict is what was asked for here and could not be had there; it is also told at once.
"""

from __future__ import annotations

import time

from martlet.mail.account import AccountId
from martlet.mail.changes import Notice
from martlet.mail.errors import ErrorKind
from martlet.mail.sync import LogEntry
from martlet.store.codec import clean
from martlet.store.database import Source, Tx

KEPT = 1000
INFO = "info"
CONFLICT = "conflict"
_LONGEST = 2000


def write(tx: Tx, account_id: AccountId, kind: str, sentence: str, detail: str = "") -> None:
    """Adds a line, and forgets the oldest beyond KEPT. kind: INFO, CONFLICT or an ErrorKind's.

    Nothing happens when the account is gone.
    """
    tx.execute(
        "INSERT INTO account_log (account_id, time, kind, sentence, detail)"
        " SELECT id, ?, ?, ?, ? FROM account WHERE id = ?",
        (
            time.time(), kind, clean(sentence[:_LONGEST]), clean(detail[:_LONGEST]), account_id,
        ),
    )  # fmt: skip
    tx.execute(
        "DELETE FROM account_log WHERE account_id = ?1 AND id <="
        " (SELECT id FROM account_log WHERE account_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        (account_id, KEPT),
    )


def conflict(tx: Tx, account_id: AccountId, sentence: str, detail: str = "") -> None:
    """Writes a conflict down and tells it to whoever listens, once this is committed."""
    rows = tx.query("SELECT name FROM account WHERE id = ?", (account_id,))
    if rows:
        write(tx, account_id, CONFLICT, sentence, detail)
        tx.note(Notice(str(rows[0][0]), ErrorKind.REFUSED, sentence, detail))


def newest(source: Source, account_id: AccountId, limit: int) -> list[LogEntry]:
    """Up to `limit` lines, newest first."""
    return [
        LogEntry(*row)
        for row in source.query(
            "SELECT time, kind, sentence, detail FROM account_log WHERE account_id = ?"
            " ORDER BY id DESC LIMIT ?",
            (account_id, max(0, limit)),
        )
    ]


def count(number: int, what: str) -> str:
    """ "1 message", "2 messages"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def named(subject: str, number: int = 1) -> str:
    """A message by its subject, and how many others there are."""
    text = " ".join(subject.split())[:80] or "(no subject)"
    return f"“{text}”" if number == 1 else f"“{text}” and {count(number - 1, 'other')}"
