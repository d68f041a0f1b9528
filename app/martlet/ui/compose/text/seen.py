"""Which blocks of a letter are to be seen now, found without going over all of it."""

from __future__ import annotations

from PySide6.QtGui import QTextBlock, QTextDocument
from PySide6.QtWidgets import QTextEdit


def seen(editor: QTextEdit) -> list[QTextBlock]:
    """The blocks that are to be seen, and perhaps some above them."""
    layout = editor.document().documentLayout()
    down = editor.verticalScrollBar().value()
    bottom = down + editor.viewport().height()
    found: list[QTextBlock] = []
    block = _first_shown(editor.document(), down)
    while block.isValid():
        rect = layout.blockBoundingRect(block)
        # Those below that have no height yet will be laid out in idle moments.
        if rect.top() > bottom or not rect.height():
            break
        found.append(block)
        block = block.next()
    return found


def _first_shown(document: QTextDocument, down: int) -> QTextBlock:
    """The first block to be seen, or one above it. down: how far is scrolled (pixels)."""
    layout = document.documentLayout()
    # Qt's own way from a place to a block goes by all blocks, and wrong in margins.
    low, high = 0, document.blockCount() - 1
    while low < high:
        middle = (low + high + 1) // 2
        if layout.blockBoundingRect(document.findBlockByNumber(middle)).top() <= down:
            low = middle
        else:
            high = middle - 1
    block = document.findBlockByNumber(low)
    # Cells beside one another do not stand in the order of their numbers.
    while block.previous().isValid() and layout.blockBoundingRect(block).top() > down:
        block = block.previous()
    return block
