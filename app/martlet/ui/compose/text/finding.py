"""Finds and replaces words in a letter, plain or rich: where they stand, which one is meant, what
takes their place. How that is asked for is in `find_replace_bar.py`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from martlet.ui import theme

_SETTLE_MS = 200
_WORD = r"\w"
_AROUND = 20
"""Blocks; the cells of a table lie beside each other."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. case: only with the same capitals. whole: only whole words."""

    words: str = ""
    case: bool = False
    whole: bool = False

    def pattern(self) -> re.Pattern[str] | None:
        """Over text in UTF-16 units; None: nothing is looked for."""
        if not self.words:
            return None
        escaped = re.escape(utf16(self.words.replace("\xa0", " ")))
        if self.whole:
            before = rf"(?<!{_WORD})" if re.match(_WORD, self.words) else ""
            after = rf"(?!{_WORD})" if re.match(_WORD, self.words[-1]) else ""
            escaped = f"{before}{escaped}{after}"
        return re.compile(escaped, 0 if self.case else re.IGNORECASE)


def utf16(text: str) -> str:
    """With a pair of surrogates for what is beyond 16 bits: Qt counts positions in these."""
    if text.isascii() or max(text, default="") < "\U00010000":
        return text
    return "".join(char if char < "\U00010000" else _pair(ord(char) - 0x10000) for char in text)


def _pair(above: int) -> str:
    return chr(0xD800 + (above >> 10)) + chr(0xDC00 + (above & 0x3FF))


def places(text: str, wanted: Wanted) -> list[tuple[int, int]]:
    """Start and end, in UTF-16 units, of all that is wanted in a text."""
    pattern = wanted.pattern()
    if pattern is None:
        return []
    return [match.span() for match in pattern.finditer(utf16(text))]


