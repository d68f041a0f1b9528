"""One file of a letter as a card: what it looks like or its kind, its name and size, and a cross.

Paints itself, cross and all: a thousand files may be dropped at once. What is done with cards is
`card_hands`'.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from martlet.mail.file_risk import about
from martlet.mail.outgoing import OutgoingPart
from martlet.ui import dates, file_words, theme
from martlet.ui.file_paint import SIGHT, place, write
from martlet.ui.file_tile import OURS, FileTile
from martlet.ui.shown_text import tip

WIDTH, HEIGHT = 232, 46
NARROWEST, WIDEST = 180, 280
_PAD, _GAP, _CROSS = 6, 9, 22


def shared(width: int, gap: int) -> int:
    """How wide each card is in lines of this width, so that they fill a line together."""
    number = max(1, -(-(width + gap) // (WIDEST + gap)))
    if number > 1 and (width + gap) // number - gap < NARROWEST:
        number -= 1
    return min(WIDEST, (width + gap) // number - gap)


class AttachmentCard(FileTile):
    """part is None while it is being taken in. removed: its cross was pressed."""

    removed = Signal(QWidget)
    keys = (*OURS, Qt.Key.Key_F2)

    def __init__(self, name: str, size: int, parent: QWidget | None = None) -> None:
        super().__init__(about(name, ""), parent)
        self.name = name
        self.part: OutgoingPart | None = None
        self.ticket = ""
        self._size = size
        self._done = 0
        # Which commands of the letter are this one's while it has the focus.
        self.takes: Callable[[QKeyEvent], bool] = lambda _event: False
        self.on_key: Callable[[AttachmentCard, QKeyEvent], bool] | None = None
        self.on_mouse: Callable[[AttachmentCard, QMouseEvent], bool] | None = None
        self.setFixedSize(WIDTH, HEIGHT)
        self.setMouseTracking(True)
        self._say()

    def arrived(self, part: OutgoingPart) -> None:
        """It is in the store now, or is another: renamed."""
        self.part = part
        self.name = part.name
        self._size = part.size
        self.facts = about(part.name, part.content_type)
        self._say()

    def show_progress(self, done: int, total: int) -> None:
        """So much of it was read."""
        self._done, self._size = done, total or self._size
        self._say()

    def set_wide(self, width: int) -> None:
        """So many logical pixels: cards share their line."""
        if width != self.width():
            self.setFixedSize(width, HEIGHT)
            self.update()

    def _say(self) -> None:
        busy = self.part is None
        if busy and self._done and self._size:
            words = self.tr("{done} of {size}")
            shown = words.format(done=dates.size(self._done), size=dates.size(self._size))
        elif busy:
            shown = self.tr("Taking in…")
        else:
            shown = dates.size(self._size)
        self._small = shown
        kind = file_words.kind(self.facts.kind)
        self.setToolTip(tip(f"{self.name}\n{kind}, {shown}"))
        self.setAccessibleName(self.name)
        told = self.tr("{name} is being taken in").format(name=self.name)
        self.setAccessibleDescription(told if busy else f"{kind}, {shown}")
        self.update()

    def cross_place(self) -> QRect:
        side = place(self, self.width() - _CROSS - 6, (HEIGHT - _CROSS) / 2, _CROSS, _CROSS)
        return side.toRect()

    def sizeHint(self) -> QSize:
        return QSize(self.width(), HEIGHT)

    # What a person does

    def is_ours(self, event: QKeyEvent) -> bool:
        return super().is_ours(event) or self.takes(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.on_key is None or not self.on_key(self, event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.on_mouse is None or not self.on_mouse(self, event):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.update()  # the cross shows whether it is pointed at
        if self.on_mouse is None or not self.on_mouse(self, event):
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.on_mouse is None or not self.on_mouse(self, event):
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.on_mouse is None or not self.on_mouse(self, event):
            super().mouseDoubleClickEvent(event)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        self.paint_ground(painter, 8, _PAD)
        left = _PAD + SIGHT + _GAP
        room = self.width() - left - _CROSS - 12
        name, _small, top = self.metrics()
        painter.setFont(self.name_font)
        painter.setPen(QColor(tokens.text))
        shown = name.elidedText(self.name, Qt.TextElideMode.ElideMiddle, room)
        write(painter, self, left, top, room, shown)
        top += name.height()
        painter.setFont(self.small_font)
        painter.setPen(QColor(tokens.text2))
        write(painter, self, left, top, room, self._small)
        if self.part is None:
            self._paint_bar(painter, left, room)
        self._paint_cross(painter)
        painter.end()

    def _paint_bar(self, painter: QPainter, left: int, room: int) -> None:
        """How much of it was read; a quiet line where that is not known."""
        tokens = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.line))
        painter.drawRoundedRect(place(self, left, HEIGHT - 6, room, 2), 1, 1)
        if self._size and self._done:
            share = min(1.0, self._done / self._size)
            painter.setBrush(QColor(tokens.accent))
            painter.drawRoundedRect(place(self, left, HEIGHT - 6, room * share, 2), 1, 1)

    def _paint_cross(self, painter: QPainter) -> None:
        tokens = theme.current()
        at = QRectF(self.cross_place())
        pointed = self.underMouse() and at.contains(QPointF(self.mapFromGlobal(QCursor.pos())))
        if pointed:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.line))
            painter.drawRoundedRect(at, 5, 5)
        inner = QRectF(0, 0, 14, 14)
        inner.moveCenter(at.center())
        theme.draw(painter, "close", inner, tokens.text if pointed else tokens.text3)
