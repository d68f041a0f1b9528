"""What a sender wrote, made fit to stand in a card: nothing in it turns, hides or breaks lines."""

from __future__ import annotations

import re

from martlet.mime.words import clean

# Controls, and what shows nothing but can hide a difference: soft hyphens, zero-width spaces,
# direction marks, tags. Joiners stay: Persian, Indian scripts and emoji are written with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff\ud800-\udfff]+"
)
MAX_LABEL = 300
MAX_TEXT = 20_000


def label(text: str, limit: int = MAX_LABEL) -> str:
    """One line of at most so many characters, without anything invisible."""
    text = clean(text[: limit * 8])
    # Some that show nothing are letters to Unicode, so "printable" tells nothing
    if not text.isascii():
        text = _UNSEEN.sub("", text)
    return " ".join(text.split())[:limit]


def text_of(text: str, limit: int = MAX_TEXT) -> str:
    """The same for text of several lines: no more than one empty line follows another."""
    lines: list[str] = []
    for line in re.split(r"\r\n?|\n", text[:limit]):
        kept = label(line, limit)
        if kept or (lines and lines[-1]):
            lines.append(kept)
    return "\n".join(lines).strip("\n")
