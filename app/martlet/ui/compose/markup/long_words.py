"""Words that are too long to be edited: a page of base64 without a single space, or a hostile mail.

Setting such a word takes time by the square of its length, with each key anew. It goes on in a new
line instead. What nobody can edit at all is no letter, but a file. No Qt here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from martlet.ui.compose.markup.lines import Line, Run

LONGEST = 10_000
"""Characters of a word that is left as it is."""
MOST = 5_000_000
"""Characters of a text that is put in."""

# Chinese, Japanese and Korean may be broken anywhere.
_PIECE = r"[^\s\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff]"
_WORD = re.compile(rf"{_PIECE}+")
_BREAK = re.compile(r"[\s\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff]")
_MARKS = re.compile(r"(?:> ?){0,20}")


def has_long_word(text: str) -> bool:
    return len(text) > LONGEST and any(
        found.end() - found.start() > LONGEST for found in _WORD.finditer(text)
    )


def broken(text: str) -> str:
    """A plain letter without such words; what is quoted stays so on its new lines."""
    if not has_long_word(text):
        return text
    return "\n".join(_broken_line(line) for line in text.split("\n"))


def _broken_line(line: str) -> str:
    if not has_long_word(line):
        return line
    found = _MARKS.match(line)
    marks = found[0] if found else ""
    pieces = _pieces(line[len(marks) :], 0)
    return "\n".join(marks + piece for piece in pieces)


def broken_lines(lines: Sequence[Line]) -> list[Line]:
    """The same of a rich one."""
    found: list[Line] = []
    for line in lines:
        if len(line.text) <= LONGEST or not _runs_on(line):
            found.append(line)
            continue
        runs: list[Run] = []
        length = 0
        for run in line.runs:
            if run.picture or run.remote:
                runs.append(run)
                continue
            first, *more = _pieces(run.text, length)
            if first:
                runs.append(replace(run, text=first))
            for piece in more:
                found.append(replace(line, runs=tuple(runs)))
                runs = [replace(run, text=piece)]
            tail = _tail(more[-1] if more else first)
            length = tail + (length if not more and tail == len(first) else 0)
        found.append(replace(line, runs=tuple(runs)))
    return found


def _runs_on(line: Line) -> bool:
    return has_long_word("".join(r.text for r in line.runs if not (r.picture or r.remote)))


def _pieces(text: str, length: int) -> list[str]:
    """Pieces with no word over LONGEST, the first one behind so many characters of one."""
    found: list[str] = []
    start = at = 0
    while at < len(text):
        # From the start of a word, as far as it goes.
        end = _end(text, at)
        if end - at + length > LONGEST:
            at += max(0, LONGEST - length)
            found.append(text[start:at])
            start, length = at, 0
            continue
        length = 0
        at = end + 1
    return [*found, text[start:]]


def _end(text: str, at: int) -> int:
    found = _BREAK.search(text, at)
    return found.start() if found else len(text)


def _tail(text: str) -> int:
    """Characters of the word that a text ends in."""
    at = len(text)
    while at and not _BREAK.match(text, at - 1):
        at -= 1
    return len(text) - at
