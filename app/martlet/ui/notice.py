"""One sentence above a letter or form: what is wrong, or what is well. Stays until put away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from martlet.ui import theme
from martlet.ui.paint import mix
from martlet.ui.shown_text import tip


class NoticeLine(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        mark = QLabel(self)
        mark.setPixmap(theme.icon("warning", "danger").pixmap(QSize(18, 18)))
        cross = QToolButton(self)
        cross.setIcon(theme.icon("close"))
        cross.setIconSize(QSize(12, 12))
        cross.setProperty("kind", "bare")
        cross.setToolTip(self.tr("Put away"))
        cross.setAccessibleName(self.tr("Put this notice away"))
        cross.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 13, 8)
        row.setSpacing(10)
        row.addWidget(mark)
        row.addWidget(self._label, 1)
        row.addWidget(cross)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown, "" while hidden."""
        return "" if self.isHidden() else self._label.text()

    def say(self, sentence: str, detail: str = "") -> None:
        """Shows a sentence; what the server or system said goes to the tool tip."""
        self._label.setText(sentence)
        self._label.setToolTip(tip(detail))
        self.setAccessibleName(sentence)
        self.show()

    def clear(self) -> None:
        self._label.clear()
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.current()
        painter.fillRect(self.rect(), mix(tokens.page, tokens.danger, 0.13))
        edge = self.width() - 3 if self.isRightToLeft() else 0
        painter.fillRect(edge, 0, 3, self.height(), QColor(tokens.danger))
        painter.end()
