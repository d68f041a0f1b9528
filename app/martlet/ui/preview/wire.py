"""What the window and the preview process say to each other, over two pipes.

A frame is the length of a head and of a body (4 and 8 bytes, big endian), the head as MessagePack,
the body as bytes: a file one way, pixels or text the other. The window believes nothing it reads:
every number of an answer is checked against its bounds before a byte is looked at.
"""

from __future__ import annotations

import struct
from enum import Enum

import msgspec

LENGTHS = struct.Struct("!IQ")
MAX_HEAD = 4096
MAX_FILE = 64_000_000
"""Bytes of a file that is handed over at most."""
MAX_PIXELS = 12_000_000
MAX_TEXT = 400_000
"""Bytes of text that come back at most, as UTF-8."""
MAX_PAGES = 2000
_SIZE = struct.Struct("!ff")
_BYTES_A_PIXEL = 4


class What(Enum):
    """LOOK: how many pages and how large. DRAW: the pixels of one. READ: its text."""

    LOOK = "look"
    DRAW = "draw"
    READ = "read"


class Trouble(Enum):
    """Why there is no preview. The value is an English sentence; the window translates it."""

    BROKEN = "This file is damaged, or not what it says it is, and cannot be shown."
    TOO_LARGE = "This file is too large to be shown here."
    LOCKED = "This file is locked with a password."
    UNKNOWN = "Files of this kind cannot be shown here."
    DIED = "Showing this file failed: the program that decodes it ended. Nothing else was harmed."
    SLOW = "This file took too long to decode and was given up."
    NOT_STARTED = "The program that decodes files could not be started."


class Request(msgspec.Struct, array_like=True, frozen=True):
    """number: comes back with the answer. pdf: a document, else a picture. width, height: pixels
    to fit into. fresh: the body is the file; else it is the one handed over last."""

    number: int
    what: What
    pdf: bool = False
    page: int = 0
    width: int = 0
    height: int = 0
    charset: str = ""
    fresh: bool = False


class Answer(msgspec.Struct, array_like=True, frozen=True):
    """width, height: of the pixels in the body (ARGB, premultiplied, 4 bytes each, no padding), or
    0. cut: there is more text, or there are more pages. trouble: None when all went well."""

    number: int
    trouble: Trouble | None = None
    width: int = 0
    height: int = 0
    cut: bool = False


def frame(head: Request | Answer, length: int) -> bytes:
    """What stands before a body of this length."""
    packed = msgspec.msgpack.encode(head)
    return LENGTHS.pack(len(packed), length) + packed


def sizes_to_bytes(sizes: list[tuple[float, float]]) -> bytes:
    return b"".join(_SIZE.pack(*each) for each in sizes[:MAX_PAGES])


def sizes_from_bytes(data: bytes) -> list[tuple[float, float]] | None:
    """The sizes of pages, None if these are none that a page can have."""
    if not data or len(data) % _SIZE.size or len(data) > MAX_PAGES * _SIZE.size:
        return None
    found = [(width, height) for width, height in _SIZE.iter_unpack(data)]
    fine = all(0 < width < 1e6 and 0 < height < 1e6 for width, height in found)
    return found if fine else None


class Incoming:
    """Cuts what comes from the preview process into answers."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._decoder = msgspec.msgpack.Decoder(Answer)

    def feed(self, data: bytes) -> None:
        self._held += data

    def next(self) -> tuple[Answer, bytes] | None:
        """The next answer with its body, None while it is not here. Raises ValueError when what
        came is no answer that the process would give."""
        if len(self._held) < LENGTHS.size:
            return None
        head_size, body_size = LENGTHS.unpack_from(self._held)
        if head_size > MAX_HEAD or body_size > MAX_PIXELS * _BYTES_A_PIXEL:
            raise ValueError("a frame larger than any answer")
        end = LENGTHS.size + head_size + body_size
        if len(self._held) < end:
            return None
        head = bytes(self._held[LENGTHS.size : LENGTHS.size + head_size])
        body = bytes(memoryview(self._held)[LENGTHS.size + head_size : end])
        try:
            answer = self._decoder.decode(head)
        except msgspec.MsgspecError as error:
            raise ValueError("a head that is none") from error
        del self._held[:end]
        if answer.width or answer.height:
            pixels = answer.width * answer.height
            if min(answer.width, answer.height) <= 0 or len(body) != pixels * _BYTES_A_PIXEL:
                raise ValueError("a picture that is not as large as it says")
        return answer, body
