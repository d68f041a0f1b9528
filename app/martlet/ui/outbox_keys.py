"""The keys of the outbox: up and down go from letter to letter, and a letter is sent, edited, put
off, deleted or looked into from where the focus is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QPushButton

if TYPE_CHECKING:
    from martlet.ui.outbox import OutboxWindow
    from martlet.ui.outbox_row import OutboxRow


class OutboxKeys(QObject):
    """Each key presses the button that stands for it, if that makes sense now."""

    def __init__(self, window: OutboxWindow) -> None:
        super().__init__(window)
        self._window = window
        pressed: dict[str, Callable[[OutboxRow], QPushButton]] = {
            "Ctrl+Return": lambda row: row.send,
            "Ctrl+E": lambda row: row.edit,
            "Del": lambda row: row.delete,
            "Ctrl+I": lambda row: row.story,
        }
        for key, button in pressed.items():
            QShortcut(QKeySequence(key), window, lambda button=button: self._press(button))
        QShortcut(QKeySequence("Ctrl+Shift+Return"), window, self._time)
        QShortcut(QKeySequence("Down"), window, lambda: self._go(1))
        QShortcut(QKeySequence("Up"), window, lambda: self._go(-1))
        QShortcut(QKeySequence("Esc"), window, window.close)
        QShortcut(QKeySequence("Ctrl+W"), window, window.close)

    def _here(self) -> OutboxRow | None:
        """The letter with the focus; the only one has it anyway."""
        focus = QApplication.focusWidget()
        rows = self._window.rows
        held = (
            row for row in rows if focus is not None and (row is focus or row.isAncestorOf(focus))
        )
        return next(held, rows[0] if len(rows) == 1 else None)

    def _press(self, button: Callable[[OutboxRow], QPushButton]) -> None:
        row = self._here()
        if row is not None and button(row).isVisible():
            button(row).click()

    def _time(self) -> None:
        row = self._here()
        if row is not None and row.time.isVisible():
            row.time.showMenu()

    def _go(self, step: int) -> None:
        rows = self._window.rows
        if not rows:
            return
        row = self._here()
        at = rows.index(row) + step if row in rows else (0 if step > 0 else len(rows) - 1)
        wanted = rows[max(0, min(at, len(rows) - 1))]
        wanted.setFocus()
        self._window.show_row(wanted)
