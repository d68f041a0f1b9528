"""Where a letter's signature stands, below its writer's own words, and how it gives way to another.

A signature is known by its very lines, so that a draft opened again has none twice, and one that
the writer has changed or taken out by hand is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtGui import QColor, QTextCursor, QTextDocument

from martlet.mail.identity import Signature
from martlet.ui.compose.markup.lines import Line, Run, Table
from martlet.ui.compose.markup.read_html import read_html
from martlet.ui.compose.markup.write_html import write_html
from martlet.ui.compose.text.document import block_format, insert_lines, lines_of
from martlet.ui.compose.text.formats import make_plain

SEPARATOR = "-- "
_FORWARDED = "-------- "
_ANY_TABLE = Table(0, 1, 1)
_ATTRIBUTION = re.compile(r"\S.{0,300}[:：]\s*\Z", re.DOTALL)


def signature_lines(signature: Signature, *, rich: bool, mark: bool = True) -> tuple[Line, ...]:
    """The lines a signature is in a letter, its mark (RFC 3676, 4.3) first; none for an empty one.

    In a plain letter a rich one is its words.
    """
    if rich and signature.html:
        known = {part.content_id for part in signature.parts}
        words = read_html(signature.html, known.__contains__)
    else:
        text = signature.text.replace("\r\n", "\n").strip("\n")
        words = [Line((Run(each),) if each else ()) for each in text.split("\n")]
    while words and words[0].blank and not words[0].cell:
        del words[0]
    while words and words[-1].blank and not words[-1].cell:
        del words[-1]
    if not words:
        return ()
    if words[0].cell:
        words.insert(0, Line())  # a table never follows a line at once
    return (Line((Run(SEPARATOR),)), *words) if mark else tuple(words)


def find(lines: Sequence[Line], signature: Sequence[Line]) -> int | None:
    """The number of the line this signature begins at, the last such; None: it is not there.

    It is not there any more when a single letter of it, or its look, has been changed.
    """
    wanted = _looks(signature)
    if not wanted:
        return None
    there = _looks(lines)
    for at in range(len(there) - len(wanted), -1, -1):
        if there[at : at + len(wanted)] == wanted:
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


def own_is_blank(lines: Sequence[Line], signature: Sequence[Line]) -> bool:
    """Whether nothing but the signature stands there."""
    at = find(lines, signature)
    if at is not None:
        lines = [*lines[:at], *lines[at + len(signature) :]]
    return all(line.blank for line in lines)


def sign(
    document: QTextDocument,
    signature: Sequence[Line],
    link: QColor,
    widest: int,
    *,
    below: bool = False,
) -> int | None:
    """Puts a signature in where it belongs; answers the number of its first block.

    below: behind everything, also what is quoted.
    """
    if not signature:
        return None
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    lines = lines_of(document)
    at = place(lines)
    # Where one writes below what is quoted, the signature stands there anyhow.
    below = below and at != len(lines)
    at = len(lines) if below else at
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
    # A line to write on and one between; below a quotation that one writes below, one before it.
    wanted = 2 if not above else 3 if _quoted(lines[above - 1]) and not below else 1
    missing = max(0, wanted - blanks)
    cursor.setPosition(document.findBlockByNumber(at - 1).position())
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    # The first of these only goes on where the line before ends.
    added = [*[Line()] * (1 + missing), *signature]
    if at < len(lines):
        added.append(Line())
    insert_lines(cursor, added, link, widest)
    cursor.endEditBlock()
    return at + missing


def swap(
    document: QTextDocument,
    old: Sequence[Line],
    new: Sequence[Line],
    link: QColor,
    widest: int,
    *,
    below: bool = False,
) -> bool:
    """Another signature takes the place of one, in one step that can be undone.

    False: that one is not there any more as it was, and nothing is done.
    """
    if _looks(old) == _looks(new):
        return True
    lines = lines_of(document)
    at = find(lines, old)
    if at is None:
        if old or has_mark(lines):
            return False
        sign(document, new, link, widest, below=below)
        return True
    cursor = QTextCursor(document)
    cursor.setPosition(document.findBlockByNumber(at).position())
    last = document.findBlockByNumber(at + len(old) - 1)
    cursor.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
    cursor.beginEditBlock()
    cursor.removeSelectedText()
    make_plain(cursor)
    if new:
        insert_lines(cursor, new, link, widest)
    elif at:
        cursor.deletePreviousChar()  # the line it stood on
        if lines[at - 1].blank and at > 1:
            cursor.deletePreviousChar()
    cursor.endEditBlock()
    return True


def wrapped(markup: str, signature: Sequence[Line]) -> str:
    """The letter's markup with a box about the signature by which Thunderbird and those that
    follow it know one; without one, or where it was changed, as it was.
    """
    if not signature:
        return markup
    own = write_html(signature)
    at = markup.rfind(own)
    if (
        not own
        or at < 0
        or markup.count("<blockquote", 0, at) != markup.count("</blockquote", 0, at)
    ):
        return markup
    return f'{markup[:at]}<div class="moz-signature">{own}</div>{markup[at + len(own) :]}'


def _looks(lines: Sequence[Line]) -> list[Line]:
    """Lines as they compare: what the editor makes of them by itself is left out."""
    found = []
    for line in lines:
        runs: list[Run] = []
        for run in line.runs:
            text = run.text.replace("\xa0", " ")
            bare = replace(run, text=text, width=0)
            if runs and replace(runs[-1], text=text) == bare and not run.picture:
                runs[-1] = replace(bare, text=runs[-1].text + text)
            elif text or run.picture:
                runs.append(bare)
        if runs and not runs[-1].picture:
            runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip())
        cell = None if line.cell is None else replace(line.cell, table=_ANY_TABLE)
        kept = tuple(run for run in runs if run.text or run.picture)
        found.append(replace(line, runs=kept, list_id=0, cell=cell))
    return found


def _bare(text: str) -> str:
    return text.replace("\xa0", " ").rstrip()


def _quoted(line: Line) -> bool:
    return line.quote > 0 or line.text.startswith(">")


def _between_quotes(lines: Sequence[Line], at: int, end: int) -> bool:
    """A blank line inside what is quoted."""
    above = next((line for line in reversed(lines[:at]) if not line.blank), None)
    return lines[at].blank and at < end - 1 and above is not None and _quoted(above)
