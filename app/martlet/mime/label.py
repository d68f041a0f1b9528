"""What a sender wrote, made fit to stand in a card: nothing in it turns, hides or breaks lines."""

from __future__ import annotations

import re

from martlet.mime.words import clean

_LONE = re.compile("[\ud800-\udfff]+")  # halves of a character
MAX_LABEL = 300
MAX_TEXT = 20_000


def label(text: str, limit: int = MAX_LABEL) -> str:
    """One line of at most so many characters, without anything invisible."""
    text = clean(text[: limit * 8])
    if not text.isascii():
        text = _LONE.sub("", text)
    return " ".join(text.split())[:limit]


def text_of(text: str, limit: int = MAX_TEXT) -> str:
    """The same for text of several lines: no more than one empty line follows another."""
    lines: list[str] = []
    for line in re.split(r"\r\n?|\n", text[:limit]):
        kept = label(line, limit)
        if kept or (lines and lines[-1]):
            lines.append(kept)
    return "\n".join(lines).strip("\n")
