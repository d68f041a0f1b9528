"""What a person may call a file that they send: one name on any system, no folder, no tricks."""

from __future__ import annotations

import re
import unicodedata

_MOST_BYTES = 200
# What Windows takes for something else, and characters that turn the writing round unseen.
_BAD = re.compile(
    '[\\\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]'
)


def file_name(typed: str) -> str:
    """The name as it is kept; "" when nothing of what was typed can be one."""
    name = unicodedata.normalize("NFC", " ".join(_BAD.sub("_", typed).split()))
    name = name.strip(" ").lstrip(".").rstrip(". ")
    if not name.strip("_ "):
        return ""
    if len(name.encode()) <= _MOST_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = f".{ending}" if dot and stem and len(ending.encode()) <= 20 else ""
    kept = (stem if tail else name).encode()[: _MOST_BYTES - len(tail.encode())]
    return kept.decode("utf-8", "ignore").rstrip(". ") + tail
