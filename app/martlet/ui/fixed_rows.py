"""A list view for rows of one height, whatever their number.

Everything is computed from the row height, so that a million rows cost what ten do; of QListView
little is left but its name for screen readers.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from martlet.ui.list_model import ListModel
from martlet.ui.row_delegate import RowDelegate

Index = QModelIndex | QPersistentModelIndex
_Cursor = QAbstractItemView.CursorAction


class FixedRows(QListView):
    """Where rows stand, and which the keys and the mouse mean."""

    def __init__(
        self, model: ListModel, delegate: RowDelegate, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        # First of all: every set...() may already ask what these answer.
        self._model = model
        self.delegate = delegate

    # Geometry

    def visualRect(self, index: Index) -> QRect:
        height = self.delegate.height
        top = index.row() * height - self.verticalOffset()
        return QRect(0, top, self.viewport().width(), height) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = (point.y() + self.verticalOffset()) // self.delegate.height
        if 0 <= row < self._model.row_count():
            return self._model.index(row)
        return QModelIndex()

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if not index.isValid():
            return
        bar, height = self.verticalScrollBar(), self.delegate.height
        top, room = index.row() * height, self.viewport().height()
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(top - (room - height) // 2)
        elif top < bar.value():
            bar.setValue(top)
        elif top + height > bar.value() + room:
            bar.setValue(top + height - room)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """QListView moves pixels by what it has laid out, and here it has laid out nothing."""
        self.viewport().update()

    def isIndexHidden(self, index: Index) -> bool:
        return False

    def doItemsLayout(self) -> None:
        """Nothing is laid out one by one: that is what makes a long list quick."""
        self.updateGeometries()
        self.viewport().update()

    def updateGeometries(self) -> None:
        bar, room = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(room)
        bar.setSingleStep(self.delegate.height // 2)
        bar.setRange(0, max(0, self._model.row_count() * self.delegate.height - room))

    def sizeHint(self) -> QSize:
        return QSize(400, 600)

    # Choosing

    def moveCursor(self, action: _Cursor, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        count = self._model.row_count()
        if not count:
            return QModelIndex()
        page = max(1, self.viewport().height() // self.delegate.height - 1)
        at = self.currentIndex().row()
        to = {
            _Cursor.MoveUp: at - 1,
            _Cursor.MoveDown: at + 1,
            _Cursor.MovePrevious: at - 1,
            _Cursor.MoveNext: at + 1,
            _Cursor.MovePageUp: at - page,
            _Cursor.MovePageDown: at + page,
            _Cursor.MoveHome: 0,
            _Cursor.MoveEnd: count - 1,
        }.get(action, at)
        return self._model.index(min(max(to, 0), count - 1))

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        height, offset = self.delegate.height, self.verticalOffset()
        area = rect.normalized()
        last = self._model.row_count() - 1
        first_row = max(0, (area.top() + offset) // height)
        last_row = min(last, (area.bottom() + offset) // height)
        chosen = QItemSelection()
        if first_row <= last_row:
            chosen.select(self._model.index(first_row), self._model.index(last_row))
        self.selectionModel().select(chosen, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        height, offset = self.delegate.height, self.verticalOffset()
        for at in range(selection.size()):
            each = selection.at(at)
            top = each.top() * height - offset
            part = QRect(0, top, self.viewport().width(), each.height() * height)
            region += part.intersected(self.viewport().rect())
        return region

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometries()
