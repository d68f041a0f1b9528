"""Places in a text as Qt counts them, in UTF-16 units, and as Python does, in code points.

An emoji is two units and one code point: whoever takes a place out of a string for a cursor, or
one of a cursor for a string, turns it here.
"""

from __future__ import annotations

from PySide6.QtGui import QTextBlock, QTextCursor


def utf16(text: str, index: int) -> int:
    """Where the code point `index` of a text lies as Qt counts."""
    if text.isascii():
        return index
    return index + sum(c > "\uffff" for c in text[:index])


def code_point(text: str, position: int) -> int:
    """The opposite of `utf16`."""
    if text.isascii():
        return position
    at = 0
    for index, char in enumerate(text):
        if at >= position:
            return index
        at += 2 if char > "\uffff" else 1
    return len(text)


def before(cursor: QTextCursor) -> str:
    """What stands in the cursor's block in front of it."""
    text = cursor.block().text()
    return text[: code_point(text, cursor.positionInBlock())]


def spanning(block: QTextBlock, start: int, end: int) -> QTextCursor:
    """A cursor that selects these code points of a block."""
    text = block.text()
    found = QTextCursor(block)
    found.setPosition(block.position() + utf16(text, start))
    found.setPosition(block.position() + utf16(text, end), QTextCursor.MoveMode.KeepAnchor)
    return found
