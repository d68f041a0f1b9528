"""A quiet remark under a line of a letter's head."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from martlet.ui import theme

_FIELD = 92


class HintLine(QWidget):
    """A quiet remark under the line it is about, and the one thing to do about it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = QLabel(self)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setProperty("tone", "second")
        self.action = QPushButton(self)
        self.action.setProperty("kind", "link")
        row = QHBoxLayout(self)
        row.setContentsMargins(_FIELD, 4, 14, 5)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self._words, 1)
        row.addWidget(self.action)
        theme.notifier().changed.connect(self._paint_mark)
        self._paint_mark()
        self.hide()

    @property
    def words(self) -> str:
        """What it says, "" while hidden."""
        return "" if self.isHidden() else self._words.text()

    def say(self, words: str, action: str = "") -> None:
        """Shows words and maybe a button; hidden when there are none."""
        self._words.setText(words)
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self.setAccessibleName(words)
        self.setVisible(bool(words))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(20, self.height() - 1, self.width(), 1, QColor(theme.current().line))
        painter.end()

    def _paint_mark(self) -> None:
        self._mark.setPixmap(theme.icon("warning", "star").pixmap(QSize(16, 16)))
