"""The ledger of sent messages: what became of each, by recipient.

Lines are added, never changed (but for where the report that told it lies now), and outlive the
outbox entry. What reports and answers add is `told`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable

from martlet.mail.account import AccountId
from martlet.mail.changes import DeliveryChanged
from martlet.mail.message import MessageId
from martlet.mail.outgoing import NO_SOURCE, Delivery, DeliveryKind
from martlet.mail.standing import WORST, standing
from martlet.store.codec import clean, ids_json
from martlet.store.database import Row, Source, Tx

_COLUMNS = "time, recipient, kind, status, said, source"


def note(
    tx: Tx, account_id: AccountId, message_id: str, envelope_id: str, lines: Iterable[Delivery]
) -> None:
    """Adds lines. A deferral that says the same as the recipient's last line is not said again."""
    added = False
    for line in lines:
        if line.kind is DeliveryKind.DEFERRED and _said_last(tx, message_id, envelope_id, line):
            continue
        tx.execute(
            f"INSERT INTO delivery (account_id, message_id, envelope_id, {_COLUMNS})"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                account_id, clean(message_id), envelope_id, line.time, clean(line.recipient),
                line.kind.value, line.status, clean(line.said), line.source,
            ),
        )  # fmt: skip
        added = True
    if added:
        tx.note(DeliveryChanged(message_id))


def of_message(
    source: Source, message_id: str, account_id: AccountId | None = None
) -> list[Delivery]:
    """The ledger of the sent message with this Message-ID, as it was written.

    account_id: only as that account sent it; who gets it here, too, has no part in that.
    """
    rows = source.query(
        f"SELECT {_COLUMNS} FROM delivery WHERE message_id = ?1"
        " AND (?2 IS NULL OR account_id = ?2) ORDER BY id",
        (clean(message_id), account_id),
    )
    return [_line(row) for row in rows]


def first_deferred(source: Source, envelope_id: str) -> float | None:
    """When a server first put this submission off, Unix time; None when none did."""
    rows = source.query(
        "SELECT MIN(time) FROM delivery WHERE envelope_id = ? AND envelope_id <> '' AND kind = ?",
        (envelope_id, DeliveryKind.DEFERRED.value),
    )
    return float(rows[0][0]) if rows and rows[0][0] is not None else None


def accepted_at(source: Source, envelope_id: str) -> float:
    """When a server last took something of this submission, Unix time; 0 for never."""
    rows = source.query(
        "SELECT MAX(time) FROM delivery WHERE envelope_id = ? AND envelope_id <> '' AND kind = ?",
        (envelope_id, DeliveryKind.ACCEPTED.value),
    )
    return float(rows[0][0] or 0.0) if rows else 0.0


def last_filed(source: Source, account_id: AccountId) -> tuple[str, str] | None:
    """The Message-ID of what the account filed last, and what was said of it."""
    rows = source.query(
        "SELECT message_id, said FROM delivery WHERE account_id = ? AND kind = 'filed'"
        " ORDER BY id DESC LIMIT 1",
        (account_id,),
    )
    return (str(rows[0][0]), str(rows[0][1])) if rows else None


def summary(source: Source, ids: Iterable[MessageId]) -> dict[MessageId, DeliveryKind]:
    """The worst that is true now of each of these messages; those without a ledger are left out."""
    rows = source.query(
        f"SELECT m.id, {', '.join(f'd.{name}' for name in _COLUMNS.split(', '))}"
        " FROM message m JOIN folder f ON f.id = m.folder_id"
        " JOIN delivery d ON d.message_id = m.message_id AND d.account_id = f.account_id"
        " WHERE m.message_id <> '' AND m.id IN (SELECT value FROM json_each(?)) ORDER BY d.id",
        (ids_json(ids),),
    )
    ledgers: dict[MessageId, list[Delivery]] = {}
    for row in rows:
        ledgers.setdefault(MessageId(row[0]), []).append(_line(row[1:]))
    return {message: worst(lines) for message, lines in ledgers.items()}


def worst(lines: Iterable[Delivery]) -> DeliveryKind:
    """The worst of what holds now. Lines in the order they were written, at least one."""
    return min((line.kind for line in standing(lines).values()), key=WORST.index)


def is_new(tx: Tx, message_id: str, line: Delivery) -> bool:
    """Whether the ledger lacks this; if not, the line learns where its message lies now."""
    rows = tx.query(
        "SELECT id FROM delivery WHERE message_id = ? AND recipient = ? AND kind = ?"
        " AND time = ? AND status = ?",
        (clean(message_id), clean(line.recipient), line.kind.value, line.time, line.status),
    )
    if rows:
        tx.execute("UPDATE delivery SET source = ? WHERE id = ?", (line.source, rows[0][0]))
    return not rows


def _said_last(tx: Tx, message_id: str, envelope_id: str, line: Delivery) -> bool:
    rows = tx.query(
        "SELECT kind, status, said FROM delivery WHERE message_id = ? AND envelope_id = ?"
        " AND recipient = ? ORDER BY id DESC LIMIT 1",
        (clean(message_id), envelope_id, clean(line.recipient)),
    )
    return bool(rows) and tuple(rows[0]) == (line.kind.value, line.status, clean(line.said))


def _line(row: Row) -> Delivery:
    return Delivery(
        row[0], row[1], DeliveryKind(row[2]), row[3], row[4], MessageId(row[5] or NO_SOURCE)
    )
