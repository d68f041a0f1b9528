"""Colours between the theme's, for what is drawn by hand here."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap


def mix(first: str, second: str, share: float) -> QColor:
    """`share` (0 to 1) of the second colour in the first; both as #rrggbb."""
    a, b = QColor(first), QColor(second)
    return QColor(
        round(a.red() + (b.red() - a.red()) * share),
        round(a.green() + (b.green() - a.green()) * share),
        round(a.blue() + (b.blue() - a.blue()) * share),
    )


def dot(colour: str, mark: str = "") -> QIcon:
    """A disc of this colour, for a menu; with a tick in the colour `mark`, "" for none."""
    made = QPixmap(32, 32)
    made.setDevicePixelRatio(2)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(QRectF(1.5, 1.5, 13, 13) if mark else QRectF(3, 3, 10, 10))
    if mark:
        pen = QPen(QColor(mark), 1.8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPolyline([QPointF(4.8, 8.3), QPointF(7.2, 10.6), QPointF(11.2, 5.8)])
    painter.end()
    return QIcon(made)
