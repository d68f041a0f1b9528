"""Between reports of delivery and the sent messages they tell of. Only reads."""

from __future__ import annotations

from martlet.mail.message import MessageId
from martlet.mail.outgoing import DeliveryKind
from martlet.store.codec import clean, to_json
from martlet.store.database import Source

# Lines that reports add (RFC 3464, 2.3.3).
_REPORTED = (
    DeliveryKind.FAILED,
    DeliveryKind.DELAYED,
    DeliveryKind.DELIVERED,
    DeliveryKind.RELAYED,
    DeliveryKind.EXPANDED,
)


def told_by(source: Source, report: MessageId) -> list[str]:
    """The Message-IDs of the sent messages that this stored message is a report about."""
    rows = source.query(
        "SELECT message_id FROM delivery WHERE source = ? AND source > 0"
        " AND kind IN (SELECT value FROM json_each(?)) GROUP BY message_id ORDER BY MIN(id)",
        (report, to_json([kind.value for kind in _REPORTED])),
    )
    return [row[0] for row in rows]


def with_message_id(source: Source, header: str) -> list[MessageId]:
    """The stored messages with this Message-ID, those in Sent first."""
    rows = source.query(
        "SELECT m.id FROM message m JOIN folder f ON f.id = m.folder_id"
        " WHERE m.message_id = ? AND m.message_id <> '' AND m.hidden = 0 AND f.doomed = 0"
        " ORDER BY f.role <> 'sent', m.id",
        (clean(header),),
    )
    return [MessageId(row[0]) for row in rows]
