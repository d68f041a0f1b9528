"""A few words that take what room is left, and end in "…" where it is little."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from martlet.ui import theme


class StatusWords(QLabel):
    """Right-aligned and quiet; the layout need give it nothing. short: what is said where the rest
    has no room, "" for the beginning of it."""

    short = ""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(theme.current().text3))
        words = self.text()
        if self.short and self.fontMetrics().horizontalAdvance(words) > self.width():
            words = self.short
        words = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, self.width())
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), int(right), words)
        painter.end()
