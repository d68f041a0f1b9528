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
        if part.content_id and part.content_type in _TYPES and part.size <= _LARGEST:
            image = unpacking.image(_bytes(reader, part))
            if not image.isNull():
                found[part.content_id] = image
    return found


def _bytes(reader: Reader, part: OutgoingPart) -> bytes:
    try:
        return reader.part_bytes(part) or b""
    except MailError:
        return b""  # damaged in the store: sending it will say so
