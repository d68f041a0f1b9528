"""Where a letter's signature stands, below its writer's own words, and how it gives way to another.

A signature is known by its very lines, so that a draft opened again has none twice, and one that
the writer has changed or taken out by hand is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextDocument

from martlet.ui.compose.document import block_format, insert_lines, lines_of
from martlet.ui.compose.lines import Line, Run

SEPARATOR = "-- "
_FORWARDED = "-------- "
_ATTRIBUTION = re.compile(r"\S.{0,300}[:：]\s*\Z", re.DOTALL)


def signature_lines(signature: str) -> tuple[str, ...]:
    """The lines a signature is in a letter, its mark (RFC 3676, 4.3) first; none for ""."""
    words = signature.replace("\r\n", "\n").strip("\n")
    return (SEPARATOR, *words.split("\n")) if words.strip() else ()


def find(lines: Sequence[Line], signature: str) -> int | None:
    """The number of the line this signature begins at, the last such; None: it is not there."""
    wanted = [_bare(each) for each in signature_lines(signature)]
    if not wanted:
        return None
    texts = [None if line.quote else _bare(line.text) for line in lines]
    for at in range(len(texts) - len(wanted), -1, -1):
        if texts[at : at + len(wanted)] == wanted:
            return at
    return None


def has_mark(lines: Sequence[Line]) -> bool:
    """Whether any signature stands there, outside what is quoted."""
    return any(not line.quote and _bare(line.text) == "--" for line in lines)


def place(lines: Sequence[Line]) -> int:
    """The number of the line a signature goes in front of: that of the quotation or forwarded
    letter below the writer's own words, else behind the last.
    """
    for at, line in enumerate(lines):
        if not line.quote and line.text.startswith(_FORWARDED):
            return at
    end = len(lines)
    while end and lines[end - 1].blank and not _quoted(lines[end - 1]):
        end -= 1
    start = end
    while start and (_quoted(lines[start - 1]) or _between_quotes(lines, start - 1, end)):
        start -= 1
    if start == end:
        return len(lines)
    if start and _ATTRIBUTION.match(lines[start - 1].text) and not lines[start - 1].quote:
        start -= 1
    # With nothing above the quotation, one writes below it.
    return start or len(lines)


def own_is_blank(lines: Sequence[Line], signature: str) -> bool:
    """Whether nothing but the signature stands there."""
    at = find(lines, signature)
    if at is not None:
        lines = [*lines[:at], *lines[at + len(signature_lines(signature)) :]]
    return all(line.blank for line in lines)


def sign(document: QTextDocument, signature: str, link: QColor, widest: int) -> int | None:
    """Puts a signature in where it belongs; answers the number of its first block."""
    words = signature_lines(signature)
    if not words:
        return None
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    lines = lines_of(document)
    at = place(lines)
    if not at:
        # In front of everything: what stands first goes one block down.
        cursor.insertBlock(cursor.blockFormat(), cursor.charFormat())
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        cursor.setBlockFormat(block_format())
        lines, at = [Line(), *lines], 1
    blanks = 0
    while blanks < at and lines[at - 1 - blanks].blank and not _quoted(lines[at - 1 - blanks]):
        blanks += 1
    above = at - blanks
    # A line to write on and one between; below a quotation one more before it.
    wanted = 2 if not above else 3 if _quoted(lines[above - 1]) else 1
    missing = max(0, wanted - blanks)
    cursor.setPosition(document.findBlockByNumber(at - 1).position())
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    # The first of these only goes on where the line before ends.
    added = [Line()] * (1 + missing) + [Line((Run(each),) if each else ()) for each in words]
    if at < len(lines):
        added.append(Line())
    insert_lines(cursor, added, link, widest)
    cursor.endEditBlock()
    return at + missing


def swap(document: QTextDocument, old: str, new: str, link: QColor, widest: int) -> None:
    """Another identity writes: its signature takes the place of the other's."""
    if signature_lines(old) == signature_lines(new):
        return
    lines = lines_of(document)
    at = find(lines, old)
    if at is None:
        if not signature_lines(old) and not has_mark(lines):
            sign(document, new, link, widest)
        return
    words = signature_lines(new)
    cursor = QTextCursor(document)
    cursor.setPosition(document.findBlockByNumber(at).position())
    last = document.findBlockByNumber(at + len(signature_lines(old)) - 1)
    cursor.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
    cursor.beginEditBlock()
    cursor.insertText("\n".join(words), QTextCharFormat())
    if not words and at:
        cursor.deletePreviousChar()  # the line it stood on
        if lines[at - 1].blank and at > 1:
            cursor.deletePreviousChar()
    cursor.endEditBlock()


def _bare(text: str) -> str:
    return text.replace("\xa0", " ").rstrip()


def _quoted(line: Line) -> bool:
    return line.quote > 0 or line.text.startswith(">")


def _between_quotes(lines: Sequence[Line], at: int, end: int) -> bool:
    """A blank line inside what is quoted."""
    above = next((line for line in reversed(lines[:at]) if not line.blank), None)
    return lines[at].blank and at < end - 1 and above is not None and _quoted(above)
