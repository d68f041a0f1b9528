"""The keys of every command, made from the table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from martlet.ui import theme
from martlet.ui.commands import COMMANDS, MENUS, shown


class KeyHelp(QDialog):
    """A sheet to look at, closed by Escape."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(720, 600)
        sheet = QWidget()
        grid = QGridLayout(sheet)
        grid.setContentsMargins(24, 16, 24, 16)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(5)
        for column in (1, 4):
            grid.setColumnStretch(column, 1)
        grid.setColumnMinimumWidth(2, 20)
        lines = [0, 0]
        for menu in MENUS:
            side = 0 if lines[0] <= lines[1] else 1
            heading = QLabel(shown(menu))
            heading.setFont(theme.font(13, bold=True))
            heading.setContentsMargins(0, 10, 0, 2)
            grid.addWidget(heading, lines[side], side * 3, 1, 2)
            lines[side] += 1
            for command in COMMANDS:
                if command.menu != menu:
                    continue
                keys = QLabel("   ".join(_native(key) for key in command.keys))
                keys.setProperty("tone", "second")
                words = QLabel(shown(command.text).rstrip("…"))
                grid.addWidget(keys, lines[side], side * 3)
                grid.addWidget(words, lines[side], side * 3 + 1)
                lines[side] += 1
        grid.setRowStretch(max(lines), 1)
        area = QScrollArea()
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(sheet)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
