"""An action that needs a folder which the account has not got: asks for it once, then goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from martlet.link.messages import FolderCreate, FolderRole
from martlet.mail.account import Account
from martlet.mail.errors import MailError, Refused
from martlet.mail.folder import FolderId, Role
from martlet.ui.link import EngineLink

if TYPE_CHECKING:
    from martlet.store.reader import Reader

_PREFIX = "role:"


def wanted_role(error: MailError) -> Role | None:
    """The purpose no folder has, when that is why something was refused."""
    if not isinstance(error, Refused) or not error.detail.startswith(_PREFIX):
        return None
    name = error.detail.removeprefix(_PREFIX).strip()
    return next((role for role in Role if role.value and role.value == name), None)


class MissingRoles(QObject):
    """For one window: takes a refusal, asks, tells the engine, and repeats the action."""

    def __init__(self, link: EngineLink, reader: Reader, window: QWidget) -> None:
        super().__init__(window)
        self._link = link
        self._reader = reader
        self._window = window

    def take(self, error: MailError, account: Account | None, repeat: Callable[[], None]) -> bool:
        """Whether this was such a refusal; then it asks, and does it again once that is known."""
        role = wanted_role(error)
        named = self._reader.account(error.account) if error.account else None
        account = named or account
        if role is None or account is None:
            return False
        self.ask(account, role, repeat)
        return True

    def ask(self, account: Account, role: Role, repeat: Callable[[], None]) -> None:
        """Asks which folder is for this."""
        from martlet.ui.folders.missing_dialog import MissingRoleDialog

        folders = self._reader.folders(account.id)
        dialog = MissingRoleDialog(account, folders, role, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def use(folder_id: FolderId) -> None:
            self._link.ask(FolderRole(folder_id, role), lambda _none: repeat())

        def accepted() -> None:
            if dialog.picked is not None:
                use(dialog.picked.id)
            else:
                self._link.ask(FolderCreate(account.id, dialog.path), use)

        dialog.accepted.connect(accepted)
        dialog.open()
