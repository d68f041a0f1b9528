"""Puts text that was copied elsewhere into a letter, however long it is.

What is long is read beside the window's thread and put in piece by piece, while nothing can be
typed in between; all of it is one step to undo. Nothing is fetched.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from shiboken6 import isValid

from martlet.ui.compose.images.image_bytes import Unpacking
from martlet.ui.compose.markup.lines import MAX_DEPTH, Line, Table
from martlet.ui.compose.markup.long_words import broken_lines
from martlet.ui.compose.markup.read_html import Foreign, read_foreign
from martlet.ui.compose.text.document import insert_lines, quote_level
from martlet.ui.compose.text.formats import block_format
from martlet.ui.compose.text.paper import WIDEST_PICTURE

if TYPE_CHECKING:
    from martlet.ui.compose.text.editor import BodyEditor

_LONG = 60_000
"""Characters of HTML that are read beside."""
_SLICE_S = 0.006
_AT_ONCE = 40
_CHARACTERS = 8_000


_Piece = Callable[[QTextCursor], None]


class Pasted(QObject):
    """done: all that was pasted stands in the letter. changed: it is `busy`, or is so no more.
    failed: nothing could be made of it, or not all.
    """

    done = Signal()
    changed = Signal()
    failed = Signal()
    _read = Signal(object)

    def __init__(self, editor: BodyEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._busy = False
        self._pieces: list[_Piece] = []
        self._cursor = QTextCursor()
        self._foreign = Foreign([])
        self._read.connect(self._arrived)

    @property
    def busy(self) -> bool:
        """Whether a paste is under way."""
        return self._busy

    def put(self, markup: str) -> None:
        """Puts the HTML in where the cursor is, in place of what is selected."""
        if self._busy:
            return
        known = set(self._editor.known_pictures)
        if len(markup) <= _LONG:
            self._begin(read_foreign(markup, known.__contains__))
            while self._next():
                pass
            return
        self._close()
        job = threading.Thread(
            target=_read_beside, args=(markup, known, self._tell), name="paste", daemon=True
        )
        job.start()

    def put_text(self, text: str, look: QTextCharFormat) -> None:
        """Puts words in, lines ended by \n, in this look."""
        pieces: list[_Piece] = [partial(_words, piece, look) for piece in _cut_text(text)]
        self._go(pieces, long=len(text) > _LONG)

    def put_apart(self, lines: Sequence[Line], level: int) -> None:
        """Puts lines in as paragraphs of their own, and one of this level of quotation below."""
        first, *more = self._lines(lines)
        pieces: list[_Piece] = [partial(_apart, level, first), *more, partial(_new_block, level)]
        self._go(pieces, long=sum(len(line.text) for line in lines) > _LONG)

    def _go(self, pieces: Sequence[_Piece], *, long: bool) -> None:
        if self._busy:
            return
        self._start(pieces)
        if long:
            self._close()
            QTimer.singleShot(0, self, self._some)
            return
        while self._next():
            pass

    def _close(self) -> None:
        self._busy = True
        self._editor.setReadOnly(True)
        self._editor.viewport().setEnabled(False)
        self.changed.emit()

    def _tell(self, foreign: Foreign | None) -> None:
        """On the reading thread; the letter may be closed by now."""
        if isValid(self):
            self._read.emit(foreign)

    def _arrived(self, foreign: Foreign | None) -> None:
        begun = False
        try:
            if foreign is not None:
                self._begin(foreign)
                begun = True
        finally:
            if not begun:
                self._give_up()
        if begun:
            QTimer.singleShot(0, self, self._some)

    def _begin(self, foreign: Foreign) -> None:
        self._foreign = foreign
        lines = self._known_pictures(foreign)
        level = quote_level(self._editor.textCursor().block())
        if level:
            lines = _deeper(lines, level)
        self._start(self._lines(lines))

    def _lines(self, lines: Sequence[Line]) -> list[_Piece]:
        link = self._editor.palette().link().color()
        return [partial(_some_lines, piece, link) for piece in _cut(broken_lines(lines))]

    def _start(self, pieces: Sequence[_Piece]) -> None:
        """The first piece takes the place of what is selected; the others join it as one step to
        undo. Joining an empty step would join what was done before.
        """
        self._cursor = QTextCursor(self._editor.textCursor())
        self._pieces = list(reversed(pieces))
        self._busy = True
        self._cursor.beginEditBlock()
        self._cursor.removeSelectedText()
        self._pieces.pop()(self._cursor)
        self._cursor.endEditBlock()

    def _some(self) -> None:
        until = perf_counter() + _SLICE_S
        well = False
        try:
            while self._next():
                if perf_counter() > until:
                    QTimer.singleShot(0, self, self._some)
                    break
            well = True
        finally:
            if not well:
                self._give_up()

    def _give_up(self) -> None:
        """The letter is open to hands again, whatever happened."""
        self._pieces = []
        self._open()
        self.failed.emit()

    def _open(self) -> None:
        self._busy = False
        self._editor.setReadOnly(False)
        self._editor.viewport().setEnabled(True)
        self.changed.emit()

    def _next(self) -> bool:
        """Puts a piece in; False: there was none left."""
        if not self._pieces:
            self._end()
            return False
        self._cursor.joinPreviousEditBlock()
        self._pieces.pop()(self._cursor)
        self._cursor.endEditBlock()
        return True

    def _end(self) -> None:
        editor = self._editor
        editor.setTextCursor(self._cursor)
        editor.ensureCursorVisible()
        remote = self._foreign.remote
        self._foreign = Foreign([])
        if remote:
            editor.remote_pictures_pasted.emit(list(remote))
        self._open()
        self.done.emit()

    def _known_pictures(self, foreign: Foreign) -> list[Line]:
        """Makes the pictures that came along the letter's own, those that are any."""
        if not foreign.data:
            return foreign.lines
        names: dict[str, str] = {}
        unpacking = Unpacking()
        given: list[tuple[str, bytes]] = []
        for name, data in foreign.data.items():
            image = unpacking.image(data)
            if image.isNull():
                continue
            names[name] = f"{uuid.uuid4().hex}@martlet"
            self._editor.know_picture(names[name], image)
            given.append((names[name], data))
        if given:
            self._editor.pictures_pasted.emit(given)
        return [
            replace(
                line,
                runs=tuple(
                    replace(run, picture=names.get(run.picture, run.picture))
                    for run in line.runs
                    if run.picture not in foreign.data or run.picture in names
                ),
            )
            for line in foreign.lines
        ]


