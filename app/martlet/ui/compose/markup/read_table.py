"""Which tables of foreign HTML are tables of data, and which lines stand where in them.

Tables that only lay a page out become the lines that stand in them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from martlet.ui.compose.markup.lines import MAX_CELLS, MAX_COLUMNS, Cell, Line, Run, Table

_MAX_ROWS = 1000


@dataclass(slots=True)
class _Place:
    """first, last: of the letter's lines, as [first, last)."""

    row: int
    column: int
    first: int
    head: bool
    paper: str
    last: int = -1


@dataclass(slots=True)
class TableRead:
    """A table while it is read. data: something says that it is one of data; layout: that not."""

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
    places: list[_Place] = field(default_factory=list)
    spans: dict[int, int] = field(default_factory=dict)
    open: _Place | None = None

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
        self.open = _Place(self.row, self.column, at, head, paper)
        self.places.append(self.open)
        if self.row == 0:
            self.widths.append(width)
            self.widths.extend([0] * (across - 1))
        for column in range(self.column, min(self.column + across, MAX_COLUMNS)):
            if down > 1:
                self.spans[column] = down
        self.column += across
        self.widest = max(self.widest, self.column)

    def end_cell(self, at: int) -> None:
        if self.open is not None:
            self.open.last = at
            self.open = None

    def finish(self, lines: list[Line]) -> None:
        """Makes cells of the lines read since it began, where it is a table of data."""
        rows, columns = self.row + 1, self.widest
        if not self.places or not columns or any(line.cell for line in lines[self.first :]):
            return
        bare = not self.layout and columns > 1 and rows > 1
        if not (self.data or self.ruled or bare):
            return
        if columns > MAX_COLUMNS or rows > _MAX_ROWS or rows * columns > MAX_CELLS:
            lines[self.first :] = self._rows(lines)
            return
        heads = [True] * rows
        for place in self.places:
            heads[place.row] = heads[place.row] and place.head
        filled = {place.row for place in self.places}
        header = 0
        while header < rows and heads[header] and header in filled:
            header += 1
        widths: tuple[int, ...] = ()
        if len(self.widths) == columns and all(0 < each <= 100 for each in self.widths):
            widths = tuple(self.widths)
        own = Table(
            self.number, rows, columns, self.quote, widths, self.border or self.ruled, header
        )
        by_place = {(place.row, place.column): place for place in self.places}
        made: list[Line] = []
        for row in range(rows):
            for column in range(columns):
                found = by_place.get((row, column))
                cell = Cell(own, row, column, found.paper if found else "")
                inner = lines[found.first : found.last] if found else []
                made += [replace(line, cell=cell) for line in inner] or [
                    Line(quote=self.quote, cell=cell)
                ]
        before = self.places[0].first
        lines[before:] = made

    def _rows(self, lines: list[Line]) -> list[Line]:
        """Of too many cells for an editor: a line for each row, its cells set apart."""
        made: list[Line] = lines[self.first : self.places[0].first]
        row = -1
        runs: list[Run] = []
        for place in self.places:
            if place.row != row:
                if runs:
                    made.append(Line(tuple(runs), quote=self.quote))
                runs, row = [], place.row
            elif runs:
                runs.append(Run("    "))
            for line in lines[place.first : place.last]:
                runs.extend(line.runs)
        made.append(Line(tuple(runs), quote=self.quote))
        return made
