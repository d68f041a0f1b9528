"""Initials of a sender on a colour that stays the same for an address."""

from __future__ import annotations

import zlib

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from martlet.mail.message import Address
from martlet.ui import theme


class Avatar(QWidget):
    """A decoration: what it says is beside it in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(40, 40)
        self._initials = ""
        self._key = 0

    def show_sender(self, sender: Address) -> None:
        self._initials = initials(sender)
        self._key = zlib.crc32(sender.address.casefold().encode("utf-8", "replace"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.avatars[self._key % len(tokens.avatars)]))
        painter.drawEllipse(self.rect())
        painter.setPen(QColor("#ffffff"))
        painter.setFont(theme.font(14, bold=True))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self._initials)
        painter.end()


def initials(sender: Address) -> str:
    """One or two letters for a person; one character for names in Chinese, Japanese or Korean."""
    words = [w for w in sender.name.replace('"', " ").split() if w[:1].isalnum()]
    if not words:
        return sender.address[:1].upper() or "?"
    if ord(words[0][0]) >= 0x2E80:
        return words[0][0]
    last = words[-1][0] if len(words) > 1 else ""
    return (words[0][0] + last).upper()
