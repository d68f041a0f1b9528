"""Every command of a letter's window, in one table: shortcuts and the menu are made from it.

`what` is done to the window; `on` says whether a command that switches something is on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from martlet.ui import theme

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow

Do = Callable[["ComposeWindow"], None]
Is = Callable[["ComposeWindow"], bool]


@dataclass(frozen=True, slots=True)
class Command:
    """One row. keys: the first is shown, all work. on: None for one that switches nothing.

    possible: None: always.
    """

    id: str
    text: str
    keys: tuple[str, ...]
    icon: str
    what: Do
    on: Is | None = None
    possible: Is | None = None


# Menu -> its rows; a row of None is a separator.
TABLE: dict[str, tuple[Command | None, ...]] = {
    "Letter": (
        Command(
            "send", "Send", ("Ctrl+Return", "Ctrl+Enter"), "send", lambda w: w.top.send.click()
        ),
        Command("close", "Close", ("Esc", "Ctrl+W"), "close", lambda w: w.ask_close()),
    ),
    "Insert": (
        Command("attach", "Attach files…", ("Ctrl+Shift+A",), "attachment", lambda w: w.attach()),
    ),
    "Format": (
        Command(
            "rich", "With formatting", (), "", lambda w: w.set_rich(not w.editor.rich),
            on=lambda w: w.editor.rich,
        ),
    ),
    "Tools": (
        Command(
            "spell.next", "Next misspelt word", ("F7",), "", lambda w: w.spell_next(),
            possible=lambda w: w.spelling.on,
        ),
        Command(
            "spell.last", "Previous misspelt word", ("Shift+F7",), "",
            lambda w: w.spell_next(back=True),
            possible=lambda w: w.spelling.on,
        ),
        Command(
            "spell", "Check spelling", ("Ctrl+F7",), "",
            lambda w: w.spelling.turn(not w.spelling.on),
            on=lambda w: w.spelling.on,
        ),
        Command(
            "spell.languages", "Languages of spelling…", ("Ctrl+Alt+F7",), "",
            lambda w: w.choose_languages(),
        ),
    ),
    "Options": (
        Command(
            "dsn", "Tell me when it is delivered", (), "", lambda w: w.top.dsn.trigger(),
            on=lambda w: w.top.dsn.isChecked(),
        ),
        Command(
            "tls", "Only over encrypted connections (REQUIRETLS)", (), "",
            lambda w: w.top.require_tls.trigger(),
            on=lambda w: w.top.require_tls.isChecked(),
        ),
    ),
}  # fmt: skip


class LetterCommands:
    """The table as actions of one window."""

    def __init__(self, window: ComposeWindow) -> None:
        self._window = window
        self._actions = {
            row.id: self._action(row) for rows in TABLE.values() for row in rows if row is not None
        }

    def __getitem__(self, command_id: str) -> QAction:
        return self._actions[command_id]

    def menu(self, parent: QWidget) -> QMenu:
        """The whole table, a submenu each; what is on and possible is asked when it opens."""
        top = QMenu(parent)
        for name, rows in TABLE.items():
            part = top.addMenu(QCoreApplication.translate("compose", name))
            for row in rows:
                if row is None:
                    part.addSeparator()
                else:
                    part.addAction(self._actions[row.id])
        top.aboutToShow.connect(self.refresh)
        return top

    def refresh(self) -> None:
        """Asks anew what is on and what is possible."""
        for rows in TABLE.values():
            for row in rows:
                if row is None:
                    continue
                action = self._actions[row.id]
                if row.on is not None:
                    action.setChecked(row.on(self._window))
                if row.possible is not None:
                    action.setEnabled(row.possible(self._window))

    def _action(self, row: Command) -> QAction:
        action = QAction(QCoreApplication.translate("compose", row.text), self._window)
        action.setObjectName(row.id)
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        action.setAutoRepeat(False)
        action.setCheckable(row.on is not None)
        if row.icon:
            action.setIcon(theme.icon(row.icon))
        action.triggered.connect(lambda _on=False: self._do(row))
        self._window.addAction(action)
        return action

    def _do(self, row: Command) -> None:
        if row.possible is None or row.possible(self._window):
            row.what(self._window)
        self.refresh()
