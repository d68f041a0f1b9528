"""A combo box whose arrow and list follow the theme; a style sheet alone could not do that.

The list drops down below the box, with rows of its own: what Qt paints over the box instead has a
frame in the colour of text.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from martlet.ui import theme

_ARROW = 14
_ROW, _LINE = 28, 9
_Index = QModelIndex | QPersistentModelIndex


class ChoiceBox(QComboBox):
    """Its looks otherwise are in `style.py`; `kind` "bare" leaves the edge out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_Rows(self))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        tokens = theme.current()
        painter = QPainter(self)
        back = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = 6 if back else self.width() - _ARROW - 6
        place = QRectF(left, (self.height() - _ARROW) / 2, _ARROW, _ARROW)
        colour = tokens.text2 if self.isEnabled() else tokens.text3
        theme.draw(painter, "chevron-down", place, colour)
        painter.end()


class _Rows(QStyledItemDelegate):
    """Rows that a finger hits, and a thin line where there is a separator."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        size = super().sizeHint(option, index)
        size.setHeight(_LINE if _is_line(index) else max(_ROW, size.height()))
        return size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        if not _is_line(index):
            super().paint(painter, option, index)
            return
        place: QRect = option.rect
        middle = place.center().y()
        painter.fillRect(place.left(), middle, place.width(), 1, QColor(theme.current().line))


def _is_line(index: _Index) -> bool:
    """As QComboBox.insertSeparator marks it."""
    return bool(index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator")
