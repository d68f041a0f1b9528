"""Brings the lines of a letter into the one form that editor and HTML give back as it went.

What is impossible falls away: looks out of bounds, links that run, white space that nobody sees,
characters that neither HTML nor a saved draft can hold. Text in the colour of ink stays without a
colour, whoever gave it one: the reader's own page may be dark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from martlet.ui.compose.markup.font_stacks import says_nothing
from martlet.ui.compose.markup.lines import (
    BREAK,
    HEADINGS,
    LARGEST_SIZE,
    MAX_DEPTH,
    WIDEST,
    Align,
    Cell,
    Line,
    Run,
    Table,
    is_link,
)

_OBJECT = "\ufffc"
_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffc\ud800-\udfff]")
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\u2029]")
_SPACES = re.compile("[ \xa0]{2,}")
_EDGES = re.compile(f"(?:(?<=[{BREAK}])|^)\xa0|\xa0(?=[{BREAK}]|$)")
_PLAIN = re.compile("[^\x00-\x1f\x7f\xa0\u2028\u2029\ufffc\ud800-\udfff]*+")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_NOT_A_NAME = re.compile(r"[^\w .+-]")
_DARK_INK, _WHITE_INK, _WHITE_PAGE = 0x33, 0xF0, 0xF8


def settled(lines: Iterable[Line]) -> list[Line]:
    """All lines of a letter in that form."""
    numbering = Numbering()
    found: list[Line] = []
    before: Table | None = None
    for given in lines:
        for line in settled_line(given):
            table = line.cell.table if line.cell is not None else None
            if table is not None and table != before and (before is not None or not found):
                # An editor has a line above, below and between tables.
                found.append(numbering.next(Line(quote=table.quote)))
            before = table
            found.append(numbering.next(line))
    if before is not None:
        found.append(Line(quote=before.quote))
    return found


def settled_line(line: Line) -> tuple[Line, ...]:
    """One line by itself; several where a plain one has breaks in it."""
    quote = _within(line.quote, MAX_DEPTH)
    if line.cell is not None:
        quote = max(quote, line.cell.table.quote)
    if line.rule:
        return (Line(quote=quote, rule=True, cell=line.cell),)
    depth = _within(line.depth, MAX_DEPTH)
    plain = not depth and not line.code
    whole = Line(
        (),
        quote,
        depth,
        line.ordered and depth > 0,
        line.list_id if depth else 0,
        _within(line.start, 10**6) if depth and line.ordered else 1,
        _within(line.heading, HEADINGS) if plain else 0,
        Align.START if line.code and not depth else line.align,
        _within(line.indent, MAX_DEPTH) if plain else 0,
        "",
        line.code and not depth,
        False,
        line.cell,
    )
    found: list[Line] = []
    pieces = [line.runs]
    if plain and not whole.heading:
        pieces = _pieces(line.runs)
    for runs in pieces:
        kept = _settled_runs(runs, whole)
        direction = ""
        if line.direction and not whole.code:
            own = direction_of("".join(run.text for run in kept))
            direction = line.direction if line.direction != own else ""
        found.append(
            Line(
                kept, whole.quote, whole.depth, whole.ordered, whole.list_id, whole.start,
                whole.heading, whole.align, whole.indent, direction, whole.code, False, whole.cell,
            )
        )  # fmt: skip
    return tuple(found)


def direction_of(text: str) -> str:
    """ "rtl" where the first letter with a direction of its own goes to the left, else "ltr"."""
    if text.isascii():
        return "ltr"
    for letter in text[:2000]:
        kind = unicodedata.bidirectional(letter)
        if kind == "L":
            break
        if kind in ("R", "AL"):
            return "rtl"
    return "ltr"


class Numbering:
    """Numbers lists and tables as they come, line after line."""

    def __init__(self) -> None:
        # Of each open list: the depth it was given, its given name, its number, its lines so far
        self._open: list[tuple[int, object, int, int]] = []
        self._flow: object = None
        self._lists = 0
        self._tables = 0
        self._said: dict[object, int] = {}
        self._starts: dict[int, int] = {}
        # The present table as it was given, and with its number
        self._table: tuple[Table, Table] | None = None

    def next(self, line: Line, known: Line | None = None) -> Line:
        """The line with its list's and its table's number. known: what this line became before,
        given back if that is still so.
        """
        cell = line.cell
        # Two tables are not one, however alike, where a line stands between them.
        if cell is None:
            self._table = None
        else:
            cell = self._cell(cell)
        if line.depth:
            list_id, depth, start = self._place(line)
        else:
            self._open.clear()
            list_id, depth, start = line.list_id, 0, line.start
        for one in (line, known):
            if one is not None and (
                one.list_id == list_id
                and one.depth == depth
                and one.start == start
                and (one.cell is cell or one.cell == cell)
            ):
                return one
        return replace(line, list_id=list_id, depth=depth, start=start, cell=cell)

    def _place(self, line: Line) -> tuple[int, int, int]:
        where = line.cell and (line.cell.table.id, line.cell.row, line.cell.column)
        flow = (where, line.quote)
        if flow != self._flow:
            self._flow = flow
            self._open.clear()
        name = (line.list_id, line.depth, line.ordered, flow)
        while self._open and self._open[-1][0] > line.depth:
            self._open.pop()
        if self._open and self._open[-1][0] == line.depth and self._open[-1][1] != name:
            self._open.pop()
        if not self._open or self._open[-1][0] != line.depth:
            self._lists += 1
            start = line.start
            if line.ordered:
                # One that goes on after something else goes on counting.
                start = self._said.get(name, start)
            self._starts[self._lists] = start
            self._open.append((line.depth, name, self._lists, start - 1))
        depth, name_, number, said = self._open[-1]
        self._open[-1] = (depth, name_, number, said + 1)
        if line.ordered:
            self._said[name] = said + 2
        return number, len(self._open), self._starts[number]

    def _cell(self, cell: Cell) -> Cell:
        table = cell.table
        if self._table is None or (self._table[0] is not table and self._table[0] != table):
            self._tables += 1
            own = table if table.id == self._tables else replace(table, id=self._tables)
            self._table = (table, own)
        own = self._table[1]
        return cell if own is table or own == table else replace(cell, table=own)


def _within(value: int, most: int) -> int:
    return max(0, min(value, most))


def _pieces(runs: tuple[Run, ...]) -> list[tuple[Run, ...]]:
    """The runs between breaks."""
    if not any(_PLAIN.fullmatch(run.text) is None for run in runs):
        return [runs]
    found: list[list[Run]] = [[]]
    for run in runs:
        if run.picture or run.remote:
            found[-1].append(run)
            continue
        for number, part in enumerate(_BREAKS.sub(BREAK, run.text).split(BREAK)):
            if number:
                found.append([])
            found[-1].append(run.saying(part))
    return [tuple(each) for each in found]


def _settled_runs(runs: tuple[Run, ...], line: Line) -> tuple[Run, ...]:
    looks = [_settled_look(run, line) for run in runs]
    texts = [
        _OBJECT if run.picture or run.remote else _fit(run.text, tabs=line.code) for run in looks
    ]
    if line.code:
        while texts and texts[-1][-1:] in ("", BREAK):
            texts[-1] = texts[-1].rstrip(BREAK)
            if not texts[-1]:
                texts.pop()
                looks.pop()
    else:
        joined = "".join(texts)
        fitted = joined
        if joined and ("  " in joined or "\xa0" in joined):
            fitted = _SPACES.sub(lambda m: " " * len(m[0]), joined)
            fitted = _EDGES.sub(" ", fitted)
        end = len(fitted)
        if fitted != "-- ":  # the mark of a signature ends in its space (RFC 3676, 4.3)
            end = len(fitted.rstrip(f" {BREAK}"))
        if end != len(joined) or fitted is not joined:
            at, cut = 0, []
            for text in texts:
                cut.append(fitted[at : min(end, at + len(text))])
                at += len(text)
            texts = cut
    found: list[tuple[Run, list[str]]] = []
    for run, text in zip(looks, texts, strict=True):
        if run.picture or run.remote:
            found.append((run, [run.text]))
        elif text and found and found[-1][0].looks_like(run):
            found[-1][1].append(text)
        elif text:
            found.append((run, [text]))
    return tuple(
        run if len(said) == 1 and said[0] == run.text else run.saying("".join(said))
        for run, said in found
    )


def _fit(text: str, *, tabs: bool) -> str:
    if _PLAIN.fullmatch(text):
        return text
    text = _UNFIT.sub(lambda m: "\ufffd" if m[0] >= "\ud800" and m[0] <= "\udfff" else "", text)
    text = _BREAKS.sub(BREAK, text)
    return text if tabs else text.replace("\t", "    ")


def _settled_look(run: Run, line: Line) -> Run:
    href = one_line(run.href).replace(" ", "%20")
    href = href if href and is_link(href) else ""
    if run.picture or run.remote:
        picture = one_line(run.picture)
        return Run(
            one_line(run.text)[:300],
            href=href,
            picture=picture,
            width=_within(run.width, WIDEST),
            remote="" if picture else one_line(run.remote),
        )
    if not href and run == Run(run.text):
        return run
    code = run.code and not line.code
    background = _colour(run.background)
    if background and min(_channels(background)) >= _WHITE_PAGE:
        background = ""
    colour = _colour(run.colour) if not href else ""
    if colour and not background and not (line.cell and line.cell.background):
        channels = _channels(colour)
        if max(channels) <= _DARK_INK or min(channels) >= _WHITE_INK:
            colour = ""
    return Run(
        run.text,
        run.bold and not line.heading,
        run.italic,
        run.underline and not href,
        run.strike,
        href,
        family="" if code or line.code else family_name(run.family),
        size=_within(run.size, LARGEST_SIZE) if not line.heading else 0,
        colour=colour,
        background=background,
        code=code,
        raised=max(-1, min(run.raised, 1)),
    )


def family_name(name: str) -> str:
    """A font's name with nothing in it that could be more than a name; "" for the usual one."""
    name = " ".join(_NOT_A_NAME.sub("", name).split())[:60].strip()
    return "" if says_nothing(name) else name


def one_line(text: str) -> str:
    """Without breaks, and without what cannot be written."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(_UNFIT.sub("", text).replace(BREAK, " ").split())


def _colour(colour: str) -> str:
    colour = colour.lower()
    return colour if _COLOUR.fullmatch(colour) else ""


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
