"""What the outbox says when nothing is in it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from martlet.ui import theme

_SYMBOL = 52


class OutboxEmpty(QWidget):
    """A symbol, a line, and what would lie here."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._symbol = QLabel(self)
        self.words = QLabel(self.tr("Nothing waits to be sent"), self)
        self.words.setFont(theme.font(16, bold=True))
        more = QLabel(
            self.tr("Letters wait here until they are sent."),
            self,
        )
        more.setWordWrap(True)
        more.setFixedWidth(360)
        more.setProperty("tone", "second")
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch()
        for label in (self._symbol, self.words, more):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        more.setMinimumHeight(more.heightForWidth(360))
        column.addStretch()
        self.setAccessibleName(self.words.text())
        theme.notifier().changed.connect(self._paint)
        self._paint()

    def _paint(self) -> None:
        self._symbol.setPixmap(theme.icon("outbox", "text3").pixmap(QSize(_SYMBOL, _SYMBOL)))
