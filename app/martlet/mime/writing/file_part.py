"""A file of a letter as a MIME part, written piece by piece while it is read.

Every file goes as base64, its bytes exact, text too: no server or reader may touch its line ends.
But for a whole message, which may not be base64 (RFC 2046, 5.2.1): it goes as it is where seven
bits and short lines can carry it, and no line end would become one that it was not; else as a plain
file that mail programs open.
"""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from martlet.mail.outgoing import OutgoingPart
from martlet.mime.writing.file_name import UNKNOWN, file_fields, media_type

Opened = Callable[[OutgoingPart], BinaryIO]

LONGEST_LINE = 998  # RFC 5322, 2.1.1
_LINE = 57  # bytes that make 76 characters (RFC 2045, 6.8)
_READ = _LINE * 16_384
_TEXT_LOOKED_AT = 8 << 20
_ENDS = re.compile(rb"\r\n|\r|\n")


def file_part(part: OutgoingPart, opened: Opened, *, inline: bool = False) -> Iterator[bytes]:
    """Fields and body. opened: gives its bytes to be read; its errors pass through.

    inline: a picture that the HTML shows; nothing else is ever inline.
    """
    kind = media_type(part.content_type)
    if kind.startswith("message/"):
        if kind == "message/rfc822" and _is_plain(part, opened):
            fields = file_fields(kind, "attachment", part.name)
            yield f"{fields}Content-Transfer-Encoding: 7bit\r\n\r\n".encode("ascii")
            yield from _with_crlf(part, opened)
            return
        kind = UNKNOWN
    inline = inline and kind.startswith("image/")
    charset = _charset(part, opened) if kind.startswith("text/") else ""
    fields = file_fields(kind, "inline" if inline else "attachment", part.name, charset)
    if inline:
        fields += f"Content-ID: <{part.content_id}>\r\n"
    fields += "Content-Transfer-Encoding: base64\r\n\r\n"
    yield fields.encode("ascii")
    yield from _base64(part, opened)


def _base64(part: OutgoingPart, opened: Opened) -> Iterator[bytes]:
    """Lines of 76 characters, each with its CRLF."""
    held = b""
    for data in _read(part, opened):
        data = held + data
        whole = len(data) - len(data) % _LINE
        held = data[whole:]
        if whole:
            yield _lines(data[:whole])
    if held:
        yield _lines(held)


def _lines(data: bytes) -> bytes:
    encoded = base64.b64encode(data)
    lines = [encoded[i : i + 76] for i in range(0, len(encoded), 76)]
    return b"\r\n".join([*lines, b""])


def _read(part: OutgoingPart, opened: Opened) -> Iterator[bytes]:
    with opened(part) as stream:
        while data := stream.read(_READ):
            yield data


def _with_crlf(part: OutgoingPart, opened: Opened) -> Iterator[bytes]:
    held = b""  # a carriage return of which it is not known yet whether it is alone
    for data in _read(part, opened):
        data = held + data
        held = b"\r" if data.endswith(b"\r") else b""
        yield _ENDS.sub(b"\r\n", data[: len(data) - len(held)])
    if held:
        yield b"\r\n"


def _is_plain(part: OutgoingPart, opened: Opened) -> bool:
    """Whether seven bits can carry it as it is (RFC 2045, 2.7)."""
    if not _is_even(part, opened):
        return False
    line = 0  # of the last line so far
    for data in _with_crlf(part, opened):
        if not data.isascii() or b"\0" in data:
            return False
        ends = data.split(b"\r\n")
        longest = max(line + len(ends[0]), *map(len, ends))
        if longest > LONGEST_LINE:
            return False
        line = len(ends[-1]) + (line if len(ends) == 1 else 0)
    return True


def _is_even(part: OutgoingPart, opened: Opened) -> bool:
    """Whether all its lines end in CRLF, or all in a line feed: a bare CR, or a mixture, would come
    out as lines that its signature, and who wrote it, did not know."""
    ends: set[bytes] = set()
    held = b""
    for data in _read(part, opened):
        data = held + data
        held = b"\r" if data.endswith(b"\r") else b""
        ends.update(_ENDS.findall(data, 0, len(data) - len(held)))
        if len(ends) > 1 or b"\r" in ends:
            return False
    return not held


def _charset(part: OutgoingPart, opened: Opened) -> str:
    """What readers need to show a text; none where it is no UTF-8, or too long to be looked at."""
    if part.size > _TEXT_LOOKED_AT:
        return ""
    decoder = codecs.getincrementaldecoder("utf-8")()
    plain = True
    try:
        for data in _read(part, opened):
            decoder.decode(data)
            plain = plain and data.isascii()
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return ""
    return "; charset=us-ascii" if plain else "; charset=utf-8"
