"""Tables in a letter: rows and columns come and go, cells are merged and split, Tab goes from one
to the next. Their borders are drawn by `table_borders`; what a table is in the document lies in
`formats` and `document`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QMouseEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextTable,
)

from martlet.ui.compose.markup.lines import MAX_CELLS, MAX_COLUMNS, Table
from martlet.ui.compose.text.composing import end_composing
from martlet.ui.compose.text.document import insert_table
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.formats import block_format
from martlet.ui.compose.text.selecting import cell_range, change_pieces, table_of
from martlet.ui.compose.text.table_borders import TableBorders
from martlet.ui.compose.text.table_grid import begins, parts, shares, whole_cells, widen


class Tables(QObject):
    """The hands on the tables of one letter."""

    def __init__(self, editor: BodyEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.borders = TableBorders(editor)
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
            cursor, Table(0, rows, columns, widths=parts([1.0] * columns), header=int(rows > 1))
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
        widths = shares(table)
        table.insertColumns(at, 1)
        if widths:
            mean = sum(widths) / len(widths)
            widen(table, [*widths[:at], mean, *widths[at:]])
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
        widths = shares(table)
        table.removeColumns(column, columns)
        if widths:
            widen(table, [*widths[:column], *widths[column + columns :]])
        cursor.endEditBlock()

    def remove(self) -> None:
        """The whole table; an empty line stands where it was."""
        table = self.here()
        if table is not None:
            cursor = self._editor.textCursor()
            cursor.beginEditBlock()
            table.removeRows(0, table.rows())
            cursor.endEditBlock()

    def can_merge(self) -> bool:
        """Whether several cells are selected."""
        cursor = self._editor.textCursor()
        table = table_of(cursor)
        if table is None or not cursor.hasComplexSelection():
            return False
        return table.cellAt(cursor.selectionStart()) != table.cellAt(cursor.selectionEnd())

    def merge(self) -> None:
        """The selected cells become one with the words of all of them, a line for each row."""
        table = self.here()
        if table is None or not self.can_merge():
            return
        row, rows, column, columns = cell_range(self._editor.textCursor())
        row, rows, column, columns = whole_cells(table, row, rows, column, columns)
        table.mergeCells(row, column, rows, columns)
        self._go(table, row, column)

    def can_split(self) -> bool:
        """Whether the cursor is in a cell that was made of several."""
        table = self.here()
        if table is None:
            return False
        cell = table.cellAt(self._editor.textCursor())
        return cell.rowSpan() > 1 or cell.columnSpan() > 1

    def split(self) -> None:
        """What was merged is several cells again; its words stay in the first."""
        table = self.here()
        if table is not None and self.can_split():
            cell = table.cellAt(self._editor.textCursor())
            row, column = cell.row(), cell.column()
            table.splitCell(row, column, 1, 1)
            self._go(table, row, column)

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
            widen(table, [1.0] * table.columns())

    # What is typed and pointed at

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._editor.rich:
            return False
        if watched is self._editor:
            return isinstance(event, QKeyEvent) and self._key(event)
        if isinstance(event, QMouseEvent):
            return self._pressed(event) or self.borders.mouse(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        back = event.key() == Qt.Key.Key_Backtab
        if event.type() != QEvent.Type.KeyPress or not (event.key() == Qt.Key.Key_Tab or back):
            return False
        held = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        table = self.here()
        if held or table is None:
            return False
        end_composing(self._editor)
        self._step(table, back or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        return True

    def _step(self, table: QTextTable, back: bool) -> None:
        """To the next cell, with its words selected; behind the last one a row is added."""
        cell = table.cellAt(self._editor.textCursor())
        columns = table.columns()
        at = here = cell.row() * columns + cell.column()
        while at == here or not begins(table, *divmod(at, columns)):
            at += -1 if back else 1
            if at < 0:
                return
            if at >= table.rows() * columns:
                if (table.rows() + 1) * columns > MAX_CELLS:
                    return
                table.appendRows(1)
                at = (table.rows() - 1) * columns
                break
        self._go(table, *divmod(at, columns))

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

    def _pressed(self, event: QMouseEvent) -> bool:
        """Below all, where a table ends the letter, one comes to write."""
        press = event.type() == QEvent.Type.MouseButtonPress
        if not press or event.button() != Qt.MouseButton.LeftButton:
            return False
        if not self._is_below_all(event.position().toPoint()):
            return False
        if not self._leave_room(joined=False):
            return False
        self._editor.moveCursor(QTextCursor.MoveOperation.End)
        return True

    def _is_below_all(self, place: QPoint) -> bool:
        document = self._editor.document()
        shown = document.documentLayout().blockBoundingRect(document.lastBlock()).bottom()
        return place.y() + self._editor.verticalScrollBar().value() > shown


def _lighten(form: QTextCharFormat) -> None:
    form.clearProperty(QTextFormat.Property.FontWeight)
