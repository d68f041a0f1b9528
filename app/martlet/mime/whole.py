"""Whether a message is there to its end, and whether it is one at all. Never raises."""

from __future__ import annotations

import re

from martlet.mime.headers import Headers
from martlet.mime.part import Part
from martlet.mime.transfer import is_no_base64

ENDS_EARLY = "The message ends too early; something of it is missing."
NO_PARTS = "The parts of the message cannot be told apart."
NO_MESSAGE = "This does not look like a mail message."
EMPTY = "This file is empty."

# Every mail has one of them, whatever it has lost.
_KNOWN = frozenset(
    {
        "from", "sender", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id",
        "in-reply-to", "references", "received", "return-path", "delivered-to", "mime-version",
        "content-type", "content-transfer-encoding", "content-disposition", "resent-from",
        "resent-to", "resent-date", "list-id", "dkim-signature", "authentication-results",
    }
)  # fmt: skip
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_FIELD_NAME = re.compile(rb"[!-9;-~]{1,100}")
_SOMETHING = re.compile(rb"\S")
_LONGEST_LINE = 1_000


def doubt(raw: bytes, headers: Headers) -> str:
    """What speaks against these bytes being a message at all; a sentence, English, or ""."""
    if not _SOMETHING.search(raw):
        return EMPTY
    return "" if any(name.lower() in _KNOWN for name, _ in headers.items()) else NO_MESSAGE


def ends_early(root: Part, raw: bytes, end: int) -> bool:
    """Whether a message that is one entity stops in the middle of it: of a field, or of base64."""
    if root.body_start >= end:
        # A message needs no body, and its last line no end where it is a part of another
        return root.depth == 0 and not raw.endswith((b"\n", b"\r"))
    if root.depth == 0 and _FIELD_NAME.fullmatch(raw, root.body_start, end):
        # Right after a field, no empty line between
        return not raw.endswith((b"\n\n", b"\n\r\n"), 0, root.body_start)
    if root.encoding != "base64" or root.is_multipart:
        return False
    last = raw[max(root.body_start, end - _LONGEST_LINE) : end].strip().rpartition(b"\n")[2].strip()
    if len(last) % 4 == 0 or not _BASE64.fullmatch(last):
        return False
    line = raw[root.body_start : root.body_start + _LONGEST_LINE].partition(b"\n")
    # Of lines that each end between characters, the last one does
    regular = not line[1] or len(line[0].strip()) % 4 == 0 or line[0].strip() == last
    return regular and not is_no_base64(raw, root.body_start, end)


def ends_before(raw: bytes, start: int, end: int, delimiter: bytes) -> bool:
    """Whether a body stops before its first delimiter is there whole, or right after it."""
    tail = raw[max(start, end - len(delimiter) - 10) : end].rstrip()
    return delimiter.startswith(tail.rpartition(b"\n")[2].rstrip())
