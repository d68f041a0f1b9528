"""Writes rows of plain text into a document: one block each, in the colours of the theme."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontInfo,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from martlet.ui.text_lines import Row
from martlet.ui.tokens import Tokens

LEVEL = QTextFormat.Property.UserProperty + 1
ROW = QTextFormat.Property.UserProperty + 2
GOES_ON = QTextFormat.Property.UserProperty + 3
STEP = 16
"""Pixels a quote level stands in."""
_DEEPEST = 9
_MONO = ("DejaVu Sans Mono", "Liberation Mono", "Noto Sans Mono", "Menlo", "Consolas")
_LINE = 1.52
# Bounded, so that a line that nearly is an address many times over costs no time.
# A host may be written in Chinese; behind it Chinese is the sentence that goes on.
_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_LINK = re.compile(
    rf"https?://[^\s<>\"'`/?#\u3000-\u303f\uff00-\uffef]+(?:[/?#][^\s<>\"'`{_CJK}]*)?"
    r"|mailto:[^\s<>\"'`]+"
    r"|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}\b"
    r"|\bwww\.[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}(?:/[^\s<>\"'`]*)?"
)
_TRAILING = ".,;:!?…，。；：！？、）】》」』\"'"


class Writer:
    """Of one document, from its beginning to its end."""

    def __init__(self, document: QTextDocument, font: QFont, tokens: Tokens) -> None:
        self._cursor = QTextCursor(document)
        self._font = font
        self._tokens = tokens
        self._height = round(font.pixelSize() * _LINE)
        self._first = True
        self._mono = mono(font)
        self._mono.setPixelSize(max(8, round(font.pixelSize() * 0.9)))

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written within is laid out once, at its end."""
        self._cursor.beginEditBlock()
        try:
            yield
        finally:
            self._cursor.endEditBlock()

    def row(self, number: int, row: Row, *, unbroken: bool = True) -> None:
        """The next line. unbroken: what is shaped may be wider than the page, and is scrolled."""
        block = self._block(row.level, from_right(row.text))
        block.setProperty(ROW, number)
        if row.goes_on:
            block.setProperty(GOES_ON, True)
        if row.shaped and unbroken:
            block.setNonBreakableLines(True)
        style = QTextCharFormat()
        colour = self._tokens.text
        if row.level:
            colour = self._tokens.quotes[(row.level - 1) % len(self._tokens.quotes)]
        elif row.signature:
            colour = self._tokens.text3
        style.setForeground(QColor(colour))
        if row.shaped:
            style.setFont(self._mono)
        self._begin(block)
        self._write(row.text, style)

    def plain(self, words: str, font: QFont) -> None:
        """A line of our own."""
        style = QTextCharFormat()
        style.setFont(font)
        style.setForeground(QColor(self._tokens.text))
        self._begin(self._block(0, from_right(words)))
        self._cursor.insertText(words, style)

    def link(self, words: str, target: str, level: int) -> None:
        """A line of our own that does something."""
        style = QTextCharFormat()
        style.setAnchor(True)
        style.setAnchorHref(target)
        style.setForeground(QColor(self._tokens.accent))
        small = QFont(self._font)
        small.setPixelSize(max(8, round(self._font.pixelSize() * 0.87)))
        style.setFont(small)
        self._begin(self._block(level, right=False))
        self._cursor.insertText(words, style)

    def _block(self, level: int, right: bool) -> QTextBlockFormat:
        block = QTextBlockFormat()
        block.setLineHeight(self._height, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        margin = min(level, _DEEPEST) * STEP
        if right:
            block.setRightMargin(margin)
        else:
            block.setLeftMargin(margin)
        block.setProperty(LEVEL, level)
        return block

    def _begin(self, block: QTextBlockFormat) -> None:
        if self._first:
            self._cursor.setBlockFormat(block)
            self._first = False
        else:
            self._cursor.insertBlock(block)

    def _write(self, line: str, style: QTextCharFormat) -> None:
        """Inserts a line with its links made anchors."""
        at = 0
        for match in _LINK.finditer(line):
            target = _trimmed(match.group(0))
            if not target:
                continue
            self._cursor.insertText(line[at : match.start()], style)
            link = QTextCharFormat(style)
            link.setAnchor(True)
            link.setAnchorHref(_address(target))
            link.setForeground(QColor(self._tokens.accent))
            link.setFontUnderline(True)
            self._cursor.insertText(target, link)
            at = match.start() + len(target)
        self._cursor.insertText(line[at:], style)


def mono(font: QFont) -> QFont:
    """The system's font of one width, with that font behind it for what it has not.

    Where no desktop says which it is, Qt takes any; well-known ones are named then.
    """
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    own = [QFontInfo(system).family()] if QFontInfo(system).fixedPitch() else []
    made = QFont(font)
    made.setFamilies([*own, *_MONO, *font.families()])
    return made


def from_right(line: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    strong = (unicodedata.bidirectional(char) for char in line[:200])
    return next((kind != "L" for kind in strong if kind in ("L", "R", "AL")), False)


def _trimmed(target: str) -> str:
    """Without what ends the sentence and not the address."""
    while target and (
        target[-1] in _TRAILING or (target[-1] == ")" and target.count("(") < target.count(")"))
    ):
        target = target[:-1]
    return target


def _address(target: str) -> str:
    if target.startswith("www."):
        return f"https://{target}"
    return target if target.startswith(("http", "mailto:")) else f"mailto:{target}"
