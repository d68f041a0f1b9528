"""The variables that stand in a letter: found line by line, marked, filled in."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTextBlock, QTextCursor, QTextDocument, QTextLine

from martlet.mail import variables
from martlet.ui import theme
from martlet.ui.compose.text.document import quote_level
from martlet.ui.compose.text.places16 import spanning, utf16

_TINT = 0x2E


def own_fields(block: QTextBlock) -> tuple[variables.Field, ...]:
    """The variables of a line that its writer put there."""
    text = block.text()
    if "{{" not in text or quote_level(block):
        return ()
    return variables.own_fields(text)


def fill_document(document: QTextDocument, values: variables.Values) -> None:
    """Fills in all variables that are known, in one step that can be undone; quotations stay."""
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    block = document.begin()
    while block.isValid():
        for field in reversed(own_fields(block)):
            if not variables.unfilled([field], values):
                written = block.text()[field.start : field.end]
                value = variables.fill_line(written, values)
                place = spanning(block, field.start, field.end)
                cursor.setPosition(place.anchor())
                cursor.setPosition(place.position(), QTextCursor.MoveMode.KeepAnchor)
                cursor.insertText(value)
        block = block.next()
    cursor.endEditBlock()


def tint(painter: QPainter, block: QTextBlock, place: QPointF) -> None:
    """Marks the variables of a block, so that none is overlooked."""
    every = own_fields(block)
    if not every:
        return
    painter.save()
    colour = QColor(theme.current().star)
    colour.setAlpha(_TINT)
    painter.setBrush(colour)
    painter.setPen(Qt.PenStyle.NoPen)
    layout, text = block.layout(), block.text()
    for field in every:
        at, last = utf16(text, field.start), utf16(text, field.end)
        while at < last:
            line = layout.lineForTextPosition(at)
            if not line.isValid():
                break
            end = min(last, line.textStart() + line.textLength())
            left, right = sorted((_x(line, at), _x(line, end)))
            box = QRectF(left, line.y(), right - left, line.height())
            painter.drawRoundedRect(box.translated(place), 3, 3)
            at = max(end, at + 1)
    painter.restore()


def place_of(block: QTextBlock, mark: str, start: int, end: int) -> int | None:
    """Where a character stands between two places, and None when it does not."""
    while block.isValid() and block.position() <= end:
        text = block.text()
        if mark in text:
            at = block.position() + utf16(text, text.index(mark))
            if start <= at < end:
                return at
        block = block.next()
    return None


def _x(line: QTextLine, at: int) -> float:
    """Where a character begins. PySide answers a pair, its stub says otherwise."""
    found: object = line.cursorToX(at)
    return float(found[0] if isinstance(found, tuple) else str(found))
