"""The inline pictures of a letter, read from the store to be shown while it is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from martlet.mail.errors import MailError
from martlet.mail.outgoing import OutgoingPart
from martlet.ui.compose.images.image_bytes import Unpacking

if TYPE_CHECKING:
    from martlet.store.reader import Reader

# What receivers show; not SVG, which is a document of its own.
_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})
_LARGEST = 20_000_000


def inline_pictures(reader: Reader, parts: Iterable[OutgoingPart]) -> dict[str, QImage]:
    """Those that could be read, by Content-ID; the others are sent all the same."""
    found: dict[str, QImage] = {}
    unpacking = Unpacking()
    for part in parts:
        if shows(part):
            image = unpacking.image(bytes_of(reader, part))
            if not image.isNull():
                found[part.content_id] = image
    return found


def shows(part: OutgoingPart) -> bool:
    """Whether it is an inline picture of a kind, and of no more bytes, than a letter shows."""
    return bool(part.content_id) and part.content_type in _TYPES and part.size <= _LARGEST


def bytes_of(reader: Reader, part: OutgoingPart) -> bytes:
    """b"" when they cannot be had."""
    try:
        return reader.part_bytes(part) or b""
    except MailError:
        return b""  # damaged in the store: sending it will say so
