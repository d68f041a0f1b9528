"""Large messages that came in pieces: message/partial (RFC 2046, 5.2.2). Never raises.

Which pieces are here is for the store to say.
"""

from __future__ import annotations

from collections.abc import Sequence

from martlet.mail.piece import Piece
from martlet.mime.addresses import parse_addresses
from martlet.mime.parse import parse
from martlet.mime.part import Message
from martlet.mime.words import clean

PARTIAL = "message/partial"
MAX_PIECES = 999
MAX_BYTES = 256 << 20
_MAX_ID = 500
# What the message inside says of itself; all else is said by the one around the first piece
_INNER = frozenset({"subject", "message-id", "encrypted", "mime-version"})


def piece_of(message: Message) -> Piece | None:
    """Which piece of a larger message this is; None for a message that is whole."""
    root = message.root
    if root.content_type != PARTIAL:
        return None
    identity = clean(root.parameters.get("id", ""))[:_MAX_ID]
    number = _count(root.parameters.get("number", ""))
    written = root.parameters.get("total", "")
    total = _count(written)
    if not identity or not number or (written and not total) or 0 < total < number:
        return None
    return Piece(identity, number, total, (number,))


def join(pieces: Sequence[bytes]) -> bytes:
    """The message that these raw messages are pieces of, in any order (RFC 2046, 5.2.2.1).

    b"" where they make none; `why_not` says why.
    """
    sorted_, refusal = _sorted(pieces)
    if refusal or not sorted_:
        return b""
    outer = sorted_[0]
    inner = parse(b"".join(one.root.body() for one in sorted_))
    head = [(name, value) for name, value in outer.headers.items() if not _is_inner(name)]
    head += [(name, value) for name, value in inner.headers.items() if _is_inner(name)]
    lines = [name.encode("ascii") + b": " + value + b"\r\n" for name, value in head]
    return b"".join([*lines, b"\r\n", inner.raw[inner.root.body_start :]])


def why_not(pieces: Sequence[bytes]) -> str:
    """Why they make no message, in a sentence; "" where they make one."""
    return _sorted(pieces)[1]


def _sorted(pieces: Sequence[bytes]) -> tuple[list[Message], str]:
    if len(pieces) > MAX_PIECES * 2 or sum(map(len, pieces)) > MAX_BYTES:
        return [], "The pieces are too large to be put together."
    found: dict[int, Message] = {}
    ids: set[str] = set()
    totals: set[int] = set()
    senders: set[str] = set()
    for raw in pieces:
        message = parse(raw)
        piece = piece_of(message)
        if piece is None:
            return [], "One of the messages is no piece of a larger one."
        ids.add(piece.id)
        totals |= {piece.total} if piece.total else set()
        from_ = parse_addresses(message.headers.get("from"))
        senders.add(from_[0].address.casefold() if from_ else "")
        before = found.setdefault(piece.number, message)
        if before.root.body() != message.root.body():
            return [], f"There are two different pieces with number {piece.number}."
    # A piece slipped in by somebody else could say anything in the name of the first
    if len(ids) > 1 or len(senders) > 1:
        return [], "The pieces do not belong together."
    if len(totals) > 1:
        return [], "The pieces differ in how many there are."
    if not totals:
        return [], "The last piece is not here; only it says how many there are."
    total = totals.pop()
    missing = [number for number in range(1, total + 1) if number not in found]
    if missing or len(found) > total:
        return [], "Not all pieces are here."
    return [found[number] for number in range(1, total + 1)], ""


def _is_inner(name: str) -> bool:
    name = name.lower()
    return name.startswith("content-") or name in _INNER


def _count(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        return 0
    return int(text) if int(text) <= MAX_PIECES else 0
