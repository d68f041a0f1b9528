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
    FOLDER = "a folder that allows it"
    ONE = "one message"
    SOME = "messages"
    DELETED = "messages marked as deleted"


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
_FOLDER, _DELETED = When.FOLDER, When.DELETED
V = Verbs
_Row = tuple[str, str, tuple[str, ...], str, When, Callable[[Verbs], None]]


def _on_folder(verb: str) -> Callable[[Verbs], None]:
    """What a command of the folder menu does: the verb of `folder_verbs.py` of the same name."""
    return lambda verbs: verbs.on_folder(verb)


def _tag(number: int) -> Callable[[Verbs], None]:
    """What a number key does with what is chosen."""
    return lambda verbs: verbs.tag(number)


# Menu -> id, text, keys, icon, when, what. "" is in no menu.
_TABLE: dict[str, tuple[_Row, ...]] = {
    "Mail": (
        ("write", "New message", ("Ctrl+N", "C"), "compose", _ACCOUNT, V.write),
        ("template.new", "New from template…", ("Ctrl+Alt+Y",), "", _ACCOUNT,
         V.write_from_template),
        ("templates", "Templates and snippets…", ("Ctrl+Alt+T",), "", _ACCOUNT, V.templates),
        ("get", "Get mail", ("F5",), "refresh", _ACCOUNT, V.get_mail),
        ("search", "Search", ("/", "Ctrl+Shift+F", "Ctrl+K"), "search", _ACCOUNT, V.search),
        ("undo", "Undo", ("Ctrl+Z",), "undo", _ACCOUNT, V.undo),
        ("pause", "Pause or go on downloading", ("Ctrl+Alt+P",), "pause", _ACCOUNT, V.pause),
        ("stop", "Stop downloading", ("Ctrl+.",), "stop", _ACCOUNT, V.stop),
    ),
    "Folder": (
        ("folder.new", "New folder…", ("Ctrl+Shift+N",), "folder-new", _ACCOUNT, V.new_folder),
        ("folder.rename", "Rename…", ("F2",), "edit", _FOLDER, _on_folder("folder.rename")),
        ("folder.move", "Move…", ("Ctrl+Alt+V",), "move", _FOLDER, _on_folder("folder.move")),
        ("folder.delete", "Delete…", ("Ctrl+Shift+Del",), "trash", _FOLDER,
         _on_folder("folder.delete")),
        ("read.all", "Mark all as read", ("Shift+C",), "mark-read", _FOLDER,
         _on_folder("read.all")),
        ("folder.download", "Download everything here", ("Shift+D",), "cloud-down", _FOLDER,
         _on_folder("folder.download")),
        ("folder.subscribe", "Subscribe or unsubscribe", ("Ctrl+Alt+S",), "", _FOLDER,
         _on_folder("folder.subscribe")),
        ("folder.deleted", "Show deleted", ("Ctrl+Alt+U",), "", _FOLDER,
         _on_folder("folder.deleted")),
        ("folder.again", "Try again", ("Ctrl+Alt+R",), "refresh", _FOLDER,
         _on_folder("folder.again")),
        ("folder.properties", "Properties…", ("Alt+Return",), "info", _FOLDER,
         _on_folder("folder.properties")),
    ),
    "Message": (
        ("reply", "Reply", ("Ctrl+R", "R"), "reply", _ONE, V.reply),
        ("reply.all", "Reply all", ("Ctrl+Shift+R",), "reply-all", _ONE, V.reply_all),
        ("reply.list", "Reply to list", ("Ctrl+Shift+L",), "", _ONE, V.reply_list),
        ("forward", "Forward", ("Ctrl+L",), "forward", _SOME, V.forward),
        ("forward.inline", "Forward in the letter", ("Ctrl+Alt+I",), "", _ONE, V.forward_inline),
        ("forward.attached", "Forward as attachment", ("Ctrl+Alt+F",), "", _SOME,
         V.forward_attached),
        ("draft", "Edit draft", ("Shift+E",), "edit", _ONE, V.edit_draft),
        ("redirect", "Redirect…", ("Ctrl+Alt+B",), "", _ONE, V.redirect),
        ("edit", "Edit as new", ("Ctrl+E",), "compose", _ONE, V.edit_as_new),
        ("again", "Send again", ("Ctrl+Alt+A",), "", _ONE, V.send_again),
        ("archive", "Archive", ("A",), "archive", _SOME, V.archive),
        ("delete", "Delete", ("Del", "#"), "trash", _SOME, V.delete),
        ("delete.forever", "Delete permanently…", ("Shift+Del",), "", _SOME, V.delete_forever),
        ("junk", "Move to Junk", ("J",), "junk", _SOME, V.junk),
        ("move", "Move to folder…", ("V",), "move", _SOME, V.move),
        ("copy", "Copy to folder…", ("Shift+V",), "", _SOME, V.copy),
        ("star", "Star", ("S",), "star", _SOME, V.star),
        ("read", "Mark as read or unread", ("M",), "mark-unread", _SOME, V.toggle_read),
        ("download", "Download", ("D",), "download", _SOME, V.download),
        ("undelete", "Undelete", ("U",), "undo", _DELETED, V.undelete),
        ("find", "Find in message", ("Ctrl+F",), "search", _ONE, V.find),
        ("window", "Open in its own window", ("Ctrl+O",), "open", _ONE, V.message_window),
        ("save", "Save message…", ("Ctrl+S",), "save", _ONE, V.save_message),
        ("print", "Print…", ("Ctrl+P",), "print", _ONE, V.print_message),
        ("pdf", "Save as PDF…", ("Ctrl+Shift+S",), "", _ONE, V.save_pdf),
        ("source", "Message source", ("Ctrl+U",), "source", _ONE, V.source),
        ("headers", "All headers", ("Ctrl+Shift+U",), "info", _ONE, V.headers),
        ("structure", "Structure", ("Ctrl+Alt+M",), "structure", _ONE, V.structure),
        ("sender", "Check the sender", ("Ctrl+Shift+E",), "account", _ONE, V.check_sender),
    ),
    "Tag": (
        ("tags", "Tags…", ("Ctrl+T",), "tag", _SOME, V.tags),
        ("tag.1", "Important", ("1",), "", _SOME, _tag(1)),
        ("tag.2", "Work", ("2",), "", _SOME, _tag(2)),
        ("tag.3", "Personal", ("3",), "", _SOME, _tag(3)),
        ("tag.4", "To do", ("4",), "", _SOME, _tag(4)),
        ("tag.5", "Later", ("5",), "", _SOME, _tag(5)),
        ("tag.6", "Sixth tag", ("6",), "", _SOME, _tag(6)),
        ("tag.7", "Seventh tag", ("7",), "", _SOME, _tag(7)),
        ("tag.8", "Eighth tag", ("8",), "", _SOME, _tag(8)),
        ("tag.9", "Ninth tag", ("9",), "", _SOME, _tag(9)),
        ("tag.0", "Remove all tags", ("0",), "", _SOME, V.untag),
    ),
    "View": (
        ("charset", "Text encoding…", ("Ctrl+Alt+E",), "", _ONE, V.charset),
        ("plain", "HTML or plain text", ("Ctrl+Shift+H",), "text", _ONE, V.toggle_plain),
        ("simple", "Simple looks", ("Ctrl+Shift+J",), "", _ONE, V.toggle_simple),
        ("original", "Original colours", ("Ctrl+Shift+O",), "color", _ONE, V.toggle_original),
        ("quotes", "Fold or unfold quotes", ("Q",), "quote", _ONE, V.toggle_quotes),
        ("deliveries", "What became of it", ("Ctrl+Alt+O",), "sent", _ONE, V.deliveries),
        ("larger", "Larger", ("Ctrl++", "Ctrl+="), "add", _ANY, V.zoom_in),
        ("smaller", "Smaller", ("Ctrl+-",), "remove", _ANY, V.zoom_out),
        ("normal", "Normal size", ("Ctrl+0",), "", _ANY, V.zoom_reset),
        ("missing", "Only what is not downloaded", ("Ctrl+Alt+N",), "cloud-down", _ACCOUNT,
         V.only_missing),
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
        ("writing", "Writing preferences…", ("Ctrl+Alt+W",), "compose", _ANY, V.writing),
        ("account.log", "What happened…", ("Ctrl+Alt+L",), "clock", _ACCOUNT, V.account_log),
        ("keys", "Keyboard shortcuts", ("?", "Ctrl+/"), "keyboard", _ANY, V.keys),
        ("quit", "Quit", ("Ctrl+Q",), "", _ANY, V.quit),
    ),
    "": (
        ("menu", "Menu", ("F10",), "", _ANY, V.open_menu),
    ),
}  # fmt: skip
HEAD = ("back", "draft", "reply", "reply.all", "forward", "archive", "delete")
"""What stands above a message."""
MORE = (
    "reply.list", "forward.inline", "forward.attached", "",
    "star", "read", "tags", "move", "copy", "junk", "", "window", "find", "redirect",
    "edit", "again", "plain", "simple", "original",
    "charset", "download", "", "sender", "print", "save", "source", "headers", "structure", "",
    "delete.forever",
)  # fmt: skip
LIST_MENU = (
    "window", "reply", "reply.all", "reply.list", "forward", "forward.attached", "",
    "star", "read", "tags", "archive", "delete",
    "move", "copy", "junk", "", "download", "redirect", "edit", "again", "save", "source",
)  # fmt: skip
DELETED_MENU = ("undelete", "", "download", "source")
"""Of messages that are marked as deleted."""
FOLDER_MENU = (
    "folder.again", "", "folder.new", "folder.rename", "folder.move", "folder.delete", "",
    "read.all", "folder.download", "folder.deleted", "", "folder.subscribe", "folder.properties",
)  # fmt: skip
# What changes a message, and the rights (RFC 4314) its folder must give for that.
_NEEDS = {
    "archive": "te", "delete": "te", "delete.forever": "te", "junk": "te", "move": "te",
    "star": "w", "read": "s", "undelete": "t", "tags": "w",
    **{f"tag.{number}": "w" for number in range(10)},
}  # fmt: skip
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
            action = _action(command, window, _calling(command.what, verbs))
            action.setAutoRepeat(command.id in ("next", "previous"))
            self._actions[command.id] = action

    def __getitem__(self, command_id: str) -> QAction:
        return self._actions[command_id]

    def enable(
        self,
        *,
        account: bool,
        messages: int,
        granted: Callable[[str], bool],
        folder: Callable[[str], bool],
        deleted: bool,
        makes_sense: Callable[[str], bool] = lambda _command: True,
    ) -> None:
        """Greys out what has nothing to work on, or is not allowed.

        granted: whether these rights hold where the messages are. folder: whether this command
        makes sense for the folder chosen. deleted: the messages are marked as deleted.
        makes_sense: the same for the message chosen.
        """
        for command in COMMANDS:
            possible = {
                When.ALWAYS: True,
                When.ACCOUNT: account,
                When.FOLDER: account and command.when is When.FOLDER and folder(command.id),
                When.ONE: messages == 1,
                When.SOME: messages > 0,
                When.DELETED: messages > 0 and deleted,
            }[command.when]
            allowed = granted(_NEEDS.get(command.id, ""))
            sensible = possible and allowed and makes_sense(command.id)
            self._actions[command.id].setEnabled(sensible)

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


def action_of(command_id: str, window: QWidget, call: Callable[[], object]) -> QAction:
    """A command of the table for another window, where something else does it."""
    return _action(next(each for each in COMMANDS if each.id == command_id), window, call)


def _action(command: Command, window: QWidget, call: Callable[[], object]) -> QAction:
    action = QAction(shown(command.text), window)
    action.setObjectName(command.id)
    action.setShortcuts([QKeySequence(key) for key in command.keys])
    action.setAutoRepeat(False)
    if command.icon:
        action.setIcon(theme.icon(command.icon))
    action.setToolTip(f"{shown(command.text).rstrip('…')} ({keys_text(command)})")
    action.triggered.connect(call)
    window.addAction(action)
    return action


def _calling(what: Callable[[Verbs], None], verbs: Verbs) -> Callable[[], None]:
    def call() -> None:
        what(verbs)

    return call
