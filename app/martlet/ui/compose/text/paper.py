"""What is painted behind and beside the text of a letter: bars of quotations, panels of code."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPen, QTextBlock
from PySide6.QtWidgets import QTextEdit

from martlet.ui import theme
from martlet.ui.compose.text.formats import QUOTE_INDENT, is_code, is_rule, quote_level
from martlet.ui.paint import mix
from martlet.ui.tokens import Tokens

MARGIN = 20
"""Around the text (pixels)."""

WIDEST_TEXT = 760
"""Lines are no longer than this (pixels), nor is what stands below them wider."""

WIDEST_PICTURE = 560
"""Pictures are shown no wider than this (pixels)."""

_BAR = 3
_PANEL, _ROUND = 8, 6
_ABOVE = 4
"""A panel reaches so far above and below its code, where no letters stand."""


def paint_below(painter: QPainter, editor: QTextEdit, blocks: Sequence[QTextBlock]) -> None:
    """Panels behind code, before the text is painted."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.current().hover))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    layout = editor.document().documentLayout()
    across, down = _scrolled(editor)
    panel = QRectF()
    for block in blocks:
        if not is_code(block):
            continue
        rect = layout.blockBoundingRect(block).translated(-across, -down)
        rect.adjust(-_PANEL, -_ABOVE, _PANEL, _ABOVE)
        joined = is_code(block.previous()) and panel.left() == rect.left()
        if joined and panel.top() <= rect.top() <= panel.bottom():
            panel = panel.united(rect)
            continue
        if not panel.isNull():
            painter.drawRoundedRect(panel, _ROUND, _ROUND)
        panel = rect
    if not panel.isNull():
        painter.drawRoundedRect(panel, _ROUND, _ROUND)


def paint_above(painter: QPainter, editor: QTextEdit, blocks: Sequence[QTextBlock]) -> None:
    """A bar for each level of quotation, and lines across."""
    tokens = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    layout = editor.document().documentLayout()
    across, down = _scrolled(editor)
    for block in blocks:
        level = quote_level(block)
        ruled = is_rule(block)
        if not level and not ruled:
            continue
        rect = layout.blockBoundingRect(block).translated(-across, -down)
        if ruled:
            _paint_rule(painter, rect, tokens)
        after = block.next()
        below = layout.blockBoundingRect(after).top() - down if after.isValid() else 0.0
        for each in range(level):
            joined = after.isValid() and quote_level(after) > each
            height = max(rect.height(), below - rect.top()) if joined else rect.height()
            x = MARGIN - across + each * QUOTE_INDENT
            ink = tokens.quotes[each % len(tokens.quotes)]
            painter.setBrush(mix(tokens.page, ink, 0.6))
            top, foot = round(rect.top()), round(rect.top() + height)
            painter.drawRect(QRectF(x, top, _BAR, foot - top))


def _paint_rule(painter: QPainter, rect: QRectF, tokens: Tokens) -> None:
    """Over the line that Qt draws in the ink of text."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(QColor(tokens.handle))
    painter.drawLine(QLineF(rect.left(), rect.center().y(), rect.right(), rect.center().y()))
    painter.restore()


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
