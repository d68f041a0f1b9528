"""What a folder is for, as a choice; and what folders for a purpose are called when made."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from martlet.mail.folder import ROLE_ORDER, Folder, Role
from martlet.ui.choice_box import ChoiceBox
from martlet.ui.folder_model import role_name

# PRODUCT 4.3: the names other programs know them by, so they are not translated.
NEW_NAMES = {
    Role.DRAFTS: "Drafts",
    Role.SENT: "Sent",
    Role.ARCHIVE: "Archive",
    Role.JUNK: "Junk",
    Role.TRASH: "Trash",
}


class RoleBox(ChoiceBox):
    """Automatic comes first: what the server says, else the name."""

    def __init__(self, folder: Folder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Used for"))
        self._roles: list[Role | None] = []
        if folder.role is Role.INBOX:
            self._offer(role_name(Role.INBOX), None)
            self.setEnabled(False)
            return
        if folder.chosen:
            self._offer(self.tr("Automatic"), None)
        else:
            found = role_name(folder.role) or self.tr("nothing in particular")
            self._offer(self.tr("Automatic: {what}").format(what=found), None)
        self._offer(self.tr("Nothing in particular"), Role.NONE)
        for role in ROLE_ORDER[1:]:
            self._offer(role_name(role), role)
        if folder.chosen and folder.role not in self._roles:
            self._offer(role_name(folder.role), folder.role)
        self.setCurrentIndex(self._roles.index(folder.role) if folder.chosen else 0)

    def chosen(self) -> Role | None:
        """The purpose chosen; None: left to the server and the name."""
        return self._roles[self.currentIndex()]

    def choose(self, role: Role) -> None:
        self.setCurrentIndex(self._roles.index(role))

    def _offer(self, words: str, role: Role | None) -> None:
        self._roles.append(role)
        self.addItem(words)
