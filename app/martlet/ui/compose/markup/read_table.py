"""Which tables of foreign HTML are tables of data, and which lines stand where in them.

Tables that only lay a page out become the lines that stand in them. A table inside a cell of one
of data becomes lines, too, one for each of its rows: its grid, its colours and its lists are lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby

from martlet.ui.compose.markup.html_colours import colour_of
from martlet.ui.compose.markup.html_styles import Properties, paper_of
from martlet.ui.compose.markup.lines import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_DEPTH,
    Cell,
    Line,
    Run,
    Table,
)
from martlet.ui.compose.markup.read_frames import Frame
from martlet.ui.compose.markup.read_looks import has_border, span_of

_MAX_ROWS = 1000
_APART = Run("    ")


class TablesRead:
    """The tables that are open while foreign HTML is read, the inner one last."""

    def __init__(self) -> None:
        self._open: list[_TableRead] = []

    @property
    def open(self) -> bool:
        """Whether a table is being read."""
        return bool(self._open)

    @property
    def outside_cells(self) -> bool:
        """Whether what comes next stands in a table, but in none of its cells."""
        return bool(self._open) and self._open[-1].open is None

    def begins(self, at: int) -> bool:
        """Whether the line of this number is the first of its cell."""
        place = self._open[-1].open if self._open else None
        return place is not None and place.first >= at

    def begin(
        self, frame: Frame, number: int, at: int, attributes: dict[str, str], said: Properties
    ) -> None:
        """A table begins. at: number of the line that comes next."""
        border = attributes.get("border", "0").strip()
        role = attributes.get("role", "").lower()
        self._open.append(
            _TableRead(
                min(frame.quote, MAX_DEPTH),
                number,
                at,
                data=role in ("table", "grid") or border not in ("0", ""),
                layout=role in ("presentation", "none"),
                border=border not in ("0", "") or has_border(said),
            )
        )

    def end(self, lines: list[Line]) -> None:
        """A table ends; those of its lines that stand in cells are told so."""
        table = self._open.pop()
        table.end_cell(len(lines))
        became = table.finish(lines)
        if self._open:
            outer = self._open[-1]
            outer.holds = max(outer.holds, table.holds + became)

    def column(self, attributes: dict[str, str]) -> None:
        """What is said of one column, or of several."""
        if self._open:
            table = self._open[-1]
            table.data = True
            count = span_of(attributes.get("span", ""), MAX_COLUMNS) or 1
            room = max(0, MAX_COLUMNS + 1 - len(table.told))
            table.told += [_share(attributes.get("width", ""))] * min(count, room)

    def begin_row(self) -> None:
        self._open[-1].begin_row()

    def begin_cell(
        self, frame: Frame, at: int, attributes: dict[str, str], said: Properties
    ) -> None:
        """A cell begins. at: number of the line that comes next."""
        table = self._open[-1]
        table.end_cell(at)
        head = frame.tag == "th" or frame.head
        table.data = table.data or (head and not table.layout)
        table.ruled = table.ruled or has_border(said)
        paper = paper_of(said)
        if paper is None:
            paper = colour_of(attributes.get("bgcolor", ""))
        table.begin_cell(
            at,
            head,
            span_of(attributes.get("colspan", ""), MAX_COLUMNS) or 1,
            # None at all is down to the end (HTML, 4.9.11).
            span_of(attributes.get("rowspan", ""), _MAX_ROWS) or _MAX_ROWS,
            _share(said.get("width") or attributes.get("width", "")),
            paper if paper and paper != "#ffffff" else "",
        )

    def end_cell(self, at: int) -> None:
        if self._open:
            self._open[-1].end_cell(at)


@dataclass(slots=True)
class _Place:
    """first, last: of the letter's lines, as [first, last)."""

    row: int
    column: int
    first: int
    head: bool
    paper: str
    across: int
    down: int
    last: int = -1


