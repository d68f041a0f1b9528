"""One quiet line above a message: a symbol, what is the case, and what can be done, as links."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, SignalInstance
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from martlet.ui import theme

_SYMBOL = QSize(17, 17)


class QuietLine(QWidget):
    """margin: at both sides; above: free room.

    Buttons are added with `_add`, in their order; `_stand_below` sets them under the words.
    """

    def __init__(
        self,
        symbol: str,
        *,
        gap: int,
        margin: int = 24,
        above: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(margin, above, margin, 4)
        self._line = QFrame(self)
        self._line.setObjectName("factLine")
        outer.addWidget(self._line, 1)
        outer.addStretch()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._line)
        self._row.setContentsMargins(10, 4, 6, 4)
        self._row.setSpacing(4)
        said = QHBoxLayout()
        said.setSpacing(8)
        self._symbol = symbol
        self._mark = QLabel(self._line)
        self._words = QLabel(self._line)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setProperty("tone", "second")
        said.addWidget(self._mark)
        said.addWidget(self._words, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(gap)
        self._buttons.addStretch()
        self._row.addLayout(said, 1)
        self._row.addLayout(self._buttons)
        theme.notifier().changed.connect(self._paint_mark)
        self._paint_mark()

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def _add(self, text: str, run: Callable[[], None] | SignalInstance) -> QPushButton:
        button = QPushButton(text, self._line)
        button.setProperty("kind", "link")
        button.clicked.connect(run)
        self._buttons.addWidget(button)
        return button

    def _stand_below(self, below: bool) -> None:
        direction = QBoxLayout.Direction
        self._row.setDirection(direction.TopToBottom if below else direction.LeftToRight)

    def _paint_mark(self) -> None:
        self._mark.setPixmap(theme.icon(self._symbol).pixmap(_SYMBOL))
