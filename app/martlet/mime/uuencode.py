"""Files as lines of printable characters inside a text (uuencode, POSIX). Never raises."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

_BEGIN = re.compile(rb"^begin [0-7]{3,4} +([^\r\n]{1,255}?)[ \t]*\r?$", re.MULTILINE)
MAX_FILES = 100
# Lines that begin a file and are followed by none.
_MAX_TRIES = 10_000


@dataclass(frozen=True, slots=True)
class Uuencoded:
    """A file inside text. start, end: of its lines in that text. whole: it has its last line."""

    name: bytes
    start: int
    end: int
    data: bytes
    whole: bool = True


def uuencoded(text: bytes) -> list[Uuencoded]:
    """The uuencoded files in a text, in order."""
    found: list[Uuencoded] = []
    position = tries = 0
    while len(found) < MAX_FILES and tries < _MAX_TRIES:
        match = _BEGIN.search(text, position)
        if match is None:
            break
        end, data, whole = _lines(text, match.end())
        if end < 0:
            position = match.end()
            tries += 1
            continue
        found.append(Uuencoded(match[1], match.start(), end, data, whole))
        position = end
    return found


def _lines(text: bytes, position: int) -> tuple[int, bytes, bool]:
    """Where they end, what they hold, whether they end as they should; -1 where they are none."""
    out: list[bytes] = []
    position = text.find(b"\n", position) + 1
    while 0 < position < len(text):
        line_end = text.find(b"\n", position)
        line_end = len(text) if line_end < 0 else line_end
        line = text[position:line_end].rstrip(b"\r\n")
        position = line_end + 1
        if line.strip() == b"end":
            return min(position, len(text)), b"".join(out), True
        if not line or line in (b"`", b" "):
            continue
        # RFC-less, but every decoder's rule: the first character counts the bytes
        count = (line[0] - 32) & 63
        if line_end == len(text) and out and 32 <= line[0] <= 96:
            break
        if not 32 <= line[0] <= 96 or len(line) < 1 + (count * 4 + 2) // 3 - 3:
            return -1, b"", False
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            try:
                out.append(binascii.a2b_uu(line[: 1 + (count + 2) // 3 * 4]))
            except binascii.Error:
                return -1, b"", False
    # The text ends in the middle of it: most of a file is worth more than none
    return (len(text), b"".join(out), False) if len(out) > 1 else (-1, b"", False)
