"""The rows of the full-text index: who a message is from, who it is for, what it says.

A message is in the index with its headers from the start, and with its text once that is here. When
very many headers come at once they are put in afterwards (`headers`), so that lists need not wait.
"""

from __future__ import annotations

from collections.abc import Iterable

from martlet.mail.message import Content, Envelope
from martlet.store.codec import clean
from martlet.store.database import Tx, Value
from martlet.store.fold import tokens
from martlet.store.heads import ENVELOPE_COLUMNS, envelope_of

_INSERT = (
    "INSERT INTO message_text (rowid, subject, sender, recipients, body) VALUES (?, ?, ?, ?, ?)"
)
_LONGEST_TEXT = 1 << 20

TextRow = tuple[Value, ...]


def text_row(key: int, head: Envelope, content: Content | None) -> TextRow:
    """What is indexed of a message under its sort key."""
    sender = f"{head.sender.name} {head.sender.address}"
    others = " ".join(f"{a.name} {a.address}" for a in (*head.to, *head.cc, *head.bcc))
    body = tokens(clean(content.index_text[:_LONGEST_TEXT])) if content else ""
    return (key, tokens(clean(head.subject)), tokens(clean(sender)), tokens(clean(others)), body)


def insert(tx: Tx, rows: Iterable[TextRow]) -> None:
    """Puts messages into the index that are not in it."""
    tx.many(_INSERT, rows)


def replace(tx: Tx, row: TextRow) -> None:
    """Puts a message into the index in place of what was there of it."""
    tx.execute("DELETE FROM message_text WHERE rowid = ?", (row[0],))
    tx.execute(_INSERT, row)


def headers(tx: Tx, limit: int) -> int:
    """Indexes the headers of messages that are not in the index at all; answers how many.

    The last that came first: those are the oldest of a first synchronisation, whose bodies, which
    put a message into the index as well, come newest first.
    """
    rows = tx.query(
        f"SELECT id, sort_key, {ENVELOPE_COLUMNS} FROM message WHERE indexed = 0"
        " ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    insert(tx, [text_row(row[1], envelope_of(row[2:]), None) for row in rows])
    tx.many("UPDATE message SET indexed = 1 WHERE id = ?", [(row[0],) for row in rows])
    return len(rows)
