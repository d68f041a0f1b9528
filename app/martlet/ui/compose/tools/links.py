"""Links in a letter: a small sheet with words and address to make, change and remove one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Signal
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
from martlet.ui.links import follow, may_open, misleading


class Links(QObject):
    """The hands on the links of one letter. open_url: opens an address of the web elsewhere.

    letter_wanted: a link to write to somebody was followed, this one (mailto:).
    """

    letter_wanted = Signal(QUrl)

    def __init__(
        self,
        editor: BodyEditor,
        open_url: Callable[[QUrl], object] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(editor)
        self._editor = editor
        self._open_url = open_url
        self.sheet: LinkSheet | None = None

    def ask(self) -> None:
        """Opens the sheet for the link under the cursor, or for the words that are selected."""
        cursor = self._around()
        href = self.here()
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
        return self._inside().charFormat().anchorHref()

    def may_open(self) -> bool:
        """Whether the link here leads anywhere that Martlet goes."""
        return may_open(_url(self.here()))

    def open(self) -> None:
        """Goes where the link here leads, as `follow` does."""
        self.follow(self.here())

    def follow(self, href: str) -> None:
        """Goes there with the care that links of a message need: a quotation was written by
        somebody else. The words of the link here must not name another site."""
        words = self._whole(self._inside()).selectedText()
        follow(
            self._editor.window(), _url(href), self.letter_wanted.emit,
            misleading(href.strip(), words), self._open_url,
        )  # fmt: skip

    def copy(self) -> None:
        """Its address, for the clipboard."""
        QGuiApplication.clipboard().setText(self.here().removeprefix("mailto:"))

    def _around(self) -> QTextCursor:
        """What is selected, or the whole link the cursor stands in."""
        cursor = self._editor.textCursor()
        href = cursor.charFormat().anchorHref()
        if cursor.hasSelection() or not href:
            return cursor
        return self._whole(cursor)

    def _inside(self) -> QTextCursor:
        """Without a selection; where one begins, just in its first letter."""
        cursor = self._editor.textCursor()
        if cursor.hasSelection():
            cursor.setPosition(cursor.selectionStart() + 1)
        return cursor

    def _whole(self, cursor: QTextCursor) -> QTextCursor:
        """The link that the cursor stands in, through all changes of its looks; nothing of none."""
        position, href = cursor.position(), cursor.charFormat().anchorHref()
        start = end = -1
        iterator = cursor.block().begin()
        while href and not iterator.atEnd():
            piece = iterator.fragment()
            if piece.charFormat().anchorHref() != href:
                start = -1
            else:
                start = piece.position() if start < 0 else start
                end = piece.position() + piece.length()
                if start < position <= end:
                    cursor.setPosition(start)
                    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            iterator += 1
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
        self.go.clicked.connect(self._go)
        self.gone.setVisible(bool(href))
        self.go.setVisible(may_open(_url(href)))
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

    def _go(self) -> None:
        href = address(self.href.text())
        self.close()
        self._links.follow(href)


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


def _url(href: str) -> QUrl:
    return QUrl(href.strip(), QUrl.ParsingMode.TolerantMode)


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
