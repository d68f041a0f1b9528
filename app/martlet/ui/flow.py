"""A layout that fills lines like text and wraps, from the side where reading begins. Its last
widget may take the rest of its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QStyle, QWidget

W = TypeVar("W", bound=QWidget)
_SLIVER = 8


class FlowLayout(QLayout):
    """stretch_last: the last widget gets what is left of its line (at least its minimum); while it
    wants next to nothing it begins no line of its own."""

    def __init__(self, parent: QWidget, *, gap: int = 6, stretch_last: bool = False) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._stretch_last = stretch_last
        # Asked for many times between two changes of what lies in it.
        self._heights: dict[int, int] = {}
        self._minimum: QSize | None = None
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def insert_widget(self, index: int, widget: QWidget) -> None:
        """Like addWidget, but before the item at index."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        if not 0 <= index < len(self._items):
            return None
        self.invalidate()
        return self._items.pop(index)

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def height_with(self, last: int, width: int) -> int:
        """Pixels it takes at this width while the last widget is at least that wide."""
        return self._arrange(QRect(0, 0, width, 0), move=False, least=last)

    def invalidate(self) -> None:
        self._heights.clear()
        self._minimum = None
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        if self._minimum is None:
            size = QSize()
            for item in self._items:
                if not item.isEmpty():
                    size = size.expandedTo(item.minimumSize())
            self._minimum = size
        return QSize(self._minimum)

    def _arrange(self, rect: QRect, *, move: bool, least: int = 0) -> int:
        """Places the items in lines centred on each line's height; answers the height needed.

        least: pixels that the last one has at the least.
        """
        margins = self.contentsMargins()
        rect = rect.marginsRemoved(margins)
        shown = [item for item in self._items if not item.isEmpty()]
        x, y, line_height = rect.x(), rect.y(), 0
        line: list[tuple[QLayoutItem, QRect]] = []
        owner = self.parentWidget()
        reads = owner.layoutDirection() if owner is not None else Qt.LayoutDirection.LeftToRight

        def end_line() -> None:
            if move:
                for item, place in line:
                    place.moveTop(y + (line_height - place.height()) // 2)
                    item.setGeometry(QStyle.visualRect(reads, rect, place))
            line.clear()

        for item in shown:
            last = self._stretch_last and item is shown[-1]
            hint = item.minimumSize() if last else item.sizeHint()
            width = min(max(hint.width(), least if last else 0), rect.width())
            sliver = last and width <= _SLIVER
            if line and x + width > rect.right() + 1 and not sliver:
                end_line()
                x, y, line_height = rect.x(), y + line_height + self._gap, 0
            if last:
                width = max(width, rect.right() + 1 - x)
            height = item.sizeHint().height()
            line.append((item, QRect(x, y, width, height)))
            x += width + self._gap
            line_height = max(line_height, height)
        end_line()
        return y + line_height - rect.y() + margins.top() + margins.bottom()


def grows_down(widget: QWidget) -> None:
    """Tells the layouts around that this widget's height follows from its width."""
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    widget.setSizePolicy(policy)


def neighbour(row: Sequence[W], widget: W, key: int) -> W | None:
    """Which of the widgets in a flow an arrow, Home or End leads to from one of them; up and down
    to the nearest of the next line. None for other keys."""
    at = row.index(widget)
    back = widget.layoutDirection() is Qt.LayoutDirection.RightToLeft
    steps: dict[int, int] = {
        Qt.Key.Key_Left: 1 if back else -1,
        Qt.Key.Key_Right: -1 if back else 1,
    }
    if key in steps:
        return row[min(max(at + steps[key], 0), len(row) - 1)]
    if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        return row[0 if key == Qt.Key.Key_Home else -1]
    if key not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        return None
    up = key == Qt.Key.Key_Up
    here = widget.geometry().center()

    def away(other: W) -> tuple[int, int]:
        there = other.geometry().center()
        return abs(there.y() - here.y()), abs(there.x() - here.x())

    others = [
        each
        for each in row
        if (each.y() < widget.y() if up else each.y() > widget.y() + widget.height() // 2)
    ]
    return min(others, key=away, default=widget)
