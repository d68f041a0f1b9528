"""Turns what stands as Markdown in an editor into rich text; undo brings the source back."""

from __future__ import annotations

from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextCursor

from martlet.ui.compose.markup import markdown
from martlet.ui.compose.markup.markdown import Stretch
from martlet.ui.compose.text.document import insert_lines, lines_of
from martlet.ui.compose.text.editor import WIDEST_PICTURE, BodyEditor
from martlet.ui.compose.text.formats import set_block_look


def turn(editor: BodyEditor) -> bool:
    """What is selected, or else all the writer's own words; False: there was none in them."""
    document = editor.document()
    lines = lines_of(document)
    chosen = editor.textCursor()
    stretches = markdown.own(lines)
    if chosen.hasSelection():
        first = document.findBlock(chosen.selectionStart()).blockNumber()
        last = document.findBlock(chosen.selectionEnd()).blockNumber() + 1
        stretches = [
            Stretch(max(each.first, first), min(each.last, last))
            for each in stretches
            if each.first < last and first < each.last
        ]
    stretches = [each for each in stretches if markdown.has_signs(lines[each.first : each.last])]
    if not stretches:
        return False
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    # From the end, so that the numbers above stay right.
    for each in reversed(stretches):
        source = lines[each.first : each.last]
        start = document.findBlockByNumber(each.first)
        last_block = document.findBlockByNumber(each.last - 1)
        _select(cursor, start, last_block)
        cursor.removeSelectedText()
        set_block_look(cursor, QTextCharFormat())
        insert_lines(
            cursor, markdown.turned(source), editor.palette().link().color(), WIDEST_PICTURE
        )
    cursor.endEditBlock()
    editor.setTextCursor(cursor)
    editor.setCurrentCharFormat(cursor.blockCharFormat())
    editor.ensureCursorVisible()
    return True


def _select(cursor: QTextCursor, first: QTextBlock, last: QTextBlock) -> None:
    cursor.setPosition(first.position())
    cursor.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
