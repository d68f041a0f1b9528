"""Messages that are pieces of a larger one (message/partial, RFC 2046, 5.2.2): which are here.

What a piece says of itself comes from outside: only pieces of one account and one sender belong
together, so that a stranger's does not complete what somebody else wrote.
"""

from __future__ import annotations

from dataclasses import dataclass

from martlet.mail.message import MessageId
from martlet.mail.piece import Piece
from martlet.store.codec import clean
from martlet.store.database import Source, Tx

# More rows are not read for one message: the same piece may have come any number of times.
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A piece that is here. total: 0 if it does not say. blob: "" while its body is not here."""

    message: MessageId
    number: int
    total: int
    blob: str


def keep(tx: Tx, message_id: MessageId, piece: Piece) -> None:
    """This message says that it is such a piece."""
    tx.execute(
        "INSERT OR REPLACE INTO piece (message, partial_id, number, total) VALUES (?, ?, ?, ?)",
        (message_id, clean(piece.id), piece.number, piece.total),
    )


def together(source: Source, message_id: MessageId) -> list[PieceRow]:
    """All pieces that belong with this message, it too, by number; none of a message that is no
    piece."""
    # CROSS: in this order. By its sender, a message would be looked for among all of his.
    return [
        PieceRow(MessageId(message), number, total, blob)
        for message, number, total, blob in source.query(
            "SELECT m.id, p.number, p.total, m.blob FROM piece mine"
            " JOIN message me ON me.id = mine.message JOIN folder home ON home.id = me.folder_id"
            " CROSS JOIN piece p ON p.partial_id = mine.partial_id"
            " CROSS JOIN message m ON m.id = p.message"
            " JOIN folder f ON f.id = m.folder_id"
            " WHERE mine.message = ? AND f.account_id = home.account_id AND f.doomed = 0"
            " AND m.hidden = 0 AND lower(m.from_address) = lower(me.from_address)"
            " ORDER BY p.number, m.id LIMIT ?",
            (message_id, _MOST),
        )
    ]
