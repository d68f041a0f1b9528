"""Messages on their way out. The states and their order are drawn at mail.outgoing.OutboxState.

Every commit here lasts through a power cut: a message must not be sent twice, nor be forgotten.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

import msgspec

from martlet.mail.account import AccountId
from martlet.mail.changes import OutboxChanged
from martlet.mail.message import MessageId
from martlet.mail.outgoing import (
    Draft,
    DraftKind,
    OutboxEntry,
    OutboxId,
    OutboxState,
    RecipientResult,
)
from martlet.store import drafts
from martlet.store.codec import clean, from_json, to_json
from martlet.store.database import Row, Source, Tx

_results = msgspec.json.Decoder(tuple[RecipientResult, ...])

_COLUMNS = (
    "id, account_id, message_id, subject, sender, recipients, state, size, created, not_before,"
    " attempts, problem, detail, results, blob"
)


def queue(
    tx: Tx,
    account_id: AccountId,
    *,
    message_id: str,
    subject: str,
    sender: str,
    recipients: Sequence[str],
    blob: str,
    sent_blob: str,
    size: int,
    not_before: float,
    draft: Draft | None,
    source: MessageId | None,
    kind: DraftKind,
) -> OutboxId:
    """Writes a ready message down to be sent not before that Unix time. Its blobs are durable."""
    tx.execute(
        "INSERT INTO outbox (account_id, message_id, subject, sender, recipients, blob, sent_blob,"
        " size, state, created, not_before, draft, source, kind)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            account_id, message_id, clean(subject), sender, to_json(list(recipients)), blob,
            sent_blob, size, OutboxState.QUEUED.value, time.time(), not_before,
            drafts.encode(draft) if draft else "", source or 0, kind.value,
        ),
    )  # fmt: skip
    outbox_id = OutboxId(tx.inserted)
    _changed(tx)
    return outbox_id


def due(source: Source, account_id: AccountId, now: float) -> list[OutboxEntry]:
    """What may be sent now, oldest first."""
    rows = source.query(
        f"SELECT {_COLUMNS} FROM outbox WHERE account_id = ? AND state = 'queued'"
        " AND not_before <= ? ORDER BY id",
        (account_id, now),
    )
    return [_entry(row) for row in rows]


def next_due(source: Source, account_id: AccountId) -> float | None:
    """When the next queued one may be sent, Unix time; None if none waits."""
    rows = source.query(
        "SELECT MIN(not_before) FROM outbox WHERE account_id = ? AND state = 'queued'",
        (account_id,),
    )
    return None if rows[0][0] is None else float(rows[0][0])


def set_state(
    tx: Tx,
    outbox_id: OutboxId,
    state: OutboxState,
    *,
    problem: str = "",
    detail: str = "",
    not_before: float = 0.0,
    attempts: int | None = None,
    results: Sequence[RecipientResult] = (),
    recipients: Sequence[str] | None = None,
) -> None:
    """attempts, recipients None: as they were. recipients: those still to be served."""
    tx.execute(
        "UPDATE outbox SET state = ?, problem = ?, detail = ?, not_before = ?,"
        " attempts = COALESCE(?, attempts), results = ?, recipients = COALESCE(?, recipients)"
        " WHERE id = ?",
        (
            state.value,
            clean(problem),
            clean(detail),
            not_before,
            attempts,
            to_json(list(results)),
            None if recipients is None else to_json(list(recipients)),
            outbox_id,
        ),
    )
    _changed(tx)


def entry(source: Source, outbox_id: OutboxId) -> OutboxEntry | None:
    rows = source.query(f"SELECT {_COLUMNS} FROM outbox WHERE id = ?", (outbox_id,))
    return _entry(rows[0]) if rows else None


def all_entries(source: Source) -> list[OutboxEntry]:
    """Oldest first, without those that are sent and filed."""
    rows = source.query(f"SELECT {_COLUMNS} FROM outbox WHERE state <> 'filed' ORDER BY id")
    return [_entry(row) for row in rows]


def in_states(
    source: Source, account_id: AccountId, states: Iterable[OutboxState]
) -> list[OutboxId]:
    """The account's entries in one of these states, oldest first."""
    rows = source.query(
        "SELECT id FROM outbox WHERE account_id = ?"
        " AND state IN (SELECT value FROM json_each(?)) ORDER BY id",
        (account_id, to_json([state.value for state in states])),
    )
    return [OutboxId(row[0]) for row in rows]


def sent_blob(source: Source, outbox_id: OutboxId) -> str:
    """The blob of the copy to file: the one with Bcc if there is one, else as it was sent."""
    rows = source.query("SELECT sent_blob, blob FROM outbox WHERE id = ?", (outbox_id,))
    return str(rows[0][0] or rows[0][1]) if rows else ""


def draft_of(source: Source, outbox_id: OutboxId) -> Draft | None:
    """The draft it was made from, to take it back; None for a raw message."""
    rows = source.query("SELECT draft FROM outbox WHERE id = ?", (outbox_id,))
    return drafts.decode(rows[0][0]) if rows and rows[0][0] else None


def source_of(source: Source, outbox_id: OutboxId) -> tuple[MessageId | None, DraftKind]:
    """The stored message it answers or forwards, to be marked once this is sent."""
    rows = source.query("SELECT source, kind FROM outbox WHERE id = ?", (outbox_id,))
    if not rows:
        return None, DraftKind.NEW
    return MessageId(rows[0][0]) if rows[0][0] else None, DraftKind(rows[0][1])


def remove(tx: Tx, outbox_id: OutboxId) -> None:
    tx.execute("DELETE FROM outbox WHERE id = ?", (outbox_id,))
    _changed(tx)


def interrupted(tx: Tx) -> int:
    """At start: whatever was being sent when we ended, nobody knows what became of it."""
    tx.execute("UPDATE outbox SET state = 'unknown' WHERE state = 'sending'")
    count = tx.touched
    if count:
        _changed(tx)
    return count


def kept_drafts(source: Source) -> list[Draft]:
    """Drafts that entries can still be taken back as."""
    return [
        drafts.decode(row[0]) for row in source.query("SELECT draft FROM outbox WHERE draft <> ''")
    ]


def _changed(tx: Tx) -> None:
    tx.must_last()
    tx.note(OutboxChanged())


def _entry(row: Row) -> OutboxEntry:
    return OutboxEntry(
        OutboxId(row[0]), AccountId(row[1]), row[2], row[3], row[4], tuple(from_json(row[5])),
        OutboxState(row[6]), row[7], row[8], row[9], row[10], row[11], row[12],
        _results.decode(row[13]), row[14],
    )  # fmt: skip
