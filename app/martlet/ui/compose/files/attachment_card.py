"""One file of a letter as a card: what it looks like or its kind, its name and size, and a cross.

Paints itself, cross and all: a thousand files may be dropped at once. What is done with cards is
`card_hands`'.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QFocusEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from martlet.mail.file_risk import FileFacts, about
from martlet.mail.outgoing import OutgoingPart
from martlet.ui import dates, file_words, theme
from martlet.ui.file_paint import SIGHT, place, sight, write
from martlet.ui.shown_text import tip

WIDTH, HEIGHT = 232, 46
NARROWEST, WIDEST = 180, 280
THUMB = SIGHT
_PAD, _GAP, _CROSS = 6, 9, 22
_OURS = (
    Qt.Key.Key_Delete,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Space,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_F2,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)


def shared(width: int, gap: int) -> int:
    """How wide each card is in lines of this width, so that they fill a line together."""
    number = max(1, -(-(width + gap) // (WIDEST + gap)))
    if number > 1 and (width + gap) // number - gap < NARROWEST:
        number -= 1
    return min(WIDEST, (width + gap) // number - gap)


class AttachmentCard(QWidget):
    """part is None while it is being taken in. removed: its cross was pressed."""

    removed = Signal(QWidget)
    focused = Signal()

    def __init__(self, name: str, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.part: OutgoingPart | None = None
        self.ticket = ""
        self.chosen = False
        self.thumbnail: QImage | None = None
        self._size = size
        self._done = 0
        self._facts = about(name, "")
        self.on_key: Callable[[AttachmentCard, QKeyEvent], bool] | None = None
        self.on_mouse: Callable[[AttachmentCard, QMouseEvent], bool] | None = None
        self.setFixedSize(WIDTH, HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._name_font = theme.font(13)
        self._small_font = theme.font(11)
        self._say()

    @property
    def facts(self) -> FileFacts:
        """Its kind, by name and type."""
        return self._facts

    def arrived(self, part: OutgoingPart) -> None:
        """It is in the store now, or is another: renamed."""
        self.part = part
        self.name = part.name
        self._size = part.size
        self._facts = about(part.name, part.content_type)
        self._say()

    def show_progress(self, done: int, total: int) -> None:
        """So much of it was read."""
        self._done, self._size = done, total or self._size
        self._say()

    def set_chosen(self, chosen: bool) -> None:
        """Chosen beside others, for what is done with several."""
        if chosen != self.chosen:
            self.chosen = chosen
            self.update()

    def set_wide(self, width: int) -> None:
        """So many logical pixels: cards share their line."""
        if width != self.width():
            self.setFixedSize(width, HEIGHT)
            self.update()

    def set_thumbnail(self, image: QImage) -> None:
        self.thumbnail = image
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
        kind = file_words.kind(self._facts.kind)
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

    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (event.key() in _OURS or (event.key() == Qt.Key.Key_Escape and self.chosen))
        ):
            event.accept()
            return True
        return super().event(event)

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

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        held = self.hasFocus() or self.chosen
        ground = tokens.soft if self.chosen else tokens.list
        ground = tokens.hover if self.underMouse() and not self.chosen else ground
        painter.setPen(QPen(QColor(tokens.accent if held else tokens.line), 1))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        sight_at = place(self, _PAD, (HEIGHT - THUMB) / 2, THUMB, THUMB)
        sight(painter, sight_at, self.thumbnail, self._facts)
        left = _PAD + THUMB + _GAP
        room = self.width() - left - _CROSS - 12
        name, small = QFontMetrics(self._name_font), QFontMetrics(self._small_font)
        top = (HEIGHT - name.height() - small.height()) // 2
        painter.setFont(self._name_font)
        painter.setPen(QColor(tokens.text))
        shown = name.elidedText(self.name, Qt.TextElideMode.ElideMiddle, room)
        write(painter, self, left, top, room, shown)
        top += name.height()
        painter.setFont(self._small_font)
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
