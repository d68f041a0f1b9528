"""Between QTextDocument and the lines of a letter, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextImageFormat,
    QTextList,
    QTextListFormat,
)

from martlet.ui.compose.lines import BREAK, MAX_DEPTH, Line, Run

QUOTE_INDENT = 18
LINE_HEIGHT_PERCENT = 130
_OBJECT = "\ufffc"


def quote_level(block: QTextBlock) -> int:
    """How many levels of quotation a block stands in."""
    level = block.blockFormat().property(QTextFormat.Property.BlockQuoteLevel)
    return level if isinstance(level, int) else 0


def list_of(block: QTextBlock) -> QTextList | None:
    """The list a block is an item of, if any."""
    return block.textList()


def block_format(level: int = 0) -> QTextBlockFormat:
    """The format of a block at this level of quotation."""
    form = QTextBlockFormat()
    form.setLineHeight(
        LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
    )
    form.setProperty(QTextFormat.Property.BlockQuoteLevel, level)
    form.setLeftMargin(QUOTE_INDENT * level)
    return form


def char_format(run: Run, link: QColor) -> QTextCharFormat:
    """The look of a run."""
    form = QTextCharFormat()
    if run.bold:
        form.setFontWeight(QFont.Weight.Bold)
    form.setFontItalic(run.italic)
    form.setFontUnderline(run.underline)
    form.setFontStrikeOut(run.strike)
    if run.href:
        form.setAnchor(True)
        form.setAnchorHref(run.href)
        form.setForeground(link)
        form.setFontUnderline(True)
    return form


def list_format(depth: int, ordered: bool) -> QTextListFormat:
    """The format of a list at this depth."""
    form = QTextListFormat()
    style = QTextListFormat.Style.ListDecimal if ordered else QTextListFormat.Style.ListDisc
    form.setStyle(style)
    form.setIndent(depth)
    return form


def insert_lines(cursor: QTextCursor, lines: Sequence[Line], link: QColor, widest: int) -> None:
    """Puts lines in at the cursor: the first continues its block when it is a plain line.

    widest: pictures are shown no wider than this (pixels).
    """
    lists: dict[int, QTextList] = {}
    cursor.beginEditBlock()
    for number, line in enumerate(lines):
        if number:
            cursor.insertBlock(block_format(line.quote), QTextCharFormat())
            current = list_of(cursor.block())
            if current is not None:
                current.remove(cursor.block())
                cursor.setBlockFormat(block_format(line.quote))
        elif line.quote or line.depth or not cursor.block().text():
            level = max(line.quote, quote_level(cursor.block()))
            cursor.setBlockFormat(block_format(level))
        if line.depth:
            known = lists.get(line.list_id)
            if known is None:
                lists[line.list_id] = cursor.createList(list_format(line.depth, line.ordered))
            else:
                known.add(cursor.block())
        for run in line.runs:
            if run.picture:
                insert_picture(cursor, run.picture, run.text, run.width, widest)
            else:
                cursor.insertText(run.text, char_format(run, link))
        cursor.setCharFormat(QTextCharFormat())
    cursor.endEditBlock()


def insert_picture(
    cursor: QTextCursor, content_id: str, name: str, width: int, widest: int
) -> None:
    """Puts a picture of the letter in. width: as it shall be shown, 0 for its own."""
    form = QTextImageFormat()
    form.setName(f"cid:{content_id}")
    form.setProperty(QTextFormat.Property.ImageAltText, name)
    if width:
        form.setWidth(min(width, widest))
    # A line's height in per cent would add a third of the picture's height as white space.
    block = cursor.blockFormat()
    block.setLineHeight(0, QTextBlockFormat.LineHeightTypes.SingleHeight.value)
    cursor.setBlockFormat(block)
    cursor.insertImage(form)


def lines_of(document: QTextDocument) -> list[Line]:
    """The lines a document holds, its looks reduced to what a letter knows."""
    lists: list[QTextList] = []
    found: list[Line] = []
    block = document.begin()
    while block.isValid():
        text_list = list_of(block)
        depth, ordered, list_id = 0, False, 0
        if text_list is not None:
            form = text_list.format()
            depth = max(1, min(form.indent(), MAX_DEPTH))
            ordered = form.style() == QTextListFormat.Style.ListDecimal
            if text_list not in lists:
                lists.append(text_list)
            list_id = lists.index(text_list) + 1
        runs = tuple(_runs(block))
        found.append(Line(runs, quote_level(block), depth, ordered, list_id))
        block = block.next()
    return found


def _runs(block: QTextBlock) -> Iterable[Run]:
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        form = fragment.charFormat()
        if form.isImageFormat():
            image = form.toImageFormat()
            name = str(image.property(QTextFormat.Property.ImageAltText) or "")
            content_id = image.name().removeprefix("cid:")
            # Equal neighbours share a fragment: one character each.
            for _ in fragment.text():
                yield Run(name, picture=content_id, width=round(image.width()))
        else:
            text = fragment.text().replace(_OBJECT, "").replace("\u2029", BREAK)
            if text:
                yield Run(
                    text,
                    bold=form.fontWeight() >= QFont.Weight.DemiBold,
                    italic=form.fontItalic(),
                    underline=form.fontUnderline() and not form.isAnchor(),
                    strike=form.fontStrikeOut(),
                    href=form.anchorHref() if form.isAnchor() else "",
                )
        iterator += 1
