"""One line below a letter's files: how many, how large the letter is as sent, and, once it comes
near to what the server takes, how near."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from martlet.mail.letter_size import HEAVY
from martlet.ui import dates, theme

_NARROW = 480


class Weight(Enum):
    """How a letter's size stands to what its server takes. HEAVY: many servers refuse as much."""

    LIGHT = "light"
    HALF = "half"
    HEAVY = "heavy"
    OVER = "over"


def weight(size: int, files: int, limit: int) -> Weight:
    """size: of the letter as sent; files: bytes of what is attached; limit: 0 when not known."""
    if limit:
        if size > limit:
            return Weight.OVER
        return Weight.HALF if size * 2 > limit else Weight.LIGHT
    return Weight.HEAVY if files > HEAVY else Weight.LIGHT


class WeightLine(QWidget):
    """Says nothing of one small file, whose card says all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel(self)
        self.words.setFont(theme.font(12))
        self.words.setWordWrap(True)
        self._meter = _Meter(self)
        row = self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._meter)
        row.addWidget(self.words, 1)
        self.hide()

    def show_weight(self, count: int, size: int, files: int, limit: int) -> Weight:
        """count: of files, without pictures in the text. size, files, limit: as `weight`."""
        found = weight(size, files, limit)
        told = self._told(found, count, size, limit)
        self.words.setText(told)
        tone = {Weight.OVER: "danger", Weight.HEAVY: "caution"}.get(found, "second")
        if self.words.property("tone") != tone:
            self.words.setProperty("tone", tone)
            self.words.style().unpolish(self.words)
            self.words.style().polish(self.words)
        near = found in (Weight.HALF, Weight.OVER)
        self._meter.setVisible(near)
        self._meter.show_share(size / limit if limit else 0.0, told)
        self.setVisible(count > 1 or (found is not Weight.LIGHT and count > 0))
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow letter the bar has a line of its own."""
        direction = QBoxLayout.Direction
        narrow = event.size().width() < _NARROW
        self._row.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self._row.setSpacing(2 if narrow else 10)
        super().resizeEvent(event)

    def _told(self, found: Weight, count: int, size: int, limit: int) -> str:
        sent, most = dates.size(size), dates.size(limit)
        if found is Weight.OVER:
            words = self.tr(
                "{size} as sent, the server takes {limit} at most. Take something out, zip it, or"
                " make pictures smaller."
            )
            return words.format(size=sent, limit=most)
        if found is Weight.HEAVY:
            return self.tr("{size} as sent; many servers refuse letters of that size.").format(
                size=sent
            )
        if found is Weight.HALF:
            return self.tr("{size} as sent of {limit} that the server takes").format(
                size=sent, limit=most
            )
        number = self.locale().toString(count)
        return self.tr("{count} files, {size} as sent").format(count=number, size=sent)


class _Meter(QWidget):
    """A short bar that fills."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setFixedSize(96, 12)

    def show_share(self, share: float, words: str) -> None:
        self._share = share
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.line))
        ground = QRectF(0, 3, self.width(), 6)
        painter.drawRoundedRect(ground, 3, 3)
        full = min(1.0, self._share)
        painter.setBrush(QColor(tokens.danger if self._share > 1 else tokens.accent))
        wide = max(6.0, ground.width() * full)
        back = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        painter.drawRoundedRect(QRectF(ground.width() - wide if back else 0, 3, wide, 6), 3, 3)
        painter.end()
