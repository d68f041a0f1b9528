"""Links in a letter: a small sheet with words and address to make, change and remove one."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QGuiApplication,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from martlet.ui.compose.markup.lines import is_link
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.selecting import change_pieces
from martlet.ui.compose.tools.popup import Popup


class Links(QObject):
    """The hands on the links of one letter."""

    def __init__(self, editor: BodyEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.sheet: LinkSheet | None = None

    def ask(self) -> None:
        """Opens the sheet for the link under the cursor, or for the words that are selected."""
        cursor = self._around()
        href = _href(cursor)
        words = cursor.selectedText()
        if not href and is_link(words.strip()):
            href = words.strip()
        sheet = LinkSheet(self, words, href)
        # Pictures and several paragraphs keep their words; only the address is asked for.
        sheet.words.setEnabled("\u2029" not in words and "\ufffc" not in words)
        self.sheet = sheet
        place = self._editor.cursorRect().bottomLeft() + QPoint(0, 6)
        sheet.open_at(self._editor.viewport().mapToGlobal(place))

    def set(self, href: str, words: str = "") -> None:
        """Makes the link under the cursor, what is selected, or else new words one; "" ends it."""
        href = address(href)
        if not href:
            self.remove()
            return
        cursor = self._around()
        form = QTextCharFormat()
        form.setAnchor(True)
        form.setAnchorHref(href)
        form.setForeground(self._editor.palette().link())
        form.setFontUnderline(True)
        cursor.beginEditBlock()
        if not cursor.hasSelection() or words not in ("", cursor.selectedText()):
            look = QTextCharFormat(cursor.charFormat())
            look.merge(form)
            cursor.insertText(words or href.removeprefix("mailto:"), look)
        else:
            cursor.mergeCharFormat(form)
            cursor.setPosition(cursor.selectionEnd())
        cursor.endEditBlock()
        self._editor.setTextCursor(cursor)
        # What is typed behind it is none.
        after = QTextCharFormat(cursor.charFormat())
        _unlink(after)
        self._editor.setCurrentCharFormat(after)
        self._editor.setFocus()

    def remove(self) -> None:
        """The words stay, the link goes."""
        change_pieces(self._around(), _unlink)
        self._editor.setFocus()

    def here(self) -> str:
        """The address of the link the cursor is in, or that is selected; "" when it is none."""
        return _href(self._editor.textCursor())

    def open(self) -> None:
        """Goes where it leads."""
        open_link(self.here())

    def copy(self) -> None:
        """Its address, for the clipboard."""
        QGuiApplication.clipboard().setText(self.here().removeprefix("mailto:"))

    def _around(self) -> QTextCursor:
        """What is selected, or the whole link the cursor stands in."""
        cursor = self._editor.textCursor()
        href = cursor.charFormat().anchorHref()
        if cursor.hasSelection() or not href:
            return cursor
        start, end = cursor.position(), cursor.position()
        iterator = cursor.block().begin()
        while not iterator.atEnd():
            piece = iterator.fragment()
            first, last = piece.position(), piece.position() + piece.length()
            if piece.charFormat().anchorHref() == href and first <= end and last >= start:
                start, end = min(start, first), max(end, last)
            iterator += 1
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor


class LinkSheet(Popup):
    """Two fields. Enter keeps, Esc leaves."""

    def __init__(self, links: Links, words: str, href: str) -> None:
        super().__init__(links._editor)
        self._links = links
        self._before = words
        self.setAccessibleName(self.tr("Link"))
        self.words = QLineEdit("" if "\u2029" in words or "\ufffc" in words else words)
        self.words.setAccessibleName(self.tr("Words of the link"))
        self.href = QLineEdit(href)
        self.href.setPlaceholderText("https://")
        self.href.setAccessibleName(self.tr("Address of the link"))
        for field in (self.words, self.href):
            field.setMinimumWidth(260)
            field.returnPressed.connect(self.keep)
        form = QFormLayout()
        form.setHorizontalSpacing(10)
        form.addRow(self.tr("Text"), self.words)
        form.addRow(self.tr("Address"), self.href)
        self.done = QPushButton(self.tr("Save") if href else self.tr("Add link"), self)
        self.done.setProperty("kind", "primary")
        self.done.clicked.connect(self.keep)
        self.gone = QPushButton(self.tr("Remove link"), self)
        self.gone.clicked.connect(self._remove)
        self.go = QPushButton(self.tr("Open"), self)
        self.go.clicked.connect(lambda: open_link(address(self.href.text())))
        self.gone.setVisible(bool(href))
        self.go.setVisible(bool(href))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.gone)
        row.addWidget(self.go)
        row.addStretch(1)
        row.addWidget(self.done)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 12)
        column.setSpacing(12)
        column.addLayout(form)
        column.addLayout(row)
        # The address is what a link needs; without words it is its own.
        self.href.setFocus(Qt.FocusReason.PopupFocusReason)

    def keep(self) -> None:
        """Makes it so; without an address stays, unless the words are one."""
        words = self.words.text().strip() if self.words.isEnabled() else ""
        href = self.href.text()
        if not address(href) and not self.gone.isVisibleTo(self):
            if not _looks_whole(words):
                self.href.setFocus(Qt.FocusReason.OtherFocusReason)
                return
            href = words
        self.close()
        self._links.set(href, "" if words == self._before else words)

    def _remove(self) -> None:
        self.close()
        self._links.remove()


def address(typed: str) -> str:
    """What was typed as a whole address; "" when a letter may not link there."""
    href = typed.strip()
    if not href or href in ("https://", "http://"):
        return ""
    if is_link(href):
        return href
    scheme, colon, rest = href.partition(":")
    if colon and scheme.isalpha() and not rest[:5].split("/")[0].isdigit():
        return ""  # javascript:, file:, data: and whatever else
    return f"mailto:{href}" if "@" in href and "/" not in href else f"https://{href}"


def _looks_whole(words: str) -> bool:
    """Whether words alone are an address: https://…, www.example.org, anna@example.org."""
    if not words or any(each.isspace() for each in words):
        return False
    return is_link(words) or ("." in words.strip(".") and bool(address(words)))


def open_link(href: str) -> None:
    """In the browser or a new letter, as the desktop does it."""
    if is_link(href):
        QDesktopServices.openUrl(QUrl(href, QUrl.ParsingMode.TolerantMode))


def _href(cursor: QTextCursor) -> str:
    if not cursor.hasSelection():
        return cursor.charFormat().anchorHref()
    inside = QTextCursor(cursor.document())
    inside.setPosition(cursor.selectionStart() + 1)
    return inside.charFormat().anchorHref()


def _unlink(form: QTextCharFormat) -> None:
    if form.isAnchor():
        for name in (
            QTextFormat.Property.IsAnchor,
            QTextFormat.Property.AnchorHref,
            QTextFormat.Property.ForegroundBrush,
            QTextFormat.Property.FontUnderline,
            QTextFormat.Property.TextUnderlineStyle,
        ):
            form.clearProperty(name)
