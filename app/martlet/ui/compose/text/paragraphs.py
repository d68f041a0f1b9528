"""What can be done to whole paragraphs: headings, code, lists, quotations, alignment, indent.

Each works on the blocks a cursor covers, as one step to undo.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextList,
)

from martlet.ui.compose.markup.lines import HEADINGS, MAX_DEPTH
from martlet.ui.compose.text.formats import (
    QUOTE_INDENT,
    code_char,
    code_format,
    heading_char,
    is_code,
    list_format,
    list_of,
    quote_level,
    set_block_look,
)
from martlet.ui.compose.text.selecting import blocks_of, change_pieces, whole

Change = Callable[[QTextCursor], None]

CODE = -1
"""The style of a block of code; 0 is normal, 1 to 3 are headings."""

_STYLED = (
    QTextFormat.Property.HeadingLevel,
    QTextFormat.Property.BlockNonBreakableLines,
    QTextFormat.Property.BlockCodeLanguage,
    QTextFormat.Property.BackgroundBrush,
)
# What headings and code have of the look of their words.
_WORN = (
    QTextFormat.Property.FontSizeAdjustment,
    QTextFormat.Property.FontWeight,
    QTextFormat.Property.FontFixedPitch,
    QTextFormat.Property.FontFamilies,
)
_ALIGNED = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
    "justify": Qt.AlignmentFlag.AlignJustify,
}
_MIRRORED = {"left": "right", "right": "left"}


def style_of(block: QTextBlock) -> int:
    """0 normal, 1 to 3 a heading, CODE."""
    return CODE if is_code(block) else min(block.blockFormat().headingLevel(), HEADINGS)


def set_style(cursor: QTextCursor, style: int) -> None:
    """Makes the paragraphs normal, a heading, or code. What a heading looks like comes with it."""
    cursor.beginEditBlock()
    for block in blocks_of(cursor):
        was = style_of(block)
        if was == style:
            continue
        at = QTextCursor(block)
        if style and list_of(block) is not None:
            _leave_list(block)
        form = block.blockFormat()
        for name in _STYLED:
            form.clearProperty(name)
        if style == CODE:
            form = code_format(quote_level(block), _inside(block))
        elif style:
            form.setHeadingLevel(style)
        at.setBlockFormat(form)
        worn = _worn(style)
        everything = whole(block)
        if was:
            change_pieces(everything, _undress)
        if style:
            everything.mergeCharFormat(worn)
        set_block_look(at, worn)
    cursor.endEditBlock()


def set_list(cursor: QTextCursor, ordered: bool) -> None:
    """Makes the paragraphs items of a list; takes them out if they are all of that kind."""
    blocks = blocks_of(cursor)
    cursor.beginEditBlock()
    if all(list_of(block) is not None and _ordered(block) is ordered for block in blocks):
        for block in blocks:
            _leave_list(block)
    else:
        for block in blocks:
            depth = depth_of(block) or 1
            _join_list(block, depth, ordered)
    cursor.endEditBlock()


def set_quote(cursor: QTextCursor, level: int) -> None:
    """Puts the paragraphs at a level of quotation; in a table, of that within the cell."""
    cursor.beginEditBlock()
    for block in blocks_of(cursor):
        form = block.blockFormat()
        outside = quote_level(block) - _inside(block)
        form.setProperty(QTextFormat.Property.BlockQuoteLevel, outside + level)
        form.setLeftMargin(QUOTE_INDENT * level)
        QTextCursor(block).setBlockFormat(form)
    cursor.endEditBlock()


def shift(cursor: QTextCursor, by: int) -> None:
    """Indents more (1) or less (-1): items go into a list within the list, and out again."""
    cursor.beginEditBlock()
    for block in blocks_of(cursor):
        depth = depth_of(block)
        if not depth:
            form = block.blockFormat()
            form.setIndent(max(0, min(form.indent() + by, MAX_DEPTH)))
            QTextCursor(block).setBlockFormat(form)
        elif depth + by < 1:
            _leave_list(block)
        elif depth + by <= MAX_DEPTH:
            _join_list(block, depth + by, _ordered(block))
    cursor.endEditBlock()


def leave_list(cursor: QTextCursor) -> None:
    """The paragraph is no item any more."""
    cursor.beginEditBlock()
    _leave_list(cursor.block())
    cursor.endEditBlock()


def depth_of(block: QTextBlock) -> int:
    """Levels of lists the block stands in, 0 for none."""
    current = list_of(block)
    return max(1, current.format().indent()) if current is not None else 0


def side_of(block: QTextBlock) -> str:
    """left, center, right or justify, as it is seen."""
    flags = block.blockFormat().alignment()
    if flags & Qt.AlignmentFlag.AlignHCenter:
        return "center"
    if flags & Qt.AlignmentFlag.AlignJustify:
        return "justify"
    side = "right" if flags & Qt.AlignmentFlag.AlignRight else "left"
    return _MIRRORED[side] if is_right_to_left(block) else side


def set_side(cursor: QTextCursor, side: str) -> None:
    """Aligns the paragraphs: left, center, right or justify, as it is seen."""
    cursor.beginEditBlock()
    for block in blocks_of(cursor):
        # Qt's left is where the text begins.
        wanted = _MIRRORED.get(side, side) if is_right_to_left(block) else side
        form = block.blockFormat()
        if wanted == "left":
            form.clearProperty(QTextFormat.Property.BlockAlignment)
        else:
            form.setAlignment(_ALIGNED[wanted])
        QTextCursor(block).setBlockFormat(form)
    cursor.endEditBlock()


def is_right_to_left(block: QTextBlock) -> bool:
    return block.textDirection() is Qt.LayoutDirection.RightToLeft


def set_direction(cursor: QTextCursor, right_to_left: bool) -> None:
    """Sets which way the paragraphs run; the way their text runs by itself needs no saying."""
    way = Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight
    cursor.beginEditBlock()
    for block in blocks_of(cursor):
        form = block.blockFormat()
        form.clearProperty(QTextFormat.Property.LayoutDirection)
        at = QTextCursor(block)
        at.setBlockFormat(form)
        if block.textDirection() is not way:
            form.setLayoutDirection(way)
            at.setBlockFormat(form)
    cursor.endEditBlock()


def clear(cursor: QTextCursor) -> None:
    """Normal paragraphs, where they begin by themselves; lists and quotations stay."""
    cursor.beginEditBlock()
    set_style(cursor, 0)
    for block in blocks_of(cursor):
        form = block.blockFormat()
        for name in (
            QTextFormat.Property.BlockAlignment,
            QTextFormat.Property.LayoutDirection,
            QTextFormat.Property.BlockIndent,
        ):
            if name is not QTextFormat.Property.BlockIndent or list_of(block) is None:
                form.clearProperty(name)
        QTextCursor(block).setBlockFormat(form)
    cursor.endEditBlock()


def _undress(form: QTextCharFormat) -> None:
    for name in _WORN:
        form.clearProperty(name)


def _worn(style: int) -> QTextCharFormat:
    if style == CODE:
        return code_char()
    return heading_char(style) if style else QTextCharFormat()


def _inside(block: QTextBlock) -> int:
    """The levels of quotation that its margin shows: in a cell not those around the table."""
    return round(block.blockFormat().leftMargin() / QUOTE_INDENT)


def _ordered(block: QTextBlock) -> bool:
    return _style_of_list(block) == list_format(1, True).style()


def _style_of_list(block: QTextBlock) -> object:
    current = list_of(block)
    return current.format().style() if current is not None else None


def _leave_list(block: QTextBlock) -> None:
    current = list_of(block)
    if current is not None:
        current.remove(block)
        form = block.blockFormat()
        form.setIndent(0)
        QTextCursor(block).setBlockFormat(form)


def _join_list(block: QTextBlock, depth: int, ordered: bool) -> None:
    """Into the list it goes on with, or else into one of its own."""
    known = _list_above(block, depth, ordered)
    if known is not None:
        known.add(block)
    else:
        QTextCursor(block).createList(list_format(depth, ordered))


def _list_above(block: QTextBlock, depth: int, ordered: bool) -> QTextList | None:
    """The list of this depth and kind that ends right above, if only deeper items lie between."""
    wanted = list_format(depth, ordered).style()
    level = quote_level(block)
    above = block.previous()
    while above.isValid() and quote_level(above) == level and depth_of(above) >= depth:
        current = list_of(above)
        if current is not None and depth_of(above) == depth:
            return current if current.format().style() == wanted else None
        above = above.previous()
    return None
