"""Files as nearly raw bytes inside a text: yEnc 1.3, single and in parts. Never raises."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

_BEGIN = re.compile(rb"^=ybegin[ \t]([^\r\n]{1,1000})\r?\n", re.MULTILINE)
_PART = re.compile(rb"=ypart[ \t]([^\r\n]{0,200})\r?\n")
_END = re.compile(rb"^=yend(?:[ \t]([^\r\n]{0,200}))?\r?$", re.MULTILINE)
_VALUE = re.compile(rb"([a-z0-9]{1,20})=([^ \t\r\n]{1,40})")
_NAME = re.compile(rb"(?:^|[ \t])name=(.+)", re.DOTALL)
_ESCAPED = re.compile(rb"=(.)", re.DOTALL)
_PLAIN = bytes((byte - 42) & 255 for byte in range(256))
MAX_FILES = 100
MAX_ESCAPES = 1_000_000


@dataclass(frozen=True, slots=True)
class Yencoded:
    """A file inside text, or a part of one. start, end: of its lines in that text.

    part: from 1, 0 for a whole file. parts: how many, 0 if it does not say. size: of the whole
    file, as said. offset: where a part begins in it. whole: its size and checksum are right.
    """

    name: bytes
    start: int
    end: int
    data: bytes
    part: int = 0
    parts: int = 0
    size: int = 0
    offset: int = 0
    whole: bool = True


def yencoded(text: bytes) -> list[Yencoded]:
    """The yEnc files in a text, in order; parts of one file that all are here are joined."""
    found: list[Yencoded] = []
    position = 0
    while len(found) < MAX_FILES:
        begin = _BEGIN.search(text, position)
        if begin is None:
            break
        position = begin.end()
        name = _NAME.search(begin[1])
        if name is None:
            continue
        following = _BEGIN.search(text, position)
        limit = following.start() if following else len(text)
        end = _END.search(text, position, limit)
        if end is None and following is None and not text[position:].strip():
            continue
        one = _one(text, begin, name[1].strip(b' \t"'), end, limit)
        if one is not None:
            found.append(one)
            position = one.end
    return _joined(found)


def _one(
    text: bytes, begin: re.Match[bytes], name: bytes, end: re.Match[bytes] | None, limit: int
) -> Yencoded | None:
    said = _values(begin[1].partition(b"name=")[0])
    start = begin.end()
    part, offset = said.get(b"part", 0), 0
    span = _PART.match(text, start)
    if span is not None:
        start = span.end()
        offset = max(0, _values(span[1]).get(b"begin", 1) - 1)
    lines = text[start : end.start() if end else limit]
    if lines.count(b"=") > MAX_ESCAPES:
        return None  # about one byte in sixty is, in earnest
    data = _ESCAPED.sub(_escape, lines.replace(b"\r", b"").replace(b"\n", b""))
    data = data.translate(_PLAIN)
    told = dict(_VALUE.findall(end[1] or b"")) if end else {}
    size = told.get(b"size", b"")
    whole = end is not None and (not size or size == b"%d" % len(data))
    checksum = told.get(b"pcrc32") if part else told.get(b"crc32")
    if checksum:
        whole = whole and checksum.lower().lstrip(b"0") == b"%x" % binascii.crc32(data)
    return Yencoded(
        name, begin.start(), end.end() if end else limit, data, part, said.get(b"total", 0),
        said.get(b"size", 0), offset, whole,
    )  # fmt: skip


def _escape(match: re.Match[bytes]) -> bytes:
    return bytes(((match[1][0] - 64) & 255,))


def _values(line: bytes) -> dict[bytes, int]:
    return {
        name: int(value) for name, value in _VALUE.findall(line) if value.isdigit()
    }  # at most 40 digits


def _joined(found: list[Yencoded]) -> list[Yencoded]:
    """Parts that follow one another up to the size of the whole file become that file."""
    out: list[Yencoded] = []
    run: list[Yencoded] = []
    for one in found:
        if run and not (one.name == run[0].name and one.size == run[0].size):
            run = []
        length = sum(len(part.data) for part in run)
        run = [*run, one] if one.part and one.offset == length else []
        out.append(one)
        if run and one.size == length + len(one.data) and len(run) > 1:
            del out[-len(run) :]
            data = b"".join(part.data for part in run)
            whole = all(part.whole for part in run)
            out.append(Yencoded(one.name, run[0].start, one.end, data, size=one.size, whole=whole))
            run = []
    return out
