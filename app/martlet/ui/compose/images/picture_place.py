"""Where the pictures of a letter stand on the screen, and which one is meant."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QTextCursor, QTextDocument, QTextImageFormat
from PySide6.QtWidgets import QTextEdit


def format_at(document: QTextDocument, position: int) -> QTextImageFormat | None:
    """The format of the picture that is the character behind a position."""
    if not 0 <= position < document.characterCount() - 1:
        return None
    cursor = QTextCursor(document)
    cursor.setPosition(position + 1)
    form = cursor.charFormat()
    if not form.isImageFormat() or document.characterAt(position) != "\ufffc":
        return None
    return form.toImageFormat()


def chosen_at(cursor: QTextCursor) -> int | None:
    """The position of the picture that is selected, and nothing else with it."""
    start = cursor.selectionStart()
    if cursor.selectionEnd() - start != 1 or format_at(cursor.document(), start) is None:
        return None
    return start


def rect_at(editor: QTextEdit, position: int) -> QRectF:
    """Where the picture is, in the viewport; empty when it is none."""
    document = editor.document()
    form = format_at(document, position)
    block = document.findBlock(position)
    layout = block.layout()
    inside = position - block.position()
    line = layout.lineForTextPosition(inside)
    if form is None or not line.isValid():
        return QRectF()
    left, right = sorted((_x(line.cursorToX(inside)), _x(line.cursorToX(inside + 1))))
    origin = document.documentLayout().blockBoundingRect(block).topLeft()
    origin -= layout.boundingRect().topLeft()
    height = form.height() or (right - left) * _ratio(editor, form)
    bottom = origin.y() + line.y() + line.ascent()
    rect = QRectF(origin.x() + left, bottom - height, right - left, height)
    return rect.translated(
        -editor.horizontalScrollBar().value(), -editor.verticalScrollBar().value()
    )


def picture_under(editor: QTextEdit, place: QPoint) -> int | None:
    """The position of the picture shown at a place of the viewport."""
    near = editor.cursorForPosition(place).position()
    for position in (near, near - 1):
        if format_at(editor.document(), position) is not None and rect_at(
            editor, position
        ).contains(place):
            return position
    return None


def content_id(form: QTextImageFormat) -> str:
    """The Content-ID of a picture of the letter's own, "" of one that is not."""
    name = form.name()
    return name.removeprefix("cid:") if name.startswith("cid:") else ""


def _ratio(editor: QTextEdit, form: QTextImageFormat) -> float:
    image = editor.loadResource(2, form.name())
    width = getattr(image, "width", None)
    height = getattr(image, "height", None)
    return height() / width() if callable(width) and callable(height) and width() else 1.0


def _x(found: object) -> float:
    """Qt answers the place, PySide a pair with the position it is for."""
    return float(found[0]) if isinstance(found, tuple) else float(str(found))