@dataclass(slots=True)
class _TableRead:
    """A table while it is read. data: something says that it is one of data; layout: that not.

    spans: of the columns that cells above reach into, how many rows from this one on. told: the
    widths that its columns are said to have. holds: how deep tables of data stand in it.
    """

    quote: int
    number: int
    first: int
    data: bool = False
    layout: bool = False
    border: bool = False
    ruled: bool = False
    row: int = -1
    column: int = 0
    widest: int = 0
    widths: list[int] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    places: list[_Place] = field(default_factory=list)
    spans: dict[int, int] = field(default_factory=dict)
    open: _Place | None = None
    holds: int = 0

    def begin_row(self) -> None:
        self.row += 1
        self.column = 0
        self.spans = {column: left - 1 for column, left in self.spans.items() if left > 1}

    def begin_cell(
        self, at: int, head: bool, across: int, down: int, width: int, paper: str
    ) -> None:
        """at: number of the line that comes next."""
        if self.row < 0:
            self.begin_row()
        while self.column in self.spans:
            self.column += 1
        end = self.column + 1
        while end < self.column + across and end not in self.spans:
            end += 1
        across = end - self.column
        self.open = _Place(self.row, self.column, at, head, paper, across, down)
        self.places.append(self.open)
        if self.row == 0:
            self.widths.append(width)
            self.widths.extend([0] * (across - 1))
        if down > 1:
            for column in range(self.column, min(end, MAX_COLUMNS)):
                # This row, too, is counted down before the next.
                self.spans[column] = down
        self.column = end
        self.widest = max(self.widest, self.column)

    def end_cell(self, at: int) -> None:
        if self.open is not None:
            self.open.last = at
            self.open = None

    def finish(self, lines: list[Line]) -> bool:
        """Makes cells of the lines read since it began, where it is a table of data; answers
        whether it is.
        """
        rows = self.row + 1
        if not self.places or self.holds > 1:
            return False
        several = self.widest > 1 and rows > 1
        if self.holds:
            # Tables of data in one that may just as well lay out a page are worth more than it is.
            is_data = self.data and several and not self.layout
        else:
            is_data = self.data or self.ruled or (several and not self.layout)
        if not is_data:
            return False
        columns = self._columns()
        if columns > MAX_COLUMNS or rows > _MAX_ROWS or rows * columns > MAX_CELLS:
            lines[self.first :] = self._rows(lines)
            return True
        own = Table(
            self.number, rows, columns, self.quote, self._widths(columns),
            self.border or self.ruled, self._header(rows),
        )  # fmt: skip
        lines[self.places[0].first :] = self._cells(own, lines)
        return True

    def _columns(self) -> int:
        """How many there are. Where that is not said, the last ones in which no cell begins only
        come of somebody's "as many as there are".
        """
        if len(self.told) == self.widest:
            return self.widest
        return max(place.column for place in self.places) + 1

    def _widths(self, columns: int) -> tuple[int, ...]:
        for found in (self.told, self.widths):
            if len(found) == columns and all(0 < each <= 100 for each in found):
                return tuple(found)
        return ()

    def _header(self, rows: int) -> int:
        """How many rows at the top are headings."""
        heads: list[bool | None] = [None] * rows
        ends = [0] * rows
        for place in self.places:
            heads[place.row] = heads[place.row] is not False and place.head
            ends[place.row] = max(ends[place.row], place.row + place.down)
        reach = 0
        for row, head in enumerate(heads):
            # A row without cells of its own belongs to those that reach into it.
            if head is False or (head is None and row >= reach):
                return row
            reach = max(reach, ends[row])
        return rows

    def _cells(self, own: Table, lines: list[Line]) -> list[Line]:
        by_place = {(place.row, place.column): place for place in self.places}
        covered: set[tuple[int, int]] = set()
        made: list[Line] = []
        for row in range(own.rows):
            for column in range(own.columns):
                if (row, column) in covered:
                    continue
                found = by_place.get((row, column))
                if found is None:
                    made.append(Line(quote=self.quote, cell=Cell(own, row, column)))
                    continue
                across = min(found.across, own.columns - column)
                down = min(found.down, own.rows - row)
                covered.update(
                    (row + y, column + x) for y in range(down) for x in range(across) if x or y
                )
                cell = Cell(own, row, column, found.paper, across, down)
                made += [
                    replace(line, cell=cell) for line in _unfolded(lines[found.first : found.last])
                ] or [Line(quote=self.quote, cell=cell)]
        return made

    def _rows(self, lines: list[Line]) -> list[Line]:
        """Of too many cells for an editor: a line for each row, its cells set apart."""
        made: list[Line] = lines[self.first : self.places[0].first]
        for _, places in groupby(self.places, key=lambda place: place.row):
            cells = [lines[place.first : place.last] for place in places]
            made.append(_row(cells, self.quote))
        return made


def _unfolded(lines: list[Line]) -> list[Line]:
    """The lines of a cell, those of tables in it as a line for each row."""
    if not any(line.cell for line in lines):
        return lines
    found: list[Line] = []
    for place, group in groupby(lines, key=lambda one: one.cell and (one.cell.table, one.cell.row)):
        if place is None:
            found += group
            continue
        inside = list(group)
        cells = [
            list(each) for _, each in groupby(inside, key=lambda one: one.cell and one.cell.column)
        ]
        made = _row(cells, inside[0].quote)
        if not made.blank:
            found.append(made)
    return found


def _row(cells: list[list[Line]], quote: int) -> Line:
    """The words of a row in one line, its cells set apart."""
    runs: list[Run] = []
    for cell in cells:
        words: list[Run] = []
        for line in cell:
            if words and line.runs:
                words.append(Run(" "))
            words += line.runs
        if runs and words:
            runs.append(_APART)
        runs += words
    return Line(tuple(runs), quote=quote)


def _share(width: str) -> int:
    """A width in per cent; 0: it is said in another way, or not at all."""
    width = width.strip()
    share = width[:-1] if width.endswith("%") and len(width) < 5 else ""
    return int(share) if share.isdecimal() else 0
