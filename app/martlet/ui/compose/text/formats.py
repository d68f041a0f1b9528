"""How a letter's looks stand in a QTextDocument: formats of its text, blocks and tables."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextList,
    QTextListFormat,
    QTextTableFormat,
)

from martlet.ui.compose.markup.font_stacks import MONO, stack
from martlet.ui.compose.markup.lines import Align, Line, Run, Table

QUOTE_INDENT = 18
LINE_HEIGHT_PERCENT = 130
# Neither dark nor light, so that it is seen on every page
BORDER = QColor("#8e8e93")
_ALIGNMENT = {
    Align.START: Qt.AlignmentFlag.AlignLeft,
    Align.CENTER: Qt.AlignmentFlag.AlignHCenter,
    Align.END: Qt.AlignmentFlag.AlignRight,
    Align.JUSTIFY: Qt.AlignmentFlag.AlignJustify,
}
_DIRECTION = {
    "ltr": Qt.LayoutDirection.LeftToRight,
    "rtl": Qt.LayoutDirection.RightToLeft,
}
_BULLETS = (
    QTextListFormat.Style.ListDisc,
    QTextListFormat.Style.ListCircle,
    QTextListFormat.Style.ListSquare,
)
_OF_A_CELL = (
    QTextFormat.Property.ObjectType,
    QTextFormat.Property.TableCellRowSpan,
    QTextFormat.Property.TableCellColumnSpan,
    QTextFormat.Property.BackgroundBrush,
)
_RULE_WIDTH = QTextLength(QTextLength.Type.PercentageLength, 100)


def quote_level(block: QTextBlock) -> int:
    """How many levels of quotation a block stands in."""
    level = block.blockFormat().property(QTextFormat.Property.BlockQuoteLevel)
    return level if isinstance(level, int) else 0


def list_of(block: QTextBlock) -> QTextList | None:
    """The list a block is an item of, if any."""
    return block.textList()


def is_code(block: QTextBlock) -> bool:
    """Whether a block is a line of a block of code."""
    return block.blockFormat().nonBreakableLines()


def is_rule(block: QTextBlock) -> bool:
    """Whether a block is a line across and nothing else."""
    ruler = QTextFormat.Property.BlockTrailingHorizontalRulerWidth
    return block.length() == 1 and block.blockFormat().hasProperty(ruler)


def block_format(level: int = 0, inside: int | None = None) -> QTextBlockFormat:
    """The format of a block at this level of quotation. inside: how many of these levels are
    inside its table's cell; None: it stands in no table.
    """
    form = QTextBlockFormat()
    form.setLineHeight(
        LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
    )
    form.setProperty(QTextFormat.Property.BlockQuoteLevel, level)
    form.setLeftMargin(QUOTE_INDENT * (level if inside is None else inside))
    return form


def code_format(level: int = 0, inside: int | None = None) -> QTextBlockFormat:
    """The format of a line of code."""
    form = block_format(level, inside)
    form.setNonBreakableLines(True)
    return form


def set_block_look(cursor: QTextCursor, look: QTextCharFormat) -> None:
    """Gives the cursor's block the look of what is typed in it when it is empty. What the first
    block of a table's cell says of that cell stays: its colour, and what it is merged with.
    """
    # Within an edit block Qt does not know its tables; the first block of a cell says what it is.
    before = cursor.block().charFormat()
    if before.objectType() == QTextFormat.ObjectTypes.TableCellObject.value:
        look = QTextCharFormat(look)
        for name in _OF_A_CELL:
            if before.hasProperty(name):
                look.setProperty(name, before.property(name))
    cursor.setBlockCharFormat(look)


def make_plain(cursor: QTextCursor) -> None:
    """Makes the cursor's paragraph one without looks, in no list and no quotation."""
    current = list_of(cursor.block())
    if current is not None:
        current.remove(cursor.block())
    cursor.setBlockFormat(block_format())
    cursor.setBlockCharFormat(QTextCharFormat())
    cursor.setCharFormat(QTextCharFormat())


def line_format(line: Line) -> QTextBlockFormat:
    """The format of a line's block, but for its list."""
    inside = None if line.cell is None else line.quote - line.cell.table.quote
    if line.code:
        return code_format(line.quote, inside)
    form = block_format(line.quote, inside)
    if line.heading:
        form.setHeadingLevel(line.heading)
    if line.align is not Align.START:
        form.setAlignment(_ALIGNMENT[line.align])
    if line.indent:
        form.setIndent(line.indent)
    if line.direction:
        form.setLayoutDirection(_DIRECTION[line.direction])
    if line.rule:
        form.setProperty(QTextFormat.Property.BlockTrailingHorizontalRulerWidth, _RULE_WIDTH)
    return form


def heading_char(level: int) -> QTextCharFormat:
    """What all text of a heading has; 0: of none."""
    form = QTextCharFormat()
    form.setProperty(QTextFormat.Property.FontSizeAdjustment, 4 - level if level else 0)
    form.setFontWeight(QFont.Weight.Bold if level else QFont.Weight.Normal)
    return form


def code_char() -> QTextCharFormat:
    """What all text of fixed width has."""
    form = QTextCharFormat()
    form.setFontFixedPitch(True)
    form.setFontFamilies([MONO])
    return form


def char_format(run: Run, link: QColor) -> QTextCharFormat:
    """The look of a run. link: the colour of links."""
    form = QTextCharFormat()
    if run.bold:
        form.setFontWeight(QFont.Weight.Bold)
    if run.italic:
        form.setFontItalic(True)
    if run.underline:
        form.setFontUnderline(True)
    if run.strike:
        form.setFontStrikeOut(True)
    if run.code:
        form.merge(code_char())
    if run.family:
        form.setFontFamilies(stack(run.family))
    if run.size:
        form.setFontPointSize(run.size)
    if run.colour:
        form.setForeground(QColor(run.colour))
    if run.background:
        form.setBackground(QColor(run.background))
    if run.raised:
        up, down = (
            QTextCharFormat.VerticalAlignment.AlignSuperScript,
            QTextCharFormat.VerticalAlignment.AlignSubScript,
        )
        form.setVerticalAlignment(up if run.raised > 0 else down)
    if run.href:
        form.setAnchor(True)
        form.setAnchorHref(run.href)
        form.setForeground(link)
        form.setFontUnderline(True)
    return form


def list_format(depth: int, ordered: bool, start: int = 1) -> QTextListFormat:
    """The format of a list at this depth."""
    form = QTextListFormat()
    form.setStyle(QTextListFormat.Style.ListDecimal if ordered else _BULLETS[(depth - 1) % 3])
    form.setIndent(depth)
    if start != 1:
        form.setStart(start)
    return form


def table_format(table: Table) -> QTextTableFormat:
    """The format of a table."""
    form = QTextTableFormat()
    form.setBorder(1 if table.border else 0)
    form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    form.setBorderBrush(QBrush(BORDER))
    form.setBorderCollapse(table.border)
    form.setCellPadding(5)
    form.setCellSpacing(0)
    form.setTopMargin(8)
    form.setBottomMargin(8)
    form.setLeftMargin(QUOTE_INDENT * table.quote)
    form.setHeaderRowCount(table.header)
    form.setProperty(QTextFormat.Property.BlockQuoteLevel, table.quote)
    if table.widths:
        percent = QTextLength.Type.PercentageLength
        form.setColumnWidthConstraints([QTextLength(percent, each) for each in table.widths])
        form.setWidth(QTextLength(percent, 100))
    return form
