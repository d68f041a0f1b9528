"""Pasting in another way than it comes: as plain text, or as a quotation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QClipboard, QGuiApplication, QTextCharFormat, QTextCursor

from martlet.ui.compose.document import insert_lines
from martlet.ui.compose.editor import WIDEST_PICTURE, BodyEditor
from martlet.ui.compose.formats import block_format, quote_level
from martlet.ui.compose.lines import Line, Run

_LONGEST = 5_000_000
"""Characters; more is no letter and would stand still for seconds."""


class Pasting(QObject):
    def __init__(self, editor: BodyEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def plain(self) -> None:
        """The words of the clipboard in the look of where they come to stand."""
        text = words_of(_clipboard())
        if text:
            cursor = self._editor.textCursor()
            look = self._editor.currentCharFormat()
            cursor.beginEditBlock()
            cursor.insertText(text, look)
            cursor.endEditBlock()
        self._editor.ensureCursorVisible()

    def quotation(self) -> None:
        """The words of the clipboard as somebody else's; one writes on below them."""
        text = words_of(_clipboard()).rstrip("\n")
        if not text:
            return
        cursor = self._editor.textCursor()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        if self._editor.rich:
            self._quote_rich(cursor, text.split("\n"))
        else:
            quoted = "\n".join(_quoted(line) for line in text.split("\n"))
            before = "" if cursor.atBlockStart() else "\n"
            cursor.insertText(f"{before}{quoted}\n")
        cursor.endEditBlock()
        self._editor.setTextCursor(cursor)
        self._editor.ensureCursorVisible()

    def _quote_rich(self, cursor: QTextCursor, words: Sequence[str]) -> None:
        level = quote_level(cursor.block())
        if cursor.block().text():
            cursor.insertBlock(block_format(level), QTextCharFormat())
        lines = [Line((Run(each),) if each else (), quote=level + 1) for each in words]
        insert_lines(cursor, lines, self._editor.palette().link().color(), WIDEST_PICTURE)
        cursor.insertBlock(block_format(level), QTextCharFormat())


def words_of(source: QMimeData | None) -> str:
    """The text of the clipboard, lines ended by \\n, without what no letter can hold."""
    if source is None or not source.hasText():
        return ""
    text = source.text()[:_LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "").replace("\u2029", "\n").encode("utf-8", "ignore").decode()


def _quoted(line: str) -> str:
    return f">{line}" if line.startswith(">") else f"> {line}".rstrip()


def _clipboard() -> QMimeData | None:
    return QGuiApplication.clipboard().mimeData(QClipboard.Mode.Clipboard)
