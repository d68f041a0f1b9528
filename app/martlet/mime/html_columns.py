"""A table of data as lines of text, its columns under each other."""

from __future__ import annotations

import re
import unicodedata

from selectolax.lexbor import LexborNode

from martlet.mime.html_simple import cells, holds_data, rows

_WIDEST = 100
_MOST_ROWS = 1_000
_NOT_WORDS = (
    "a[href], style, script, template, title, [hidden], [style*=display], [style*=visibility], "
    "[style*=hide]"
)
_SPACE = re.compile(r"[\s\u00a0]+")


def columns(table: LexborNode) -> list[str]:
    """Its rows, the headings underlined; none for a table that only places things, holds links or
    is too wide to be read as lines.
    """
    if not holds_data(table) or table.css_first(_NOT_WORDS) is not None:
        return []
    found: list[tuple[list[str], bool]] = []
    for row in rows(table):
        here = cells(row)
        if any((cell.attributes.get("colspan") or "1") != "1" for cell in here):
            return []
        texts = [_SPACE.sub(" ", cell.text()).strip() for cell in here]
        found.append((texts, bool(here) and all(cell.tag == "th" for cell in here)))
        if len(found) > _MOST_ROWS:
            return []
    count = max((len(texts) for texts, _head in found), default=0)
    widths = [
        max((_width(texts[at]) for texts, _head in found if at < len(texts)), default=0)
        for at in range(count)
    ]
    if count < 2 or sum(widths) + 2 * (count - 1) > _WIDEST:
        return []
    lines: list[str] = []
    for texts, head in found:
        padded = [text + " " * (widths[at] - _width(text)) for at, text in enumerate(texts)]
        lines.append("  ".join(padded).rstrip())
        if head:
            lines.append("  ".join("-" * width for width in widths))
    return lines


def _width(text: str) -> int:
    return sum(
        2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char)
        for char in text
    )
