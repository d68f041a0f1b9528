"""A choice of where a folder stands: at the top of its account, or inside another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from martlet.mail.account import Account
from martlet.mail.folder import Folder
from martlet.ui import theme
from martlet.ui.choice_box import ChoiceBox
from martlet.ui.folder_model import in_order, shown_name
from martlet.ui.folders import rights
from martlet.ui.folders.names import below

_MOST_SHOWN = 14


class PlaceBox(ChoiceBox):
    """Offers the folders of one account that others can be made in."""

    def __init__(
        self,
        account: Account,
        folders: Sequence[Folder],
        without: Folder | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """without: left out, with all inside it (a folder cannot be moved into itself)."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Inside"))
        self.setMaxVisibleItems(_MOST_SHOWN)
        self.setIconSize(QSize(16, 16))
        gone = {without.id, *(f.id for f in below(without, folders))} if without else set()
        own = [f for f in folders if f.account_id == account.id and f.id not in gone]
        self._places: list[Folder | None] = [None]
        self.addItem(theme.icon("account"), account.name)
        for folder in in_order(own):
            if folder.delimiter and rights.may(folder, rights.CREATE_BELOW):
                self._places.append(folder)
                self.addItem(theme.icon(folder.role.value or "folder"), path_words(folder))

    def choose(self, folder: Folder | None) -> None:
        """Shows this one; the top when it is not among them."""
        wanted = folder.id if folder is not None else None
        ids = [place.id if place is not None else None for place in self._places]
        self.setCurrentIndex(ids.index(wanted) if wanted in ids else 0)

    def place(self) -> Folder | None:
        """The folder chosen, or None for the account's top."""
        return self._places[max(0, self.currentIndex())]


def path_words(folder: Folder) -> str:
    """The whole path of a folder for people."""
    if folder.role.value or not folder.delimiter:
        return shown_name(folder)
    return folder.name.replace(folder.delimiter, " / ")
