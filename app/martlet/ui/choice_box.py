"""A combo box whose arrow follows the theme; a style sheet alone could not colour it."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from martlet.ui import theme

_ARROW = 14


class ChoiceBox(QComboBox):
    """Its looks otherwise are in `style.py`; `kind` "bare" leaves the edge out."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        tokens = theme.current()
        painter = QPainter(self)
        place = QRectF(self.width() - _ARROW - 6, (self.height() - _ARROW) / 2, _ARROW, _ARROW)
        colour = tokens.text2 if self.isEnabled() else tokens.text3
        theme.draw(painter, "chevron-down", place, colour)
        painter.end()
