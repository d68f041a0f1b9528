"""The list of messages: what is chosen, opened and starred in it, and how it is painted.

What stands before the eye stays there when mail comes in above it, unless the list is at its very
top. Where a row stands is in `fixed_rows.py`, how one looks in `row_delegate.py`.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from martlet.mail.message import MessageRow
from martlet.ui import theme
from martlet.ui.fixed_rows import FixedRows
from martlet.ui.list_model import ROW, ListModel
from martlet.ui.row_delegate import RowDelegate

Index = QModelIndex | QPersistentModelIndex


class MessageList(FixedRows):
    """Says what is chosen, opened, starred; is told what to show through its model."""

    chosen = Signal()
    opened = Signal(object)
    row_clicked = Signal(object)
    star_clicked = Signal(object)
    menu_wanted = Signal(QPoint)

    def __init__(self, model: ListModel, parent: QWidget | None = None) -> None:
        super().__init__(model, RowDelegate(), parent)
        self._hover = -1
        self._successor = -1
        self._pressed = -1
        self.setObjectName("messageList")
        self.setAccessibleName(self.tr("Messages"))
        self.setItemDelegate(self.delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setModel(model)
        model.rowsRemoved.connect(lambda _parent, start, end: self._after_removal(start, end))
        model.modelReset.connect(lambda: self._after_reset())
        theme.notifier().changed.connect(self.viewport().update)

    # What the window asks

    def selected_rows(self) -> list[MessageRow]:
        """The chosen messages, newest first."""
        positions = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = (self._model.row_at(at) for at in positions)
        return [row for row in rows if row is not None]

    def current_row(self) -> MessageRow | None:
        index = self.currentIndex()
        return self._model.row_at(index.row()) if index.isValid() else None

    def choose(self, position: int) -> None:
        """Makes this row the only one chosen, and shows it."""
        index = self._model.index(position)
        if index.isValid():
            # Whatever keys are held: the view itself would add to what is chosen.
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index)

    # Choosing

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.chosen.emit()

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row = self.current_row()
            if row is not None:
                self.opened.emit(row)
                return
        super().keyPressEvent(event)

    # The model

    def _after_reset(self) -> None:
        self.updateGeometries()
        self.verticalScrollBar().setValue(0)

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        bar = self.verticalScrollBar()
        before, height = bar.value(), self.delegate.height
        super().rowsInserted(parent, start, end)
        self.updateGeometries()
        if before > 0 and start * height <= before:
            bar.setValue(before + (end - start + 1) * height)
        self.viewport().update()

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        """The row after the last chosen one follows it as chosen, when all chosen ones go."""
        chosen = [index.row() for index in self.selectionModel().selectedRows()]
        gone = bool(chosen) and all(start <= row <= end for row in chosen)
        self._successor = start if gone and not self._model.dropping else -1
        super().rowsAboutToBeRemoved(parent, start, end)

    def _after_removal(self, start: int, end: int) -> None:
        bar, height = self.verticalScrollBar(), self.delegate.height
        before = bar.value()
        self.updateGeometries()
        if (end + 1) * height <= before:
            bar.setValue(before - (end - start + 1) * height)
        if self._successor >= 0 and self._model.row_count():
            self.choose(min(self._successor, self._model.row_count() - 1))
        self._successor = -1
        self.viewport().update()

    # Painting and the mouse

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        height, offset = self.delegate.height, self.verticalOffset()
        first = max(0, (event.rect().top() + offset) // height)
        last = min(self._model.row_count() - 1, (event.rect().bottom() + offset) // height)
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        selection, current = self.selectionModel(), self.currentIndex()
        flags = QStyle.StateFlag
        base = flags.State_Enabled
        if self.hasFocus() or self.isActiveWindow():
            base |= flags.State_Active
        for at in range(first, last + 1):
            index = self._model.index(at)
            state = base
            if selection.isSelected(index):
                state |= flags.State_Selected
            if at == self._hover:
                state |= flags.State_MouseOver
            if self.hasFocus() and index == current:
                state |= flags.State_HasFocus
            option.rect = self.visualRect(index)
            option.state = state
            self.delegate.paint(painter, option, index)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self._pressed = -1
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            star = self.delegate.star_rect(self.visualRect(index))
            row = index.data(ROW)
            if star.contains(event.position().toPoint()) and isinstance(row, MessageRow):
                self.star_clicked.emit(row)
                return
            self._pressed = index.row()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        plain = not event.modifiers()
        if plain and index.isValid() and index.row() == self._pressed:
            self.row_clicked.emit(index.data(ROW))
        self._pressed = -1

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.indexAt(event.position().toPoint()).data(ROW)
        if isinstance(row, MessageRow):
            self.opened.emit(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self.indexAt(event.position().toPoint()).row())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(-1)
        super().leaveEvent(event)

    def _point_at(self, row: int) -> None:
        if row != self._hover:
            self._hover = row
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def startDrag(self, actions: Qt.DropAction) -> None:
        rows = self.selectionModel().selectedRows()
        self._pressed = -1
        if not rows:
            return
        drag = QDrag(self)
        drag.setMimeData(self._model.mimeData(rows))
        picture: QPixmap = theme.pixmap(
            "mail", 24, theme.current().accent, self.devicePixelRatioF()
        )
        drag.setPixmap(picture)
        drag.exec(Qt.DropAction.MoveAction | Qt.DropAction.CopyAction, Qt.DropAction.MoveAction)
