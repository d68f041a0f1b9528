"""How the words of a rich letter look: reads it where the cursor is, and changes it.

The one place that formatting goes through; the format bar, menu and keys ask it. What concerns
whole paragraphs is done by `paragraphs.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QTextCharFormat, QTextCursor, QTextFormat

from martlet.ui.compose.markup.font_stacks import stack
from martlet.ui.compose.markup.lines import SIZES
from martlet.ui.compose.text import colours, paragraphs
from martlet.ui.compose.text.document import insert_rule
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.formats import code_char, list_format, list_of, quote_level
from martlet.ui.compose.text.selecting import change_pieces, restyle

_NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class Look:
    """What the cursor stands in. style: see `paragraphs`. size: a name of SIZES."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    code: bool = False
    family: str = ""
    size: str = _NORMAL
    colour: str = ""
    background: str = ""
    href: str = ""
    style: int = 0
    bullets: bool = False
    numbers: bool = False
    quote: bool = False
    align: str = "left"
    right_to_left: bool = False


class Looks(QObject):
    """changed: the cursor stands in another look now."""

    changed = Signal()

    def __init__(self, editor: BodyEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._last = Look()
        editor.cursorPositionChanged.connect(self._follow)
        editor.currentCharFormatChanged.connect(lambda _form: self._follow())

    def now(self) -> Look:
        """The look where the cursor is."""
        return self._read()

    # Of words

    def bold(self) -> None:
        heavy = self._editor.currentCharFormat().fontWeight() >= QFont.Weight.DemiBold
        form = QTextCharFormat()
        form.setFontWeight(QFont.Weight.Normal if heavy else QFont.Weight.Bold)
        self._merge(form)

    def italic(self) -> None:
        form = QTextCharFormat()
        form.setFontItalic(not self._editor.currentCharFormat().fontItalic())
        self._merge(form)

    def underline(self) -> None:
        form = QTextCharFormat()
        form.setFontUnderline(not self._editor.currentCharFormat().fontUnderline())
        self._merge(form)

    def strike(self) -> None:
        form = QTextCharFormat()
        form.setFontStrikeOut(not self._editor.currentCharFormat().fontStrikeOut())
        self._merge(form)

    def code(self) -> None:
        if self._editor.currentCharFormat().fontFixedPitch():
            self._clear(QTextFormat.Property.FontFixedPitch, QTextFormat.Property.FontFamilies)
        else:
            self._merge(code_char())

    def family(self, name: str) -> None:
        """One of those in `fonts`; "" is the usual one."""
        if not name:
            self._clear(QTextFormat.Property.FontFamilies)
            return
        form = QTextCharFormat()
        form.setFontFamilies(stack(name))
        self._merge(form)

    def size(self, name: str) -> None:
        """One of lines.SIZES."""
        points = SIZES[name]
        if not points:
            self._clear(QTextFormat.Property.FontPointSize)
            return
        form = QTextCharFormat()
        form.setFontPointSize(points)
        self._merge(form)

    def step_size(self, by: int) -> None:
        """To the next size up (1) or down (-1)."""
        names = list(SIZES)
        at = names.index(self.now().size) + by
        self.size(names[max(0, min(at, len(names) - 1))])

    def colour(self, value: str) -> None:
        """ "#rrggbb", or "" for the reader's own."""
        if not value:
            self._clear(QTextFormat.Property.ForegroundBrush)
            return
        form = QTextCharFormat()
        form.setForeground(QColor(value))
        self._merge(form)

    def highlight(self, value: str) -> None:
        """ "#rrggbb" behind the words, or "" for nothing; words of no colour become dark."""

        def change(form: QTextCharFormat) -> None:
            own = form.hasProperty(QTextFormat.Property.ForegroundBrush)
            inked = own and form.foreground().color().name() == colours.INK
            if value:
                form.setBackground(QColor(value))
                if not own and not form.isAnchor():
                    form.setForeground(QColor(colours.INK))
            else:
                form.clearProperty(QTextFormat.Property.BackgroundBrush)
                if inked:
                    form.clearProperty(QTextFormat.Property.ForegroundBrush)

        restyle(self._editor, change)
        self._done()

    def clear(self) -> None:
        """Words and paragraphs as they are without formatting; links, lists and quotes stay."""
        cursor = self._editor.textCursor()
        cursor.beginEditBlock()
        paragraphs.clear(cursor)
        if not cursor.hasSelection():
            cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        change_pieces(cursor, _bare)
        cursor.endEditBlock()
        form = self._editor.currentCharFormat()
        _bare(form)
        if not self._editor.textCursor().hasSelection():
            self._editor.setCurrentCharFormat(form)
        self._done()

    # Of paragraphs

    def style(self, style: int) -> None:
        """0 normal, 1 to 3 headings, -1 code; the same again is normal."""
        cursor = self._editor.textCursor()
        same = paragraphs.style_of(cursor.block()) == style
        paragraphs.set_style(cursor, 0 if same else style)
        self._editor.setTextCursor(cursor)
        if not cursor.hasSelection():
            self._editor.setCurrentCharFormat(cursor.blockCharFormat())
        self._done()

    def listed(self, ordered: bool) -> None:
        paragraphs.set_list(self._editor.textCursor(), ordered)
        self._done()

    def quote(self) -> None:
        cursor = self._editor.textCursor()
        paragraphs.set_quote(cursor, 0 if quote_level(cursor.block()) else 1)
        self._done()

    def indent(self, by: int) -> None:
        paragraphs.shift(self._editor.textCursor(), by)
        self._done()

    def align(self, side: str) -> None:
        paragraphs.set_side(self._editor.textCursor(), side)
        self._done()

    def turn_direction(self) -> None:
        cursor = self._editor.textCursor()
        paragraphs.set_direction(cursor, not paragraphs.is_right_to_left(cursor.block()))
        self._done()

    def rule(self) -> None:
        """A line across, and writing goes on below it."""
        insert_rule(self._editor.textCursor())
        self._editor.ensureCursorVisible()
        self._done()

    # The parts of it

    def _merge(self, form: QTextCharFormat) -> None:
        self._editor.mergeCurrentCharFormat(form)
        self._done()

    def _clear(self, *names: QTextFormat.Property) -> None:
        def change(form: QTextCharFormat) -> None:
            for name in names:
                form.clearProperty(name)

        restyle(self._editor, change)
        self._done()

    def _done(self) -> None:
        self._editor.setFocus()
        self._follow()

    def _follow(self) -> None:
        if not self._editor.rich:
            return
        look = self._read()
        if look != self._last:
            self._last = look
            self.changed.emit()

    def _read(self) -> Look:
        form = self._editor.currentCharFormat()
        block = self._editor.textCursor().block()
        current = list_of(block)
        ordered = current is not None and current.format().style() == list_format(1, True).style()
        style = paragraphs.style_of(block)
        fixed = form.fontFixedPitch()
        return Look(
            bold=form.fontWeight() >= QFont.Weight.DemiBold and style <= 0,
            italic=form.fontItalic(),
            underline=form.fontUnderline() and not form.isAnchor(),
            strike=form.fontStrikeOut(),
            code=fixed,
            family=_family(form) if not fixed else "",
            size=_size(form),
            colour="" if form.isAnchor() else _value(form.foreground()),
            background=_value(form.background()),
            href=form.anchorHref() if form.isAnchor() else "",
            style=style,
            bullets=current is not None and not ordered,
            numbers=ordered,
            quote=quote_level(block) > 0,
            align=paragraphs.side_of(block),
            right_to_left=paragraphs.is_right_to_left(block),
        )


def _bare(form: QTextCharFormat) -> None:
    """Takes every look but that of a link away."""
    kept = {
        name: form.property(name)
        for name in (
            QTextFormat.Property.IsAnchor,
            QTextFormat.Property.AnchorHref,
        )
        if form.hasProperty(name)
    }
    underlined = bool(kept)
    link = form.foreground() if underlined else None
    for number in list(form.properties()):
        form.clearProperty(number)
    for name, value in kept.items():
        form.setProperty(name, value)
    if link is not None:
        form.setForeground(link)
        form.setFontUnderline(True)


def _family(form: QTextCharFormat) -> str:
    families = form.fontFamilies()
    first = families[0] if isinstance(families, list) and families else ""
    return str(first)


def _size(form: QTextCharFormat) -> str:
    """The nearest of the sizes by name."""
    points = form.fontPointSize()
    if not points:
        return _NORMAL
    if points < 11:
        return "small"
    return "huge" if points >= 18 else "large" if points >= 13 else _NORMAL


def _value(brush: QBrush) -> str:
    return brush.color().name() if brush.style() is not Qt.BrushStyle.NoBrush else ""
