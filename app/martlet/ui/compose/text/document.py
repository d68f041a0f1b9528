"""Between QTextDocument and the lines of a letter: out of it here, into it by `insert`. The formats
lie in `formats`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
    QTextFrame,
    QTextLength,
    QTextListFormat,
    QTextTable,
    QTextTableCell,
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
    list_format,
    list_of,
    quote_level,
    table_format,
)
from martlet.ui.compose.text.insert import (
    REMOTE,
    insert_lines,
    insert_picture,
    insert_rule,
    insert_table,
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

_OBJECT = "\ufffc"
_P = QTextFormat.Property
_INK = int(_P.ForegroundBrush)
_PAPER = int(_P.BackgroundBrush)


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
    own: list[QTextTableCell] = []
    for row in range(rows):
        for column in range(columns):
            cell = made.cellAt(row, column)
            if (cell.row(), cell.column()) == (row, column):  # else another one reaches into it
                own.append(cell)
    header = min(form.headerRowCount(), rows)
    with_cells = {cell.row() for cell in own}
    while 0 < header < rows and header not in with_cells:
        header += 1  # only headings reach into it
    table = Table(
        number, rows, columns, level if isinstance(level, int) else 0, widths,
        form.border() > 0, header,
    )  # fmt: skip
    for cell in own:
        paper = ""
        look = cell.format()
        if look.hasProperty(_PAPER):
            paper = look.background().color().name()
        here = Cell(table, cell.row(), cell.column(), paper, cell.columnSpan(), cell.rowSpan())
        last = cell.lastCursorPosition().block().blockNumber()
        for block in range(cell.firstCursorPosition().block().blockNumber(), last + 1):
            yield block, here


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
