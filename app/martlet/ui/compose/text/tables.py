"""Tables in a letter: rows and columns come and go, Tab goes from cell to cell, borders are drawn
by the mouse. What a table is in the document lies in `formats.py` and `document.py`.
"""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QMouseEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextLength,
    QTextTable,
)

from martlet.ui.compose.markup.lines import MAX_CELLS, MAX_COLUMNS, Table
from martlet.ui.compose.text.document import insert_table
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.formats import block_format
from martlet.ui.compose.text.selecting import cell_range, change_pieces, table_of

_GRAB = 5
_NARROWEST = 5
"""Per cent of the table."""


class Tables(QObject):
    """The hands on the tables of one letter."""

    def __init__(self, editor: BodyEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._drag: tuple[QTextTable, int] | None = None
        self._dragged = False
        editor.installEventFilter(self)
        editor.viewport().installEventFilter(self)
        editor.viewport().setMouseTracking(True)

    def here(self) -> QTextTable | None:
        """The table the cursor is in."""
        return table_of(self._editor.textCursor())

    def insert(self, rows: int, columns: int) -> None:
        """A table with a heading row, where the cursor is; one writes on in its first cell."""
        cursor = self._editor.textCursor()
        cursor.beginEditBlock()
        cursor.clearSelection()
        table = insert_table(
            cursor, Table(0, rows, columns, widths=_parts([1.0] * columns), header=int(rows > 1))
        )
        if rows > 1:
            self._embolden(table, bold=True)
        cursor.endEditBlock()
        self._leave_room(joined=True)  # only now Qt knows whether the table is the last thing there
        self._editor.setTextCursor(table.cellAt(0, 0).firstCursorPosition())
        self._editor.setFocus()

    def _leave_room(self, *, joined: bool) -> bool:
        """A line to write on below a table that ends the letter: Qt shows none by itself.

        joined: in one step to undo with what was done last.
        """
        cursor = QTextCursor(self._editor.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        above = cursor.block().previous()
        ends = above.isValid() and table_of(QTextCursor(above)) is not None
        if not ends or cursor.block().text() or table_of(cursor) is not None:
            return False
        if joined:
            cursor.joinPreviousEditBlock()
        else:
            cursor.beginEditBlock()
        cursor.insertBlock(block_format(), QTextCharFormat())
        cursor.endEditBlock()
        return True

    def add_row(self, *, below: bool) -> None:
        table = self.here()
        if table is None or (table.rows() + 1) * table.columns() > MAX_CELLS:
            return
        row, rows, _column, _columns = cell_range(self._editor.textCursor())
        at = row + rows if below else row
        table.insertRows(at, 1)
        self._go(table, at, 0)

    def add_column(self, *, after: bool) -> None:
        table = self.here()
        if table is None or table.columns() >= MAX_COLUMNS:
            return
        row, _rows, column, columns = cell_range(self._editor.textCursor())
        at = column + columns if after else column
        cursor = self._editor.textCursor()
        cursor.beginEditBlock()
        shares = _shares(table)
        table.insertColumns(at, 1)
        if shares:
            mean = sum(shares) / len(shares)
            _widen(table, [*shares[:at], mean, *shares[at:]])
        cursor.endEditBlock()
        self._go(table, row, at)

    def remove_rows(self) -> None:
        """Those that are selected, or the one of the cursor; with the last the table goes."""
        table = self.here()
        if table is None:
            return
        row, rows, _column, _columns = cell_range(self._editor.textCursor())
        if rows >= table.rows():
            self.remove()
        else:
            table.removeRows(row, rows)

    def remove_columns(self) -> None:
        table = self.here()
        if table is None:
            return
        _row, _rows, column, columns = cell_range(self._editor.textCursor())
        if columns >= table.columns():
            self.remove()
            return
        cursor = self._editor.textCursor()
        cursor.beginEditBlock()
        shares = _shares(table)
        table.removeColumns(column, columns)
        if shares:
            _widen(table, [*shares[:column], *shares[column + columns :]])
        cursor.endEditBlock()

    def remove(self) -> None:
        """The whole table; an empty line stands where it was."""
        table = self.here()
        if table is not None:
            cursor = self._editor.textCursor()
            cursor.beginEditBlock()
            table.removeRows(0, table.rows())
            cursor.endEditBlock()

    def has_header(self) -> bool:
        table = self.here()
        return table is not None and table.format().headerRowCount() > 0

    def turn_header(self) -> None:
        """The first row is a heading, or is none any more."""
        table = self.here()
        if table is None:
            return
        wanted = not self.has_header()
        cursor = self._editor.textCursor()
        cursor.beginEditBlock()
        form = table.format()
        form.setHeaderRowCount(1 if wanted else 0)
        table.setFormat(form)
        self._embolden(table, bold=wanted)
        cursor.endEditBlock()

    def even(self) -> None:
        """All columns of the same width, together as wide as the letter."""
        table = self.here()
        if table is not None:
            _widen(table, [1.0] * table.columns())

    # What is typed and pointed at

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._editor.rich:
            return False
        if watched is self._editor:
            return isinstance(event, QKeyEvent) and self._key(event)
        if isinstance(event, QMouseEvent):
            return self._mouse(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        back = event.key() == Qt.Key.Key_Backtab
        if event.type() != QEvent.Type.KeyPress or not (event.key() == Qt.Key.Key_Tab or back):
            return False
        held = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        table = self.here()
        if held or table is None:
            return False
        self._step(table, back or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        return True

    def _step(self, table: QTextTable, back: bool) -> None:
        """To the next cell, with its words selected; behind the last one a row is added."""
        cell = table.cellAt(self._editor.textCursor())
        at = cell.row() * table.columns() + cell.column() + (-1 if back else 1)
        if at < 0:
            return
        if at >= table.rows() * table.columns():
            if (table.rows() + 1) * table.columns() > MAX_CELLS:
                return
            table.appendRows(1)
        self._go(table, *divmod(at, table.columns()))

    def _go(self, table: QTextTable, row: int, column: int) -> None:
        cell = table.cellAt(row, column)
        cursor = cell.firstCursorPosition()
        cursor.setPosition(cell.lastPosition(), QTextCursor.MoveMode.KeepAnchor)
        self._editor.setTextCursor(cursor)
        self._editor.setFocus()

    def _embolden(self, table: QTextTable, *, bold: bool) -> None:
        form = QTextCharFormat()
        form.setFontWeight(QFont.Weight.Bold)
        for column in range(table.columns()):
            cell = table.cellAt(0, column)
            cursor = cell.firstCursorPosition()
            cursor.setPosition(cell.lastPosition(), QTextCursor.MoveMode.KeepAnchor)
            if bold:
                cursor.mergeCharFormat(form)
                cursor.mergeBlockCharFormat(form)
            else:
                change_pieces(cursor, _lighten)
                plain = cursor.blockCharFormat()
                _lighten(plain)
                cursor.setBlockCharFormat(plain)

    def _mouse(self, event: QMouseEvent) -> bool:
        place = event.position().toPoint()
        kind = event.type()
        left = event.button() == Qt.MouseButton.LeftButton
        if kind == QEvent.Type.MouseMove and self._drag is not None:
            self._drag_to(place.x())
            return True
        if kind == QEvent.Type.MouseMove and not event.buttons():
            over = self._border_at(place) is not None
            shape = Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.IBeamCursor
            if over or self._editor.viewport().cursor().shape() == Qt.CursorShape.SplitHCursor:
                self._editor.viewport().setCursor(shape)
            return False
        if kind == QEvent.Type.MouseButtonPress and left:
            if self._is_below_all(place) and self._leave_room(joined=False):
                self._editor.moveCursor(QTextCursor.MoveOperation.End)
                return True
            self._drag = self._border_at(place)
            self._dragged = False
            return self._drag is not None
        if kind == QEvent.Type.MouseButtonRelease and self._drag is not None:
            self._drag = None
            return True
        return False

    def _is_below_all(self, place: QPoint) -> bool:
        document = self._editor.document()
        shown = document.documentLayout().blockBoundingRect(document.lastBlock()).bottom()
        return place.y() + self._editor.verticalScrollBar().value() > shown

    def _border_at(self, place: QPoint) -> tuple[QTextTable, int] | None:
        """The table and the column whose right border is there, but not that of the last one."""
        # Beside a border there may be the cell of either side.
        for across in (0, -2 * _GRAB, 2 * _GRAB):
            cursor = self._editor.cursorForPosition(place + QPoint(across, 0))
            table = table_of(cursor)
            if table is None:
                continue
            edges = self._edges(table)
            for column in range(table.columns() - 1):
                if abs(edges[column + 1] - place.x()) <= _GRAB:
                    return table, column
        return None

    def _edges(self, table: QTextTable) -> list[int]:
        """Where the columns' borders are, in the viewport, from the left of the first on."""
        padding = round(table.format().cellPadding() + table.format().border())
        found = [
            self._editor.cursorRect(table.cellAt(0, column).firstCursorPosition()).left() - padding
            for column in range(table.columns())
        ]
        layout = self._editor.document().documentLayout()
        frame = layout.frameBoundingRect(table)
        found.append(round(frame.right()) - self._editor.horizontalScrollBar().value())
        return found

    def _drag_to(self, x: int) -> None:
        assert self._drag is not None
        table, column = self._drag
        edges = self._edges(table)
        if len(edges) != table.columns() + 1 or edges[-1] <= edges[0]:
            return
        whole = edges[-1] - edges[0]
        least = whole * _NARROWEST // 100
        lowest, highest = edges[column] + least, edges[column + 2] - least
        if lowest > highest:
            return
        edges[column + 1] = max(lowest, min(x, highest))
        cursor = QTextCursor(self._editor.document())
        # One drag is one step to undo.
        if self._dragged:
            cursor.joinPreviousEditBlock()
        else:
            cursor.beginEditBlock()
        self._dragged = True
        _widen(table, [float(b - a) for a, b in pairwise(edges)])
        cursor.endEditBlock()


def _lighten(form: QTextCharFormat) -> None:
    form.clearProperty(QTextFormat.Property.FontWeight)


def _shares(table: QTextTable) -> list[float]:
    """The widths that were set, or [] when the columns are as wide as their words want."""
    widths = [each.rawValue() for each in table.format().columnWidthConstraints()]
    return widths if len(widths) == table.columns() and all(widths) else []


def _parts(shares: list[float]) -> tuple[int, ...]:
    """Shares as whole per cent that make 100."""
    whole = sum(shares) or 1
    ends = [round(100 * sum(shares[: number + 1]) / whole) for number in range(len(shares))]
    return tuple(end - start for start, end in zip([0, *ends], ends, strict=False))


def _widen(table: QTextTable, shares: list[float]) -> None:
    """Sets the widths of the columns, together as wide as the letter."""
    form = table.format()
    form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    form.setColumnWidthConstraints(
        [QTextLength(QTextLength.Type.PercentageLength, each) for each in _parts(shares)]
    )
    table.setFormat(form)
