"""Asks what a folder is to be called and where it is to stand: new, renamed or moved."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from martlet.mail.account import Account
from martlet.mail.folder import Folder
from martlet.ui.folders.names import parent_name, path_in, problem_with
from martlet.ui.folders.place_box import PlaceBox
from martlet.ui.sheet import Sheet


class FolderNameDialog(Sheet):
    """`path` is the full name once it was accepted. folder: the one renamed, None for a new one.

    What a server would refuse is said while one types.
    """

    def __init__(
        self,
        account: Account,
        folders: Sequence[Folder],
        above: Folder | None,
        folder: Folder | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        title, go = (
            (self.tr("New folder"), self.tr("Make folder"))
            if folder is None
            else (self.tr("Rename “{name}”").format(name=folder.leaf), self.tr("Rename"))
        )
        self.head(title, go)
        self.setObjectName("folderName")
        self._account = account
        self._folders = list(folders)
        self._folder = folder
        self.name = QLineEdit(folder.leaf if folder is not None else "", self)
        self.name.setAccessibleName(self.tr("Name"))
        self.name.setMinimumWidth(260)
        self.place = PlaceBox(account, folders, folder, self)
        self.place.choose(above)
        self.problem = self.text("", "danger")
        self.problem.setObjectName("problem")
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(9)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        form.addRow(self.tr("&Name"), self.name)
        form.addRow(self.tr("&Inside"), self.place)
        self.body.addLayout(form)
        self.body.addWidget(self.problem)
        self.name.textChanged.connect(lambda _text: self._follow())
        self.place.currentIndexChanged.connect(lambda _at: self._follow())
        self.go.clicked.connect(self.accept)
        self.name.selectAll()
        self.name.setFocus()
        self._follow()

    @property
    def path(self) -> str:
        """The full name as it is typed now."""
        leaf = self.name.text().strip()
        return path_in(self.place.place(), self._account.id, leaf, self._folders)

    def _follow(self) -> None:
        place = self.place.place()
        words = problem_with(self.name.text(), place, self._account.id, self._folders, self._folder)
        self.problem.setText(words)
        changed = self._folder is None or self.path != self._folder.name
        self.go.setEnabled(bool(self.name.text().strip()) and not words and changed)


def above_of(folder: Folder, folders: Sequence[Folder]) -> Folder | None:
    """The folder a folder stands in, None at the top or where that level is none."""
    name = parent_name(folder)
    own = (f for f in folders if f.account_id == folder.account_id)
    return next((f for f in own if name and f.name == name), None)
