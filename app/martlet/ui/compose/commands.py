"""Every command of a letter's window, in one table: shortcuts and the menu are made from it.

`what` is done to the window; `on` says whether a command that switches something is on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from martlet.ui import theme
from martlet.ui.compose import hand_commands as hands
from martlet.ui.compose.command import Command
from martlet.ui.compose.going.send_commands import OPTIONS, SEND
from martlet.ui.compose.people.people_commands import PEOPLE
from martlet.ui.compose.templates import kept_commands as kept

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow

# Menu -> its rows; a row of None is a separator; a menu behind a stroke is in the one before it.
TABLE: dict[str, tuple[Command | None, ...]] = {
    "Letter": (
        *SEND,
        None,
        *kept.LETTER,
        None,
        Command(
            "discard", "Discard draft", ("Ctrl+Shift+Del",), "trash", lambda w: w.closing.discard()
        ),
        Command("close", "Close", ("Ctrl+W",), "close", lambda w: w.close()),
        Command("leave", "Leave the find bar, or close", ("Esc",), "", lambda w: w.ask_close()),
    ),
    "Edit": hands.EDIT,
    "Insert": (
        Command("attach", "Attach files…", ("Ctrl+Shift+A",), "attachment", lambda w: w.attach()),
        Command(
            "attach-folder", "Attach folder as zip…", (), "file-archive",
            lambda w: w.luggage.attach_folder(),
        ),
        Command(
            "attach-message", "Attach messages…", (), "mail",
            lambda w: w.luggage.attach_message(),
        ),
        None,
        *hands.INSERT,
        None,
        *kept.INSERT,
    ),
    "Format": (
        Command(
            "rich", "With formatting", (), "", lambda w: w.set_rich(not w.editor.rich),
            on=lambda w: w.editor.rich,
        ),
        *hands.FORMAT,
    ),
    "Format/Paragraph": hands.PARAGRAPH,
    "Format/Link": hands.LINK,
    "Format/Table": hands.TABLE_ROWS,
    "Format/Picture": hands.PICTURE,
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
        None,
        *kept.TOOLS,
    ),
    "Options": (*OPTIONS, None, *PEOPLE),
    "Help": hands.HELP,
}  # fmt: skip


_ALWAYS = ("close", "leave", "discard", "keys")
"""What can be done while a letter is closed to hands."""
_KEYS_ONLY = ("leave",)
"""Nobody looks for these in a menu."""


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
        parts: dict[str, QMenu] = {}
        divided: set[str] = set()
        for name in TABLE:
            above, _, own = name.rpartition("/")
            holder = parts[above] if above else top
            if above and above not in divided:
                divided.add(above)
                holder.addSeparator()
            parts[name] = holder.addMenu(QCoreApplication.translate("compose", own))
            self.fill(parts[name], name)
        top.aboutToShow.connect(self.refresh)
        top.aboutToHide.connect(self.wake)
        return top

    def fill(self, menu: QMenu, name: str) -> None:
        """Puts the rows of one menu of the table into a menu."""
        for row in TABLE[name]:
            if row is None:
                menu.addSeparator()
            elif row.id not in _KEYS_ONLY:
                menu.addAction(self._actions[row.id])

    def refresh(self) -> None:
        """Asks anew what is on and what is possible."""
        for rows in TABLE.values():
            for row in rows:
                if row is None:
                    continue
                if row.possible is not None:
                    self._actions[row.id].setEnabled(row.possible(self._window))
        self._show_what_is_on()

    def _show_what_is_on(self) -> None:
        for rows in TABLE.values():
            for row in rows:
                if row is not None and row.on is not None:
                    self._actions[row.id].setChecked(row.on(self._window))

    def wake(self) -> None:
        """A key asks anew what is possible; that of a disabled action would be lost."""
        for action in self._actions.values():
            action.setEnabled(True)

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
        busy = self._window.busy
        if busy.locked and row.id not in _ALWAYS:
            self._show_what_is_on()
            return
        if row.possible is None or row.possible(self._window):
            row.what(self._window)
        self._show_what_is_on()
