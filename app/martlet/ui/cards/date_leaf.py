"""A day as a leaf of a calendar: month, number, weekday. What it says the card says in words."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from martlet.ui import theme

_WIDTH, _HEIGHT, _BAND = 56, 62, 18
_FORMAT = QLocale.FormatType.ShortFormat


class DateLeaf(QWidget):
    """gone: the day is off."""

    def __init__(self, day: QDate, *, gone: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(_WIDTH, _HEIGHT)
        self._day, self._gone = day, gone
        theme.notifier().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, locale = theme.current(), self.locale()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(whole, 7, 7)
        painter.fillPath(shape, QColor(tokens.raised))
        painter.setClipPath(shape)
        band = QColor(tokens.text3 if self._gone else tokens.danger)
        painter.fillRect(QRectF(0, 0, _WIDTH, _BAND), band)
        painter.setClipping(False)
        painter.setPen(QColor(tokens.handle))
        painter.drawPath(shape)
        centred = Qt.AlignmentFlag.AlignCenter
        painter.setPen(QColor(tokens.page))
        painter.setFont(theme.font(11, bold=True))
        month = locale.standaloneMonthName(self._day.month(), _FORMAT)
        painter.drawText(QRectF(0, 0, _WIDTH, _BAND), centred, month)
        painter.setPen(QColor(tokens.text2 if self._gone else tokens.text))
        font = theme.font(21, bold=True)
        font.setStrikeOut(self._gone)
        painter.setFont(font)
        painter.drawText(QRectF(0, _BAND, _WIDTH, 26), centred, str(self._day.day()))
        painter.setPen(QColor(tokens.text3))
        painter.setFont(theme.font(11))
        weekday = locale.standaloneDayName(self._day.dayOfWeek(), _FORMAT)
        painter.drawText(QRectF(0, _BAND + 24, _WIDTH, 18), centred, weekday)
        painter.end()
