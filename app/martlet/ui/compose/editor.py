"""The body of a letter: one editor, plain or rich. Loads nothing but the letter's own pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QMenu, QTextEdit, QWidget

from martlet.ui import theme
from martlet.ui.compose import signature as signatures
from martlet.ui.compose.document import (
    QUOTE_INDENT,
    block_format,
    insert_lines,
    insert_picture,
    lines_of,
    list_of,
    quote_level,
)
from martlet.ui.compose.lines import Line, read_text
from martlet.ui.compose.read_html import read_html
from martlet.ui.compose.write_html import write_html
from martlet.ui.compose.write_text import write_text
from martlet.ui.paint import mix

WIDEST_PICTURE = 560
_MARGIN = 20


class BodyEditor(QTextEdit):
    """Signals say what was dropped or pasted that is no text; the window decides about it."""

    files_given = Signal(list)
    picture_given = Signal(QImage)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rich = False
        self._pictures: dict[str, QImage] = {}
        # Painted over each block that is seen, with the place of its upper left corner.
        self.over: list[Callable[[QPainter, QTextBlock, QPointF], None]] = []
        # Put what they can do into the context menu; asked with the place (of the viewport).
        self.menus: list[Callable[[QMenu, QPoint], None]] = []
        self.setAcceptRichText(False)
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(_MARGIN)
        self.document().setIndentWidth(26)
        self.setFont(theme.font(15))
        self._tint = _QuoteTint(self)
        theme.notifier().changed.connect(self._tint.rehighlight)

    @property
    def rich(self) -> bool:
        return self._rich

    # What the letter holds

    def load_text(self, text: str) -> None:
        """Shows a plain letter."""
        self._rich = False
        self._load(None, text)

    def load_html(self, markup: str) -> None:
        """Shows a rich letter; of foreign markup only what a letter knows is kept."""
        self._rich = True
        self._load(read_html(markup, self._pictures.__contains__), "")

    def html(self) -> str:
        return write_html(lines_of(self.document()))

    def text(self) -> str:
        """The letter as plain text, whichever way it is written."""
        if self._rich:
            return write_text(lines_of(self.document()))
        return self.toPlainText()

    def is_blank(self, signature: Sequence[Line] = ()) -> bool:
        """Whether nothing stands there, but maybe this signature."""
        return signatures.own_is_blank(lines_of(self.document()), signature)

    def go_below(self, signature: int | None) -> None:
        """To where one writes below a quotation: above the signature that begins at this block."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if signature is not None:
            cursor = QTextCursor(self.document().findBlockByNumber(max(0, signature - 2)))
        self.setTextCursor(cursor)

    def has_looks(self) -> bool:
        """Whether plain text would lose something: emphasis, lists, links or pictures."""
        return any(
            line.depth
            or any(r.bold or r.italic or r.underline or r.strike or r.href or r.picture
                   for r in line.runs)
            for line in lines_of(self.document())
        )  # fmt: skip

    def set_rich(self, rich: bool) -> None:
        """Turns the letter into the other kind; can be undone only by turning back."""
        if rich == self._rich:
            return
        if rich:
            self._rich = True
            self._load(read_text(self.toPlainText()), "")
        else:
            self.load_text(self.text())

    def pictures_used(self) -> set[str]:
        """Content-IDs of the pictures that stand in the letter."""
        return {r.picture for line in lines_of(self.document()) for r in line.runs if r.picture}

    def know_picture(self, content_id: str, image: QImage) -> None:
        """Makes a picture of the letter's own one that may be shown."""
        self._pictures[content_id] = image

    def insert_known_picture(self, cursor: QTextCursor, content_id: str, name: str) -> None:
        width = self._width(content_id)
        insert_picture(cursor, content_id, name, min(width, WIDEST_PICTURE), WIDEST_PICTURE)

    def _load(self, lines: list[Line] | None, text: str) -> None:
        document = self.document()
        document.setUndoRedoEnabled(False)
        document.clear()
        document.setDocumentMargin(_MARGIN)
        cursor = QTextCursor(document)
        cursor.setBlockFormat(block_format())
        if lines is None:
            cursor.insertText(text)
        else:
            fitted = [self._fitted(line) for line in lines]
            insert_lines(cursor, fitted, self._link_colour(), WIDEST_PICTURE)
        document.setUndoRedoEnabled(True)
        document.setModified(False)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _fitted(self, line: Line) -> Line:
        """The line with its pictures no wider than the letter."""
        runs = (
            replace(run, width=min(run.width or self._width(run.picture), WIDEST_PICTURE))
            if run.picture
            else run
            for run in line.runs
        )
        return replace(line, runs=tuple(runs))

    def _link_colour(self) -> QColor:
        return self.palette().link().color()

    def _width(self, content_id: str) -> int:
        return round(self._pictures[content_id].deviceIndependentSize().width())

    # What Qt asks

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Only the letter's own pictures; never a file, never the network."""
        url = name.toString() if isinstance(name, QUrl) else name
        image = self._pictures.get(url.removeprefix("cid:"))
        if kind == QTextDocument.ResourceType.ImageResource.value:
            return image if image is not None else QImage()
        return ""

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasUrls() or source.hasImage() or source.hasText() or source.hasHtml()

    def insertFromMimeData(self, source: QMimeData) -> None:
        files = [url.toLocalFile() for url in source.urls() if url.isLocalFile()]
        if files:
            self.files_given.emit(files)
        elif source.hasImage() and not source.hasText():
            image = source.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self.picture_given.emit(image)
        elif self._rich and source.hasHtml():
            lines = read_html(source.html(), self._pictures.__contains__)
            insert_lines(self.textCursor(), lines, self._link_colour(), WIDEST_PICTURE)
        elif source.hasText():
            self.textCursor().insertText(source.text())
        self.ensureCursorVisible()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files go on to the window; text is dropped here."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        cursor = self.textCursor()
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self._rich and enter and not held and not cursor.hasSelection():
            block = cursor.block()
            if not block.text() and (list_of(block) is not None or quote_level(block)):
                self._step_out(cursor)
                return
        if self._rich and event.text() and cursor.charFormat().isAnchor():
            self._leave_link(cursor)
        super().keyPressEvent(event)

    def _step_out(self, cursor: QTextCursor) -> None:
        """Enter on an empty item or quoted line ends the list, or the quotation."""
        current = list_of(cursor.block())
        level = quote_level(cursor.block())
        cursor.beginEditBlock()
        if current is not None:
            current.remove(cursor.block())
        else:
            level = 0
        cursor.setBlockFormat(block_format(level))
        cursor.endEditBlock()

    def _leave_link(self, cursor: QTextCursor) -> None:
        """Typing behind a link does not lengthen it."""
        after = QTextCursor(cursor)
        at_end = not after.movePosition(QTextCursor.MoveOperation.NextCharacter)
        inside = after.charFormat().anchorHref() == cursor.charFormat().anchorHref()
        if at_end or cursor.atBlockEnd() or not inside:
            self.setCurrentCharFormat(QTextCharFormat())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt's own menu, with what others put into it."""
        menu = self.createStandardContextMenu(event.pos())
        menu.aboutToHide.connect(menu.deleteLater)
        for fill in self.menus:
            fill(menu, event.pos())
        menu.popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        tokens = theme.current()
        painter.setBrush(mix(tokens.page, tokens.accent, 0.45))
        layout = self.document().documentLayout()
        across = self.horizontalScrollBar().value()
        down = self.verticalScrollBar().value()
        block = self._first_shown(down)
        while block.isValid():
            rect = layout.blockBoundingRect(block).translated(-across, -down)
            if rect.top() > self.viewport().height():
                break
            after = block.next()
            below = layout.blockBoundingRect(after).top() - down if after.isValid() else 0
            for level in range(quote_level(block)):
                x = _MARGIN - across + level * QUOTE_INDENT
                joined = after.isValid() and quote_level(after) > level
                height = below - rect.top() if joined else rect.height()
                painter.drawRect(QRectF(x, rect.top(), 3, height))
            for paint in self.over:
                paint(painter, block, rect.topLeft())
            block = after
        painter.end()

    def _first_shown(self, down: int) -> QTextBlock:
        """The first block to be seen, or one above it. down: how far is scrolled (pixels)."""
        # In the margin above the first block Qt finds any block of a long letter.
        if down <= _MARGIN:
            return self.document().begin()
        layout = self.document().documentLayout()
        block = self.cursorForPosition(QPoint(0, 0)).block()
        while block.previous().isValid() and layout.blockBoundingRect(block).top() > down:
            block = block.previous()
        return block


class _QuoteTint(QSyntaxHighlighter):
    """Quoted lines, rich or plain, step back in colour; the document itself stays clean."""

    def __init__(self, editor: BodyEditor) -> None:
        super().__init__(editor.document())
        self._editor = editor

    def highlightBlock(self, text: str) -> None:
        plain = not self._editor.rich and text.startswith(">")
        if plain or (self._editor.rich and quote_level(self.currentBlock())):
            self.setFormat(0, len(text), QColor(theme.current().text2))
