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
    Delivery,
    DeliveryKind,
    Draft,
    DraftId,
    DraftKind,
    OutboxEntry,
    OutboxId,
    OutboxState,
    RecipientResult,
    SendOptions,
)
from martlet.store import deliveries, drafts
from martlet.store.codec import clean, from_json, ids_json, to_json
from martlet.store.database import Row, Source, Tx

_results = msgspec.json.Decoder(tuple[RecipientResult, ...])
_options = msgspec.json.Decoder(SendOptions)

PLAIN = SendOptions()
CUT_OFF = "Martlet ended while it was sent; it is not known whether it went out."

# By so much a clock may be set back at any time, and so long nothing waits for its next try.
_SLIP_S, _LONGEST_S = 60.0, 3600.0

OPEN = "state <> 'filed'"
"""Written so in every query, it lets SQLite see that the index of these will do."""
COLUMNS = (
    "id, account_id, message_id, subject, sender, recipients, state, size, created, not_before,"
    " attempts, problem, detail, results, blob, identity, envelope_id, options, send_at, resent"
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
    identity: int = 0,
    envelope_id: str = "",
    options: SendOptions = PLAIN,
    answered: str = "",
    send_at: float = 0.0,
    resent: bool = False,
    created: float | None = None,
) -> OutboxId:
    """Writes a ready message down to be sent not before that Unix time. Its blobs are durable.

    answered: the Message-ID it answers. created: Unix seconds, None for now. See OutboxEntry for
    the others.
    """
    tx.execute(
        "INSERT INTO outbox (account_id, message_id, subject, sender, recipients, blob, sent_blob,"
        " size, state, created, not_before, draft, source, kind, identity, envelope_id, options,"
        " answered, send_at, resent, draft_id, draft_key)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            account_id, message_id, clean(subject), sender, to_json(list(recipients)), blob,
            sent_blob, size, OutboxState.QUEUED.value, time.time() if created is None else created,
            not_before,
            drafts.encode(draft) if draft else "", source or 0, kind.value, identity,
            envelope_id, to_json(options), clean(answered), send_at, int(resent),
            draft.id if draft else 0, clean(draft.key) if draft else "",
        ),
    )  # fmt: skip
    outbox_id = OutboxId(tx.inserted)
    _changed(tx)
    return outbox_id


def due(
    source: Source, account_id: AccountId, now: float, *, waiting: bool = False
) -> list[OutboxEntry]:
    """What may be sent now, oldest first. waiting: also what waits after a failure."""
    rows = source.query(
        f"SELECT {COLUMNS} FROM outbox WHERE {OPEN} AND account_id = ? AND state = 'queued'"
        f" AND {'(not_before <= ? OR attempts > 0)' if waiting else 'not_before <= ?'} ORDER BY id",
        (account_id, now),
    )
    return [entry_of(row) for row in rows]


def hasten(tx: Tx, ids: Iterable[OutboxId]) -> None:
    """These waited for something that is there now."""
    tx.execute(
        "UPDATE outbox SET not_before = 0 WHERE state = 'queued' AND attempts > 0"
        " AND id IN (SELECT value FROM json_each(?))",
        (ids_json(ids),),
    )
    if tx.touched:
        _changed(tx)


def next_due(source: Source, account_id: AccountId) -> float | None:
    """When the next queued one may be sent, Unix time; None if none waits."""
    rows = source.query(
        f"SELECT MIN(not_before) FROM outbox WHERE {OPEN} AND account_id = ? AND state = 'queued'",
        (account_id,),
    )
    return None if rows[0][0] is None else float(rows[0][0])


def ahead_of(source: Source, account_id: AccountId, now: float) -> list[OutboxId]:
    """What waits for a time that a clock said which was ahead, and has been set right since: these
    were written later than now, or tried and put off for longer than anything is. What waits for a
    time that its writer chose is none of them.
    """
    rows = source.query(
        f"SELECT id FROM outbox WHERE {OPEN} AND account_id = ? AND state = 'queued'"
        " AND send_at = 0 AND (created > ? OR (attempts > 0 AND not_before > ?)) ORDER BY id",
        (account_id, now + _SLIP_S, now + _LONGEST_S),
    )
    return [OutboxId(row[0]) for row in rows]


