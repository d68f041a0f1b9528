"""What is painted behind and beside the text of a letter: bars of quotations, panels of code."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPen, QTextBlock
from PySide6.QtWidgets import QTextEdit

from martlet.ui import theme
from martlet.ui.compose.formats import QUOTE_INDENT, is_code, quote_level
from martlet.ui.paint import mix

MARGIN = 20
"""Around the text (pixels)."""

WIDEST_PICTURE = 560
"""Pictures are shown no wider than this (pixels)."""

_BAR = 3
_PANEL = 8


def paint_below(painter: QPainter, editor: QTextEdit, blocks: Sequence[QTextBlock]) -> None:
    """Panels behind code, before the text is painted."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.current().hover))
    layout = editor.document().documentLayout()
    across, down = _scrolled(editor)
    for block in blocks:
        if not is_code(block):
            continue
        rect = layout.blockBoundingRect(block).translated(-across, -down)
        after = block.next()
        bottom = rect.bottom()
        if after.isValid() and is_code(after):
            bottom = max(bottom, layout.blockBoundingRect(after).top() - down)
        left = rect.left() - _PANEL
        painter.drawRect(QRectF(left, rect.top(), rect.width() + 2 * _PANEL, bottom - rect.top()))


def paint_above(painter: QPainter, editor: QTextEdit, blocks: Sequence[QTextBlock]) -> None:
    """A bar for each level of quotation."""
    tokens = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mix(tokens.page, tokens.accent, 0.45))
    layout = editor.document().documentLayout()
    across, down = _scrolled(editor)
    for block in blocks:
        level = quote_level(block)
        if not level:
            continue
        rect = layout.blockBoundingRect(block).translated(-across, -down)
        after = block.next()
        below = layout.blockBoundingRect(after).top() - down if after.isValid() else 0.0
        for each in range(level):
            joined = after.isValid() and quote_level(after) > each
            height = max(rect.height(), below - rect.top()) if joined else rect.height()
            x = MARGIN - across + each * QUOTE_INDENT
            painter.drawRect(QRectF(x, rect.top(), _BAR, height))


def place_of_picture(palette: QPalette) -> QImage:
    """What stands where a picture on the internet is that was not fetched."""
    image = QImage(132, 72, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = palette.placeholderText().color()
    painter.setPen(QPen(colour, 1.4, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(QRectF(2, 2, 128, 68), 6, 6)
    theme.draw(painter, "image", QRectF(54, 24, 24, 24), colour)
    painter.end()
    return image


def _scrolled(editor: QTextEdit) -> tuple[int, int]:
    return editor.horizontalScrollBar().value(), editor.verticalScrollBar().value()
