"""Puts the lines of a letter into a QTextDocument. The formats lie in `formats`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from PySide6.QtGui import (
    QColor,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextImageFormat,
    QTextList,
    QTextTable,
)

from martlet.ui.compose.markup.lines import Cell, Line, Table
from martlet.ui.compose.text.formats import (
    block_format,
    char_format,
    code_char,
    heading_char,
    line_format,
    list_format,
    list_of,
    quote_level,
    set_block_look,
    table_format,
)

REMOTE = "remote:"
"""What the name of a picture begins with that was not fetched."""


def insert_lines(cursor: QTextCursor, lines: Sequence[Line], link: QColor, widest: int) -> None:
    """Puts lines in at the cursor: the first continues its block when it is a plain line. A table
    is put into a table as lines.

    link: the colour of links. widest: pictures are shown no wider than this (pixels).
    """
    if cursor.currentTable() is not None:
        lines = [replace(each, cell=None) if each.cell else each for each in lines]
    cursor.beginEditBlock()
    writer = _Inserter(cursor, link, widest)
    for table, group in groupby(lines, key=lambda line: line.cell and line.cell.table):
        if table is None:
            for line in group:
                writer.line(line)
        else:
            writer.table(table, list(group))
    cursor.endEditBlock()


class _Inserter:
    """fresh: the cursor is in a block that nothing was put into yet."""

    def __init__(self, cursor: QTextCursor, link: QColor, widest: int) -> None:
        self.cursor = cursor
        self.link = link
        self.widest = widest
        self.first = True
        self.fresh = False
        self.lists: dict[int, QTextList] = {}

    def line(self, line: Line) -> None:
        cursor = self.cursor
        form = line_format(line)
        if self.first:
            self._begin(line, form)
        elif self.fresh:
            cursor.setBlockFormat(form)
        else:
            # The new block is of the list of the one before until it has a format of its own.
            cursor.insertBlock(form, QTextCharFormat())
            current = list_of(cursor.block())
            if current is not None:
                current.remove(cursor.block())
                cursor.setBlockFormat(form)
        self.first = self.fresh = False
        if line.depth:
            known = self.lists.get(line.list_id)
            if known is None:
                made = list_format(line.depth, line.ordered, line.start)
                self.lists[line.list_id] = cursor.createList(made)
            else:
                known.add(cursor.block())
        common = None
        if line.heading:
            common = heading_char(line.heading)
        elif line.code:
            common = code_char()
        for run in line.runs:
            if run.picture or run.remote:
                insert_picture(
                    cursor, run.picture, run.text, run.width, self.widest, run.remote, run.href
                )
                continue
            look = char_format(run, self.link)
            if common is not None:
                look.merge(common)
            cursor.insertText(run.text, look)
        last = QTextCharFormat() if common is None else common
        set_block_look(cursor, last)
        cursor.setCharFormat(last)

    def _begin(self, line: Line, form: QTextBlockFormat) -> None:
        """The first line takes over the block it comes into, if that is empty or it is shaped."""
        block = self.cursor.block()
        shaped = line_format(replace(line, quote=0, cell=None)) != block_format()
        if line.quote or line.depth or shaped or (not block.text() and list_of(block) is None):
            level = max(line.quote, quote_level(block))
            inside = 0 if line.cell or self.cursor.currentTable() is not None else None
            if level != line.quote or inside is not None:
                form.merge(block_format(level, inside))
            if not block.text():
                self.cursor.setBlockFormat(form)
            else:
                self.cursor.mergeBlockFormat(form)

    def table(self, table: Table, lines: list[Line]) -> None:
        """Fills a new table, and goes on in the block below it."""
        cursor = self.cursor
        made = insert_table(cursor, table)
        for cell, group in groupby(lines, key=lambda line: line.cell):
            if cell is None or cell.row >= table.rows or cell.column >= table.columns:
                continue
            self._cell(made, cell, list(group))
        below = QTextCursor(made.lastCursorPosition())
        below.movePosition(QTextCursor.MoveOperation.NextBlock)
        cursor.setPosition(below.position())
        self.first, self.fresh = False, True
        cursor.setBlockFormat(block_format(table.quote))

    def _cell(self, made: QTextTable, cell: Cell, lines: list[Line]) -> None:
        if cell.across > 1 or cell.down > 1:
            made.mergeCells(cell.row, cell.column, cell.down, cell.across)
        there = made.cellAt(cell.row, cell.column)
        inner = _Inserter(there.firstCursorPosition(), self.link, self.widest)
        inner.first, inner.fresh = False, True
        for line in lines:
            inner.line(line)
        if cell.background:
            look = there.format()
            look.setBackground(QColor(cell.background))
            there.setFormat(look)


def insert_table(cursor: QTextCursor, table: Table) -> QTextTable:
    """Puts an empty table in at the cursor, its cells ready to be written in."""
    made = cursor.insertTable(table.rows, table.columns, table_format(table))
    form = block_format(table.quote, 0)
    inside = QTextCursor(made.firstCursorPosition())
    inside.setPosition(made.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
    inside.setBlockFormat(form)
    return made


def insert_rule(cursor: QTextCursor) -> None:
    """Puts a line across in, and goes on below it."""
    level = quote_level(cursor.block())
    inside = 0 if cursor.currentTable() is not None else None
    cursor.beginEditBlock()
    if cursor.block().text():
        cursor.insertBlock(block_format(level, inside), QTextCharFormat())
    form = line_format(Line(rule=True))
    form.merge(block_format(level, inside))
    cursor.setBlockFormat(form)
    cursor.insertBlock(block_format(level, inside), QTextCharFormat())
    cursor.endEditBlock()


def insert_picture(
    cursor: QTextCursor,
    content_id: str,
    name: str,
    width: int,
    widest: int,
    remote: str = "",
    href: str = "",
) -> None:
    """Puts a picture of the letter in. width: as it shall be shown, 0 for its own. remote: the
    address of one on the internet, in place of whose picture a mark is shown.
    """
    form = QTextImageFormat()
    form.setName(f"cid:{content_id}" if content_id else f"{REMOTE}{remote}")
    form.setProperty(QTextFormat.Property.ImageAltText, name)
    if width:
        form.setWidth(min(width, widest))
    if href:
        form.setAnchor(True)
        form.setAnchorHref(href)
    # A line's height in per cent would add a third of the picture's height as white space.
    block = cursor.blockFormat()
    block.setLineHeight(0, QTextBlockFormat.LineHeightTypes.SingleHeight.value)
    cursor.setBlockFormat(block)
    cursor.insertImage(form)
