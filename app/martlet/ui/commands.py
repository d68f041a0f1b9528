"""Every command of the main window, in one table.

Menus, the top bar, shortcuts and the key help are made from it. `what` names the verb that does
it; `when` says what must be chosen for it to make sense.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from martlet.ui import theme
from martlet.ui.verbs import Verbs


class When(Enum):
    """What must be chosen."""

    ALWAYS = "always"
    ACCOUNT = "account"
    ONE = "one message"
    SOME = "messages"


@dataclass(frozen=True, slots=True)
class Command:
    """One row. keys: the first is shown, all work. menu: where it stands."""

    id: str
    text: str
    keys: tuple[str, ...]
    icon: str
    when: When
    what: Callable[[Verbs], None]
    menu: str


_ANY, _ACCOUNT, _ONE, _SOME = When.ALWAYS, When.ACCOUNT, When.ONE, When.SOME
V = Verbs
_Row = tuple[str, str, tuple[str, ...], str, When, Callable[[Verbs], None]]

# Menu -> id, text, keys, icon, when, what. "" is in no menu.
_TABLE: dict[str, tuple[_Row, ...]] = {
    "Mail": (
        ("write", "New message", ("Ctrl+N", "C"), "compose", _ACCOUNT, V.write),
        ("get", "Get mail", ("F5",), "refresh", _ACCOUNT, V.get_mail),
        ("search", "Search", ("/", "Ctrl+Shift+F", "Ctrl+K"), "search", _ACCOUNT, V.search),
        ("undo", "Undo", ("Ctrl+Z",), "undo", _ACCOUNT, V.undo),
        ("folder.new", "New folder…", ("Ctrl+Shift+N",), "folder-new", _ACCOUNT, V.new_folder),
    ),
    "Message": (
        ("reply", "Reply", ("Ctrl+R", "R"), "reply", _ONE, V.reply),
        ("reply.all", "Reply all", ("Ctrl+Shift+R",), "reply-all", _ONE, V.reply_all),
        ("forward", "Forward", ("Ctrl+L",), "forward", _ONE, V.forward),
        ("edit", "Edit as new", ("Ctrl+E",), "compose", _ONE, V.edit_as_new),
        ("archive", "Archive", ("A",), "archive", _SOME, V.archive),
        ("delete", "Delete", ("Del", "#"), "trash", _SOME, V.delete),
        ("delete.forever", "Delete permanently…", ("Shift+Del",), "", _SOME, V.delete_forever),
        ("junk", "Move to Junk", ("J",), "junk", _SOME, V.junk),
        ("move", "Move to folder…", ("V",), "move", _SOME, V.move),
        ("copy", "Copy to folder…", ("Shift+V",), "", _SOME, V.copy),
        ("star", "Star", ("S",), "star", _SOME, V.star),
        ("read", "Mark as read or unread", ("M",), "mark-unread", _SOME, V.toggle_read),
        ("read.all", "Mark all as read", ("Shift+C",), "mark-read", _ACCOUNT, V.all_read),
        ("find", "Find in message", ("Ctrl+F",), "search", _ONE, V.find),
        ("save", "Save message…", ("Ctrl+S",), "save", _ONE, V.save_message),
        ("source", "Message source", ("Ctrl+U",), "source", _ONE, V.source),
    ),
    "View": (
        ("plain", "HTML or plain text", ("Ctrl+Shift+H",), "text", _ONE, V.toggle_plain),
        ("larger", "Larger", ("Ctrl++", "Ctrl+="), "add", _ANY, V.zoom_in),
        ("smaller", "Smaller", ("Ctrl+-",), "remove", _ANY, V.zoom_out),
        ("normal", "Normal size", ("Ctrl+0",), "", _ANY, V.zoom_reset),
        ("pane", "Message pane", ("F8",), "", _ANY, V.toggle_pane),
        ("dark", "Light or dark", ("Ctrl+Shift+D",), "", _ANY, V.toggle_dark),
        ("system", "Colours of the system", ("Ctrl+Alt+D",), "", _ANY, V.system_colours),
        ("next.pane", "Next pane", ("F6",), "", _ANY, V.next_pane),
        ("last.pane", "Previous pane", ("Shift+F6",), "", _ANY, V.last_pane),
    ),
    "Go to": (
        ("back", "Back", ("Esc",), "chevron-left", _ANY, V.back),
        ("next", "Next message", ("F",), "chevron-down", _ACCOUNT, V.next_message),
        ("previous", "Previous message", ("B",), "chevron-up", _ACCOUNT, V.previous_message),
        ("next.unread", "Next unread message", ("N",), "", _ACCOUNT, V.next_unread),
        ("last.unread", "Previous unread message", ("P",), "", _ACCOUNT, V.previous_unread),
        ("onward", "Page down, then next unread", ("Space",), "", _ACCOUNT, V.onward),
        ("go.inbox", "Inbox", ("G, I",), "inbox", _ACCOUNT, V.go_inbox),
        ("go.sent", "Sent", ("G, T",), "sent", _ACCOUNT, V.go_sent),
        ("go.drafts", "Drafts", ("G, D",), "drafts", _ACCOUNT, V.go_drafts),
        ("go.archive", "Archive folder", ("G, A",), "archive", _ACCOUNT, V.go_archive),
        ("outbox", "Outbox", ("G, O",), "outbox", _ACCOUNT, V.outbox),
    ),
    "Martlet": (
        ("account.add", "Add account…", ("Ctrl+Shift+A",), "account-add", _ANY, V.add_account),
        ("accounts", "Accounts…", ("Ctrl+,",), "account", _ACCOUNT, V.accounts),
        ("keys", "Keyboard shortcuts", ("?", "Ctrl+/"), "keyboard", _ANY, V.keys),
        ("quit", "Quit", ("Ctrl+Q",), "", _ANY, V.quit),
    ),
    "": (
        ("menu", "Menu", ("F10",), "", _ANY, V.open_menu),
    ),
}  # fmt: skip
HEAD = ("back", "reply", "reply.all", "forward", "archive", "delete")
"""What stands above a message."""
MORE = (
    "star", "read", "move", "copy", "junk", "", "find", "edit", "plain", "save", "source", "",
    "delete.forever",
)  # fmt: skip
LIST_MENU = (
    "reply", "reply.all", "forward", "", "star", "read", "archive", "delete", "move", "copy",
    "junk", "", "edit", "save", "source",
)  # fmt: skip
MENUS = tuple(name for name in _TABLE if name)
COMMANDS = tuple(Command(*row, menu) for menu, rows in _TABLE.items() for row in rows)


def shown(text: str) -> str:
    """A text of the table in the person's language."""
    return QCoreApplication.translate("commands", text)


