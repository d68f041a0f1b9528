"""The keys of a letter's window, made from the table of its commands."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from martlet.ui.compose.commands import TABLE
from martlet.ui.key_help import KeySheet


class LetterKeys(KeySheet):
    """A sheet to look at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_lines(), parent)


def _lines() -> dict[str, list[tuple[str, str]]]:
    """Of each menu, keys and words; what has no key is in the menu."""
    lines: dict[str, list[tuple[str, str]]] = {}
    for name, rows in TABLE.items():
        menu = QCoreApplication.translate("compose", name.rpartition("/")[2])
        found = [
            (
                QKeySequence(row.keys[0]).toString(QKeySequence.SequenceFormat.NativeText),
                QCoreApplication.translate("compose", row.text).rstrip("…"),
            )
            for row in rows
            if row is not None and row.keys
        ]
        if found:
            lines[menu] = found
    return lines
