"""Check boxes and choices that look like the fields beside them, in light and in dark."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

from martlet.ui import theme

_CHOICE = """
QComboBox { background: palette(button); border: 1px solid palette(mid); border-radius: 6px;
  padding: 4px 8px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox:focus { border-color: palette(highlight); }
"""
_ARROW = 14


class ChoiceBox(QComboBox):
    """A combo box whose arrow follows the theme; a style sheet alone could not colour it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet(_CHOICE)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        place = QRectF(self.width() - _ARROW - 6, (self.height() - _ARROW) / 2, _ARROW, _ARROW)
        theme.draw(painter, "chevron-down", place, theme.current().text2)
        painter.end()


def show_edges(button: QAbstractButton) -> None:
    """Gives a check box or radio button an edge in the theme's colours of the moment.

    Fusion derives it from the ground, and in the dark it vanishes in that.
    """
    tokens = theme.current()
    palette = theme.palette(tokens)
    palette.setColor(QPalette.ColorRole.Window, QColor(tokens.text3))
    palette.setColor(QPalette.ColorRole.Base, QColor(tokens.raised))
    button.setPalette(palette)
