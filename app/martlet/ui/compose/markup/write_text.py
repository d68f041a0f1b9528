"""Writes the lines of a letter as plain text, line after line: what "plain text" makes of a letter.

The text part of a rich letter that is sent is made by `mime.html_text`, of its HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from martlet.ui.compose.markup.lines import BREAK, Cell, Line, Run
from martlet.ui.compose.markup.settle import settled

RULE = "-" * 20


class Said(NamedTuple):
    """What the lines before leave. counts: (list, its last number), outermost first."""

    counts: tuple[tuple[int, int], ...] = ()
    cell: Cell | None = None
    first: bool = True


BEGIN = Said()


def write_text(lines: Iterable[Line]) -> str:
    """ "> " for quotes, "- " and "1. " for lists, addresses behind links, tables row by row."""
    state = BEGIN
    out: list[str] = []
    for line in settled(lines):
        written, state = text_line(state, line)
        out.append(written)
    return "".join(out)


def text_line(state: Said, line: Line) -> tuple[str, Said]:
    """What stands for one line of a settled letter, the break before it with it."""
    counts = state.counts
    mark = ""
    if line.depth:
        number = line.start
        if len(counts) >= line.depth and counts[line.depth - 1][0] == line.list_id:
            number = counts[line.depth - 1][1] + 1
        counts = (*counts[: line.depth - 1], (line.list_id, number))
        mark = f"{number}. " if line.ordered else "- "
        indent = "  " * (line.depth - 1)
    else:
        counts = ()
        indent = "    " * line.indent
    body = RULE if line.rule else "".join([_run_text(run) for run in line.runs])
    cell = line.cell
    if cell is not None:
        before = state.cell
        joint = "\n" + "> " * line.quote
        if before is not None and before.table == cell.table and before.row == cell.row:
            joint = " | " if before.column != cell.column else " "
        written = joint + mark + " ".join(body.split(BREAK))
        return written, Said(counts, cell, False)
    prefix = "> " * line.quote + indent
    if BREAK in body:
        body = f"\n{prefix}{' ' * len(mark)}".join(body.split(BREAK))
    written = f"{prefix}{mark}{body}" if body else f"{prefix}{mark}".rstrip()
    return written if state.first else f"\n{written}", Said(counts, None, False)


def _run_text(run: Run) -> str:
    text = run.text.replace("\xa0", " ")
    if run.picture or run.remote:
        text = f"[{text or run.picture}]" if text or run.picture else ""
    if run.href and run.href not in (text, f"mailto:{text}"):
        return f"{text} <{run.href.removeprefix('mailto:')}>"
    return text
