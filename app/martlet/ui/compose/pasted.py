"""Puts text that was copied elsewhere into a rich letter, however long it is.

What is long is read beside the window's thread and put in piece by piece, while nothing can be
typed in between; all of it is one step to undo. Nothing is fetched.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QTextCursor
from shiboken6 import isValid

from martlet.ui.compose.document import insert_lines, quote_level
from martlet.ui.compose.lines import MAX_DEPTH, Line, Table
from martlet.ui.compose.paper import WIDEST_PICTURE
from martlet.ui.compose.read_html import Foreign, read_foreign

if TYPE_CHECKING:
    from martlet.ui.compose.editor import BodyEditor

_LONG = 60_000
"""Characters of HTML that are read beside."""
_SLICE_S = 0.006
_AT_ONCE = 40
_LARGEST_PICTURE = 20 << 20


class Pasted(QObject):
    """done: all that was pasted stands in the letter."""

    done = Signal()
    _read = Signal(object)

    def __init__(self, editor: BodyEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._busy = False
        self._pieces: list[list[Line]] = []
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
        self._busy = True
        self._editor.setReadOnly(True)
        self._editor.viewport().setEnabled(False)
        job = threading.Thread(
            target=_read_beside, args=(markup, known, self._tell), name="paste", daemon=True
        )
        job.start()

    def _tell(self, foreign: Foreign) -> None:
        """On the reading thread; the letter may be closed by now."""
        if isValid(self):
            self._read.emit(foreign)

    def _arrived(self, foreign: Foreign) -> None:
        self._begin(foreign)
        QTimer.singleShot(0, self, self._some)

    def _begin(self, foreign: Foreign) -> None:
        self._foreign = foreign
        lines = self._known_pictures(foreign)
        self._cursor = QTextCursor(self._editor.textCursor())
        level = quote_level(self._cursor.block())
        if level:
            lines = _deeper(lines, level)
        self._pieces = list(reversed(_cut(lines)))
        self._busy = True
        self._cursor.beginEditBlock()
        self._cursor.removeSelectedText()
        self._cursor.endEditBlock()

    def _some(self) -> None:
        until = perf_counter() + _SLICE_S
        while self._next():
            if perf_counter() > until:
                QTimer.singleShot(0, self, self._some)
                return

    def _next(self) -> bool:
        """Puts a piece in; False: there was none left."""
        if not self._pieces:
            self._end()
            return False
        self._cursor.joinPreviousEditBlock()
        insert_lines(
            self._cursor,
            self._pieces.pop(),
            self._editor.palette().link().color(),
            WIDEST_PICTURE,
        )
        self._cursor.endEditBlock()
        return True

    def _end(self) -> None:
        self._busy = False
        editor = self._editor
        editor.setReadOnly(False)
        editor.viewport().setEnabled(True)
        editor.setTextCursor(self._cursor)
        editor.ensureCursorVisible()
        remote = self._foreign.remote
        self._foreign = Foreign([])
        if remote:
            editor.remote_pictures_pasted.emit(list(remote))
        self.done.emit()

    def _known_pictures(self, foreign: Foreign) -> list[Line]:
        """Makes the pictures that came along the letter's own, those that are any."""
        if not foreign.data:
            return foreign.lines
        names: dict[str, str] = {}
        given: list[tuple[str, bytes]] = []
        for name, data in foreign.data.items():
            image = QImage.fromData(data) if len(data) <= _LARGEST_PICTURE else QImage()
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


def _read_beside(markup: str, known: set[str], tell: Callable[[Foreign], None]) -> None:
    tell(read_foreign(markup, known.__contains__))


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
