"""Every command of the main window, in one table.

Menus, the top bar, shortcuts and the key help are made from it. `what` names the verb that does
it; `when` says what must be chosen for it to make sense.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
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


def _t(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("commands", text))


_MESSAGE, _MAIL, _VIEW, _GO, _APP = "Message", "Mail", "View", "Go to", "Martlet"
MENUS = (_MAIL, _MESSAGE, _VIEW, _GO, _APP)

COMMANDS: tuple[Command, ...] = (
    Command("write", "New message", ("Ctrl+N", "C"), "compose", When.ACCOUNT, Verbs.write, _MAIL),
    Command("get", "Get mail", ("F5",), "refresh", When.ACCOUNT, Verbs.get_mail, _MAIL),
    Command("search", "Search", ("/", "Ctrl+Shift+F", "Ctrl+K"), "search", When.ACCOUNT, Verbs.search, _MAIL),
    Command("undo", "Undo", ("Ctrl+Z",), "undo", When.ACCOUNT, Verbs.undo, _MAIL),
    Command("folder.new", "New folder…", ("Ctrl+Shift+N",), "folder-new", When.ACCOUNT, Verbs.new_folder, _MAIL),
    Command("reply", "Reply", ("Ctrl+R", "R"), "reply", When.ONE, Verbs.reply, _MESSAGE),
    Command("reply.all", "Reply all", ("Ctrl+Shift+R",), "reply-all", When.ONE, Verbs.reply_all, _MESSAGE),
    Command("forward", "Forward", ("Ctrl+L",), "forward", When.ONE, Verbs.forward, _MESSAGE),
    Command("edit", "Edit as new", ("Ctrl+E",), "compose", When.ONE, Verbs.edit_as_new, _MESSAGE),
    Command("archive", "Archive", ("A",), "archive", When.SOME, Verbs.archive, _MESSAGE),
    Command("delete", "Delete", ("Del", "#"), "trash", When.SOME, Verbs.delete, _MESSAGE),
    Command("delete.forever", "Delete permanently…", ("Shift+Del",), "", When.SOME, Verbs.delete_forever, _MESSAGE),
    Command("junk", "Move to Junk", ("J",), "junk", When.SOME, Verbs.junk, _MESSAGE),
    Command("move", "Move to folder…", ("V",), "move", When.SOME, Verbs.move, _MESSAGE),
    Command("copy", "Copy to folder…", ("Shift+V",), "", When.SOME, Verbs.copy, _MESSAGE),
    Command("star", "Star", ("S",), "star", When.SOME, Verbs.star, _MESSAGE),
    Command("read", "Mark as read or unread", ("M",), "mark-unread", When.SOME, Verbs.toggle_read, _MESSAGE),
    Command("read.all", "Mark the whole folder as read", ("Shift+C",), "mark-read", When.ACCOUNT, Verbs.all_read, _MESSAGE),
    Command("save", "Save message…", ("Ctrl+S",), "save", When.ONE, Verbs.save_message, _MESSAGE),
    Command("source", "Message source", ("Ctrl+U",), "source", When.ONE, Verbs.source, _MESSAGE),
    Command("plain", "HTML or plain text", ("Ctrl+Shift+H",), "text", When.ONE, Verbs.toggle_plain, _VIEW),
    Command("larger", "Larger", ("Ctrl++", "Ctrl+="), "add", When.ALWAYS, Verbs.zoom_in, _VIEW),
    Command("smaller", "Smaller", ("Ctrl+-",), "remove", When.ALWAYS, Verbs.zoom_out, _VIEW),
    Command("normal", "Normal size", ("Ctrl+0",), "", When.ALWAYS, Verbs.zoom_reset, _VIEW),
    Command("pane", "Message pane", ("F8",), "", When.ALWAYS, Verbs.toggle_pane, _VIEW),
    Command("dark", "Light or dark", ("Ctrl+Shift+D",), "", When.ALWAYS, Verbs.toggle_dark, _VIEW),
    Command("system", "Colours of the system", ("Ctrl+Alt+D",), "", When.ALWAYS, Verbs.system_colours, _VIEW),
    Command("next.pane", "Next pane", ("F6",), "", When.ALWAYS, Verbs.next_pane, _VIEW),
    Command("last.pane", "Previous pane", ("Shift+F6",), "", When.ALWAYS, Verbs.last_pane, _VIEW),
    Command("next", "Next message", ("F",), "chevron-down", When.ACCOUNT, Verbs.next_message, _GO),
    Command("previous", "Previous message", ("B",), "chevron-up", When.ACCOUNT, Verbs.previous_message, _GO),
    Command("next.unread", "Next unread message", ("N",), "", When.ACCOUNT, Verbs.next_unread, _GO),
    Command("last.unread", "Previous unread message", ("P",), "", When.ACCOUNT, Verbs.previous_unread, _GO),
    Command("onward", "Page down, then next unread", ("Space",), "", When.ACCOUNT, Verbs.onward, _GO),
    Command("go.inbox", "Inbox", ("G, I",), "inbox", When.ACCOUNT, Verbs.go_inbox, _GO),
    Command("go.sent", "Sent", ("G, T",), "sent", When.ACCOUNT, Verbs.go_sent, _GO),
    Command("go.drafts", "Drafts", ("G, D",), "drafts", When.ACCOUNT, Verbs.go_drafts, _GO),
    Command("go.archive", "Archive folder", ("G, A",), "archive", When.ACCOUNT, Verbs.go_archive, _GO),
    Command("outbox", "Outbox", ("G, O",), "outbox", When.ACCOUNT, Verbs.outbox, _GO),
    Command("account.add", "Add account…", ("Ctrl+Shift+A",), "account-add", When.ALWAYS, Verbs.add_account, _APP),
    Command("accounts", "Accounts…", ("Ctrl+,",), "account", When.ACCOUNT, Verbs.accounts, _APP),
    Command("keys", "Keyboard shortcuts", ("?", "Ctrl+/"), "keyboard", When.ALWAYS, Verbs.keys, _APP),
    Command("menu", "Menu", ("F10",), "", When.ALWAYS, Verbs.open_menu, ""),
    Command("quit", "Quit", ("Ctrl+Q",), "", When.ALWAYS, Verbs.quit, _APP),
)  # fmt: skip


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
