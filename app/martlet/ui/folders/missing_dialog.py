"""Asks which folder of an account is for a purpose: one that is there, or a new one."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QRadioButton, QWidget

from martlet.mail.account import Account
from martlet.mail.folder import Folder, Role
from martlet.ui import theme
from martlet.ui.folder_model import in_order, role_name
from martlet.ui.folders.names import path_in, problem_with
from martlet.ui.folders.place_box import path_words
from martlet.ui.folders.role_box import NEW_NAMES
from martlet.ui.sheet import Sheet


class MissingRoleDialog(Sheet):
    """`picked` is the folder to use, None for a new one called `path`."""

    def __init__(
        self, account: Account, folders: list[Folder], role: Role, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        name = role_name(role)
        self.head(self.tr("Which folder is {name}?").format(name=name), self.tr("Use it"))
        self.setObjectName("folderPicker")
        self._account, self._folders = account, folders
        self.body.addWidget(
            self.text(
                self.tr(
                    "{account} has no folder that is known to be for this. You are asked once; "
                    "it can be changed in the properties of a folder."
                ).format(account=account.name)
            )
        )
        self.new = QRadioButton(self.tr("&Make a new folder:"), self)
        self.old = QRadioButton(self.tr("&Use a folder that is there:"), self)
        self.name = QLineEdit(NEW_NAMES.get(role, name), self)
        self.name.setAccessibleName(self.tr("Name of the new folder"))
        self.problem = self.text("", "danger")
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Folders"))
        self.list.setIconSize(QSize(17, 17))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(150)
        free = [f for f in folders if f.selectable and f.role is Role.NONE]
        for folder in in_order(free):
            item = QListWidgetItem(theme.icon("folder"), path_words(folder))
            item.setData(Qt.ItemDataRole.UserRole, folder)
            self.list.addItem(item)
        for widget in (self.new, self.name, self.problem, self.old, self.list):
            self.body.addWidget(widget)
        self.new.setChecked(True)
        self.old.setEnabled(bool(free))
        for row, folder in enumerate(in_order(free)):
            if folder.leaf.casefold() == self.name.text().casefold():
                self.old.setChecked(True)
                self.list.setCurrentRow(row)
        self.new.toggled.connect(lambda _on: self._follow())
        self.name.textChanged.connect(lambda _text: self._follow())
        self.list.itemSelectionChanged.connect(self._follow)
        self.list.itemActivated.connect(lambda _item: self.go.click())
        self.go.clicked.connect(self.accept)
        self._follow()
        self.go.setFocus()

    @property
    def picked(self) -> Folder | None:
        """The folder chosen from the list, None when one is to be made."""
        chosen = self.list.selectedItems()
        if self.new.isChecked() or not chosen:
            return None
        folder = chosen[0].data(Qt.ItemDataRole.UserRole)
        return folder if isinstance(folder, Folder) else None

    @property
    def path(self) -> str:
        """The full name of the folder to be made."""
        return path_in(None, self._account.id, self.name.text().strip(), self._folders)

    def _follow(self) -> None:
        making = self.new.isChecked()
        self.name.setEnabled(making)
        self.list.setEnabled(not making)
        words = problem_with(self.name.text(), None, self._account.id, self._folders)
        self.problem.setText(words)
        self.problem.setVisible(making and bool(words))
        possible = bool(self.name.text().strip()) and not words
        self.go.setEnabled(possible if making else self.picked is not None)
        self.go.setText(self.tr("Make folder") if making else self.tr("Use it"))
