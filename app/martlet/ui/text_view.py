"""Plain text, set to be read: a bounded line length, quotes in colour, links to click."""

from __future__ import annotations

import re
import unicodedata

from PySide6.QtCore import QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from martlet.ui import theme
from martlet.ui.unwrap import unwrap

_LEVEL = QTextFormat.Property.UserProperty + 1
_QUOTE = re.compile(r"^(?:> ?)+")
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"'`]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_TRAILING = ".,;:!?…，。；：！？、）】》」』\"'"
_COLUMNS = 74
_STEP = 16
_MOST = 200_000
_MOST_FOUND = 1000


class TextView(QTextBrowser):
    """Shows text; says which link was clicked and which is pointed at ("" for none)."""

    link_clicked = Signal(QUrl)
    link_hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("textView")
        self.setAccessibleName(self.tr("Message text"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)
        self.document().setDocumentMargin(0)
        self.anchorClicked.connect(self._on_link)
        self.highlighted.connect(lambda url: self.link_hovered.emit(url.toString()))
        self._text = ""
        self._whole = False
        self._sought = ""
        theme.notifier().changed.connect(self._compose)

    def show_text(self, text: str) -> None:
        self._text = text
        self._whole = False
        self._compose()
        self.verticalScrollBar().setValue(0)

    def find_words(self, words: str, forwards: bool) -> tuple[int, int]:
        """Goes to the next place of these words, round the end; answers which it is of how many."""
        cursor = self.textCursor()
        cursor.setPosition(cursor.selectionStart())
        places = self._places(words)
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

    def _places(self, words: str) -> list[QTextCursor]:
        found: list[QTextCursor] = []
        place = self.document().find(words, 0) if words else QTextCursor()
        while not place.isNull() and len(found) < _MOST_FOUND:
            found.append(place)
            place = self.document().find(words, place)
        return found

    def _compose(self) -> None:
        font = theme.font(15)
        self.document().setDefaultFont(font)
        self.document().setUndoRedoEnabled(False)
        self._fit()
        shown = self._text if self._whole else self._text[:_MOST]
        self.setUpdatesEnabled(False)
        self.clear()
        tokens = theme.current()
        height = round(font.pixelSize() * 1.52)
        cursor = QTextCursor(self.document())
        first = True
        signature = False
        for level, line in unwrap([_parted(line) for line in shown.rstrip().split("\n")]):
            signature = signature or line == "-- "
            block = QTextBlockFormat()
            block.setLineHeight(height, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
            margin = min(level, 9) * _STEP
            if _from_right(line):
                block.setRightMargin(margin)
            else:
                block.setLeftMargin(margin)
            block.setProperty(_LEVEL, level)
            style = QTextCharFormat()
            colour = tokens.text
            if level:
                colour = tokens.quotes[(level - 1) % len(tokens.quotes)]
            elif signature:
                colour = tokens.text3
            style.setForeground(QColor(colour))
            if first:
                cursor.setBlockFormat(block)
                first = False
            else:
                cursor.insertBlock(block)
            _write(cursor, line, style, tokens.accent)
        if len(shown) < len(self._text):
            style = QTextCharFormat()
            style.setAnchor(True)
            style.setAnchorHref("martlet:whole")
            style.setForeground(QColor(tokens.accent))
            cursor.insertBlock()
            cursor.insertText(self.tr("Show the whole text"), style)
        self.setUpdatesEnabled(True)
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        self.setTextCursor(cursor)

    def _on_link(self, url: QUrl) -> None:
        if url.toString() == "martlet:whole":
            self._whole = True
            self._compose()
        else:
            self.link_clicked.emit(url)

    def _fit(self) -> None:
        column = QFontMetricsF(theme.font(15)).averageCharWidth() * _COLUMNS
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
        offset = self.verticalScrollBar().value()
        block = self.cursorForPosition(event.rect().topLeft()).block()
        while block.isValid():
            rect = layout.blockBoundingRect(block)
            if rect.top() - offset > event.rect().bottom():
                break
            after = block.next()
            bottom = layout.blockBoundingRect(after).top() if after.isValid() else rect.bottom()
            for level in range(int(block.blockFormat().property(_LEVEL) or 0)):
                colour = QColor(tokens.quotes[level % len(tokens.quotes)])
                colour.setAlphaF(0.55)
                at = level * _STEP
                if block.textDirection() is Qt.LayoutDirection.RightToLeft:
                    at = self.lineWrapColumnOrWidth() - at - 3
                bar = QRectF(at, rect.top() - offset, 2.5, bottom - rect.top())
                painter.fillRect(bar, colour)
            block = after
        painter.end()
        super().paintEvent(event)


def _from_right(line: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    strong = (unicodedata.bidirectional(char) for char in line[:200])
    return next((kind != "L" for kind in strong if kind in ("L", "R", "AL")), False)


def _parted(line: str) -> tuple[int, str]:
    """Quote level and the text behind its marks."""
    match = _QUOTE.match(line)
    return (match.group(0).count(">"), line[match.end() :]) if match else (0, line)


def _write(cursor: QTextCursor, line: str, style: QTextCharFormat, accent: str) -> None:
    """Inserts a line with its links made anchors."""
    at = 0
    for match in _LINK.finditer(line):
        target = match.group(0)
        while target and (
            target[-1] in _TRAILING or (target[-1] == ")" and target.count("(") < target.count(")"))
        ):
            target = target[:-1]
        if not target:
            continue
        cursor.insertText(line[at : match.start()], style)
        link = QTextCharFormat(style)
        link.setAnchor(True)
        link.setAnchorHref(target if ":" in target else f"mailto:{target}")
        link.setForeground(QColor(accent))
        link.setFontUnderline(True)
        cursor.insertText(target, link)
        at = match.start() + len(target)
    cursor.insertText(line[at:], style)


def copy(text: str) -> None:
    """Puts text on the clipboard."""
    QGuiApplication.clipboard().setText(text)
