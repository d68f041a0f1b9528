"""The MIME tree of a message as offsets into its bytes (RFC 2045, 2046).

Never raises on any bytes: what could not be read stands in `problems`. Where heads and parts end
is `cutting`'s; what one part is and holds is `part`'s; which part is the text and which an
attachment is decided in `layout`.
"""

from __future__ import annotations

import re

from martlet.mime.charset import is_charset
from martlet.mime.cutting import guessed_boundary, head, spans
from martlet.mime.headers import MAX_LOOK, fields
from martlet.mime.part import EMBEDS, MAX_DEPTH, Message, Part
from martlet.mime.whole import ENDS_EARLY, NO_PARTS, doubt, ends_before, ends_early

MAX_PARTS = 5_000
# Of all attached messages together.
MAX_INNER_PARTS = 20_000

_LINE_ENDS = re.compile(rb"[\r\n]++")
_TOO_DEEP = "The message is nested too deeply; the innermost parts are not read."
_TOO_MANY = "The message has too many parts; the last ones are not read."


class _Reading:
    """What reading one message shares: the problems found, the parts that hold messages, and how
    many parts may still be made."""

    __slots__ = ("charset", "end", "holders", "problems", "room")

    def __init__(self, charset: str, room: int, end: int) -> None:
        self.charset = charset
        self.room = room
        self.end = end  # of the message
        self.holders: list[Part] = []
        self.problems: list[str] = []

    def take(self) -> bool:
        """Makes room for a part, if there is some left."""
        if self.room <= 0:
            self.note(_TOO_MANY)
            return False
        self.room -= 1
        return True

    def note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def share(self, room: int) -> None:
        """Gives each attached message its share of this room: half by their number and half by
        their size. So which of them is read first, and by whom, changes nothing."""
        if not self.holders:
            return
        sizes = [part.body_end - part.body_start for part in self.holders]
        count, total = len(sizes), sum(sizes) or 1
        for part, size in zip(self.holders, sizes, strict=True):
            if part.depth >= MAX_DEPTH:
                self.note(_TOO_DEEP)
                continue
            part.room = (room // count + room * size // total) // 2
            if not part.room:
                self.note(_TOO_MANY)


def parse(raw: bytes, charset: str = "") -> Message:
    """Reads a whole message, CRLF, LF or CR; an mbox "From " line before it is passed over.

    charset: what a person says its texts and raw 8-bit fields are in, whatever it says itself; "",
    or a label that nobody knows, for what it says.
    """
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    said = charset if is_charset(charset) else ""
    reading = _Reading(said, MAX_PARTS, len(raw))
    root = _root(raw, 0, 0, "", reading)
    reading.share(MAX_INNER_PARTS)
    doubtful = doubt(raw, root.headers)
    problems = (doubtful,) if doubtful else tuple(reading.problems)
    return Message(raw, 0, len(raw), root, problems)


def _inside(holder: Part, raw: bytes, start: int, end: int) -> Message:
    """The message that lies in a part, in these bytes."""
    reading = _Reading(holder.headers.charset, holder.room, end)
    root = _root(raw, start, holder.depth + 1, holder.path, reading)
    reading.share(reading.room)
    return Message(raw, start, end, root, tuple(reading.problems))


def _root(raw: bytes, start: int, depth: int, prefix: str, reading: _Reading) -> Part:
    end = reading.end
    blank = _LINE_ENDS.match(raw, start, end)
    first = blank.end() if blank else start
    reading.take()
    root = _entity(raw, first, end, prefix, "text/plain", depth, reading, b"")
    if ends_early(root, raw, end):
        reading.note(ENDS_EARLY)
    if not root.children:
        root.path = f"{prefix}.1" if prefix else "1"
    return root


def _entity(
    raw: bytes,
    start: int,
    end: int,
    path: str,
    default: str,
    depth: int,
    reading: _Reading,
    outer: bytes,
) -> Part:
    """outer: the boundary of the multipart it is in."""
    head_end, body_start = head(raw, start, end, reading.note)
    headers = fields(raw[start : min(head_end, start + MAX_LOOK)], reading.charset)
    for problem in headers.left_out:
        reading.note(problem)
    part = Part(raw, headers, body_start, end, path, default, depth, _inside)
    if part.content_type in EMBEDS:
        reading.holders.append(part)
    elif part.content_type.startswith("multipart/"):
        if depth >= MAX_DEPTH:
            reading.note(_TOO_DEEP)
        elif not (outer and outer == _boundary(part) and _is_blank(part)):
            _children(raw, part, reading)
    return part


def _children(raw: bytes, part: Part, reading: _Reading) -> None:
    boundary = _boundary(part)
    start, end = part.body_start, part.body_end
    # One that is inside another ends where that goes on, whether it says so or not
    last = end >= reading.end
    cut = spans(raw, start, end, boundary, MAX_PARTS, reading.note) if boundary else []
    if not cut:
        guessed = guessed_boundary(raw, start, end)
        if guessed:
            reading.note("The boundary between the parts is not the one announced.")
            cut = spans(raw, start, end, guessed, MAX_PARTS, reading.note)
    if not cut:
        early = last and ends_before(raw, start, end, b"--" + boundary)
        reading.note(ENDS_EARLY if early else NO_PARTS)
        return
    if last and not cut[-1].closed and len(cut) < MAX_PARTS:
        reading.note(ENDS_EARLY)
    into = part
    for span in cut:
        if not reading.take():
            break
        default = "message/rfc822" if into.content_type == "multipart/digest" else "text/plain"
        number = len(into.children) + 1
        path = f"{into.path}.{number}" if into.path else str(number)
        inner = _entity(raw, span.start, span.end, path, default, into.depth + 1, reading, boundary)
        into.children.append(inner)
        into.body_end = max(into.body_end, span.end)
        if span.closed:
            into = part
        elif into is part and boundary == _boundary(inner) and _is_blank(inner):
            reading.note("A boundary stands for two multiparts, one in the other.")
            into = inner


def _boundary(part: Part) -> bytes:
    return part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()


def _is_blank(part: Part) -> bool:
    """Whether it has no body to speak of: one whose parts come after it."""
    return part.body_end - part.body_start < 1000 and not part.body().strip()
