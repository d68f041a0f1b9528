"""Content-Transfer-Encoding undone (RFC 2045, 6), whatever its quality. Never raises."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

from martlet.mime.words import base64_bytes

_UU_NAMES = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})
_BEGIN = re.compile(rb"^begin [0-7]{3,4} +([^\r\n]{1,255}?)[ \t]*\r?$", re.MULTILINE)
_QP_TRAILING = re.compile(rb"[ \t]+(?=\r?\n)")


@dataclass(frozen=True, slots=True)
class Uuencoded:
    """A file inside text. start, end: of its lines in that text."""

    name: bytes
    start: int
    end: int
    data: bytes


def decode_body(raw: bytes, start: int, end: int, encoding: str) -> bytes:
    """The bytes between start and end, decoded; unknown encodings are taken as they are."""
    if encoding == "base64":
        with memoryview(raw) as whole, whole[start:end] as view:
            return base64_bytes(view)
    if encoding == "quoted-printable":
        body = raw[start:end]
        if b" \n" in body or b" \r\n" in body or b"\t\n" in body or b"\t\r\n" in body:
            body = _QP_TRAILING.sub(b"", body)  # RFC 2045, 6.7 (3)
        return binascii.a2b_qp(body)
    body = raw[start:end]
    if encoding in _UU_NAMES:
        found = uuencoded(body)
        return found[0].data if found else body
    return body


def decoded_size(raw: bytes, start: int, end: int, encoding: str) -> int:
    """Bytes after decoding, without decoding; exact for well-formed base64."""
    size = end - start
    if encoding == "base64":
        tail = raw[max(start, end - 80) : end]
        space = raw.count(b"\n", start, end)
        space += space if b"\r\n" in raw[start : min(end, start + 2000)] else 0
        return max(0, (size - space) * 3 // 4 - tail.rstrip().count(b"="))
    if encoding == "quoted-printable":
        return max(0, size - 2 * raw.count(b"=", start, end))
    return size


def uuencoded(text: bytes) -> list[Uuencoded]:
    """The uuencoded files in a text (POSIX uuencode), in order."""
    found: list[Uuencoded] = []
    position = 0
    while len(found) < 100:
        match = _BEGIN.search(text, position)
        if match is None:
            break
        end, data = _uu_lines(text, match.end())
        if end < 0:
            position = match.end()
            continue
        found.append(Uuencoded(match[1], match.start(), end, data))
        position = end
    return found


def _uu_lines(text: bytes, position: int) -> tuple[int, bytes]:
    out: list[bytes] = []
    position = text.find(b"\n", position) + 1
    while 0 < position < len(text):
        line_end = text.find(b"\n", position)
        line_end = len(text) if line_end < 0 else line_end
        line = text[position:line_end].rstrip(b"\r\n")
        position = line_end + 1
        if line.strip() == b"end":
            return min(position, len(text)), b"".join(out)
        if not line or line in (b"`", b" "):
            continue
        # RFC-less, but every decoder's rule: the first character counts the bytes
        count = (line[0] - 32) & 63
        if not 32 <= line[0] <= 96 or len(line) < 1 + (count * 4 + 2) // 3 - 3:
            return -1, b""
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            try:
                out.append(binascii.a2b_uu(line[: 1 + (count + 2) // 3 * 4]))
            except binascii.Error:
                return -1, b""
    return -1, b""
