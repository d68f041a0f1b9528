"""The borders between a table's columns, drawn to another place by the mouse."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QMouseEvent, QTextCursor, QTextTable
from PySide6.QtWidgets import QTextEdit
from shiboken6 import isValid

from martlet.ui.compose.text.selecting import table_of
from martlet.ui.compose.text.table_grid import begins, widen

_GRAB = 5
_NARROWEST = 5
"""Per cent of the table."""


class TableBorders:
    """Those in one editor, which hands over what the mouse does in its viewport."""

    def __init__(self, editor: QTextEdit) -> None:
        self._editor = editor
        self._drag: tuple[QTextTable, int] | None = None
        self._dragged = False

    def mouse(self, event: QMouseEvent) -> bool:
        """Whether it was about a border."""
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
            self._drag = self._border_at(place)
            self._dragged = False
            return self._drag is not None
        if kind == QEvent.Type.MouseButtonRelease and self._drag is not None:
            self._drag = None
            return True
        return False

    def _border_at(self, place: QPoint) -> tuple[QTextTable, int] | None:
        """The table and the column whose right border is there, but not that of the last one."""
        # Beside a border there may be the cell of either side.
        for across in (0, -2 * _GRAB, 2 * _GRAB):
            cursor = self._editor.cursorForPosition(place + QPoint(across, 0))
            table = table_of(cursor)
            if table is None:
                continue
            edges = self.edges(table)
            for column in range(len(edges) - 2):
                if abs(edges[column + 1] - place.x()) <= _GRAB:
                    return table, column
        return None

    def edges(self, table: QTextTable) -> list[int]:
        """Where the columns' borders are, in the viewport, from the left of the first on; [] when
        they are not known, since in one of them no cell begins.
        """
        padding = round(table.format().cellPadding() + table.format().border())
        found: list[int] = []
        for column in range(table.columns()):
            row = next((y for y in range(table.rows()) if begins(table, y, column)), None)
            if row is None:
                return []
            first = table.cellAt(row, column).firstCursorPosition()
            found.append(self._editor.cursorRect(first).left() - padding)
        layout = self._editor.document().documentLayout()
        frame = layout.frameBoundingRect(table)
        found.append(round(frame.right()) - self._editor.horizontalScrollBar().value())
        return found

    def _drag_to(self, x: int) -> None:
        assert self._drag is not None
        table, column = self._drag
        # An undo by keys took it away, or the column, while the button is held.
        if not isValid(table) or column + 2 > table.columns():
            self._drag = None
            return
        edges = self.edges(table)
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
        widen(table, [float(b - a) for a, b in pairwise(edges)])
        cursor.endEditBlock()
