"""Pasting in another way than it comes: as plain text, or as a quotation."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QClipboard, QGuiApplication, QTextCharFormat, QTextCursor

from martlet.ui.compose.markup.lines import Line, Run
from martlet.ui.compose.markup.long_words import MOST, has_long_word
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.formats import quote_level


class Pasting(QObject):
    def __init__(self, editor: BodyEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def plain(self) -> None:
        """The words of the clipboard in the look of where they come to stand."""
        text = self._words()
        if text:
            self._editor.pasted.put_text(text, self._editor.look_here())
        self._editor.ensureCursorVisible()

    def quotation(self) -> None:
        """The words of the clipboard as somebody else's; one writes on below them."""
        text = self._words().rstrip("\n")
        if not text:
            return
        cursor = self._editor.textCursor()
        start = QTextCursor(cursor)
        start.setPosition(cursor.selectionStart())
        if self._editor.rich:
            level = quote_level(start.block())
            words = text.split("\n")
            lines = [Line((Run(each),) if each else (), quote=level + 1) for each in words]
            self._editor.pasted.put_apart(lines, level)
        else:
            quoted = "\n".join(_quoted(line) for line in text.split("\n"))
            before = "" if start.atBlockStart() else "\n"
            self._editor.pasted.put_text(f"{before}{quoted}\n", QTextCharFormat())
        self._editor.ensureCursorVisible()

    def _words(self) -> str:
        """Those of the clipboard; none when they are too long, which is asked about."""
        text = words_of(_clipboard())
        if has_long_word(text) or len(text) > MOST:
            self._editor.long_text_pasted.emit(text)
            return ""
        return text


def words_of(source: QMimeData | None) -> str:
    """The text of the clipboard, lines ended by \\n, without what no letter can hold."""
    if source is None or not source.hasText():
        return ""
    text = source.text().replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "").replace("\u2029", "\n").encode("utf-8", "ignore").decode()


def _quoted(line: str) -> str:
    return f">{line}" if line.startswith(">") else f"> {line}".rstrip()


def _clipboard() -> QMimeData | None:
    return QGuiApplication.clipboard().mimeData(QClipboard.Mode.Clipboard)
