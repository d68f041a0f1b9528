"""Content-Transfer-Encoding undone (RFC 2045, 6), whatever its quality. Never raises."""

from __future__ import annotations

import binascii
import re

from martlet.mime.uuencode import uuencoded
from martlet.mime.words import base64_bytes

_UU_NAMES = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})
_QP_TRAILING = re.compile(rb"(?<![ \t])[ \t]++(?=\r?\n)")
_WORDS_APART = re.compile(rb"(?<=\S) (?=\S)")
_EIGHT_BIT = re.compile(rb"[\x80-\xff]")


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


def is_no_base64(raw: bytes, start: int, end: int) -> bool:
    """Whether what is said to be base64 between start and end looks like plain text."""
    sample = raw[start : min(end, start + 2000)]
    spaces = len(_WORDS_APART.findall(sample))
    if spaces > 2 and spaces * 15 > len(sample):
        return True
    return len(_EIGHT_BIT.findall(sample)) * 5 > len(sample)


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
