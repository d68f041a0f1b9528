"""What a selection covers: whole blocks, or stretches of one look, in text and in tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextCursor, QTextTable
from PySide6.QtWidgets import QTextEdit

Change = Callable[[QTextCharFormat], None]


def table_of(cursor: QTextCursor) -> QTextTable | None:
    """The table a cursor is in, if any."""
    return cursor.currentTable()


def blocks_of(cursor: QTextCursor) -> list[QTextBlock]:
    """The blocks a selection touches, those of the chosen cells only; else the cursor's own."""
    found: list[QTextBlock] = []
    for start, end in _spans(cursor):
        block = cursor.document().findBlock(start)
        while block.isValid() and block.position() <= end:
            found.append(block)
            block = block.next()
    return found


def pieces_of(cursor: QTextCursor) -> Iterator[tuple[int, int, QTextCharFormat]]:
    """Start, end and look of all text that is selected; pictures are none."""
    for start, end in _spans(cursor):
        block = cursor.document().findBlock(start)
        while block.isValid() and block.position() < end:
            iterator = block.begin()
            while not iterator.atEnd():
                fragment = iterator.fragment()
                first = max(start, fragment.position())
                last = min(end, fragment.position() + fragment.length())
                form = fragment.charFormat()
                if first < last and not form.isImageFormat():
                    yield first, last, form
                iterator += 1
            block = block.next()


def restyle(editor: QTextEdit, change: Change) -> None:
    """Changes the look of what is selected, or of what is typed next; one step to undo."""
    cursor = editor.textCursor()
    if not cursor.hasSelection():
        form = editor.currentCharFormat()
        change(form)
        editor.setCurrentCharFormat(form)
        return
    change_pieces(cursor, change)


def change_pieces(cursor: QTextCursor, change: Change) -> None:
    """The same for all that a cursor covers."""
    worker = QTextCursor(cursor.document())
    worker.beginEditBlock()
    for start, end, form in list(pieces_of(cursor)):
        change(form)
        worker.setPosition(start)
        worker.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        worker.setCharFormat(form)
    worker.endEditBlock()


def whole(block: QTextBlock) -> QTextCursor:
    """A cursor over all of a block's text."""
    cursor = QTextCursor(block)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    return cursor


def from_first_cell(editor: QTextEdit) -> None:
    """What is typed over several cells is to stand in the first, from wherever they were chosen."""
    cursor = editor.textCursor()
    start, end = cursor.anchor(), cursor.position()
    if start < end and cursor.hasComplexSelection():
        cursor.setPosition(end)
        cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
        editor.setTextCursor(cursor)


def _spans(cursor: QTextCursor) -> list[tuple[int, int]]:
    """Start and end of what is selected: one stretch, or one for each cell."""
    table = table_of(cursor)
    if table is None or not cursor.hasComplexSelection():
        return [(cursor.selectionStart(), cursor.selectionEnd())]
    row, rows, column, columns = cell_range(cursor)
    found: list[tuple[int, int]] = []
    for y in range(row, row + rows):
        for x in range(column, column + columns):
            cell = table.cellAt(y, x)
            found.append((cell.firstPosition(), cell.lastPosition()))
    return found


def cell_range(cursor: QTextCursor) -> tuple[int, int, int, int]:
    """First row, rows, first column, columns of the chosen cells, or of the one one is in; all that
    merged ones take.
    """
    table = table_of(cursor)
    if table is None:
        return (0, 0, 0, 0)
    first = table.cellAt(cursor.selectionStart())
    last = table.cellAt(cursor.selectionEnd())
    if not first.isValid() or not last.isValid():
        first = last = table.cellAt(cursor)
    top = min(first.row(), last.row())
    left = min(first.column(), last.column())
    bottom = max(each.row() + each.rowSpan() for each in (first, last))
    right = max(each.column() + each.columnSpan() for each in (first, last))
    return (top, bottom - top, left, right - left)
