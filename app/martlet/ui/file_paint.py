"""How a file is painted, in the bar under a message and in that of a letter: what it looks like or
the symbol of its kind, and words from the side where reading begins.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from martlet.mail.file_risk import FileFacts
from martlet.ui import file_words, theme

SIGHT = 34
"""Logical pixels of the square a picture or a symbol stands in."""
_SYMBOL = 22
_RADIUS = 4


def place(widget: QWidget, x: float, y: float, width: float, height: float) -> QRectF:
    """So far from the side of the widget where reading begins."""
    back = widget.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return QRectF(widget.width() - x - width if back else x, y, width, height)


def write(painter: QPainter, widget: QWidget, x: int, y: int, room: int, words: str) -> None:
    """One line, from that side, whichever way its own text runs."""
    back = widget.layoutDirection() is Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if back else Qt.AlignmentFlag.AlignLeft
    flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignTop
    painter.drawText(
        place(widget, x, y, room, painter.fontMetrics().height()),
        flags | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip,
        # Apart from its surroundings: "2.4 MB" stays in that order.
        f"\u2068{words}\u2069",
    )


def sight(painter: QPainter, at: QRectF, image: QImage | None, facts: FileFacts) -> None:
    """What a file looks like, or the symbol of its kind."""
    tokens = theme.current()
    shape = QPainterPath()
    shape.addRoundedRect(at, _RADIUS, _RADIUS)
    if image is None:
        warned = facts.warned
        painter.fillPath(shape, QColor(tokens.warn_ground if warned else tokens.soft_quiet))
        inner = QRectF(0, 0, _SYMBOL, _SYMBOL)
        inner.moveCenter(at.center())
        colour = tokens.warn_text if warned else tokens.text2
        theme.draw(painter, file_words.symbol(facts.kind), inner, colour)
        return
    side = min(image.width(), image.height())
    # The middle of a picture, the head of a page.
    part = QRect((image.width() - side) // 2, 0, side, side)
    painter.save()
    painter.setClipPath(shape)
    painter.fillRect(at, QColor("#ffffff"))
    painter.drawImage(at, image, QRectF(part))
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(tokens.line), 1))
    painter.drawRoundedRect(at.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
