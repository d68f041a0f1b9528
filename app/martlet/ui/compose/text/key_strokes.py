"""What Enter and the space bar do in a rich letter besides what they write."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QTextCursor, QTextFormat

from martlet.ui.compose.markup.lines import Run
from martlet.ui.compose.text.formats import (
    block_format,
    char_format,
    is_code,
    list_of,
    make_plain,
    quote_level,
)
from martlet.ui.compose.text.places16 import before, spanning

_ADDRESS = re.compile(
    r"(?:https?://[^\s<>\"]{2,2000}|www\.[\w-]+\.[^\s<>\"]{2,2000}"
    r"|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*\.\w{2,20})\Z"
)
_AFTER = ".,;:!?\"'"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_LONGEST = 2100


def auto_link(cursor: QTextCursor, link: QColor) -> bool:
    """Makes a link of a web or mail address that ends right in front of the cursor."""
    block = cursor.block()
    if cursor.hasSelection() or is_code(block):
        return False
    there = before(cursor)
    word = re.split(r"[\s<>\u2028\ufffc]", there[-_LONGEST:])[-1].lstrip("([{\"'")
    end = len(there)
    while word and (word[-1] in _AFTER or word.count(word[-1]) > _opened(word)):
        word = word[:-1]
        end -= 1
    if "." not in word or not _ADDRESS.match(word):
        return False
    found = spanning(block, end - len(word), end)
    if found.charFormat().isAnchor() or found.charFormat().fontFixedPitch():
        return False
    if word.startswith(("http://", "https://")):
        href = word
    else:
        href = f"mailto:{word}" if "@" in word else f"https://{word}"
    # An edit of its own: undo takes back the link and leaves the words.
    found.beginEditBlock()
    found.mergeCharFormat(char_format(Run("", href=href), link))
    found.endEditBlock()
    return True


def _opened(word: str) -> int:
    """How often what would close a bracket at the end was opened; many for any other end."""
    opener = _PAIRS.get(word[-1])
    return word.count(opener) if opener else len(word)


def split_quote(cursor: QTextCursor) -> bool:
    """Enter in a quotation opens a line of one's own in it, to answer just there; False: the
    cursor is in none.
    """
    block = cursor.block()
    level = quote_level(block)
    if not level or cursor.currentTable() is not None or is_code(block):
        return False
    cursor.beginEditBlock()
    # The quotation ends above without a blank line, and goes on below with what is left of it.
    if not cursor.atBlockStart():
        cursor.insertBlock()
    elif block.previous().isValid() and not quote_level(block.previous()):
        # Right at its beginning: one writes above it.
        cursor.insertBlock()
        cursor.movePosition(QTextCursor.MoveOperation.PreviousBlock)
        make_plain(cursor)
        cursor.endEditBlock()
        return True
    if cursor.block().text().strip() or not cursor.atBlockEnd():
        cursor.insertBlock()
        cursor.movePosition(QTextCursor.MoveOperation.PreviousBlock)
    make_plain(cursor)
    cursor.endEditBlock()
    return True


def goes_on(cursor: QTextCursor) -> bool:
    """Enter on an empty line begins another like it; False: it is for Qt to say.

    Qt takes the first Enter on an empty line for the wish to be rid of the line's format, which
    with us every line has: a greeting would get no blank line below it.
    """
    ruler = QTextFormat.Property.BlockTrailingHorizontalRulerWidth
    if cursor.hasSelection() or cursor.block().text() or cursor.blockFormat().hasProperty(ruler):
        return False
    cursor.insertBlock()
    return True


def step_out(cursor: QTextCursor) -> None:
    """Enter on an empty item or quoted line ends the list, or the quotation."""
    current = list_of(cursor.block())
    level = quote_level(cursor.block())
    cursor.beginEditBlock()
    if current is not None:
        current.remove(cursor.block())
    else:
        level = 0
    cursor.setBlockFormat(block_format(level))
    cursor.endEditBlock()
