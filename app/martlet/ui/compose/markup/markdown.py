"""What was typed as Markdown becomes rich: the selection, or all that is the writer's own.

Only CommonMark with tables and strikethrough is read, HTML in it stays text, and what comes out
goes through `read_html` like everything foreign. Words that already have a look keep it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from martlet.ui.compose.markup.lines import BREAK, Line, Run
from martlet.ui.compose.markup.read_html import read_html

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_FIRST, _LAST = 0xF0000, 0xFFFFD
"""A plane of characters nobody writes with: each stands for a run that has a look."""
_ATTRIBUTION = re.compile(r"\S.{0,300}[:：]\s*\Z", re.DOTALL)
_FORWARDED = "-------- "
_SIGNS = re.compile(
    r"[*_~`]\S|\[[^\]]+\]\(|^\s{0,3}(#{1,6} |[-*+] |\d{1,9}[.)] |> |```|~~~|[-*_]{3,}\s*$)|\|",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines first to last (not included) that are to be turned."""

    first: int
    last: int


def turned(lines: Sequence[Line]) -> list[Line]:
    """Lines of Markdown as rich lines."""
    source = _Source()
    text = "\n".join(source.line(line) for line in lines)
    markup: str = _parser().render(text)
    # Of pictures in Markdown only the words remain: nothing is fetched.
    markup = re.sub(r'<img src="[^"]*" alt="([^"]*)"[^>]*>', r"\1", markup)
    markup = markup.replace("<blockquote>", '<blockquote type="cite">')
    return [source.back(line) for line in read_html(markup)]


def has_signs(lines: Iterable[Line]) -> bool:
    """Whether anything there looks like Markdown."""
    return _SIGNS.search("\n".join(line.text for line in lines)) is not None


def own(lines: Sequence[Line]) -> list[Stretch]:
    """The stretches of plain paragraphs that the writer wrote: no quotes, no signature, no lists,
    tables or headings that are rich already.
    """
    end = len(lines)
    for number, line in enumerate(lines):
        mark = line.text.replace("\xa0", " ").rstrip() == "--"
        if not line.quote and (mark or line.text.startswith(_FORWARDED)):
            end = number
            break
    found: list[Stretch] = []
    first = -1
    for number in range(end + 1):
        if number < end and _is_source(lines, number):
            first = number if first < 0 else first
        elif first >= 0:
            found.append(_trimmed(lines, Stretch(first, number)))
            first = -1
    return [each for each in found if each.first < each.last]


def _is_source(lines: Sequence[Line], number: int) -> bool:
    line = lines[number]
    if line.quote or line.depth or line.heading or line.code or line.rule or line.cell:
        return False
    below = next((each for each in lines[number + 1 :] if not each.blank), None)
    led = below is not None and below.quote > 0 and not line.blank
    return not (led and _ATTRIBUTION.match(line.text))


def _trimmed(lines: Sequence[Line], stretch: Stretch) -> Stretch:
    """Without the blank lines at its ends, which the writer left on purpose."""
    first, last = stretch.first, stretch.last
    while first < last and lines[first].blank:
        first += 1
    while first < last and lines[last - 1].blank:
        last -= 1
    return Stretch(first, last)


class _Source:
    """The text of lines, in which a character each stands for the runs that have a look."""

    def __init__(self) -> None:
        self._kept: list[Run] = []

    def line(self, line: Line) -> str:
        return "".join(self._run(run) for run in line.runs)

    def _run(self, run: Run) -> str:
        plain = run == Run(run.text)
        taken = any(_FIRST <= ord(char) <= _LAST for char in run.text)
        if (plain and not taken) or len(self._kept) >= _LAST - _FIRST:
            # Markdown has no use for these, and at a line's start they would make code.
            return run.text.replace("\xa0", " ").replace(BREAK, "\n")
        self._kept.append(run)
        return chr(_FIRST + len(self._kept) - 1)

    def back(self, line: Line) -> Line:
        """With the runs that were kept, where they came to stand."""
        runs: list[Run] = []
        for run in line.runs:
            start = 0
            for at, char in enumerate(run.text):
                number = ord(char) - _FIRST
                if 0 <= number < len(self._kept):
                    if start < at:
                        runs.append(replace(run, text=run.text[start:at]))
                    runs.append(_both(self._kept[number], run))
                    start = at + 1
            if start < len(run.text) or not run.text:
                runs.append(replace(run, text=run.text[start:]))
        return replace(line, runs=tuple(runs))


def _both(kept: Run, around: Run) -> Run:
    """The look that words had, and what Markdown adds to it."""
    return replace(
        kept,
        bold=kept.bold or around.bold,
        italic=kept.italic or around.italic,
        strike=kept.strike or around.strike,
        href=kept.href or around.href,
    )


@cache
def _parser() -> MarkdownIt:
    # Here, because few letters need it and it takes a while to load.
    from markdown_it import MarkdownIt

    options = {"html": False, "linkify": False, "typographer": False, "breaks": True}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
