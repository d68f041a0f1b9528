"""The frame around the picture that is selected: handles, and its size while it grows."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from martlet.ui import theme

HANDLE = 10
_REACH = 9
_INSIDE = 4
"""So far inside of the picture are the handles: letters stand close beside it."""


class PictureFrame(QWidget):
    """Lies over the viewport and lets the mouse through."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Selected picture"))
        self._words = ""
        self._image = QImage()
        self.hide()

    def surround(self, rect: QRectF, image: QImage, words: str = "") -> None:
        """Shows itself around a picture. words: the size while it is changed.

        image: painted again, since under a selection Qt tints what it shows.
        """
        self._words = words
        self._image = image
        around = HANDLE // 2 + 1
        self.setGeometry(rect.toAlignedRect().adjusted(-around, -around, around, around))
        self.show()
        self.update()

    def corner_at(self, place: QPointF) -> Qt.Corner | None:
        """The corner whose handle is there, a place of the viewport."""
        if self.isHidden():
            return None
        for corner, point in self._corners(QRectF(self.geometry())).items():
            away = point - place
            if max(abs(away.x()), abs(away.y())) <= _REACH:
                return corner
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = HANDLE / 2 + 1
        inner = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._image.isNull():
            painter.fillRect(inner, QColor(tokens.page))
            painter.drawImage(inner, self._image)
        painter.setPen(QPen(QColor(tokens.accent), 1.5))
        painter.drawRect(inner)
        painter.setBrush(QColor(tokens.page))
        for point in self._corners(QRectF(self.rect())).values():
            square = QRectF(0, 0, HANDLE - 1, HANDLE - 1)
            square.moveCenter(point)
            painter.drawRoundedRect(square, 2, 2)
        if self._words:
            self._label(painter, inner)
        painter.end()

    def _label(self, painter: QPainter, inner: QRectF) -> None:
        tokens = theme.current()
        painter.setFont(theme.font(12))
        text = painter.fontMetrics().boundingRect(self._words)
        box = QRect(0, 0, text.width() + 14, text.height() + 6)
        box.moveBottomRight(inner.toRect().bottomRight() - QPointF(8, 8).toPoint())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.text))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(QColor(tokens.page))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._words)

    def _corners(self, rect: QRectF) -> dict[Qt.Corner, QPointF]:
        half = HANDLE / 2 + 1 + _INSIDE
        inner = rect.adjusted(half, half, -half, -half)
        return {
            Qt.Corner.TopLeftCorner: inner.topLeft(),
            Qt.Corner.TopRightCorner: inner.topRight(),
            Qt.Corner.BottomLeftCorner: inner.bottomLeft(),
            Qt.Corner.BottomRightCorner: inner.bottomRight(),
        }
