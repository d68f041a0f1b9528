"""The lines of a plain text as they are shown: quotes with their level, what may be folded, what
has a shape of its own (tables, code), where the signature begins. Pure; how it looks is elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from martlet.ui.unwrap import Line, unwrap

LONGEST = 4000
"""Characters of a line that are laid out as one; a longer one is shown in pieces."""
# What is no text, or begins a line for Qt alone.
_NO_TEXT: dict[int, str | None] = {n: None for n in range(32) if n not in (9, 10)}
_NO_TEXT |= {n: None for n in (0x7F, 0xFFFE, 0xFFFF)}
_NO_TEXT |= {n: " " for n in (0x85, 0x2028, 0x2029, 0xFDD0, 0xFDD1)}
_QUOTE = re.compile(r"^(?:> ?)+")
_DEEPEST = 100
_COLUMNS = re.compile(r"\S(?: {2,}|\t+| ?\| ?)\S|^ {4,}\S|^\s*[+|`][-=+|`]{2,}|[─-╿]{2}")
_SHAPED_AT_LEAST = 3
_NARROW = 60
_TAIL = 6
_LONG = 40
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Row:
    """level: of the quote, 0 for what is no quote. goes_on: a piece of the line before.

    shaped: its spaces mean something, so that it stands in a font of one width and is not broken.
    signature: of the sender, from its mark on.
    """

    level: int
    text: str
    goes_on: bool = False
    shaped: bool = False
    signature: bool = False


@dataclass(frozen=True, slots=True)
class Fold:
    """Rows `first` to `last`, all quoted at `level` or deeper, behind one line."""

    first: int
    last: int
    level: int

    @property
    def lines(self) -> int:
        return self.last - self.first + 1


def rows(text: str) -> list[Row]:
    """Lines with their quote marks taken off, broken paragraphs joined, long ones in pieces."""
    written = [_parted(line) for line in text.translate(_NO_TEXT).rstrip().split("\n")]
    shaped = _shaped(written)
    found: list[Row] = []
    signature = False
    start = 0
    while start < len(written):
        # What is shaped stays as it is; what stands between is joined.
        end = start
        while end < len(written) and shaped[end] == shaped[start]:
            end += 1
        piece = written[start:end]
        for level, line in piece if shaped[start] else unwrap(piece):
            signature = signature or (line == "-- " and not level)
            for n, part in enumerate(_cut(line)):
                found.append(Row(level, part, n > 0, shaped[start], signature))
        start = end
    return found


def run(lines: Sequence[Row], at: int, level: int) -> Fold | None:
    """The quote of this level that holds this row; None when it is not quoted so deep."""
    if not 0 <= at < len(lines) or lines[at].level < level or level < 1:
        return None
    first = last = at
    while first and lines[first - 1].level >= level:
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].level >= level:
        last += 1
    return Fold(first, last, level)


def quotes(lines: Sequence[Row]) -> Iterator[Fold]:
    """The outermost quotes worth folding, in order."""
    at = 0
    while at < len(lines):
        found = run(lines, at, 1)
        if found is None:
            at += 1
            continue
        if found.lines >= _FEWEST:
            yield found
        at = found.last + 1


def folded_at_first(lines: Sequence[Row]) -> set[Fold]:
    """What nobody reads again: the long quote below an answer, and a very long one anywhere.

    A message that is nothing but a quote (a text passed on) stays open.
    """
    own = [n for n, row in enumerate(lines) if not row.level and row.text.strip()]
    if not own:
        return set()
    words = [n for n in own if not lines[n].signature]
    end = words[-1] if words else -1
    return {
        fold
        for fold in quotes(lines)
        if (fold.first > end and words and fold.lines >= _TAIL) or fold.lines >= _LONG
    }


def visible(lines: Sequence[Row], folds: set[Fold]) -> Iterator[int | Fold]:
    """Numbers of rows, and folds in place of theirs, in order."""
    starts: dict[int, Fold] = {}
    for fold in folds:
        known = starts.get(fold.first)
        if known is None or known.lines < fold.lines:
            starts[fold.first] = fold
    at = 0
    while at < len(lines):
        found = starts.get(at)
        yield at if found is None else found
        at = at + 1 if found is None else found.last + 1


def _parted(line: str) -> Line:
    """Quote level and the text behind its marks."""
    match = _QUOTE.match(line)
    if match is None:
        return 0, line
    return min(match.group(0).count(">"), _DEEPEST), line[match.end() :]


def _shaped(lines: Sequence[Line]) -> list[bool]:
    """Which lines are part of a table or of code: several together, most with columns."""
    marks = [bool(text.strip()) and _COLUMNS.search(text[:400]) is not None for _n, text in lines]
    found = [False] * len(lines)
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and marks[end] and lines[end][0] == lines[start][0]:
            end += 1
        if end - start >= _SHAPED_AT_LEAST:
            # The line above is its head: "def run():" before what is indented.
            first = start
            if start and lines[start - 1][1].strip() and lines[start - 1][0] == lines[start][0]:
                first -= len(lines[start - 1][1]) < _NARROW
            found[first:end] = [True] * (end - first)
        start = max(end, start + 1)
    return found


def _cut(line: str) -> Iterator[str]:
    while len(line) > LONGEST:
        at = line.rfind(" ", LONGEST - 400, LONGEST) + 1 or LONGEST
        yield line[:at]
        line = line[at:]
    yield line
