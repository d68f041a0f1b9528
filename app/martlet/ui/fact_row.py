"""One sentence with its symbol, as plain text, that wraps: of the sender card, of cards, of
problems."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from martlet.ui import theme
from martlet.ui.shown_text import breakable

_SIZE = 16
_AROUND = 2
_TOP = Qt.AlignmentFlag.AlignTop


class FactRow(QWidget):
    """symbol: of icons/; colour: a token's name, "" for a quiet one."""

    def __init__(
        self,
        symbol: str,
        words: str,
        colour: str = "",
        *,
        tone: str = "second",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._symbol, self._colour = symbol, colour
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(8)
        self._mark = QLabel(self)
        self._mark.setFixedWidth(_SIZE)
        self.row.addWidget(self._mark, 0, _TOP)
        self.label = plain(words, tone, self)
        # As tall as a button that may stand beside it, so that all of the first line is level.
        self.label.setContentsMargins(0, _AROUND, 0, _AROUND)
        self.row.addWidget(self.label, 1, _TOP)
        self._paint()
        theme.notifier().changed.connect(self._paint)

    @property
    def words(self) -> str:
        return self.label.text().replace("\u200b", "")

    def say(self, symbol: str, words: str, colour: str = "") -> None:
        """Another sentence."""
        self._symbol, self._colour = symbol, colour
        self.label.setText(breakable(words))
        self._paint()

    def _paint(self) -> None:
        shape = theme.icon(self._symbol, self._colour).pixmap(_SIZE, _SIZE)
        self._mark.setPixmap(shape)
        # The symbol stands in the middle of the first line of words.
        self._mark.setFixedHeight(max(_SIZE, self.label.fontMetrics().height() + 2 * _AROUND))


def plain(words: str, tone: str = "", parent: QWidget | None = None, pixels: int = 13) -> QLabel:
    """Words of somebody else: plain text, wrapped wherever need be, selectable."""
    label = QLabel(breakable(words), parent)
    label.setFont(theme.font(pixels))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(40)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if tone:
        label.setProperty("tone", tone)
    return label
