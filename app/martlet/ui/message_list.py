"""The list of messages: a view for rows of one height, whatever their number.

Everything is computed from the row height, so that a million rows cost what ten do; of QListView
little is left but its name for screen readers. What stands
before the eye stays there when mail comes in above it, unless the list is at its very top.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
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
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem, QWidget

from martlet.mail.message import MessageRow
from martlet.ui import theme
from martlet.ui.list_model import ROW, ListModel
from martlet.ui.row_delegate import RowDelegate

Index = QModelIndex | QPersistentModelIndex
_Cursor = QAbstractItemView.CursorAction


class MessageList(QListView):
    """Says what is chosen, opened, starred; is told what to show through its model."""

    chosen = Signal()
    opened = Signal(object)
    row_clicked = Signal(object)
    star_clicked = Signal(object)
    menu_wanted = Signal(QPoint)

    def __init__(self, model: ListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # First of all: every set...() below may already ask what these answer.
        self._model = model
        self._hover = -1
        self._successor = -1
        self._pressed = -1
        self.delegate = RowDelegate()
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
            self.setCurrentIndex(index)
            self.scrollTo(index)

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
        self._successor = start if gone else -1
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometries()

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
