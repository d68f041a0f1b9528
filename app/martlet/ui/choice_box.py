"""A combo box whose arrow and list follow the theme; a style sheet alone could not do that.

The list drops down below the box, with rows of its own: what Qt paints over the box instead has a
frame in the colour of text.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QStylePainter,
    QWidget,
)

from martlet.ui import theme

_ARROW, _AROUND = 14, 3
_ROW, _LINE = 28, 9
_Index = QModelIndex | QPersistentModelIndex


class ChoiceBox(QComboBox):
    """Its looks otherwise are in `style.py`; `kind` "bare" leaves the edge out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_Rows(self))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Who scrolls what the box stands in does not mean to choose something else."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        back = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        # Without an edge the arrow itself ends where the box does.
        edge = -_AROUND if self.property("kind") == "bare" else 6
        left = edge if back else self.width() - _ARROW - edge
        place = QRectF(left, (self.height() - _ARROW) / 2, _ARROW, _ARROW)
        colour = tokens.text2 if self.isEnabled() else tokens.text3
        theme.draw(painter, "chevron-down", place, colour)
        painter.end()

    @property
    def shown(self) -> str:
        """What stands in the box: words there is no room for end in an ellipsis; Qt would cut
        through a letter."""
        words = self.currentText()
        if not self.itemIcon(self.currentIndex()).isNull():
            return words
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        kind, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(kind, option, part, self).width() - 2
        return self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)


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