def set_right(tx: Tx, ids: Iterable[OutboxId], now: float) -> None:
    """These were written now, and wait as long as they were to; what was tried is tried again."""
    tx.execute(
        "UPDATE outbox SET created = MIN(created, ?),"
        " not_before = CASE WHEN attempts > 0 THEN 0 ELSE ? + MAX(0, not_before - created) END"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (now, now, ids_json(ids)),
    )
    _changed(tx)


def postpone(tx: Tx, outbox_id: OutboxId, not_before: float, send_at: float) -> None:
    """Has it wait until that Unix time. send_at: the time the writer chose, 0 for none."""
    tx.execute(
        "UPDATE outbox SET not_before = ?, send_at = ? WHERE id = ?",
        (not_before, send_at, outbox_id),
    )
    _changed(tx)


def date_anew(tx: Tx, outbox_id: OutboxId, blob: str, sent_blob: str, size: int) -> None:
    """Its time has come: these bytes, which say so in their Date, go out in place of those before.
    Their blobs are durable; size: of what is sent."""
    tx.execute(
        "UPDATE outbox SET blob = ?, sent_blob = ?, size = ?, send_at = 0 WHERE id = ?",
        (blob, sent_blob, size, outbox_id),
    )
    _changed(tx)


def holds(source: Source, draft_id: DraftId) -> bool:
    """Whether this draft was queued, and not taken back since."""
    return bool(
        source.query(
            "SELECT 1 FROM outbox WHERE draft_id <> 0 AND draft_id = ? LIMIT 1", (draft_id,)
        )
    )


def holds_key(source: Source, key: str) -> bool:
    """The same by the draft's key, which a letter has before it is saved."""
    return bool(
        source.query(
            "SELECT 1 FROM outbox WHERE draft_key <> '' AND draft_key = ? LIMIT 1", (clean(key),)
        )
    )


def of_key(source: Source, key: str) -> OutboxId | None:
    """The letter that was made of the draft with this key."""
    rows = source.query(
        "SELECT id FROM outbox WHERE draft_key <> '' AND draft_key = ? ORDER BY id DESC LIMIT 1",
        (clean(key),),
    )
    return OutboxId(rows[0][0]) if rows else None


def taken_back_apart(tx: Tx, outbox_id: OutboxId) -> None:
    """Taken back alone, this one becomes a draft of its own, and not the one it was made of."""
    tx.execute(
        "UPDATE outbox SET draft = json_set(draft, '$.id', 0, '$.key', '')"
        " WHERE id = ? AND draft <> ''",
        (outbox_id,),
    )


def forget_draft(tx: Tx, ids: Iterable[OutboxId]) -> None:
    """The draft these were made of is one again, beside them: it may be saved, and sent."""
    tx.execute(
        "UPDATE outbox SET draft_id = 0, draft_key = ''"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (ids_json(ids),),
    )


def set_state(
    tx: Tx,
    outbox_id: OutboxId,
    state: OutboxState,
    *,
    problem: str = "",
    detail: str = "",
    not_before: float = 0.0,
    attempts: int | None = None,
    results: Sequence[RecipientResult] | None = None,
    recipients: Sequence[str] | None = None,
    envelope_id: str | None = None,
) -> None:
    """attempts and those after it, None: as they were. recipients: those still to be served."""
    tx.execute(
        "UPDATE outbox SET state = ?, problem = ?, detail = ?, not_before = ?,"
        " attempts = COALESCE(?, attempts), results = COALESCE(?, results),"
        " recipients = COALESCE(?, recipients), envelope_id = COALESCE(?, envelope_id)"
        " WHERE id = ?",
        (
            state.value,
            clean(problem),
            clean(detail),
            not_before,
            attempts,
            None if results is None else to_json(list(results)),
            None if recipients is None else to_json(list(recipients)),
            envelope_id,
            outbox_id,
        ),
    )
    _changed(tx)


def file(tx: Tx, letter: OutboxEntry, now: float, said: str = "") -> None:
    """Its copy is where it belongs, or nobody keeps one. said: in a sentence which, "" to be
    quiet about it."""
    set_state(tx, letter.id, OutboxState.FILED, problem=letter.problem, detail=letter.detail)
    # It cannot be taken back any more: what it says stands in its copy alone.
    tx.execute("UPDATE outbox SET draft = '' WHERE id = ?", (letter.id,))
    if said:
        line = Delivery(now, "", DeliveryKind.FILED, said=said)
        deliveries.note(tx, letter.account_id, letter.message_id, letter.envelope_id, [line])


