"""Plain text, set to be read: a bounded line length, quotes in colour that fold, links to click.

Whatever its size, a text never holds the loop up: it is laid out in slices, its beginning at once,
and past a few hundred thousand characters only when the rest is asked for.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QMenu, QTextBrowser, QTextEdit, QWidget

from martlet.ui import text_lines, theme
from martlet.ui.text_blocks import GOES_ON, LEVEL, ROW, STEP, Writer
from martlet.ui.text_lines import Fold, Row

_COLUMNS = 74
_MOST = 120_000
_MOST_FOUND = 1000
_AT_ONCE = 8_000
_A_SLICE = 12_000
_SLICE_S = 0.008
_BAR = 10


class TextView(QTextBrowser):
    """Shows text; says which link was clicked and which is pointed at ("" for none).

    zoom_wanted: one step larger (1) or smaller (-1). menu_wanted: a context menu to add to.
    """

    link_clicked = Signal(QUrl)
    link_hovered = Signal(str)
    zoom_wanted = Signal(int)
    menu_wanted = Signal(QMenu)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("textView")
        self.setAccessibleName(self.tr("Message text"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)
        self.document().setDocumentMargin(0)
        self.document().setUndoRedoEnabled(False)
        self.viewport().setMouseTracking(True)
        self.anchorClicked.connect(self._on_link)
        self.highlighted.connect(self._on_hover)
        self._text = ""
        self._limit = _MOST
        self._rows: list[Row] = []
        self._folds: set[Fold] = set()
        self._left: Iterator[int | Fold] | None = None
        self._zoom = 1.0
        self._sought = ""
        self._more = False
        self._on_bar = False
        self._writer: Writer | None = None
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._go_on)
        theme.notifier().changed.connect(self._compose)

    def show_text(self, text: str) -> None:
        self._text = text
        self._limit = _MOST
        self._read()
        self._folds = text_lines.folded_at_first(self._rows)
        self._compose()
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)

    def zoom(self, factor: float) -> None:
        """1.0 is as the theme has it."""
        if factor != self._zoom:
            self._zoom = factor
            self._compose()

    def toggle_quotes(self) -> bool:
        """Folds all quotes, or unfolds them when any is folded; False when there is none."""
        known = set(text_lines.quotes(self._rows))
        self._folds = set() if self._folds else known
        if known:
            self._compose()
        return bool(known)

    @property
    def unfinished(self) -> bool:
        """Whether some of it is still to be laid out."""
        return self._left is not None

    def finish(self) -> None:
        """Lays out what is left at once."""
        while self.unfinished:
            self._go_on()

    def find_words(self, words: str, forwards: bool) -> tuple[int, int]:
        """Goes to the next place of these words, round the end; answers which it is of how many.

        A quote that holds them is unfolded.
        """
        self._unfold_what_holds(words)
        self.finish()
        cursor = self.textCursor()
        cursor.setPosition(cursor.selectionStart())
        places = self._places(words)
        self._mark(places)
        if not places:
            self._sought = ""
            self.setTextCursor(cursor)
            return 0, 0
        now = self.textCursor()
        start, chosen = now.selectionStart(), now.selectedText().casefold() == words.casefold()
        starts = [place.selectionStart() for place in places]
        if forwards:
            first = start + 1 if chosen and self._sought == words else start
            at = next((n for n, each in enumerate(starts) if each >= first), 0)
        else:
            at = next((n for n in reversed(range(len(starts))) if starts[n] < start), -1)
        at %= len(places)
        self._sought = words
        self.setTextCursor(places[at])
        return at + 1, len(places)

    def _mark(self, places: list[QTextCursor]) -> None:
        """All that were found; the one gone to is selected besides."""
        marks: list[QTextEdit.ExtraSelection] = []
        for place in places:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = place
            mark.format.setBackground(QColor(theme.current().found))
            marks.append(mark)
        self.setExtraSelections(marks)

    def _unfold_what_holds(self, words: str) -> None:
        sought = words.casefold()
        if not sought:
            return
        holding = {
            fold
            for fold in self._folds
            if any(sought in row.text.casefold() for row in self._rows[fold.first : fold.last + 1])
        }
        if holding:
            self._folds -= holding
            self._compose()

    def _places(self, words: str) -> list[QTextCursor]:
        found: list[QTextCursor] = []
        place = self.document().find(words, 0) if words else QTextCursor()
        while not place.isNull() and len(found) < _MOST_FOUND:
            found.append(place)
            place = self.document().find(words, place)
        return found

    # Laying out

    def _read(self) -> None:
        shown = self._text
        if len(shown) > self._limit:
            cut = shown.rfind("\n", self._limit // 2, self._limit)
            shown = shown[: cut if cut > 0 else self._limit]
        self._more = len(shown) < len(self._text.rstrip())
        self._rows = text_lines.rows(shown)

    def _compose(self) -> None:
        """Anew, from the beginning; where one has read to stays in sight as far as can be."""
        place = self.verticalScrollBar().value()
        self._slices.stop()
        self.setUpdatesEnabled(False)
        self.document().setDefaultFont(self._font())
        self._fit()
        self.setExtraSelections([])
        self.clear()
        self._writer = Writer(self.document(), self._font(), theme.current())
        self._left = text_lines.visible(self._rows, self._folds)
        written = 0
        with self._writer.together():
            while self.unfinished and written < _AT_ONCE:
                written += self._write_next()
        if self.unfinished:
            if place:
                self.finish()
            else:
                self._slices.start()
        self.setUpdatesEnabled(True)
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(place)

    def _go_on(self) -> None:
        """A slice, short enough for nobody to notice."""
        if self._writer is None:
            return
        end = time.perf_counter() + _SLICE_S
        with self._writer.together():
            written = 0
            # What is written is laid out afterwards, which takes as long again for a long line.
            while self.unfinished and written < _A_SLICE and time.perf_counter() < end:
                written += self._write_next()

    def _write_next(self) -> int:
        """One more block; answers its characters."""
        if self._left is None or self._writer is None:
            return 0
        each = next(self._left, None)
        if each is None:
            self._left = None
            self._slices.stop()
            if self._more:
                self._writer.link(self.tr("Show more of this text"), "martlet:more", 0)
            return 0
        if isinstance(each, Fold):
            words = self.tr("Show {count} quoted lines").format(
                count=self.locale().toString(each.lines)
            )
            self._writer.link(words, f"martlet:fold/{each.first}/{each.level}", each.level)
            return len(words)
        self._writer.row(each, self._rows[each])
        return len(self._rows[each].text) + 40

    def _font(self) -> QFont:
        font = theme.font(15)
        font.setPixelSize(max(8, round(font.pixelSize() * self._zoom)))
        return font

    # Links, folds, copying

    def _on_link(self, url: QUrl) -> None:
        what, _, rest = url.toString().partition("/")
        if what == "martlet:more":
            self._limit *= 4
            self._read()
            self._compose()
        elif what == "martlet:fold":
            first, _, level = rest.partition("/")
            self._turn(text_lines.run(self._rows, int(first), int(level)))
        else:
            self.link_clicked.emit(url)

    def _on_hover(self, url: QUrl) -> None:
        own = url.scheme() == "martlet"
        self.link_hovered.emit("" if own else url.toString())

    def _turn(self, fold: Fold | None) -> None:
        """Folds what is open, opens what is folded."""
        if fold is None:
            return
        if fold in self._folds:
            self._folds.discard(fold)
        elif fold.lines > 1:
            self._folds.add(fold)
        self._compose()

    def _bar_at(self, point: QPoint) -> Fold | None:
        """The quote whose bar is there."""
        block = self.cursorForPosition(point).block()
        row = block.blockFormat().property(ROW)
        level = int(block.blockFormat().property(LEVEL) or 0)
        if not level or row is None:
            return None
        right = block.textDirection() is Qt.LayoutDirection.RightToLeft
        x = point.x() + self.horizontalScrollBar().value()
        at = (self.lineWrapColumnOrWidth() - x if right else x) // STEP
        if not 0 <= at < min(level, 9) or (not right and x % STEP > _BAR):
            return None
        return text_lines.run(self._rows, int(row), at + 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        fold = None
        if event.button() is Qt.MouseButton.LeftButton:
            fold = self._bar_at(event.position().toPoint())
        if fold is not None and fold.lines > 1:
            self._on_bar = True
            self._turn(fold)
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._on_bar:
            self._on_bar = False
            event.accept()
        else:
            super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if not event.buttons() and not self.anchorAt(event.position().toPoint()):
            on_bar = self._bar_at(event.position().toPoint()) is not None
            shape = Qt.CursorShape.PointingHandCursor if on_bar else Qt.CursorShape.IBeamCursor
            self.viewport().setCursor(shape)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.zoom_wanted.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        if self.textCursor().hasSelection():
            menu.addAction(self.tr("Copy"), self.copy)
        target = self.anchorAt(event.pos())
        if target and not target.startswith("martlet:"):
            menu.addAction(self.tr("Open link"), lambda: self.link_clicked.emit(QUrl(target)))
            menu.addAction(self.tr("Copy link address"), lambda: copy(target))
        menu.addAction(self.tr("Select all"), self.selectAll)
        self.menu_wanted.emit(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def createMimeDataFromSelection(self) -> QMimeData:
        """As text alone, with a line that is shown in pieces in one."""
        made = QMimeData()
        made.setText(selected(self.textCursor()))
        return made

    # Painting

    def _fit(self) -> None:
        column = QFontMetricsF(self._font()).averageCharWidth() * _COLUMNS
        margin = 24
        self.setViewportMargins(margin, 8, 8, 0)
        room = self.width() - margin - 8 - self.verticalScrollBar().sizeHint().width() - 8
        self.setLineWrapColumnOrWidth(int(max(200, min(column, room))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        tokens, layout = theme.current(), self.document().documentLayout()
        top, left = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        block = self._first_in(event)
        while block.isValid():
            rect = layout.blockBoundingRect(block)
            if rect.top() - top > event.rect().bottom():
                break
            after = block.next()
            bottom = layout.blockBoundingRect(after).top() if after.isValid() else rect.bottom()
            for level in range(min(9, int(block.blockFormat().property(LEVEL) or 0))):
                colour = QColor(tokens.quotes[level % len(tokens.quotes)])
                colour.setAlphaF(0.55)
                at = level * STEP - left
                if block.textDirection() is Qt.LayoutDirection.RightToLeft:
                    at = self.lineWrapColumnOrWidth() - level * STEP - 3
                bar = QRectF(at, rect.top() - top, 2.5, bottom - rect.top())
                painter.fillRect(bar, colour)
            block = after
        painter.end()
        super().paintEvent(event)

    def _first_in(self, event: QPaintEvent) -> QTextBlock:
        place = QPointF(event.rect().topLeft())
        return self.cursorForPosition(place.toPoint()).block()


def selected(cursor: QTextCursor) -> str:
    """The text of a selection, with lines as they were written."""
    document = cursor.document()
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    block = document.findBlock(start)
    parts: list[str] = []
    while block.isValid() and block.position() <= end:
        if parts and not block.blockFormat().property(GOES_ON):
            parts.append("\n")
        text = block.text()
        first = max(0, start - block.position())
        # Positions count UTF-16 units, text counts characters.
        units = text.encode("utf-16-le")[2 * first : 2 * max(0, end - block.position())]
        parts.append(units.decode("utf-16-le", "ignore"))
        block = block.next()
    return "".join(parts)


def copy(text: str) -> None:
    """Puts text on the clipboard."""
    QGuiApplication.clipboard().setText(text)
