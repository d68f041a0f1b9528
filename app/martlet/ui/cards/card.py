"""The shape of a card above a message: a symbol, a heading, lines, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from martlet.ui import theme
from martlet.ui.fact_row import plain
from martlet.ui.flow import FlowLayout, grows_down
from martlet.ui.shown_text import cut

_SYMBOL = 22
_LINK_HEIGHT = 24
_HEADING = 200
_WORDS = 600
_FOLDED = 4000


class Card(QFrame):
    """resized: it has grown or shrunk by itself. Put lines in with `say`, buttons with `offer`."""

    resized = Signal()

    def __init__(self, symbol: str, heading: str, colour: str = "") -> None:
        super().__init__()
        self.setObjectName("card")
        self._symbol, self._colour = symbol, colour
        whole = QHBoxLayout(self)
        whole.setContentsMargins(14, 11, 14, 11)
        whole.setSpacing(14)
        self.side = QVBoxLayout()
        self._mark = QLabel(self)
        self.side.addWidget(self._mark)
        self.side.addStretch(1)
        whole.addLayout(self.side)
        self.body = QVBoxLayout()
        self.body.setSpacing(4)
        whole.addLayout(self.body, 1)
        heading = cut(heading, _HEADING)
        self.heading = plain(heading, "", self, 14)
        self.heading.setFont(theme.font(14, bold=True))
        self.body.addWidget(self.heading)
        self._buttons: FlowLayout | None = None
        self._paint()
        theme.notifier().changed.connect(self._paint)
        self.setAccessibleName(heading)

    @property
    def text(self) -> str:
        """All that it says, a line each."""
        labels = (each for each in self.findChildren(QLabel) if not each.isHidden())
        return "\n".join(label.text().replace("\u200b", "") for label in labels if label.text())

    def say(self, words: str, tone: str = "second", pixels: int = 13) -> QLabel:
        """One more paragraph."""
        label = plain(cut(words, _WORDS), tone, self, pixels)
        self.body.addWidget(label)
        return label

    def offer(self, words: str, symbol: str = "") -> QPushButton:
        """One more button at its foot."""
        if self._buttons is None:
            foot = QWidget(self)
            self._buttons = FlowLayout(foot, gap=10)
            grows_down(foot)
            self.body.addSpacing(2)
            self.body.addWidget(foot)
        button = QPushButton(words, self)
        button.setProperty("kind", "words")
        button.setMinimumHeight(_LINK_HEIGHT)
        if symbol:
            button.setIcon(theme.icon(symbol, "accent"))
        button.setAccessibleName(f"{words} {self.heading.text()}".replace("\u200b", ""))
        self._buttons.addWidget(button)
        return button

    def fold(self, words: str, lines: list[str]) -> None:
        """Technical lines that are only shown when they are asked for."""
        if not lines:
            return
        button = self.offer(words)
        button.setCheckable(True)
        inner = plain("\n".join(cut(line, _FOLDED) for line in lines), "third", self, 12)
        inner.hide()
        self.body.addWidget(inner)

        def turn(on: bool) -> None:
            inner.setVisible(on)
            self.updateGeometry()
            self.resized.emit()

        button.toggled.connect(turn)

    def replace_mark(self, widget: QWidget) -> None:
        """Something else than a symbol stands at its side."""
        self._mark.hide()
        self.side.insertWidget(0, widget, 0, Qt.AlignmentFlag.AlignTop)

    def _paint(self) -> None:
        self._mark.setPixmap(theme.icon(self._symbol, self._colour).pixmap(_SYMBOL, _SYMBOL))
