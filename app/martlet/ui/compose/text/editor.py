"""The body of a letter: one editor, plain or rich. Loads nothing but the letter's own pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QGuiApplication,
    QImage,
    QInputMethodEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from martlet.ui import theme
from martlet.ui.compose.markup.lines import Line, Run, read_text
from martlet.ui.compose.markup.long_words import MOST, broken, broken_lines, has_long_word
from martlet.ui.compose.markup.read_html import read_html
from martlet.ui.compose.signing import signature as signatures
from martlet.ui.compose.text.copied import markup_for, with_pictures
from martlet.ui.compose.text.document import (
    REMOTE,
    block_format,
    insert_lines,
    insert_picture,
    is_code,
    list_of,
    quote_level,
)
from martlet.ui.compose.text.dropped_links import is_luggage, link_to, web_address
from martlet.ui.compose.text.key_strokes import auto_link, goes_on, split_quote, step_out
from martlet.ui.compose.text.paper import (
    MARGIN,
    WIDEST_PICTURE,
    WIDEST_TEXT,
    paint_above,
    paint_below,
    place_of_picture,
)
from martlet.ui.compose.text.pasted import Pasted
from martlet.ui.compose.text.seen import seen
from martlet.ui.compose.text.selecting import from_first_cell
from martlet.ui.compose.text.steps import Steps
from martlet.ui.compose.text.taken import Taken
from martlet.ui.compose.text.tint import Tint
from martlet.ui.compose.text.turning import Part, Turning
from martlet.ui.file_data import given

__all__ = ["WIDEST_PICTURE", "BodyEditor"]


class BodyEditor(QTextEdit):
    """Signals say what was dropped or pasted that is no text; the window decides about it."""

    files_given = Signal(list)
    picture_given = Signal(QImage)
    # Words that nobody could edit (`long_words`)
    long_text_pasted = Signal(str)
    # The addresses of pictures on the internet that a pasted text has places for
    remote_pictures_pasted = Signal(list)
    # Pictures that came along with a pasted text: (Content-ID, bytes)
    pictures_pasted = Signal(list)
    # A QContextMenuEvent: by the mouse at a place of the viewport, or by a key
    menu_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: dict[str, QImage] = {}
        # Content-IDs of those that are still unpacked, and under which names Qt asked for them.
        self._awaited: set[str] = set()
        self._asked: dict[str, set[str]] = {}
        # Painted over each block that is seen, with the place of its upper left corner.
        self.over: list[Callable[[QPainter, QTextBlock, QPointF], None]] = []
        # Whether somebody makes its context menu (`menu_wanted`); else it is Qt's own.
        self.own_menu = False
        self.setAcceptRichText(False)
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(MARGIN)
        self.document().setIndentWidth(26)
        self.setFont(theme.font(15))
        self.turning = Turning(self)
        self._tint = Tint(self.document(), lambda: self.turning.rich)
        theme.notifier().changed.connect(self._retint)
        self.taken = Taken(self.document())
        self.pasted = Pasted(self)
        self._steps = Steps(self)

    @property
    def rich(self) -> bool:
        return self.turning.rich

    # What the letter holds

    def load_text(self, text: str) -> None:
        """Shows a plain letter."""
        self._load(text, rich=False)

    def load_html(self, markup: str) -> None:
        """Shows a rich letter; of foreign markup only what a letter knows is kept."""
        self._load(read_html(markup, self._pictures.__contains__), rich=True)

    def load_words(self, text: str) -> None:
        """Shows a rich letter that nobody gave a look yet."""
        self._load(read_text(text), rich=True)

    def html(self) -> str:
        return self.taken.html()

    def text(self) -> str:
        """The letter as plain text, whichever way it is written."""
        return self.taken.text() if self.rich else fit(self.toPlainText())

    def is_blank(self, signature: Sequence[Line] = ()) -> bool:
        """Whether nothing stands there, but maybe this signature."""
        return signatures.own_is_blank(self.taken.lines(), signature)

    def go_below(self, signature: int | None) -> None:
        """To where one writes below a quotation: above the signature that begins at this block."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if signature is not None:
            cursor = QTextCursor(self.document().findBlockByNumber(max(0, signature - 2)))
        self.setTextCursor(cursor)

    def has_looks(self, besides: Sequence[Line] = ()) -> bool:
        """Whether plain text would lose something: emphasis, lists, links or pictures.

        besides: a signature, which has its own plain form.
        """
        lines, plain = self.taken.lines(), Line()
        at = signatures.find(lines, besides)
        if at is not None:
            lines = [*lines[:at], *lines[at + len(besides) :]]
        return any(
            replace(line, runs=(), quote=0) != plain
            or any(replace(run, text="") != Run("") for run in line.runs)
            for line in lines
        )

    def set_rich(self, rich: bool, before: Sequence[Part] = (), after: Sequence[Part] = ()) -> None:
        """Turns the letter into the other kind, in one step to undo. before, after: what is done
        to it in the same step as it was, and as it is then.
        """
        if rich == self.rich:
            return
        QGuiApplication.inputMethod().commit()
        row, column = self.textCursor().blockNumber(), self.textCursor().positionInBlock()

        def replaced(cursor: QTextCursor) -> None:
            self._put(cursor, read_text(words) if rich else words)

        words = ""

        def said() -> None:
            nonlocal words
            words = self.toPlainText() if rich else self.text()

        self.turning.turn(rich, (*before, said), replaced, after)
        self._steps.begin()
        self._retint()
        block = self.document().findBlockByNumber(min(row, self.document().blockCount() - 1))
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + min(column, block.length() - 1))
        self.setTextCursor(cursor)

    def pictures_used(self) -> set[str]:
        """Content-IDs of the pictures that stand in the letter."""
        return set(self.taken.pictures())

    @property
    def known_pictures(self) -> frozenset[str]:
        """Content-IDs of the pictures that may be shown."""
        return frozenset(self._pictures)

    def know_picture(self, content_id: str, image: QImage) -> None:
        """Makes a picture of the letter's own one that may be shown."""
        self._pictures[content_id] = image

    def await_picture(self, content_id: str) -> None:
        """What is known under this Content-ID only keeps its place, until `show_picture`."""
        self._awaited.add(content_id)

    def show_picture(self, content_id: str, image: QImage) -> None:
        """The picture that kept its place so far, of the same size: nothing moves."""
        self._awaited.discard(content_id)
        before, self._pictures[content_id] = self._pictures.get(content_id), image
        for url in self._asked.pop(content_id, ()):
            self.document().addResource(QTextDocument.ResourceType.ImageResource.value, url, image)
        if before is None or before.size() != image.size():
            # Its head was not true.
            self.document().markContentsDirty(0, self.document().characterCount())
        self.viewport().update()

    def insert_known_picture(self, cursor: QTextCursor, content_id: str, name: str) -> None:
        width = self._width(content_id)
        insert_picture(cursor, content_id, name, min(width, WIDEST_PICTURE), WIDEST_PICTURE)

    def _load(self, letter: list[Line] | str, *, rich: bool) -> None:
        document = self.document()
        document.setUndoRedoEnabled(False)
        document.clear()
        document.setDocumentMargin(MARGIN)
        self.turning.begin(rich)
        cursor = QTextCursor(document)
        cursor.setBlockFormat(block_format())
        self._put(cursor, letter)
        document.setUndoRedoEnabled(True)
        document.setModified(False)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _put(self, cursor: QTextCursor, letter: list[Line] | str) -> None:
        """Puts in all the letter holds: lines, or the words of a plain one."""
        if isinstance(letter, str):
            cursor.insertText(broken(fit(letter)))
        else:
            fitted = [self._fitted(line) for line in broken_lines(letter)]
            insert_lines(cursor, fitted, self._link_colour(), WIDEST_PICTURE)

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
        image = self._pictures.get(content_id)
        return round(image.deviceIndependentSize().width()) if image is not None else 0

    # What Qt asks

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Only the letter's own pictures; never a file, never the network."""
        url = name.toString() if isinstance(name, QUrl) else name
        if url.startswith(REMOTE):
            return place_of_picture(self.palette())
        content_id = url.removeprefix("cid:")
        image = self._pictures.get(content_id)
        if content_id in self._awaited:
            self._asked.setdefault(content_id, set()).add(url)
        if kind == QTextDocument.ResourceType.ImageResource.value:
            return image if image is not None else QImage()
        return ""

    def createMimeDataFromSelection(self) -> QMimeData:
        copied = super().createMimeDataFromSelection()
        if "\ufffc" not in self.textCursor().selectedText():
            return copied
        ready = {name: i for name, i in self._pictures.items() if name not in self._awaited}
        return with_pictures(copied, ready)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasUrls() or source.hasImage() or source.hasText() or source.hasHtml()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if files := given(source):
            self.files_given.emit(files)
        elif source.hasImage() and not source.hasText():
            image = source.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self.picture_given.emit(image)
        elif has_long_word(words := source.text()) or len(words) > MOST:
            self.long_text_pasted.emit(fit(words))
        elif self.rich and source.hasHtml() and self._takes_looks():
            self.pasted.put(markup_for(source, self.known_pictures))
        elif (address := web_address(source)) and self.rich and self._takes_looks():
            self.pasted.put(link_to(address))
        elif source.hasText() or address:
            words = words or address
            self.pasted.put_text(fit(words), self.look_here())
        self.ensureCursorVisible()

    def _takes_looks(self) -> bool:
        return not is_code(self.textCursor().block())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files, pictures and messages go on to the window; words and links are dropped here."""
        if is_luggage(event.mimeData()):
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def look_here(self) -> QTextCharFormat:
        """How words look that are put in where the cursor is: never like more of a link."""
        look = self.currentCharFormat()
        return QTextCharFormat() if look.isAnchor() else look

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Words that an input method hands over are typed like any others."""
        if event.commitString() or event.preeditString():
            from_first_cell(self)
        if event.commitString():
            self._steps.begin()
            if self.rich and self.textCursor().charFormat().isAnchor():
                self._leave_link(self.textCursor())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isprintable() and event.text():
            from_first_cell(self)
        cursor = self.textCursor()
        self._steps.key(event)
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self.rich and enter and not held and not cursor.hasSelection():
            block = cursor.block()
            if not block.text() and (list_of(block) is not None or quote_level(block)):
                step_out(cursor)
                return
            auto_link(cursor, self._link_colour())
            if split_quote(cursor):
                self.setTextCursor(cursor)
                self.ensureCursorVisible()
                return
        elif self.rich and event.key() == Qt.Key.Key_Space and not held:
            auto_link(cursor, self._link_colour())
        if self.rich and event.text() and cursor.charFormat().isAnchor():
            self._leave_link(cursor)
        if enter and not held and goes_on(cursor):
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
            return
        super().keyPressEvent(event)

    def _leave_link(self, cursor: QTextCursor) -> None:
        """Typing behind a link does not lengthen it."""
        after = QTextCursor(cursor)
        at_end = not after.movePosition(QTextCursor.MoveOperation.NextCharacter)
        inside = after.charFormat().anchorHref() == cursor.charFormat().anchorHref()
        if at_end or cursor.atBlockEnd() or not inside:
            self.setCurrentCharFormat(QTextCharFormat())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.own_menu:
            self.menu_wanted.emit(event)
        else:
            super().contextMenuEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a wide window lines end where they are still read with ease."""
        # The text would stand at the left of a window that is read from the right.
        wide = event.size().width() > WIDEST_TEXT + 2 * MARGIN and not self.isRightToLeft()
        wrap = QTextEdit.LineWrapMode
        mode = wrap.FixedPixelWidth if wide else wrap.WidgetWidth
        if self.lineWrapMode() != mode:
            self.setLineWrapColumnOrWidth(WIDEST_TEXT + 2 * MARGIN)
            self.setLineWrapMode(mode)
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        blocks = seen(self)
        for block in blocks:
            self._tint.refresh(block)
        painter = QPainter(self.viewport())
        paint_below(painter, self, blocks)
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_above(painter, self, blocks)
        layout = self.document().documentLayout()
        across = self.horizontalScrollBar().value()
        down = self.verticalScrollBar().value()
        for block in blocks:
            place = layout.blockBoundingRect(block).translated(-across, -down).topLeft()
            for paint in self.over:
                paint(painter, block, place)
        painter.end()

    def _retint(self) -> None:
        self._tint.renew()
        self.viewport().update()


_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def fit(text: str) -> str:
    """Without what neither a saved draft nor a message can hold."""
    return _UNFIT.sub("", text)
