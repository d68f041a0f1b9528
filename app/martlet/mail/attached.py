"""Files that go with letters, and pictures in what is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutgoingPart:
    """A file to send. blob: SHA-256 (hex) under which the store holds its bytes.

    content_id: set (without angle brackets) for a picture inside the HTML, else "".
    """

    name: str
    content_type: str
    size: int
    blob: str
    content_id: str = ""
