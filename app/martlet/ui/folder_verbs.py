"""What can be done with a folder: asked of the person, then of the engine."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from martlet.link import messages as ask
from martlet.mail.account import Account
from martlet.mail.folder import Folder
from martlet.ui.link import EngineLink


class FolderVerbs(QObject):
    """The verbs of a folder pane's menu."""

    def __init__(self, link: EngineLink, window: QWidget) -> None:
        super().__init__(window)
        self._link = link
        self._window = window

    def create(self, where: Account | Folder) -> None:
        """Asks for a name and makes a folder there."""
        name, go = QInputDialog.getText(self._window, self.tr("New folder"), self.tr("Name"))
        if not go or not name.strip():
            return
        if isinstance(where, Folder):
            full = f"{where.name}{where.delimiter or '/'}{name.strip()}"
            self._link.ask(ask.FolderCreate(where.account_id, full))
        else:
            self._link.ask(ask.FolderCreate(where.id, name.strip()))

    def rename(self, folder: Folder) -> None:
        name, go = QInputDialog.getText(
            self._window, self.tr("Rename folder"), self.tr("Name"), text=folder.leaf
        )
        if go and name.strip() and name.strip() != folder.leaf:
            above = folder.name[: len(folder.name) - len(folder.leaf)]
            self._link.ask(ask.FolderRename(folder.id, above + name.strip()))

    def delete(self, folder: Folder) -> None:
        question = self.tr("Delete the folder “{name}” with its {count} messages?").format(
            name=folder.name, count=folder.total
        )
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window, self.tr("Delete folder"), question, button.Yes | button.Cancel
        )
        if answer is button.Yes:
            self._link.ask(ask.FolderDelete(folder.id))

    def subscribe(self, folder: Folder) -> None:
        self._link.ask(ask.FolderSubscribe(folder.id, not folder.subscribed))
