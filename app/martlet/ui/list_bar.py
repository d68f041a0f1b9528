"""The slim bar over a list: what kind of list it is, and the one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from martlet.ui import theme


class ListBar(QFrame):
    """Hidden while the list is simply a folder. about: the symbol shown, "" while hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("listBar")
        self.about = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 5, 10, 5)
        row.setSpacing(8)
        self._mark = QLabel(self)
        self._words = QLabel(self)
        self._words.setFont(theme.font(12))
        self._words.setProperty("tone", "second")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self.action = QPushButton(self)
        self.action.setProperty("kind", "link")
        self.action.setFont(theme.font(12))
        self.cross = QToolButton(self)
        self.cross.setIcon(theme.icon("close"))
        self.cross.setIconSize(QSize(14, 14))
        self.cross.setProperty("kind", "bare")
        self.cross.setToolTip(self.tr("Back to the folder (Esc)"))
        self.cross.setAccessibleName(self.tr("Back to the folder"))
        row.addWidget(self._mark)
        row.addWidget(self._words, 1)
        row.addWidget(self.action)
        row.addWidget(self.cross)
        self._run: Callable[[], None] = self.hide
        self._left: Callable[[], None] = self.hide
        self.action.clicked.connect(lambda: self._run())
        self.cross.clicked.connect(lambda: self._left())
        theme.notifier().changed.connect(self._paint_mark)
        self.hide()

    def say(
        self,
        words: str,
        action: str,
        run: Callable[[], None],
        *,
        symbol: str,
        left: Callable[[], None] | None = None,
    ) -> None:
        """Shows these words; with `left` a cross that calls it."""
        self.about = symbol
        self._words.setText(words)
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self.cross.setVisible(left is not None)
        self._run, self._left = run, left or self.hide
        self.setAccessibleName(words)
        self._paint_mark()
        self.show()

    def leave(self) -> None:
        self.about = ""
        self._run = self._left = self.hide
        self.hide()

    def _paint_mark(self) -> None:
        if self.about:
            self._mark.setPixmap(theme.icon(self.about).pixmap(QSize(16, 16)))
