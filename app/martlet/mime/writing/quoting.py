"""What is quoted of plain text: each line behind its marks, without the signature of its writer."""

from __future__ import annotations

import re

MAX_QUOTES = 9
_MARKS = re.compile(r"(?:> ?)+")
_SIGNATURE = "-- "


def quote(text: str) -> str:
    """Every line behind `> `, deeper quotes without more spaces, at most nine levels."""
    out: list[str] = []
    for line in text.rstrip("\n").split("\n"):
        found = _MARKS.match(line)
        level = found[0].count(">") if found else 0
        rest = line[found.end() :] if found else line
        marks = ">" * min(level + 1, MAX_QUOTES)
        out.append(f"{marks} {rest}".rstrip())
    return "\n".join(out)


def without_signature(text: str) -> str:
    """The text without its writer's signature (`-- ` on a line of its own, RFC 3676, 4.3).

    What such a writer quotes below the signature stays, with the line that announces it.
    """
    lines = text.split("\n")
    marks = [number for number, line in enumerate(lines) if line == _SIGNATURE]
    if not marks:
        return text.rstrip()
    # Of several the last; but one above a quotation is the writer's, whatever comes below.
    start = marks[-1]
    quoted = next((n for n in range(start, len(lines)) if lines[n].startswith(">")), None)
    kept = lines[:start]
    if quoted is not None:
        while quoted > start + 1 and lines[quoted - 1].rstrip().endswith((":", "：")):
            quoted -= 1
        kept = [*"\n".join(kept).rstrip().split("\n"), "", *lines[quoted:]]
    return "\n".join(kept).rstrip()
