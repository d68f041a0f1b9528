"""What can be done with a folder: whether it can, what the person is asked, and then the engine.

Each is named as in the table of commands; the menu of the folder pane is made from the same names.
A dialog is imported when it is wanted, so that the window starts without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QMenu

from martlet.link import messages as ask
from martlet.mail.account import Account
from martlet.mail.folder import Folder, FolderId, Role
from martlet.ui.commands import FOLDER_MENU
from martlet.ui.folder_model import shown_name
from martlet.ui.folders import rights
from martlet.ui.folders.names import below, parent_name, path_in, problem_with

if TYPE_CHECKING:
    from martlet.ui.window import MainWindow

Where = Account | Folder


class FolderVerbs(QObject):
    """The verbs of a folder pane."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
        self._verbs: dict[str, Callable[[Folder], None]] = {
            "folder.rename": self.rename,
            "folder.move": self.move,
            "folder.delete": self.delete,
            "read.all": self.mark_all_read,
            "folder.download": self.download,
            "folder.subscribe": self.subscribe,
            "folder.deleted": self.show_deleted,
            "folder.again": self.try_again,
            "folder.properties": self.properties,
        }

    def can(self, verb: str, where: Where | None) -> bool:
        """Whether this makes sense there, and the server allows it."""
        if where is None:
            return False
        if verb == "folder.new":
            return isinstance(where, Account) or (
                bool(where.delimiter) and rights.may(where, rights.CREATE_BELOW)
            )
        if isinstance(where, Account):
            return False
        match verb:
            case "folder.rename" | "folder.move" | "folder.delete":
                return rights.may_rename(where)
            case "read.all":
                return where.unread > 0 and rights.may(where, rights.MARK_READ)
            case "folder.download" | "folder.deleted":
                return where.selectable and not where.local
            case "folder.subscribe":
                return not where.local and where.role is not Role.INBOX
            case "folder.again":
                return bool(where.parked)
            case _:
                return True

    def do(self, verb: str, where: Where | None) -> None:
        """Does it, if it can be done there."""
        if where is None or not self.can(verb, where):
            return
        if verb == "folder.new":
            self.create(where)
        elif isinstance(where, Folder):
            self._verbs[verb](where)

    def menu(self, where: Where, point: QPoint) -> None:
        """Opens the menu of a folder or account, made from the table of commands."""
        menu = QMenu(self._w)
        for verb in FOLDER_MENU if isinstance(where, Folder) else ("folder.new", "account.log"):
            if not verb:
                menu.addSeparator()
            elif verb != "folder.again" or self.can(verb, where):
                menu.addAction(self._entry(verb, where, menu))
        menu.aboutToHide.connect(self._w.folders.unmark)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(point)

    def _entry(self, verb: str, where: Where, menu: QMenu) -> QAction:
        of = self._w.commands[verb]
        action = QAction(of.icon(), of.text(), menu)
        action.setObjectName(verb)
        action.setShortcut(of.shortcut())
        if verb == "account.log":
            if isinstance(where, Account):
                action.triggered.connect(lambda: self._w.windows.account_log(where))
            return action
        if verb == "folder.new" and isinstance(where, Folder):
            action.setText(self.tr("New folder inside…"))
        if verb == "folder.subscribe" and isinstance(where, Folder):
            action.setText(self.tr("Subscribed"))
            action.setCheckable(True)
            action.setChecked(where.subscribed)
        action.setEnabled(self.can(verb, where))
        action.triggered.connect(lambda: self.do(verb, where))
        return action

    def create(self, where: Where) -> None:
        """Asks for a name and makes a folder there."""
        from martlet.ui.folders.naming import FolderNameDialog

        account = self._account(where)
        if account is None:
            return
        above = where if isinstance(where, Folder) else None
        folders = self._w.reader.folders(account.id)
        dialog = FolderNameDialog(account, folders, above, None, self._w)

        def accepted() -> None:
            path, name = dialog.path, dialog.name.text().strip()

            def made(folder_id: FolderId) -> None:
                self._said(self.tr("Made the folder “{name}”"), name)
                self._w.refresh_folders()
                self._w.folders.choose(folder_id)

            self._w.link.ask(ask.FolderCreate(account.id, path), made)

        self._open(dialog, accepted)

    def rename(self, folder: Folder) -> None:
        """Asks for another name, or another place."""
        from martlet.ui.folders.naming import FolderNameDialog, above_of

        account = self._account(folder)
        if account is None:
            return
        folders = self._w.reader.folders(account.id)
        above = above_of(folder, folders)
        dialog = FolderNameDialog(account, folders, above, folder, self._w)
        self._open(dialog, lambda: self._rename(folder, dialog.path, dialog.name.text().strip()))

    def move(self, folder: Folder) -> None:
        """Asks for the folder it is to stand in."""
        self._w.windows.pick_place(
            folder,
            lambda target: self.may_move(folder, target),
            lambda target: self.move_into(folder, target),
        )

    def move_into(self, folder: Folder, target: Where) -> None:
        """Moves it with all inside it; into an account means to its top."""
        folders = self._w.reader.folders(folder.account_id)
        above = target if isinstance(target, Folder) else None
        problem = problem_with(folder.leaf, above, folder.account_id, folders, folder)
        if problem:
            self._w.say(problem)
            return
        path = path_in(above, folder.account_id, folder.leaf, folders)
        name = shown_name(target) if isinstance(target, Folder) else target.name
        words = self.tr("Moved “{name}” to {place}").replace("{place}", name)
        self._w.link.ask(
            ask.FolderRename(folder.id, path), lambda _none: self._said(words, folder.leaf)
        )

    def may_move(self, folder: Folder, target: object) -> bool:
        """Whether it could be moved there: same account, not into itself, not where it is."""
        if not rights.may_rename(folder) or not isinstance(target, Account | Folder):
            return False
        if isinstance(target, Account):
            return target.id == folder.account_id and bool(parent_name(folder))
        inside = {f.id for f in below(folder, self._w.reader.folders(folder.account_id))}
        return (
            target.account_id == folder.account_id
            and target.id != folder.id
            and target.id not in inside
            and target.name != parent_name(folder)
            and self.can("folder.new", target)
        )

    def delete(self, folder: Folder) -> None:
        """Asks, saying how much goes with it."""
        from martlet.ui.folders.deleting import DeleteFolderDialog

        folders = self._w.reader.folders(folder.account_id)
        trash = self._w.reader.trash_for(folder.id)
        dialog = DeleteFolderDialog(folder, folders, trash, self._w)
        final = dialog.for_good

        def accepted() -> None:
            words = self.tr("Deleted “{name}”") if final else self.tr("Moved “{name}” to Trash")
            self._w.link.ask(
                ask.FolderDelete(folder.id, final),
                lambda _none: self._said(words, folder.leaf, undo=not final),
            )

        self._open(dialog, accepted)

    def mark_all_read(self, folder: Folder) -> None:
        def done(count: int) -> None:
            words = self.tr("Marked 1 message as read")
            if count != 1:
                words = self.tr("Marked {count} messages as read").format(count=count)
            self._w.say(words, undo=count > 0)

        self._w.reading.forget()
        self._w.link.ask(ask.MarkAllRead(folder.id), done)

    def download(self, folder: Folder) -> None:
        self._w.verbs.download_folder(folder.id)

    def subscribe(self, folder: Folder) -> None:
        """Subscribes or takes that back."""
        wanted = not folder.subscribed
        words = (
            self.tr("Subscribed to “{name}”") if wanted else self.tr("Unsubscribed from “{name}”")
        )
        self._w.link.ask(
            ask.FolderSubscribe(folder.id, wanted),
            lambda _none: self._said(words, shown_name(folder)),
        )

    def show_deleted(self, folder: Folder) -> None:
        self._w.looking.show_deleted(folder)

    def try_again(self, folder: Folder) -> None:
        """A folder that was left alone is looked at again."""
        self._w.link.ask(ask.FolderOpened(folder.id))
        self._w.link.ask(ask.CheckMail([folder.account_id]))
        self._w.status_line.say(self.tr("Trying again…"))

    def properties(self, folder: Folder) -> None:
        from martlet.ui.folders.properties import PropertiesDialog

        account = self._account(folder)
        fresh = self._w.reader.folder(folder.id)
        if account is not None and fresh is not None:
            here = self._w.reader.search_count("is:here", folder_id=folder.id)
            dialog = PropertiesDialog(self._w.link, fresh, account, here, self._w)
            self._open(dialog, lambda: None)

    def _rename(self, folder: Folder, path: str, name: str) -> None:
        self._w.link.ask(
            ask.FolderRename(folder.id, path),
            lambda _none: self._said(self.tr("It is called “{name}” now"), name),
        )

    def _account(self, where: Where) -> Account | None:
        if isinstance(where, Account):
            return where
        return self._w.reader.account(where.account_id)

    def _said(self, words: str, name: str, *, undo: bool = True) -> None:
        self._w.say(words.replace("{name}", name), undo=undo)

    def _open(self, dialog: QDialog, accepted: Callable[[], None]) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(accepted)
        dialog.open()
