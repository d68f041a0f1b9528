"""How text looks in the editor beyond what it is: quotes step back, links have the theme's colour,
and colours somebody chose can be read on this page, dark or light. What is sent stays untouched.

Only the blocks that are seen are tinted, when they are about to be painted.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import (
    QColor,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLayout,
)

from martlet.ui import theme
from martlet.ui.compose.text.formats import quote_level
from martlet.ui.compose.text.selecting import table_of

_INK = int(QTextFormat.Property.ForegroundBrush)
_PAPER = int(QTextFormat.Property.BackgroundBrush)
_LEAST_CONTRAST = 4.5
_MANY = 400


class Tint(QObject):
    """document: the letter; it is the parent too. rich: whether it is a rich one."""

    def __init__(self, document: QTextDocument, rich: Callable[[], bool]) -> None:
        super().__init__(document)
        self._document = document
        self._rich = rich
        self._round = 1
        document.documentLayout()
        document.contentsChange.connect(self._changed)

    def renew(self) -> None:
        """Everything is tinted anew when it is seen next: the theme is another one."""
        self._round = (self._round + 1) % 1_000_000

    def refresh(self, block: QTextBlock) -> None:
        """Makes a block look as it should, if it does not yet."""
        if block.userState() == self._round:
            return
        layout = block.layout()
        if layout.preeditAreaText():
            return  # what an input method shows there is its own
        block.setUserState(self._round)
        wanted = self._looks(block)
        if wanted or layout.formats():
            layout.setFormats(wanted)
            self._document.markContentsDirty(block.position(), block.length())

    def _changed(self, position: int, _removed: int, added: int) -> None:
        block = self._document.findBlock(position)
        end = position + added
        for _ in range(_MANY):
            if not block.isValid() or block.position() > end:
                return
            block.setUserState(-1)
            block = block.next()
        self.renew()

    def _looks(self, block: QTextBlock) -> list[QTextLayout.FormatRange]:
        tokens = theme.current()
        text = block.text()
        quoted = quote_level(block) > 0 if self._rich() else text.startswith(">")
        found: list[QTextLayout.FormatRange] = []
        if quoted and text:
            found.append(_range(0, len(text), QColor(tokens.text2)))
        if not self._rich():
            return found
        page = _paper_of_cell(block)
        if page is not None and text:
            # A cell's own colour does not follow the theme, so its ink cannot either.
            found.append(_range(0, len(text), _ink_on(page)))
        page = page or QColor(tokens.page)
        iterator = block.begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            form = fragment.charFormat()
            colour: QColor | None = None
            if form.isAnchor() and not form.isImageFormat():
                colour = QColor(tokens.accent)
            elif form.hasProperty(_INK) or form.hasProperty(_PAPER):
                paper = form.background().color() if form.hasProperty(_PAPER) else page
                given = form.hasProperty(_INK)
                ink = form.foreground().color() if given else _ink_on(paper)
                shown = readable(ink, paper)
                colour = shown if shown != ink or not given or quoted else None
            if colour is not None:
                start = fragment.position() - block.position()
                found.append(_range(start, fragment.length(), colour))
            iterator += 1
        return found


def _paper_of_cell(block: QTextBlock) -> QColor | None:
    """The background of the table cell a block stands in, if it has one."""
    cursor = QTextCursor(block)
    table = table_of(cursor)
    if table is None:
        return None
    look = table.cellAt(cursor).format()
    return look.background().color() if look.hasProperty(_PAPER) else None


def _ink_on(paper: QColor) -> QColor:
    """The usual ink for a colour that somebody chose for the paper."""
    dark, light = QColor("#1a1d24"), QColor("#ffffff")
    return dark if contrast(dark, paper) >= contrast(light, paper) else light


def _range(start: int, length: int, colour: QColor) -> QTextLayout.FormatRange:
    form = QTextCharFormat()
    form.setForeground(colour)
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, length, form
    return made


def readable(ink: QColor, paper: QColor) -> QColor:
    """The colour, or one of its kind that is light or dark enough on that paper."""
    if contrast(ink, paper) >= _LEAST_CONTRAST:
        return ink
    hue, full, light = ink.hslHueF(), ink.hslSaturationF(), ink.lightnessF()
    to_light = contrast(QColor("white"), paper) > contrast(QColor("black"), paper)
    for step in range(1, 11):
        goal = light + (1 - light) * step / 10 if to_light else light * (1 - step / 10)
        made = QColor.fromHslF(max(hue, 0.0), full, goal)
        if contrast(made, paper) >= _LEAST_CONTRAST:
            return made
    return QColor("white" if to_light else "black")


def contrast(one: QColor, other: QColor) -> float:
    """The contrast of two colours (WCAG 2, 1.4.3): 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(v) for v in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
