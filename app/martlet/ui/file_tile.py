"""One file among others, in the bar under a message and in that of a letter: chosen, focused, its
keys its own. What it says and what else is on it are the two bars'; how it looks is `file_paint`'s.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from martlet.mail.file_risk import FileFacts
from martlet.ui import theme
from martlet.ui.file_paint import SIGHT, place, sight

# What a window's own shortcuts must not take from it; Delete deletes a message elsewhere.
OURS = (
    Qt.Key.Key_Delete,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Space,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)


class FileTile(QAbstractButton):
    """focused: it has the focus now. keys: what is pressed here and means nothing elsewhere."""

    focused = Signal()
    keys: tuple[Qt.Key, ...] = OURS

    def __init__(self, facts: FileFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = facts
        self.chosen = False
        self.thumbnail: QImage | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.name_font = theme.font(13)
        self.small_font = theme.font(11)

    @property
    def held(self) -> bool:
        """Whether there is something that Escape would end."""
        return self.chosen

    def is_ours(self, event: QKeyEvent) -> bool:
        """Whether this key is meant for it, whatever the window does with it elsewhere."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False  # a letter is sent by it, whatever has the focus
        return event.key() in self.keys or (event.key() == Qt.Key.Key_Escape and self.held)

    def set_thumbnail(self, image: QImage) -> None:
        """What it looks like, decoded elsewhere."""
        self.thumbnail = image
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        """Chosen beside others, for what is done with several."""
        if chosen != self.chosen:
            self.chosen = chosen
            self.update()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.is_ours(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def metrics(self) -> tuple[QFontMetrics, QFontMetrics, int]:
        """Of its name and of the line below, and where both begin, in the middle of its height."""
        name, small = QFontMetrics(self.name_font), QFontMetrics(self.small_font)
        return name, small, (self.height() - name.height() - small.height()) // 2

    def paint_ground(self, painter: QPainter, radius: float, pad: int) -> None:
        """Its edge and ground, and what it looks like. pad: before that picture."""
        tokens = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        edge = tokens.accent if self.hasFocus() or self.held else tokens.line
        ground = tokens.hover if self.underMouse() else tokens.list
        ground = tokens.soft if self.isDown() or self.held else ground
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(ground))
        around = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(around, radius, radius)
        at = place(self, pad, (self.height() - SIGHT) / 2, SIGHT, SIGHT)
        sight(painter, at, self.thumbnail, self.facts)