class Finder(QObject):
    """found: which one of how many is meant now (0 of 0: none).

    All places are known, but only those that can be seen are marked: a long letter stays quick.
    """

    found = Signal(int, int)

    def __init__(self, editor: QTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._wanted = Wanted()
        self._places: list[tuple[int, int]] = []
        self._revision = -1
        # Where the search began, to go back to when nothing has the words, and where it has gone.
        self._began = self._gone = (0, 0)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLE_MS)
        self._soon.timeout.connect(self._look_again)
        editor.textChanged.connect(self._changed)
        editor.cursorPositionChanged.connect(self._tell)
        for bar in (editor.verticalScrollBar(), editor.horizontalScrollBar()):
            bar.valueChanged.connect(self._mark)
            bar.rangeChanged.connect(self._mark)
        theme.notifier().changed.connect(self._mark)

    @property
    def wanted(self) -> Wanted:
        return self._wanted

    def look_for(self, wanted: Wanted) -> None:
        """Marks them all; goes to the first from where the cursor is, unless it stands on one."""
        self._wanted = wanted
        self._revision = -1
        self._look()
        cursor = self._editor.textCursor()
        if self._gone != (cursor.anchor(), cursor.position()):
            self._began = cursor.anchor(), cursor.position()
        if self._places:
            self._go(self._next_from(cursor.selectionStart()))
        elif wanted.words:
            self._back()
        self._mark()
        self._tell()

    def stop(self) -> None:
        """Takes the marks away; what is found stays selected."""
        self._soon.stop()
        self.look_for(Wanted())

    def next(self) -> None:
        """To the next one, from the last to the first."""
        self._look()
        if self._places:
            self._go(self._next_from(self._editor.textCursor().selectionEnd()))

    def previous(self) -> None:
        self._look()
        if self._places:
            start = self._editor.textCursor().selectionStart()
            self._go(bisect_left(self._places, (start, -1)) - 1)

    def replace(self, words: str) -> None:
        """Puts words in the place of the one that is selected, and goes on to the next."""
        self._look()
        cursor = self._editor.textCursor()
        if (cursor.selectionStart(), cursor.selectionEnd()) in self._places:
            put(cursor, cursor.selectionStart(), cursor.selectionEnd(), words)
            self._editor.setTextCursor(cursor)
        self.next()

    def replace_all(self, words: str) -> int:
        """Puts words in the place of all of them, in one step to undo; answers how many."""
        self._look()
        number = len(self._places)
        cursor = QTextCursor(self._editor.document())
        cursor.beginEditBlock()
        for start, end in reversed(self._places):
            put(cursor, start, end, words)
        cursor.endEditBlock()
        self._look_again()
        return number

    # Where they stand

    def _look(self) -> None:
        document = self._editor.document()
        if self._revision != document.revision():
            self._revision = document.revision()
            self._places = places(document.toPlainText(), self._wanted)

    def _changed(self) -> None:
        if self._wanted.words:
            self._soon.start()

    def _look_again(self) -> None:
        self._look()
        self._mark()
        self._tell()

    def _next_from(self, position: int) -> int:
        at = bisect_left(self._places, (position, -1))
        return at if at < len(self._places) else 0

    def _go(self, number: int) -> None:
        start, end = self._places[number]
        cursor = self._editor.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self._editor.setTextCursor(cursor)
        self._editor.ensureCursorVisible()
        self._gone = start, end

    def _back(self) -> None:
        """To where the search began."""
        anchor, position = self._began
        most = self._editor.document().characterCount() - 1
        cursor = self._editor.textCursor()
        cursor.setPosition(min(anchor, most))
        cursor.setPosition(min(position, most), QTextCursor.MoveMode.KeepAnchor)
        self._editor.setTextCursor(cursor)
        self._gone = self._began

    def _tell(self) -> None:
        if not self._wanted.words:
            self.found.emit(0, 0)
            return
        cursor = self._editor.textCursor()
        here = (cursor.selectionStart(), cursor.selectionEnd())
        at = bisect_left(self._places, here)
        exact = at < len(self._places) and self._places[at] == here
        self.found.emit(at + 1 if exact else 0, len(self._places))

    def _mark(self) -> None:
        if not self._wanted.words and not self._editor.extraSelections():
            return
        if self._wanted.words and self._revision != self._editor.document().revision():
            return  # the places are those of another text; they are looked for again soon
        first, last = self._seen()
        colour = QColor(theme.current().found)
        marks: list[QTextEdit.ExtraSelection] = []
        at = max(0, bisect_left(self._places, (first, -1)) - 1)
        while at < len(self._places) and self._places[at][0] <= last:
            marks.append(_mark(self._editor.document(), self._places[at], colour))
            at += 1
        self._editor.setExtraSelections(marks)

    def _seen(self) -> tuple[int, int]:
        """Positions between which all lies that can be seen now, and a little more."""
        # Asking for what stands at a place of the viewport finds any block beside the lines.
        document = self._editor.document()
        layout = document.documentLayout()
        top = self._editor.verticalScrollBar().value()
        bottom = top + self._editor.viewport().height()

        def below(number: int) -> int:
            return round(layout.blockBoundingRect(document.findBlockByNumber(number)).bottom())

        blocks = range(document.blockCount())
        first = bisect_left(blocks, top, key=below) - _AROUND
        last = bisect_left(blocks, bottom, key=below) + _AROUND
        end = document.findBlockByNumber(min(last, len(blocks) - 1))
        start = document.findBlockByNumber(max(0, first))
        return start.position(), end.position() + end.length()


def put(cursor: QTextCursor, start: int, end: int, words: str) -> None:
    """Words in the place of others, in the look of the first character that goes."""
    cursor.setPosition(start + 1)
    look = cursor.charFormat()
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(words, look)


def _mark(
    document: QTextDocument, place: tuple[int, int], colour: QColor
) -> QTextEdit.ExtraSelection:
    mark = QTextEdit.ExtraSelection()
    cursor = QTextCursor(document)
    cursor.setPosition(place[0])
    cursor.setPosition(place[1], QTextCursor.MoveMode.KeepAnchor)
    mark.cursor = cursor
    mark.format.setBackground(colour)
    return mark
