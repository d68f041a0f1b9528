"""A built letter in the store: read in pieces to be sent and filed, never whole in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO

from martlet.mail.errors import StoreError
from martlet.mail.message import Content, Envelope
from martlet.mime.abridged import abridged
from martlet.mime.content import summarise
from martlet.mime.dating import dated
from martlet.mime.headers import envelope, parse_headers
from martlet.store.blobs import PIECE, Blobs

GONE = "The message is not in the store any more."
_HEAD = 1 << 20  # bytes in which a header ends
_SMALL = 8 << 20  # bytes that are read as a whole without a second thought


def opened(blobs: Blobs, key: str) -> BinaryIO:
    """Its bytes; StoreError when they are not there, or, as they are read, not right."""
    found = blobs.open(key)
    if found is None:
        raise StoreError(GONE)
    return found


def handy(blobs: Blobs, key: str) -> bytes | Callable[[], BinaryIO] | None:
    """Its bytes if they are few, else what opens them; None when they are not there."""
    size = blobs.size(key)
    if size is None:
        return None
    return blobs.get(key) if size <= _SMALL else partial(opened, blobs, key)


def pieces(blobs: Blobs, key: str) -> Iterator[bytes]:
    """The same, PIECE bytes at a time."""
    with opened(blobs, key) as stream:
        while data := stream.read(PIECE):
            yield data


def head(blobs: Blobs, key: str) -> Envelope:
    """What its header says."""
    with opened(blobs, key) as stream:
        return envelope(parse_headers(stream.read(_HEAD)))


def summary(blobs: Blobs, key: str) -> tuple[Envelope, Content, int]:
    """What the store keeps of it beside its bytes, and its size."""
    size = blobs.size(key) or 0
    found = pieces(blobs, key)
    whole = b"".join(found) if size <= _SMALL else abridged(found)
    return (*summarise(whole), size)


def dated_anew(blobs: Blobs, key: str, date: float) -> tuple[str, int]:
    """The same letter with this Date, kept as another blob: its key and size."""
    with opened(blobs, key) as stream:
        first = dated(stream.read(_HEAD), date)
        rest = iter(lambda: stream.read(PIECE), b"")
        return blobs.put_pieces(chain([first], rest), durable=True)
