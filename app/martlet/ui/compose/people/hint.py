"""A quiet remark under a line of a letter's head."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from martlet.ui import theme

_FIELD = 94
_NARROW = 520
_LINK_PAD = 7
"""Of a link: its border and padding."""


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
        said = QHBoxLayout()
        said.setSpacing(8)
        said.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self._words, 1)
        self._behind = QHBoxLayout()
        self._behind.addWidget(self.action)
        self._behind.addStretch()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(_FIELD, 4, 20 - _LINK_PAD, 5)
        self._row.setSpacing(2)
        self._row.addLayout(said, 1)
        self._row.addLayout(self._behind)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow letter what can be done stands below the words."""
        narrow = event.size().width() < _NARROW
        direction = QBoxLayout.Direction
        wanted = direction.TopToBottom if narrow else direction.LeftToRight
        if self._row.direction() != wanted:
            # Below, the link's words begin where those above it do.
            indent = self._mark.sizeHint().width() + 8 - _LINK_PAD if narrow else 0
            self._behind.setContentsMargins(indent, 0, 0, 0)
            self._row.setDirection(wanted)
            self.updateGeometry()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(20, self.height() - 1, self.width(), 1, QColor(theme.current().line))
        painter.end()

    def _paint_mark(self) -> None:
        self._mark.setPixmap(theme.icon("warning", "star").pixmap(QSize(16, 16)))
