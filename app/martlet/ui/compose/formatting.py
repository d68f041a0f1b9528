"""The toolbar of a rich letter: emphasis, lists, quotation, links."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFont, QKeySequence, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QInputDialog, QToolBar, QWidget

from martlet.ui import theme
from martlet.ui.compose.document import block_format, list_format, list_of, quote_level
from martlet.ui.compose.editor import BodyEditor
from martlet.ui.compose.lines import is_link


class FormatBar(QToolBar):
    """Shows and changes the look where the cursor is. Hidden while the letter is plain."""

    def __init__(self, editor: BodyEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.setMovable(False)
        self.setContentsMargins(12, 2, 12, 0)
        self.setIconSize(QSize(18, 18))
        self.setAccessibleName(self.tr("Formatting"))
        self.bold = self._action("bold", self.tr("Bold"), "Ctrl+B", self._bold)
        self.italic = self._action("italic", self.tr("Italic"), "Ctrl+I", self._italic)
        self.underline = self._action("underline", self.tr("Underline"), "Ctrl+U", self._underline)
        self.addSeparator()
        self.bullets = self._action(
            "list-bullet", self.tr("Bulleted list"), "Ctrl+Shift+8", lambda: self._list(False)
        )
        self.numbers = self._action(
            "list-number", self.tr("Numbered list"), "Ctrl+Shift+7", lambda: self._list(True)
        )
        self.quote = self._action("quote", self.tr("Quotation"), "Ctrl+Shift+9", self._quote)
        self.addSeparator()
        self.link = self._action("link", self.tr("Link"), "Ctrl+K", self.ask_link)
        editor.cursorPositionChanged.connect(self._follow)
        editor.currentCharFormatChanged.connect(lambda _form: self._follow())

    def _action(self, icon: str, text: str, keys: str, what: Callable[[], None]) -> QAction:
        action = QAction(theme.icon(icon), text, self)
        action.setShortcut(QKeySequence(keys))
        shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{text} ({shown})")
        action.setCheckable(icon != "link")
        action.triggered.connect(lambda _checked=False: what())
        self.addAction(action)
        return action

    def _merge(self, form: QTextCharFormat) -> None:
        self._editor.mergeCurrentCharFormat(form)
        self._editor.setFocus()

    def _bold(self) -> None:
        form = QTextCharFormat()
        form.setFontWeight(QFont.Weight.Bold if self.bold.isChecked() else QFont.Weight.Normal)
        self._merge(form)

    def _italic(self) -> None:
        form = QTextCharFormat()
        form.setFontItalic(self.italic.isChecked())
        self._merge(form)

    def _underline(self) -> None:
        form = QTextCharFormat()
        form.setFontUnderline(self.underline.isChecked())
        self._merge(form)

    def _list(self, ordered: bool) -> None:
        cursor = self._editor.textCursor()
        current = list_of(cursor.block())
        form = list_format(1, ordered)
        cursor.beginEditBlock()
        if current is not None and current.format().style() == form.style():
            for block in _blocks(cursor):
                owner = list_of(block.block())
                if owner is not None:
                    owner.remove(block.block())
                block.setBlockFormat(block_format(quote_level(block.block())))
        else:
            cursor.createList(form)
        cursor.endEditBlock()
        self._done()

    def _quote(self) -> None:
        cursor = self._editor.textCursor()
        level = 0 if quote_level(cursor.block()) else 1
        cursor.beginEditBlock()
        for block in _blocks(cursor):
            form = block.blockFormat()
            form.merge(block_format(level))
            block.setBlockFormat(form)
        cursor.endEditBlock()
        self._done()

    def ask_link(self) -> None:
        """Asks where the selected words (or the link under the cursor) shall lead."""
        cursor = self._editor.textCursor()
        old = cursor.charFormat().anchorHref()
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.tr("Link"))
        dialog.setLabelText(self.tr("Web address (empty to remove the link):"))
        dialog.setTextValue(old or "https://")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(lambda text: self.set_link(text.strip()))
        dialog.open()

    def set_link(self, href: str) -> None:
        """Makes the selected words, or else the address itself, a link; "" takes a link away."""
        cursor = self._editor.textCursor()
        if not href or href == "https://":
            form = QTextCharFormat()
            form.setAnchor(False)
            form.setAnchorHref("")
            form.setFontUnderline(False)
            form.setForeground(self._editor.palette().text())
            cursor.mergeCharFormat(form)
            return
        if not is_link(href):
            href = f"mailto:{href}" if "@" in href and "/" not in href else f"https://{href}"
        form = QTextCharFormat()
        form.setAnchor(True)
        form.setAnchorHref(href)
        form.setForeground(self._editor.palette().link())
        form.setFontUnderline(True)
        if cursor.hasSelection():
            cursor.mergeCharFormat(form)
        else:
            cursor.insertText(href.removeprefix("mailto:"), form)
            self._editor.setCurrentCharFormat(QTextCharFormat())
        self._done()

    def _done(self) -> None:
        self._editor.setFocus()
        self._follow()

    def _follow(self) -> None:
        form = self._editor.currentCharFormat()
        cursor = self._editor.textCursor()
        self.bold.setChecked(form.fontWeight() >= QFont.Weight.DemiBold)
        self.italic.setChecked(form.fontItalic())
        self.underline.setChecked(form.fontUnderline() and not form.isAnchor())
        current = list_of(cursor.block())
        style = current.format().style() if current is not None else None
        self.bullets.setChecked(style == list_format(1, False).style())
        self.numbers.setChecked(style == list_format(1, True).style())
        self.quote.setChecked(quote_level(cursor.block()) > 0)


def _blocks(cursor: QTextCursor) -> list[QTextCursor]:
    """A cursor for each block the selection touches."""
    document = cursor.document()
    block = document.findBlock(cursor.selectionStart())
    last = document.findBlock(cursor.selectionEnd())
    found: list[QTextCursor] = []
    while block.isValid():
        found.append(QTextCursor(block))
        if block == last:
            break
        block = block.next()
    return found
