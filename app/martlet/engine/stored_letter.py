"""A built letter in the store: read in pieces to be sent and filed, never whole in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO

from martlet.mail.errors import StoreError
from martlet.mail.message import Content, Envelope
from martlet.mime.abridged import abridged
from martlet.mime.content import summarise
from martlet.mime.headers import Headers, envelope, parse_headers
from martlet.mime.writing.dating import dated
from martlet.store.blobs import PIECE, Blobs

GONE = "The message is not in the store any more."
_HEAD = 1 << 20  # bytes in which a header ends
_HEAD_END = re.compile(rb"\n\r?\n|\A\r?\n")
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


def headers(blobs: Blobs, key: str) -> Headers:
    """Its header."""
    with opened(blobs, key) as stream:
        return parse_headers(stream.read(_HEAD))


def head(blobs: Blobs, key: str) -> Envelope:
    """What its header says."""
    return envelope(headers(blobs, key))


def summary(blobs: Blobs, key: str) -> tuple[Envelope, Content, int]:
    """What the store keeps of it beside its bytes, and its size."""
    size = blobs.size(key) or 0
    found = pieces(blobs, key)
    whole = b"".join(found) if size <= _SMALL else abridged(found)
    return (*summarise(whole), size)


def dated_anew(blobs: Blobs, key: str, date: float) -> tuple[str, int]:
    """The same letter with this Date, kept as another blob: its key and size."""
    return with_head(blobs, key, lambda raw: dated(raw, date))


def with_head(blobs: Blobs, key: str, change: Callable[[bytes], bytes]) -> tuple[str, int]:
    """The same message with another head, kept as another blob: its key and size. change: of its
    beginning, in which its header ends."""
    with opened(blobs, key) as stream:
        first = stream.read(_HEAD)
        if not _HEAD_END.search(first):
            first += stream.read()
        rest = iter(lambda: stream.read(PIECE), b"")
        return blobs.put_pieces(chain([change(first)], rest), durable=True)
