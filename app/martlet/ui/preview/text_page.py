"""Text of an attachment: monospaced, selectable, never more than a window can bear in one turn."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontDatabase, QFontInfo, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from martlet.ui import theme

_SLICE = 16_000


class TextPage(QPlainTextEdit):
    """Shows text that is bounded already, in slices."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attachmentText")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Text of the attachment"))
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setFamilies([QFontInfo(font).family(), *theme.ui_font().families()])
        font.setPixelSize(QFontInfo(theme.font(14)).pixelSize())
        self.setFont(font)
        self._size = font.pixelSize()
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self.document().setDocumentMargin(24)
        self._rest = ""
        self._more = QTimer(self)
        self._more.setInterval(0)
        self._more.timeout.connect(self._append)

    def show_text(self, text: str) -> None:
        """The beginning at once, the rest as the window finds time."""
        self._more.stop()
        self.setPlainText(text[:_SLICE])
        self._rest = text[_SLICE:]
        if self._rest:
            self._more.start()

    def zoom(self, steps: int) -> None:
        """Larger (1), smaller (-1) or as it was (0)."""
        font = self.font()
        size = self._size if not steps else min(40, max(8, font.pixelSize() + steps))
        font.setPixelSize(size)
        self.setFont(font)

    def _append(self) -> None:
        piece, self._rest = self._rest[:_SLICE], self._rest[_SLICE:]
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(piece)
        if not self._rest:
            self._more.stop()
