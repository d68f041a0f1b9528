"""Where the head of an entity ends and where its parts lie (RFC 5322, 2.1; RFC 2046, 5.1).

Linear in the bytes, and bounded where a step costs more than a byte. Never raises; what was not
read is told to `note`, as a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from martlet.mime.headers import MAX_LOOK

Note = Callable[[str], None]

# A line of spaces continues a field (RFC 5322, 4.2); it is an end only where there is no other.
_HEAD_END = re.compile(rb"\n\r?\r?\n")
_LAX_HEAD_END = re.compile(rb"\n[ \t]++\r?\n")
_FIELD_LINE = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_CONTENT_FIELD = re.compile(rb"content-[a-z-]{1,40}[ \t]*:", re.IGNORECASE)
_GUESSED = re.compile(rb"^--([^\s-][^\r\n]{0,99}?)[ \t]*\r?\ncontent-", re.I | re.M)
_GUESSED_WITHIN = 65536
# Lines of a head that nothing ends, and lines that begin like a boundary but are none.
_MAX_LINES = 200_000
_MAX_ALIKE = 100_000


@dataclass(frozen=True, slots=True)
class Span:
    """A part: its first byte, the one after its last, and whether the delimiter after it closes."""

    start: int
    end: int
    closed: bool


def begins_like_a_head(raw: bytes, start: int, end: int) -> bool:
    """Whether the first line there is a field."""
    return _FIELD_LINE.match(raw, start, min(end, start + 1000)) is not None


def head(raw: bytes, start: int, end: int, note: Note) -> tuple[int, int]:
    """Where the fields end and where the body starts."""
    if raw.startswith(b"\n", start, end):
        return start, start + 1
    if raw.startswith(b"\r\n", start, end):
        return start, start + 2
    limit = min(end, start + MAX_LOOK)
    match = _HEAD_END.search(raw, start, limit) or _LAX_HEAD_END.search(raw, start, limit)
    if match:
        return match.start() + 1, match.end()
    # No empty line: the body starts where the lines stop looking like fields
    position, lines = start, 0
    while position < limit and lines < _MAX_LINES:
        line_end = raw.find(b"\n", position, end)
        line_end = end if line_end < 0 else line_end + 1
        continued = position > start and raw[position : position + 1] in (b" ", b"\t")
        first = position == start and raw.startswith((b"From ", b">From "), position)
        if not (continued or first or _FIELD_LINE.match(raw, position, line_end)):
            note("The header does not end with an empty line.")
            return position, position
        position = line_end
        lines += 1
    if position < end:
        note("The header is too long; only its beginning is read.")
    return position, position


def spans(raw: bytes, start: int, end: int, boundary: bytes, limit: int, note: Note) -> list[Span]:
    """The parts between the delimiters (RFC 2046, 5.1.1), at most `limit`; the last may be open.

    Parts with fields of their own that follow the closing delimiter are read too: those who use
    one boundary twice close the outer multipart with the inner one.
    """
    delimiter = b"--" + boundary
    line = b"\n" + delimiter
    found: list[Span] = []
    opened, closed, alike = -1, False, 0
    # A body begins after a line end, which is that of the first delimiter too
    first = start - 1 if start and raw.startswith(delimiter, start, end) else -1
    at = first if first >= 0 else raw.find(line, max(start - 1, 0), end)
    while at >= 0:
        after = at + len(line)
        line_end = raw.find(b"\n", after, end)
        line_end = end if line_end < 0 else line_end + 1
        rest = raw[after : min(line_end, after + 80)].strip()
        if rest not in (b"", b"--"):
            alike += 1  # another boundary that begins like this one
            if alike > _MAX_ALIKE:
                note("The parts of the message cannot be told apart for certain.")
                break
        elif not closed or (not rest and _CONTENT_FIELD.match(raw, line_end, end)):
            if closed:
                note("Parts follow after the end of the others; they are read too.")
            closed = bool(rest)
            if opened >= 0:
                last = at - 1 if raw[at - 1 : at] == b"\r" else at
                found.append(Span(opened, max(opened, last), closed))
                if len(found) >= limit:
                    return found
            opened = -1 if closed else line_end
        at = raw.find(line, line_end - 1, end)
    if 0 <= opened < end:
        found.append(Span(opened, end, closed=False))
    return found


def guessed_boundary(raw: bytes, start: int, end: int) -> bytes:
    """What looks like the boundary of parts, where the one announced is not there; or b""."""
    match = _GUESSED.search(raw, start, min(end, start + _GUESSED_WITHIN))
    return match[1] if match else b""
