"""Text of a sender's, made fit to stand in a sentence of ours: one line, nothing that turns, hides
or piles up, and short."""

from __future__ import annotations

import re
import unicodedata

from martlet.mime.hidden import NEVER_SEEN, TURNING

_LONGEST = 80
_KEPT_END = 30
_READ = 4000
_MARKS = 2
_UNSEEN = re.compile(f"[{NEVER_SEEN}{TURNING}]+")


def value(text: str) -> str:
    """The text for a fact's sentence, of at most 80 characters, its middle left out if longer."""
    text = text[:_READ]
    if not (text.isascii() and text.isprintable()):
        text = _seen(text)
    text = " ".join(text.split())
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - _KEPT_END - 1]}…{text[-_KEPT_END:]}"


def values(texts: list[str], shown: int = 3) -> str:
    """Several as one, the rest counted."""
    found = ", ".join(texts[:shown])
    return value(found if len(texts) <= shown else f"{found}, … ({len(texts)})")


def _seen(text: str) -> str:
    out: list[str] = []
    marks = 0
    # Some that show nothing are letters to Unicode, so "printable" tells nothing.
    for char in _UNSEEN.sub("", text):
        kind = unicodedata.category(char)
        if kind[0] == "M":
            marks += 1
            if marks > _MARKS or unicodedata.name(char, "").startswith("VARIA"):
                continue
        else:
            marks = 0
        if kind in ("Zs", "Zl", "Zp") or char in "\t\r\n":
            out.append(" ")
        elif char.isprintable():
            out.append(char)
    return "".join(out)
