"""Between QTextDocument and the lines of a letter, both ways. The formats lie in `formats`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrame,
    QTextImageFormat,
    QTextLength,
    QTextList,
    QTextListFormat,
    QTextTable,
)

from martlet.ui.compose.markup.lines import (
    BREAK,
    HEADINGS,
    MAX_CELLS,
    MAX_DEPTH,
    Align,
    Cell,
    Line,
    Run,
    Table,
)
from martlet.ui.compose.markup.settle import direction_of, settled
from martlet.ui.compose.text.formats import (
    QUOTE_INDENT,
    block_format,
    char_format,
    code_char,
    code_format,
    heading_char,
    is_code,
    line_format,
    list_format,
    list_of,
    quote_level,
    table_format,
)

__all__ = [
    "QUOTE_INDENT",
    "REMOTE",
    "block_format",
    "cells_of",
    "char_format",
    "code_char",
    "code_format",
    "heading_char",
    "insert_lines",
    "insert_picture",
    "insert_rule",
    "insert_table",
    "is_code",
    "line_of",
    "lines_of",
    "list_format",
    "list_of",
    "quote_level",
    "table_format",
]

REMOTE = "remote:"
"""What the name of a picture begins with that was not fetched."""

_OBJECT = "\ufffc"
_P = QTextFormat.Property
_INK = int(_P.ForegroundBrush)
_PAPER = int(_P.BackgroundBrush)


# Into the document


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
        cursor.setBlockCharFormat(last)
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
        for (row, column), group in groupby(
            lines, key=lambda line: (line.cell.row, line.cell.column) if line.cell else (0, 0)
        ):
            if row >= table.rows or column >= table.columns:
                continue
            cell = made.cellAt(row, column)
            inner = _Inserter(cell.firstCursorPosition(), self.link, self.widest)
            inner.first, inner.fresh = False, True
            for line in group:
                inner.line(line)
                if line.cell is not None and line.cell.background:
                    look = cell.format()
                    look.setBackground(QColor(line.cell.background))
                    cell.setFormat(look)
        below = QTextCursor(made.lastCursorPosition())
        below.movePosition(QTextCursor.MoveOperation.NextBlock)
        cursor.setPosition(below.position())
        self.first, self.fresh = False, True
        cursor.setBlockFormat(block_format(table.quote))


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
    form.setProperty(_P.ImageAltText, name)
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


# Out of the document


def lines_of(document: QTextDocument) -> list[Line]:
    """The lines a document holds, settled; its looks reduced to what a letter knows."""
    cells = cells_of(document)
    found: list[Line] = []
    block = document.begin()
    while block.isValid():
        line = line_of(block)
        cell = cells.get(block.blockNumber())
        found.append(line if cell is None else replace(line, cell=cell))
        block = block.next()
    return settled(found)


def line_of(block: QTextBlock) -> Line:
    """The line a block is, as it stands there: neither settled nor in its table's cell.

    list_id: whatever Qt calls the list.
    """
    form = block.blockFormat()
    level = form.property(_P.BlockQuoteLevel)
    quote = level if isinstance(level, int) else 0
    runs = tuple(_runs(block))
    if not runs and form.hasProperty(_P.BlockTrailingHorizontalRulerWidth):
        return Line(quote=quote, rule=True)
    text_list = block.textList()
    depth, ordered, list_id, start = 0, False, 0, 1
    if text_list is not None:
        list_form = text_list.format()
        depth = max(1, min(list_form.indent(), MAX_DEPTH))
        ordered = list_form.style().value <= QTextListFormat.Style.ListDecimal.value
        list_id = text_list.objectIndex()
        start = list_form.start()
    heading = form.headingLevel()
    code = form.nonBreakableLines()
    if heading or code:
        runs = tuple(_bare(run, bool(heading)) for run in runs)
    direction = ""
    way = form.layoutDirection()
    if way is not Qt.LayoutDirection.LayoutDirectionAuto:
        direction = "rtl" if way is Qt.LayoutDirection.RightToLeft else "ltr"
    text = "".join([run.text for run in runs])
    align = Align.START
    if form.hasProperty(_P.BlockAlignment):
        align = _align(form.alignment(), direction or direction_of(text))
    return Line(
        runs, quote, depth, ordered, list_id, start, min(heading, HEADINGS), align,
        form.indent() if not depth else 0, direction, code,
    )  # fmt: skip


def cells_of(document: QTextDocument) -> dict[int, Cell]:
    """In which cell of which table blocks stand, by their number."""
    found: dict[int, Cell] = {}
    for number, made in enumerate(_tables(document.rootFrame()), 1):
        found.update(table_cells(made, number))
    return found


def table_cells(made: QTextTable, number: int) -> Iterator[tuple[int, Cell]]:
    """The blocks of a table with their cells. number: what the table is called."""
    form = made.format().toTableFormat()
    rows, columns = made.rows(), made.columns()
    if rows * columns > MAX_CELLS:
        return
    level = form.property(_P.BlockQuoteLevel)
    widths: tuple[int, ...] = ()
    limits = form.columnWidthConstraints()
    percent = QTextLength.Type.PercentageLength
    if len(limits) == columns and all(each.type() == percent for each in limits):
        widths = tuple(round(each.rawValue()) for each in limits)
    table = Table(
        number, rows, columns, level if isinstance(level, int) else 0, widths,
        form.border() > 0, min(form.headerRowCount(), rows),
    )  # fmt: skip
    for row in range(rows):
        for column in range(columns):
            cell = made.cellAt(row, column)
            paper = ""
            look = cell.format()
            if look.hasProperty(_PAPER):
                paper = look.background().color().name()
            own = Cell(table, row, column, paper)
            last = cell.lastCursorPosition().block().blockNumber()
            for block in range(cell.firstCursorPosition().block().blockNumber(), last + 1):
                yield block, own


def _tables(frame: QTextFrame) -> Iterator[QTextTable]:
    """Those that stand in no other table."""
    for child in frame.childFrames():
        if isinstance(child, QTextTable):
            yield child
        else:
            yield from _tables(child)


def _align(flags: Qt.AlignmentFlag, direction: str) -> Align:
    if flags & Qt.AlignmentFlag.AlignHCenter:
        return Align.CENTER
    if flags & Qt.AlignmentFlag.AlignJustify:
        return Align.JUSTIFY
    if flags & Qt.AlignmentFlag.AlignAbsolute:
        ends = Qt.AlignmentFlag.AlignLeft if direction == "rtl" else Qt.AlignmentFlag.AlignRight
        return Align.END if flags & ends else Align.START
    return Align.END if flags & Qt.AlignmentFlag.AlignRight else Align.START


def _bare(run: Run, heading: bool) -> Run:
    """Without what its line says already."""
    if heading:
        return replace(run, bold=False, size=0)
    return replace(run, code=False, family="")


def _runs(block: QTextBlock) -> Iterable[Run]:
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        form = fragment.charFormat()
        text = fragment.text()
        if form.isImageFormat():
            image = form.toImageFormat()
            name = image.name()
            href = image.anchorHref() if image.isAnchor() else ""
            alt = str(image.property(_P.ImageAltText) or "")
            remote = name.removeprefix(REMOTE) if name.startswith(REMOTE) else ""
            content_id = "" if remote else name.removeprefix("cid:")
            # Equal neighbours share a fragment: one character each.
            for _ in text:
                yield Run(
                    alt, href=href, picture=content_id, width=round(image.width()), remote=remote
                )
        else:
            text = text.replace(_OBJECT, "").replace("\u2029", BREAK)
            if text:
                yield _run(text, form) if form.propertyCount() else Run(text)
        iterator += 1


def _run(text: str, form: QTextCharFormat) -> Run:
    href = form.anchorHref() if form.isAnchor() else ""
    code = form.fontFixedPitch()
    family, size, colour, background, raised = "", 0, "", "", 0
    if form.hasProperty(_P.FontFamilies) and not code:
        names = form.fontFamilies()
        family = names[0] if names else ""
    if form.hasProperty(_P.FontPointSize):
        size = round(form.fontPointSize())
    if not href and form.hasProperty(_INK):
        colour = form.foreground().color().name()
    if form.hasProperty(_PAPER):
        background = form.background().color().name()
    if form.hasProperty(_P.TextVerticalAlignment):
        up = form.verticalAlignment()
        raised = (up == QTextCharFormat.VerticalAlignment.AlignSuperScript) - (
            up == QTextCharFormat.VerticalAlignment.AlignSubScript
        )
    return Run(
        text,
        bold=form.fontWeight() >= QFont.Weight.DemiBold,
        italic=form.fontItalic(),
        underline=form.fontUnderline() and not href,
        strike=form.fontStrikeOut(),
        href=href,
        family=family,
        size=size,
        colour=colour,
        background=background,
        code=code,
        raised=raised,
    )