def _read_beside(markup: str, known: set[str], tell: Callable[[Foreign | None], None]) -> None:
    """Tells whatever happens: the letter waits for it."""
    found: Foreign | None = None
    try:
        found = read_foreign(markup, known.__contains__)
    finally:
        tell(found)


def _deeper(lines: Sequence[Line], level: int) -> list[Line]:
    """The lines so many levels of quotation further in."""
    tables: dict[Table, Table] = {}
    found: list[Line] = []
    for line in lines:
        cell = line.cell
        if cell is not None:
            table = cell.table
            if table not in tables:
                tables[table] = replace(table, quote=min(table.quote + level, MAX_DEPTH))
            cell = replace(cell, table=tables[table])
        found.append(replace(line, quote=min(line.quote + level, MAX_DEPTH), cell=cell))
    return found


def _some_lines(lines: Sequence[Line], link: QColor, cursor: QTextCursor) -> None:
    insert_lines(cursor, lines, link, WIDEST_PICTURE)


def _words(words: str, look: QTextCharFormat, cursor: QTextCursor) -> None:
    cursor.insertText(words, look)


def _apart(level: int, piece: _Piece, cursor: QTextCursor) -> None:
    if cursor.block().text():
        _new_block(level, cursor)
    piece(cursor)


def _new_block(level: int, cursor: QTextCursor) -> None:
    cursor.insertBlock(block_format(level), QTextCharFormat())


def _cut_text(text: str) -> list[str]:
    """Pieces of about so many characters as are put in within a turn, whole lines."""
    found: list[str] = []
    start = 0
    while len(text) - start > _CHARACTERS:
        end = text.find("\n", start + _CHARACTERS // 2, start + _CHARACTERS) + 1
        end = end or start + _CHARACTERS
        found.append(text[start:end])
        start = end
    return [*found, text[start:]]


def _cut(lines: Sequence[Line]) -> list[list[Line]]:
    """Pieces that can be put in one after the other: a table or a list is not cut."""
    found: list[list[Line]] = []
    piece: list[Line] = []
    for line in lines:
        whole = line.cell is None and (not piece or piece[-1].cell is None)
        if len(piece) >= _AT_ONCE and not line.depth and whole:
            found.append(piece)
            # The next piece's first line goes on where this one ends.
            piece = [Line(quote=0)]
        piece.append(line)
    found.append(piece)
    return found