def keys_text(command: Command) -> str:
    """The first key as people write it, e.g. "Ctrl+N"."""
    return QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


class Commands:
    """The table as actions of one window."""

    def __init__(self, window: QWidget, verbs: Verbs) -> None:
        self._actions: dict[str, QAction] = {}
        for command in COMMANDS:
            action = QAction(shown(command.text), window)
            action.setObjectName(command.id)
            action.setShortcuts([QKeySequence(key) for key in command.keys])
            action.setAutoRepeat(command.id in ("next", "previous"))
            if command.icon:
                action.setIcon(theme.icon(command.icon))
            action.setToolTip(f"{shown(command.text).rstrip('…')} ({keys_text(command)})")
            action.triggered.connect(_calling(command.what, verbs))
            window.addAction(action)
            self._actions[command.id] = action

    def __getitem__(self, command_id: str) -> QAction:
        return self._actions[command_id]

    def enable(self, *, account: bool, messages: int) -> None:
        """Greys out what has nothing to work on."""
        for command in COMMANDS:
            possible = {
                When.ALWAYS: True,
                When.ACCOUNT: account,
                When.ONE: messages == 1,
                When.SOME: messages > 0,
            }[command.when]
            self._actions[command.id].setEnabled(possible)

    def menu(self, parent: QWidget) -> QMenu:
        """The whole table as one menu with a submenu for each group."""
        top = QMenu(parent)
        for name in MENUS:
            part = top.addMenu(shown(name))
            part.addActions([self._actions[c.id] for c in COMMANDS if c.menu == name])
        return top

    def some(self, ids: Iterable[str], parent: QWidget) -> QMenu:
        """A menu of these commands; "" is a separator."""
        menu = QMenu(parent)
        for each in ids:
            if each:
                menu.addAction(self._actions[each])
            else:
                menu.addSeparator()
        return menu


def _calling(what: Callable[[Verbs], None], verbs: Verbs) -> Callable[[], None]:
    def call() -> None:
        what(verbs)

    return call
