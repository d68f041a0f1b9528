"""What certain keys mean in a rich letter besides typing: a list begun by a hyphen, Tab in a list,
Enter behind a heading.

What a line's beginning turned into is taken back at once by Backspace, or by undo.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QTextCharFormat, QTextCursor

from martlet.ui.compose.text import paragraphs
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.formats import list_of, quote_level
from martlet.ui.compose.text.places16 import before
from martlet.ui.compose.text.selecting import table_of

_NUMBER = re.compile(r"1[.)]\Z")


class Gestures(QObject):
    """line_starts: "- ", "1. ", "# ", "> " and ``` where a line starts become what they say."""

    def __init__(self, editor: BodyEditor, *, line_starts: bool) -> None:
        super().__init__(editor)
        self._editor = editor
        self.line_starts = line_starts
        self._taken_back_at = (-1, -1)
        editor.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not self._editor.rich:
            return False
        if not isinstance(event, QKeyEvent) or self._editor.textCursor().hasSelection():
            return False
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        match event.key():
            case Qt.Key.Key_Space if not held:
                return self._space()
            case Qt.Key.Key_Backspace if not held:
                return self._backspace()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not held:
                return self._enter()
            case Qt.Key.Key_Tab if not held:
                return self._tab(1)
            case Qt.Key.Key_Backtab:
                return self._tab(-1)
        return False

    def _space(self) -> bool:
        cursor = self._editor.textCursor()
        start = cursor.positionInBlock()
        if not self.line_starts or not 0 < start <= 3:
            return False
        block = cursor.block()
        typed = before(cursor)
        if paragraphs.style_of(block) or list_of(block) is not None:
            return False
        if typed in ("-", "*") or _NUMBER.match(typed):
            self._become(cursor, " ", lambda at: paragraphs.set_list(at, typed[0] == "1"))
        elif set(typed) == {"#"}:
            self._become(cursor, " ", lambda at: paragraphs.set_style(at, len(typed)))
        elif typed == ">" and not quote_level(block):
            self._become(cursor, " ", lambda at: paragraphs.set_quote(at, 1))
        else:
            return False
        return True

    def _become(self, cursor: QTextCursor, typed: str, what: paragraphs.Change) -> None:
        """What was typed first, so that undo brings it back; then what it stands for."""
        if typed:
            cursor.insertText(typed)
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        what(cursor)
        cursor.endEditBlock()
        self._editor.setTextCursor(cursor)
        self._editor.setCurrentCharFormat(cursor.blockCharFormat())
        self._editor.ensureCursorVisible()
        self._taken_back_at = (self._editor.document().revision(), cursor.position())

    def _backspace(self) -> bool:
        cursor = self._editor.textCursor()
        if self._taken_back_at == (self._editor.document().revision(), cursor.position()):
            self._taken_back_at = (-1, -1)
            self._editor.undo()
            return True
        if not cursor.atBlockStart():
            return False
        block = cursor.block()
        if list_of(block) is not None:
            paragraphs.leave_list(cursor)
        elif paragraphs.style_of(block) > 0:
            paragraphs.set_style(cursor, 0)
        elif block.blockFormat().indent():
            paragraphs.shift(cursor, -1)
        else:
            return False
        return True

    def _enter(self) -> bool:
        cursor = self._editor.textCursor()
        block = cursor.block()
        style = paragraphs.style_of(block)
        if style > 0 and cursor.atBlockEnd():
            # Behind a heading one writes on normally.
            cursor.beginEditBlock()
            cursor.insertBlock()
            paragraphs.set_style(cursor, 0)
            cursor.endEditBlock()
            self._go(cursor)
            return True
        if style == paragraphs.CODE and not block.text() and _last_of_code(cursor):
            paragraphs.set_style(cursor, 0)
            self._go(cursor)
            return True
        if self.line_starts and not style and block.text() == "```" and cursor.atBlockEnd():
            self._become(cursor, "", lambda at: paragraphs.set_style(at, paragraphs.CODE))
            return True
        return False

    def _tab(self, by: int) -> bool:
        """In a list, Tab at an item's start puts it a level deeper; elsewhere it goes on."""
        cursor = self._editor.textCursor()
        if list_of(cursor.block()) is None or table_of(cursor) is not None:
            return False
        if not cursor.atBlockStart() and by > 0:
            return False
        if by < 0 and paragraphs.depth_of(cursor.block()) < 2:
            return False
        paragraphs.shift(cursor, by)
        return True

    def _go(self, cursor: QTextCursor) -> None:
        self._editor.setTextCursor(cursor)
        self._editor.setCurrentCharFormat(QTextCharFormat())
        self._editor.ensureCursorVisible()


def _last_of_code(cursor: QTextCursor) -> bool:
    below = cursor.block().next()
    return not below.isValid() or paragraphs.style_of(below) != paragraphs.CODE
