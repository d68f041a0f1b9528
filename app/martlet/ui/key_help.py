"""The keys of every command, made from the table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from martlet.ui import theme
from martlet.ui.commands import COMMANDS, MENUS, shown
from martlet.ui.room import fit
from martlet.ui.shown_text import cut

_WIDTH = 760
_NARROW = 560
_BAR = 12
# The window's title, the heading and the button below.
_BELOW = 170
_LONGEST = 40
_Lines = dict[str, list[tuple[str, str]]]


class KeySheet(QDialog):
    """A sheet to look at; what a small screen has no room for scrolls.

    lines: of each menu, by the name that is shown, keys and words.
    """

    def __init__(self, lines: _Lines, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        # Beside a narrow letter it is narrow, too.
        narrow = parent is not None and parent.window().width() < _NARROW
        sheet = _sheet(lines, 1 if narrow else 2)
        room = self.screen().availableSize()
        if not narrow and sheet.sizeHint().height() > room.height() - _BELOW:
            wider = _sheet(lines, 3)
            if wider.sizeHint().width() < room.width() - _BELOW:
                sheet = wider
        area = QScrollArea()
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(sheet)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        title = QLabel(self.windowTitle())
        title.setFont(theme.font(17, bold=True))
        title.setContentsMargins(24, 20, 24, 2)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 12, 24, 16)
        foot.addStretch()
        foot.addWidget(self.close_button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(title)
        outer.addWidget(area, 1)
        outer.addLayout(foot)
        QShortcut(QKeySequence("Ctrl+W"), self, self.accept)
        wanted = sheet.sizeHint().height() + foot.sizeHint().height() + 2
        wanted += title.sizeHint().height()
        fit(self, max(0 if narrow else _WIDTH, sheet.sizeHint().width() + _BAR), wanted)
        self.close_button.setFocus()


class KeyHelp(KeySheet):
    """The keys of the main window.

    tags: names of those there are, in the order of their numbers; others have no key.
    """

    def __init__(self, parent: QWidget | None = None, tags: Sequence[str] = ()) -> None:
        super().__init__(_lines(tags), parent)


def _lines(tags: Sequence[str]) -> _Lines:
    """Of each menu, keys and words."""
    lines: _Lines = {shown(menu): [] for menu in MENUS}
    for command in (each for each in COMMANDS if each.menu):
        words = shown(command.text).rstrip("…")
        number = int(command.id[4:]) if command.id.startswith("tag.") else 0
        if number > len(tags):
            continue
        keys = "   ".join(_native(key) for key in command.keys)
        lines[shown(command.menu)].append(
            (keys, cut(tags[number - 1], _LONGEST) if number else words)
        )
    return lines


def _sheet(lines: _Lines, count: int) -> QWidget:
    """All menus, in so many columns."""
    sheet = QWidget()
    columns = QHBoxLayout(sheet)
    columns.setContentsMargins(24, 8, 24, 18)
    columns.setSpacing(36)
    # Keys take as much room in each of the columns.
    widest = max(QLabel(keys).sizeHint().width() for inside in lines.values() for keys, _ in inside)
    for menus in _shared(lines, count):
        grid = _column(lines, menus)
        grid.setColumnMinimumWidth(0, widest)
        columns.addLayout(grid, 1)
    return sheet


def _shared(lines: _Lines, count: int) -> list[list[str]]:
    """The menus in columns of about the same length."""
    columns: list[list[str]] = [[] for _ in range(count)]
    lengths = [0] * count
    for menu, inside in lines.items():
        shortest = lengths.index(min(lengths))
        columns[shortest].append(menu)
        lengths[shortest] += 1 + len(inside)
    return columns


def _column(lines: _Lines, menus: list[str]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    line = 0
    for menu in menus:
        heading = QLabel(menu)
        heading.setFont(theme.font(13, bold=True))
        heading.setContentsMargins(0, 10, 0, 2)
        grid.addWidget(heading, line, 0, 1, 2)
        line += 1
        for keys, words in lines[menu]:
            pressed, told = QLabel(keys), QLabel(words)
            told.setTextFormat(Qt.TextFormat.PlainText)
            pressed.setProperty("tone", "second")
            grid.addWidget(pressed, line, 0)
            grid.addWidget(told, line, 1)
            line += 1
    grid.setRowStretch(line, 1)
    return grid


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
