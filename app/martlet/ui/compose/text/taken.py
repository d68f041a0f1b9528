"""A letter taken out of the editor as lines, HTML and text; only what changed is made anew.

What each block became is kept; a change forgets that of its blocks. Whoever takes the letter of two
hundred pages while somebody types waits some milliseconds. What is new in bulk (a letter just
loaded, a long paste) is worked off in the idle moments before anybody asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import perf_counter

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextDocument, QTextTable

from martlet.ui.compose.markup.lines import Cell, Line
from martlet.ui.compose.markup.settle import Numbering, settled_line
from martlet.ui.compose.markup.write_html import NOTHING, Open, write_end, write_line
from martlet.ui.compose.markup.write_text import BEGIN, Said, text_line
from martlet.ui.compose.text.document import line_of, table_cells

_MANY = 50
"""So many blocks that changed in bulk are worked off ahead."""
_BULK = 8
"""More than so many at once are no typing."""
_SLICE_S = 0.004
_PAUSE_MS = 8
_STEP = 32


@dataclass(slots=True)
class _Piece:
    """What a line is in the letter, and what it was written as after what was open before it."""

    given: Line
    line: Line
    opened: Open | None = None
    closed: Open = NOTHING
    html: str = ""
    said: Said | None = None
    saying: Said = BEGIN
    text: str = ""


@dataclass(slots=True)
class _Block:
    """What a block became. raw: without its cell. pictures: whether there are any."""

    raw: Line
    cell: Cell | None
    pieces: list[_Piece]
    pictures: tuple[str, ...]


@dataclass(slots=True)
class _Span:
    """The blocks of a table. first: its number. cells: of its blocks, in their order."""

    first: int
    rows: int
    columns: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class _Whole:
    lines: list[Line]
    html: str
    text: str
    pictures: frozenset[str]


class Taken(QObject):
    """document: the letter; it is the parent too."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._document = document
        self._blocks: list[_Block | None] = [None] * document.blockCount()
        self._spans: list[_Span] | None = None
        self._undone = False
        self._new = 0
        self._whole: _Whole | None = None
        self._walk: Iterator[None] | None = None
        self._idle = QTimer(self)
        self._idle.setInterval(_PAUSE_MS)
        self._idle.timeout.connect(self._work_ahead)
        document.documentLayout()  # without one, Qt tells of no change
        document.contentsChange.connect(self._changed)

    def lines(self) -> list[Line]:
        """As `document.lines_of` gives them."""
        return self._take().lines

    def html(self) -> str:
        """As `write_html` writes the lines."""
        return self._take().html

    def text(self) -> str:
        """As `write_text` writes the lines."""
        return self._take().text

    def pictures(self) -> frozenset[str]:
        """Content-IDs of the pictures that stand in the letter."""
        return self._take().pictures

    @property
    def ready(self) -> bool:
        """Whether all of it is at hand."""
        return self._whole is not None

    def _changed(self, position: int, removed: int, added: int) -> None:
        document = self._document
        self._whole = None
        self._walk = None
        count = document.blockCount()
        more = count - len(self._blocks)
        first = document.findBlock(position).blockNumber()
        end = min(position + added, document.characterCount() - 1)
        last = document.findBlock(end).blockNumber()
        before = last - more
        # Of what undo and redo change at several places Qt does not tell exactly.
        undone, self._undone = self._undone, document.isRedoAvailable()
        undone = undone or self._undone
        if undone or first < 0 or before < first - 1 or before >= len(self._blocks):
            self._blocks = [None] * count
            self._spans = None
            first, last, before = 0, count - 1, count - 1
        else:
            self._blocks[first : before + 1] = [None] * (last - first + 1)
            self._move_tables(first, before, more, same=removed == added)
        # A long paste comes piece by piece.
        self._new += last - first if last - first > _BULK else 0
        if self._new > _MANY:
            self._idle.start()

    def _move_tables(self, first: int, before: int, more: int, *, same: bool) -> None:
        """first, before: the blocks that were there. same: formats may have changed, not text."""
        if self._spans is None:
            return
        for span in self._spans:
            if span.first > before:
                span.first += more
            elif span.first + len(span.cells) >= first and (more or before > first or same):
                # In it or right behind it, where rows are added; what is typed in a cell leaves
                # the table as it is.
                self._spans = None
                return

    def _take(self) -> _Whole:
        if self._whole is None:
            walk = self._walk or self._pass()
            for _ in walk:
                pass
            self._walk = None
        whole = self._whole
        assert whole is not None
        return whole

    def _work_ahead(self) -> None:
        if self._whole is not None:
            self._idle.stop()
            return
        if self._walk is None:
            self._walk = self._pass()
        until = perf_counter() + _SLICE_S
        for _ in self._walk:
            if perf_counter() > until:
                return
        self._walk = None
        self._idle.stop()

    def _pass(self) -> Iterator[None]:
        """Goes over the letter once; at its end the whole of it is known. Yields now and then."""
        cells = self._cells()
        numbering = Numbering()
        opened, said = NOTHING, BEGIN
        lines: list[Line] = []
        markup: list[str] = []
        words: list[str] = []
        pictures: set[str] = set()
        blocks = self._blocks
        for number in range(len(blocks)):
            block = blocks[number]
            cell = cells.get(number) if cells else None
            if block is None or (block.cell is not cell and block.cell != cell):
                block = blocks[number] = self._read(number, block, cell)
                yield
            for piece in block.pieces:
                line = numbering.next(piece.given, piece.line)
                if line is not piece.line:
                    piece.line = line
                    piece.opened = piece.said = None
                if piece.opened is not opened and piece.opened != opened:
                    piece.opened = opened
                    piece.html, piece.closed = write_line(opened, line)
                if piece.said is not said and piece.said != said:
                    piece.said = said
                    piece.text, piece.saying = text_line(said, line)
                opened, said = piece.closed, piece.saying
                lines.append(line)
                markup.append(piece.html)
                words.append(piece.text)
            if block.pictures:
                pictures.update(block.pictures)
            if not number % _STEP:
                yield
        self._new = 0
        markup.append(write_end(opened))
        self._whole = _Whole(lines, "".join(markup).strip(), "".join(words), frozenset(pictures))

    def _read(self, number: int, known: _Block | None, cell: Cell | None) -> _Block:
        raw = known.raw if known else line_of(self._document.findBlockByNumber(number))
        given = raw if cell is None else replace(raw, cell=cell)
        pieces = [_Piece(each, each) for each in settled_line(given)]
        pictures = tuple(run.picture for run in raw.runs if run.picture)
        return _Block(raw, cell, pieces, pictures)

    def _cells(self) -> dict[int, Cell]:
        children = self._document.rootFrame().childFrames()
        tables = [each for each in children if isinstance(each, QTextTable)]
        spans = self._spans
        if spans is None or len(tables) != len(spans) or not all(map(self._fits, spans, tables)):
            spans = self._spans = []
            for number, table in enumerate(tables, 1):
                found = dict(table_cells(table, number))
                first = min(found, default=self._first(table))
                inside = [found[each] for each in sorted(found)]
                spans.append(_Span(first, table.rows(), table.columns(), inside))
        return {span.first + at: cell for span in spans for at, cell in enumerate(span.cells)}

    def _fits(self, span: _Span, table: QTextTable) -> bool:
        """Whether a table still is where and as large as it was."""
        size = (table.rows(), table.columns())
        return size == (span.rows, span.columns) and self._first(table) == span.first

    def _first(self, table: QTextTable) -> int:
        return self._document.findBlock(table.firstPosition()).blockNumber()
