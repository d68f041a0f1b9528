"""Which blocks of a letter are to be seen now, found without going over all of it."""

from __future__ import annotations

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument, QTextTableCell
from PySide6.QtWidgets import QTextEdit

from martlet.ui.compose.text.selecting import table_of


def seen(editor: QTextEdit) -> list[QTextBlock]:
    """The blocks that are to be seen, and perhaps some above them."""
    document = editor.document()
    layout = document.documentLayout()
    down = editor.verticalScrollBar().value()
    bottom = down + editor.viewport().height()
    found: list[QTextBlock] = []
    block = _first_shown(document, down)
    while block.isValid():
        cell = _cell_of(block)
        begins = cell is not None and cell.firstPosition() == block.position()
        if cell is not None and begins:
            last = cell.lastCursorPosition().block().blockNumber()
            block = _last_above(document, block.blockNumber(), last, down)
        rect = layout.blockBoundingRect(block)
        if cell is not None and rect.top() > bottom and not (begins and not cell.column()):
            # The cells beside it may begin further up.
            block = cell.lastCursorPosition().block().next()
            continue
        # Those below that have no height yet will be laid out in idle moments.
        if rect.top() > bottom or not rect.height():
            break
        found.append(block)
        block = block.next()
    return found


def _first_shown(document: QTextDocument, down: int) -> QTextBlock:
    """The first block to be seen, or one above it. down: how far is scrolled (pixels)."""
    layout = document.documentLayout()
    block = _last_above(document, 0, document.blockCount() - 1, down)
    # Cells beside one another do not stand in the order of their numbers.
    while block.previous().isValid() and layout.blockBoundingRect(block).top() > down:
        block = block.previous()
    cell, table = _cell_of(block), table_of(QTextCursor(block))
    if cell is None or table is None:
        return block
    row = (table.cellAt(cell.row(), column) for column in range(table.columns()))
    return document.findBlock(min(each.firstPosition() for each in row))


def _last_above(document: QTextDocument, low: int, high: int, down: int) -> QTextBlock:
    """Of these blocks, which stand below one another, the last that begins above; else the first.

    Qt's own way from a place to a block goes by all blocks, and wrong in margins.
    """
    layout = document.documentLayout()
    while low < high:
        middle = (low + high + 1) // 2
        if layout.blockBoundingRect(document.findBlockByNumber(middle)).top() <= down:
            low = middle
        else:
            high = middle - 1
    return document.findBlockByNumber(low)


def _cell_of(block: QTextBlock) -> QTextTableCell | None:
    cursor = QTextCursor(block)
    table = table_of(cursor)
    return None if table is None else table.cellAt(cursor)
