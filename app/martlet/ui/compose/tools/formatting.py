"""The bar of a rich letter: what is used often, quietly; what there is no room for is in its menu.

It shows and asks; `looks.py` does it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QFont, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from martlet.ui import theme
from martlet.ui.compose.commands import LetterCommands
from martlet.ui.compose.markup.font_stacks import stack
from martlet.ui.compose.markup.lines import SIZES
from martlet.ui.compose.text import fonts
from martlet.ui.compose.text.looks import Looks
from martlet.ui.compose.text.paragraphs import CODE
from martlet.ui.compose.tools.swatches import Swatches

# Group by group; a name in small letters is a command, others have a menu of their own.
_GROUPS: tuple[tuple[str, ...], ...] = (
    ("STYLE", "FONT"),
    ("bold", "italic", "underline", "COLOUR"),
    ("bullets", "numbers", "quote", "PARAGRAPH"),
    ("link", "picture", "emoji", "table"),
    ("MORE",),
)
# What gives way first when it becomes narrow.
_GIVE_WAY = (
    "table", "FONT", "quote", "emoji", "underline", "PARAGRAPH", "numbers", "picture", "COLOUR",
    "link", "STYLE",
)  # fmt: skip
_STYLES = ("style.0", "style.1", "style.2", "style.3", "style.code")
_SIDES = ("align.left", "align.center", "align.right", "align.justify")
_REST = ("strike", "code", "larger", "smaller", "rule", "markdown", "clear")
_STATES: dict[str, str] = {
    "bold": "bold", "italic": "italic", "underline": "underline", "strike": "strike",
    "code": "code", "bullets": "bullets", "numbers": "numbers", "quote": "quote",
    "direction": "right_to_left",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Place:
    button: QToolButton
    separator: QFrame | None


class FormatBar(QWidget):
    """Shows the look where the cursor is. Hidden while the letter is plain."""

    def __init__(self, looks: Looks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looks = looks
        self._commands: LetterCommands | None = None
        self._places: dict[str, _Place] = {}
        self._menus: dict[str, QMenu] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 1, 14, 3)
        self._row.setSpacing(1)
        self.setAccessibleName(self.tr("Formatting"))

    def fill(self, commands: LetterCommands) -> None:
        """Puts the buttons in, made from the commands."""
        self._commands = commands
        made: dict[str, Callable[[], QToolButton]] = {
            "STYLE": self._style_button, "FONT": self._font_button,
            "COLOUR": self._colour_button, "PARAGRAPH": self._paragraph_button,
            "MORE": self._more_button,
        }  # fmt: skip
        for number, names in enumerate(_GROUPS):
            separator = self._separator() if number else None
            for name in names:
                button = made[name]() if name in made else self._plain_button(commands[name])
                button.installEventFilter(self)
                self._row.addWidget(button)
                self._places[name] = _Place(button, separator)
        self._row.addStretch(1)
        first = self._places["STYLE"].button
        first.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._looks.changed.connect(self.show_state)
        self.show_state()

    def open(self, name: str) -> None:
        """Opens the menu of this name (font, colour): where its button is, or would be."""
        if name == "colour":
            self._open_colours()
        elif name.upper() in self._menus:
            self._menus[name.upper()].popup(self._below(name.upper()))

    def button(self, name: str) -> QToolButton:
        """The button of a command, or of STYLE, FONT, COLOUR, PARAGRAPH, MORE."""
        return self._places[name].button

    def show_state(self) -> None:
        """As the look is where the cursor stands."""
        if self._commands is None:
            return
        look = self._looks.now()
        for name, field in _STATES.items():
            self._commands[name].setChecked(bool(getattr(look, field)))
        style = "style.code" if look.style == CODE else f"style.{look.style}"
        for name in _STYLES:
            self._commands[name].setChecked(name == style)
        for name in _SIDES:
            self._commands[name].setChecked(name == f"align.{look.align}")
        self._places["STYLE"].button.setText(self._commands[style].text())
        icon = f"align-{look.align}"
        self._places["PARAGRAPH"].button.setIcon(theme.icon(icon))
        self._fit()

    # Buttons

    def _plain_button(self, action: QAction) -> QToolButton:
        button = self._button(action.text().rstrip("…"), "")
        button.setDefaultAction(action)
        action.setToolTip(_tip(action))
        button.setToolTip(_tip(action))
        return button

    def _style_button(self) -> QToolButton:
        button = self._button(self.tr("Paragraph style"), "chevron-down")
        button.setIconSize(QSize(12, 12))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        # The sign that there is more stands behind the word.
        behind = not self.isRightToLeft()
        button.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if behind else Qt.LayoutDirection.LeftToRight
        )
        menu = QMenu(button)
        menu.setLayoutDirection(self.layoutDirection())
        widest = 0
        for name in _STYLES:
            menu.addAction(self._command(name))
            words = self._command(name).text()
            widest = max(widest, button.fontMetrics().horizontalAdvance(words))
        button.setMinimumWidth(widest + 30)  # so that the others keep their places
        self._give(button, menu, "STYLE")
        return button

    def _font_button(self) -> QToolButton:
        button = self._button(self.tr("Font and size"), "font")
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self._fill_fonts(menu))
        self._give(button, menu, "FONT")
        return button

    def _colour_button(self) -> QToolButton:
        button = self._button(self._command("colour").text().rstrip("…"), "text-color")
        button.setToolTip(_tip(self._command("colour")))
        button.clicked.connect(self._open_colours)
        return button

    def _paragraph_button(self) -> QToolButton:
        button = self._button(self.tr("Alignment and indent"), "align-left")
        menu = QMenu(button)
        for name in (*_SIDES, "", "indent", "outdent", "", "direction"):
            if name:
                menu.addAction(self._command(name))
            else:
                menu.addSeparator()
        self._give(button, menu, "PARAGRAPH")
        return button

    def _more_button(self) -> QToolButton:
        button = self._button(self.tr("More formatting"), "more")
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self._fill_more(menu))
        self._give(button, menu, "MORE")
        return button

    def _button(self, name: str, icon: str) -> QToolButton:
        button = QToolButton(self)
        button.setIconSize(QSize(18, 18))
        if icon:
            button.setIcon(theme.icon(icon))
        button.setProperty("kind", "bare")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip(name)
        button.setAccessibleName(name)
        return button

    def _give(self, button: QToolButton, menu: QMenu, name: str) -> None:
        self._menus[name] = menu
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _separator(self) -> QFrame:
        line = QFrame(self)
        line.setObjectName("barLine")
        line.setFixedSize(13, 18)
        self._row.addWidget(line)
        return line

    def _command(self, name: str) -> QAction:
        assert self._commands is not None
        return self._commands[name]

    # Menus

    def _fill_fonts(self, menu: QMenu) -> None:
        menu.clear()
        look = self._looks.now()
        for family in fonts.FAMILIES:
            action = menu.addAction(fonts.shown(family))
            if family:
                shown = QFont(menu.font())
                shown.setFamilies(stack(family))
                action.setFont(shown)
            action.setCheckable(True)
            action.setChecked(look.family == family)
            action.triggered.connect(_with(self._looks.family, family))
        menu.addSeparator()
        for name, words in self._size_words().items():
            action = menu.addAction(words)
            shown = QFont(menu.font())
            shown.setPointSizeF(min(SIZES[name] or 10.5, 17))
            action.setFont(shown)
            action.setCheckable(True)
            action.setChecked(look.size == name)
            action.triggered.connect(_with(self._looks.size, name))

    def _size_words(self) -> dict[str, str]:
        return {
            "small": self.tr("Small"),
            "normal": self.tr("Normal size"),
            "large": self.tr("Large"),
            "huge": self.tr("Huge"),
        }

    def _fill_more(self, menu: QMenu) -> None:
        menu.clear()
        for name in (each for names in _GROUPS for each in names):
            place = self._places[name]
            if name == "MORE" or not place.button.isHidden():
                continue
            inner = self._menus.get(name)
            if name == "COLOUR":
                menu.addAction(self._command("colour"))
            elif inner is not None:
                menu.addMenu(inner)
                inner.setTitle(place.button.accessibleName())
            else:
                menu.addAction(self._command(name))
        if menu.actions():
            menu.addSeparator()
        for name in _REST:
            menu.addAction(self._command(name))

    def _open_colours(self) -> None:
        look = self._looks.now()
        sheet = Swatches(
            self, self._looks.colour, self._looks.highlight, (look.colour, look.background)
        )
        sheet.open_at(self._below("COLOUR"))

    def _below(self, name: str) -> QPoint:
        place = self._places[name]
        button = self._places["MORE"].button if place.button.isHidden() else place.button
        return button.mapToGlobal(QPoint(0, button.height() + 2))

    # Room, and the way about it by keys

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for any window: what does not fit gives way."""
        return QSize(120, super().minimumSizeHint().height())

    def _fit(self) -> None:
        if not self._places:
            return
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        hidden: set[str] = set()
        for name in ("", *_GIVE_WAY):
            if name:
                hidden.add(name)
            if self._needed(hidden) <= room:
                break
        for name, place in self._places.items():
            place.button.setHidden(name in hidden)
        for names in _GROUPS:
            separator = self._places[names[0]].separator
            if separator is not None:
                separator.setHidden(all(name in hidden for name in names))

    def _needed(self, hidden: Iterable[str]) -> int:
        gone = set(hidden)
        width = 0
        for names in _GROUPS:
            shown = [self._places[name] for name in names if name not in gone]
            width += sum(_width(place.button) + 1 for place in shown)
            if shown and shown[0].separator is not None:
                width += 14
        return width

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """The arrow keys go from button to button; the bar is one stop of the Tab key."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        forward = Qt.Key.Key_Left if self.isRightToLeft() else Qt.Key.Key_Right
        if event.key() not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return False
        shown = [each.button for each in self._places.values() if not each.button.isHidden()]
        at = next((i for i, each in enumerate(shown) if each is watched), 0)
        at += 1 if event.key() == forward else -1
        shown[at % len(shown)].setFocus(Qt.FocusReason.TabFocusReason)
        return True


def _width(button: QToolButton) -> int:
    return max(button.sizeHint().width(), button.minimumWidth())


def _tip(action: QAction) -> str:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    words = action.text().rstrip("…")
    return f"{words} ({keys})" if keys else words


def _with(what: Callable[[str], None], value: str) -> Callable[[], None]:
    return lambda: what(value)
