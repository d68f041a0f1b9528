"""How large a letter is on its way: base64 makes more of its files, each has a head of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from martlet.mail.outgoing import OutgoingPart

HEAVY = 20 * 1000 * 1000
"""Bytes of files from which many servers refuse a letter; said where the own one's limit is not
known."""
LARGE = 1000 * 1000
"""Bytes of files from which it is worth asking what the server takes."""
_HEAD = 2048  # of the letter: fields, boundaries
_PART_HEAD = 512


@dataclass(frozen=True, slots=True)
class SizeLimit:
    """The largest letter that a server takes (SIZE, RFC 1870).

    bytes: 0 while nothing is known, and for a server that says no number. sure: it was said to who
    had signed in; some servers take more from them than they tell strangers.
    """

    bytes: int = 0
    sure: bool = False


def as_sent(parts: Iterable[OutgoingPart], text: int) -> int:
    """Bytes that servers count, a little more rather than less. text: characters written."""
    # 57 bytes are a line of 78; text goes twice where it is rich, in letters of up to 9 bytes.
    files = sum(part.size * 78 // 57 + _PART_HEAD for part in parts)
    return _HEAD + files + text * 4