def entry(source: Source, outbox_id: OutboxId) -> OutboxEntry | None:
    rows = source.query(f"SELECT {COLUMNS} FROM outbox WHERE id = ?", (outbox_id,))
    return entry_of(rows[0]) if rows else None


def all_entries(source: Source) -> list[OutboxEntry]:
    """Oldest first, without those that are sent and filed."""
    rows = source.query(f"SELECT {COLUMNS} FROM outbox WHERE {OPEN} ORDER BY id")
    return [entry_of(row) for row in rows]


def in_states(
    source: Source, account_id: AccountId, states: Iterable[OutboxState]
) -> list[OutboxId]:
    """The account's entries in one of these states, oldest first; none that is filed."""
    rows = source.query(
        f"SELECT id FROM outbox WHERE {OPEN} AND account_id = ?"
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
    """The stored message it answers or forwards, to be marked once this is sent.

    Where that row has gone (another program moved the message), the one that stands for it now.
    """
    rows = source.query("SELECT source, kind, answered FROM outbox WHERE id = ?", (outbox_id,))
    if not rows:
        return None, DraftKind.NEW
    message, kind, answered = rows[0]
    if message and not source.query("SELECT 1 FROM message WHERE id = ?", (message,)):
        now = source.query(
            "SELECT MAX(m.id) FROM message m JOIN outbox o ON o.id = ?"
            " JOIN folder f ON f.id = m.folder_id AND f.account_id = o.account_id"
            " WHERE m.message_id = ? AND m.message_id <> ''",
            (outbox_id, answered),
        )
        message = now[0][0] or message
    return MessageId(message) if message else None, DraftKind(kind)


def without_identity(tx: Tx, account_id: AccountId, kept: Iterable[int]) -> None:
    """What waits to go by the server of an identity that is none of these goes by the account's.

    Numbers of identities come back: what was written as one must not go by the server of another.
    """
    tx.execute(
        "UPDATE outbox SET identity = 0 WHERE account_id = ? AND state <> 'filed'"
        " AND identity > 0 AND identity NOT IN (SELECT value FROM json_each(?))",
        (account_id, to_json(list(kept))),
    )
    if tx.touched:
        _changed(tx)


def remove(tx: Tx, outbox_id: OutboxId) -> None:
    tx.execute("DELETE FROM outbox WHERE id = ?", (outbox_id,))
    _changed(tx)


def interrupted(tx: Tx) -> int:
    """At start: whatever was being sent when we ended, nobody knows what became of it."""
    rows = tx.query(f"SELECT {COLUMNS} FROM outbox WHERE {OPEN} AND state = 'sending'")
    for letter in map(entry_of, rows):
        set_state(tx, letter.id, OutboxState.UNKNOWN, problem=CUT_OFF)
        line = Delivery(time.time(), "", DeliveryKind.UNKNOWN, said=CUT_OFF)
        deliveries.note(tx, letter.account_id, letter.message_id, letter.envelope_id, [line])
    return len(rows)


def kept_drafts(source: Source) -> list[Draft]:
    """Drafts that entries can still be taken back as."""
    rows = source.query(f"SELECT draft FROM outbox WHERE {OPEN} AND draft <> ''")
    return [drafts.decode(row[0]) for row in rows]


def blobs(source: Source) -> set[str]:
    """What is still to be sent or filed."""
    rows = source.query(f"SELECT blob, sent_blob FROM outbox WHERE {OPEN}")
    return {str(key) for row in rows for key in row if key}


def _changed(tx: Tx) -> None:
    tx.must_last()
    tx.note(OutboxChanged())


def entry_of(row: Row) -> OutboxEntry:
    """Of a row of COLUMNS."""
    return OutboxEntry(
        OutboxId(row[0]), AccountId(row[1]), row[2], row[3], row[4], tuple(from_json(row[5])),
        OutboxState(row[6]), row[7], row[8], row[9], row[10], row[11], row[12],
        _results.decode(row[13]), row[14], row[15], row[16], _options.decode(row[17]), row[18],
        bool(row[19]),
    )  # fmt: skip
