"""Puts lines that a mail program broke at a fixed width together again, for a view of any width.

Only what is plainly a paragraph is joined: prose of one quote level whose line ended because the
next word had no room. Verses, lists, tables, code and signatures stay as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Line = tuple[int, str]
"""Quote level and text."""

_NARROWEST = 60
_WIDEST = 100
_SHAPED = re.compile(r"^\s|\t|\S {2,}\S(?<![.!?:] {2}\S)")
_BEGINS = re.compile(r"^(?:[-*+•·–—#|=_>]|\d{1,3}[.)]\s|\w[.)]\s)")


def unwrap(lines: Sequence[Line]) -> list[Line]:
    """The same text with its paragraphs in one line each."""
    texts: dict[int, list[str]] = {}
    for level, text in lines:
        texts.setdefault(level, []).append(text)
    widths = {level: _width(each) for level, each in texts.items()}
    joined: list[tuple[int, list[str]]] = []  # glued at the end: a paragraph may be long
    last = ""  # the line as it was written that ends what was joined so far
    for at, (level, text) in enumerate(lines):
        if text == "-- ":
            return [*_glued(joined), *lines[at:]]
        if joined and joined[-1][0] == level and _goes_on(last, text, widths[level]):
            glue = "" if re.search(r"\w-$", last) else " "
            joined[-1][1].extend((glue, text))
        else:
            joined.append((level, [text]))
        last = text.rstrip()
    return _glued(joined)


def _glued(joined: Sequence[tuple[int, list[str]]]) -> list[Line]:
    return [(level, "".join(parts)) for level, parts in joined]


def _width(texts: Sequence[str]) -> int:
    """Where prose was broken, in characters; 0 when it was not."""
    prose = [len(text) for text in texts if " " in text.strip()]
    if not prose or max(prose) > _WIDEST or max(prose) < _NARROWEST:
        return 0
    return max(prose)


def _goes_on(line: str, after: str, width: int) -> bool:
    if not width or not line or not after.strip():
        return False
    if _SHAPED.search(line) or _SHAPED.search(after.rstrip()) or _BEGINS.match(after):
        return False
    return len(line) + 1 + len(after.split(maxsplit=1)[0]) > width
