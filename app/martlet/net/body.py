"""A message to hand over to a server: read in pieces and as often as is needed, so that one of any
size takes no memory. What stores it is the caller's to know.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

PIECE = 65_536
_READ = 1 << 20
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_HEAD = 1 << 20
_HEAD_END = re.compile(rb"\n\r?\n")

Opened = Callable[[], BinaryIO]
Raw = bytes | Opened


@dataclass(frozen=True, slots=True)
class _Found:
    """size: of what there is. bare: carriage returns and line feeds alone. plain_head: the header
    is ASCII. wide_head: it is not, but UTF-8."""

    size: int
    bare: int
    ascii: bool
    nul: bool
    ended: bool
    plain_head: bool
    wide_head: bool


class Body:
    """Goes through the message once. Errors of opening and reading it pass through, then or later.

    crlf: CR and LF alone become CRLF (RFC 5321, 2.3.8). size: bytes as it goes out. ascii, nul:
    whether all of it is ASCII, whether there is a NUL. ended: its last line is, or it has none.
    plain_head: its header is ASCII. wide_head: it is not, but UTF-8 (RFC 6532).
    """

    def __init__(self, raw: Raw, *, crlf: bool = True) -> None:
        self._raw = raw
        found = _look(self._read())
        self._fix = crlf and found.bare > 0
        self.size = found.size + (found.bare if self._fix else 0)
        self.ascii = found.ascii
        self.nul = found.nul
        self.ended = found.ended
        self.plain_head = found.plain_head
        self.wide_head = found.wide_head

    def pieces(self) -> Iterator[memoryview]:
        """All of it, PIECE bytes at a time; of bytes in memory nothing is copied."""
        read = _with_crlf(self._read()) if self._fix else self._read()
        for data in read:
            whole = memoryview(data)
            for start in range(0, len(whole), PIECE):
                yield whole[start : start + PIECE]

    def _read(self) -> Iterator[bytes]:
        if isinstance(self._raw, bytes):
            yield self._raw
            return
        with self._raw() as stream:
            while data := stream.read(_READ):
                yield data


def _look(pieces: Iterator[bytes]) -> _Found:
    size = returns = feeds = both = 0
    ascii_, nul, plain_head, in_head = True, False, True, True
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    last, before = b"", b"\n"
    for data in pieces:
        if not data:
            continue
        size += len(data)
        returns += data.count(b"\r")
        feeds += data.count(b"\n")
        both += data.count(b"\r\n") + (last == b"\r" and data.startswith(b"\n"))
        ascii_ = ascii_ and data.isascii()
        nul = nul or b"\0" in data
        if in_head:
            end = _HEAD_END.search(before + data)
            head = data[: max(0, end.start() - len(before))] if end else data
            before = (before + data[-2:])[-2:]
            in_head = end is None and size < _HEAD
            if not head.isascii() or not plain_head:
                plain_head = False
                utf8 = _read_as_utf8(utf8, head, last=end is not None)
        last = data[-1:]
    ended = last in (b"", b"\n", b"\r")
    if in_head:
        utf8 = _read_as_utf8(utf8, b"", last=True)
    bare = returns + feeds - 2 * both
    return _Found(size, bare, ascii_, nul, ended, plain_head, not plain_head and utf8 is not None)


def _read_as_utf8(
    decoder: codecs.IncrementalDecoder | None, data: bytes, *, last: bool
) -> codecs.IncrementalDecoder | None:
    """The decoder behind these bytes; None: they are no UTF-8."""
    try:
        if decoder is not None:
            decoder.decode(data, last)
    except UnicodeDecodeError:
        return None
    return decoder


def _with_crlf(pieces: Iterator[bytes]) -> Iterator[bytes]:
    held = b""  # a carriage return of which it is not known yet whether it is alone
    for data in pieces:
        data = held + data
        held = b"\r" if data.endswith(b"\r") else b""
        yield _BARE.sub(b"\r\n", data[: len(data) - len(held)])
    if held:
        yield b"\r\n"
