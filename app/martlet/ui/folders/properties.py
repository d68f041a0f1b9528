"""What a folder is: its purpose, how much of it is kept here, how large it is, what one may do.

What the store knows is shown at once; what only the server knows fills in when it has answered.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from martlet.link.messages import FolderKeep, FolderProperties, FolderRole
from martlet.mail.account import Account, Protocol
from martlet.mail.errors import MailError
from martlet.mail.folder import Folder
from martlet.mail.sync import FolderInfo, Quota
from martlet.ui import dates
from martlet.ui.folder_model import shown_name
from martlet.ui.folders import keep, rights
from martlet.ui.folders.role_box import RoleBox
from martlet.ui.link import EngineLink
from martlet.ui.sheet import Sheet

_KILO = 1024


class PropertiesDialog(Sheet):
    """Asks the engine for what is to change when it is saved.

    whole: how many of its messages are here with all that is in them.
    """

    def __init__(
        self,
        link: EngineLink,
        folder: Folder,
        account: Account,
        whole: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.head(shown_name(folder), self.tr("Save"))
        self.setObjectName("folderProperties")
        self.setWindowTitle(self.tr("Properties of {name}").format(name=shown_name(folder)))
        self._link = link
        self._folder = folder
        self._whole = whole
        self._open = True
        self.role = RoleBox(folder, self)
        self.keep = keep.for_folder(account, self)
        self.keep.choose(folder.keep, folder.keep_days)
        self.counts = self.text("", "")
        self.bytes = self.text("", "")
        self.rights = self.text("", "")
        self.quota = QWidget(self)
        self._quotas = QVBoxLayout(self.quota)
        self._quotas.setContentsMargins(0, 0, 0, 0)
        self._quotas.setSpacing(6)
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(11)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        remote = self._remote = not folder.local and _is_imap(account)
        where = self.text(f"{folder.name}  ·  {account.name}")
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(where)
        self._row(self.tr("Used for"), self.role)
        if remote:
            self._row(self.tr("Kept here"), self.keep)
        self._row(self.tr("Messages"), self.counts)
        if remote:
            self._row(self.tr("Size there"), self.bytes)
            self._row(self.tr("Space"), self.quota)
            self._row(self.tr("You may"), self.rights)
            self._form.setRowVisible(self.quota, False)
        if folder.parked:
            self._row(self.tr("Left alone"), self.text(folder.parked, "danger"))
        self.body.addLayout(self._form)
        self._show(FolderInfo(folder.there, 0, folder.rights), waiting=remote)
        self.go.clicked.connect(self._save)
        self.setMinimumWidth(500)
        self.role.setFocus()
        if remote:
            link.ask(FolderProperties(folder.id), self._told, self._refused)

    def _row(self, words: str, field: QWidget) -> None:
        label = QLabel(words, self)
        label.setProperty("tone", "second")
        if isinstance(field, QLabel):
            field.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        else:
            label.setBuddy(field)
            field.setAccessibleName(words)
        self._form.addRow(label, field)

    def _show(self, info: FolderInfo, *, waiting: bool) -> None:
        here, unread = self._folder.total, self._folder.unread
        parts = [self.tr("{here} here").format(here=self._number(here))]
        if self._whole < here:
            parts = [
                self.tr("{here} here ({whole} of them whole)").format(
                    here=self._number(here), whole=self._number(self._whole)
                )
            ]
        if info.there:
            parts.append(self.tr("{there} on the server").format(there=self._number(info.there)))
        parts.append(self.tr("{unread} unread").format(unread=self._number(unread)))
        self.counts.setText(", ".join(parts))
        wait = self.tr("Asking the server…")
        unknown = self.tr("The server does not say")
        nothing = not waiting and not info.there and not here
        size = dates.size(info.size) if info.size or nothing else wait if waiting else unknown
        self.bytes.setText(size)
        said = rights.in_words(info.rights)
        self.rights.setText(said or wait)
        if not waiting and not said and self._remote:
            self._form.setRowVisible(self.rights, False)
        # Greyed as long as it is no answer.
        self.bytes.setEnabled(bool(info.size or nothing))
        self.rights.setEnabled(bool(said))

    def _number(self, number: int) -> str:
        return self.locale().toString(number)

    def _told(self, info: FolderInfo) -> None:
        if not self._open:
            return
        self._show(info, waiting=False)
        for quota in info.quotas:
            if quota.limit > 0:
                self._quotas.addWidget(_QuotaLine(quota, self.quota))
        self._form.setRowVisible(self.quota, bool(self._quotas.count()))
        self.resize(self.width(), self.sizeHint().height())

    def _refused(self, error: MailError) -> None:
        if self._open:
            self._show(FolderInfo(self._folder.there, 0, self._folder.rights), waiting=False)
            self.notice.say(error.summary, error.detail)

    def _save(self) -> None:
        folder = self._folder
        role = self.role.chosen()
        if (role, role is not None) != (folder.role if folder.chosen else None, folder.chosen):
            self._link.ask(FolderRole(folder.id, role))
        kept, days = self.keep.choice()
        if (kept, days) != (folder.keep, folder.keep_days if folder.keep else 0):
            self._link.ask(FolderKeep(folder.id, kept, days))
        self.accept()

    def done(self, result: int) -> None:
        self._open = False
        super().done(result)


class _QuotaLine(QWidget):
    """How full one limit is, as a bar and in words."""

    def __init__(self, quota: Quota, parent: QWidget) -> None:
        super().__init__(parent)
        if quota.resource.upper() == "STORAGE":
            words = self.tr("{used} of {limit} used").format(
                used=dates.size(quota.used * _KILO), limit=dates.size(quota.limit * _KILO)
            )
        else:
            words = self.tr("{used} of {limit} messages").format(
                used=self.locale().toString(quota.used), limit=self.locale().toString(quota.limit)
            )
        bar = QProgressBar(self)
        bar.setTextVisible(False)
        bar.setFixedHeight(6)
        bar.setRange(0, 1000)
        bar.setValue(min(1000, round(1000 * quota.used / quota.limit)))
        bar.setProperty("full", quota.used >= 0.9 * quota.limit)
        bar.setAccessibleName(words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(QLabel(words, self))
        column.addWidget(bar)


def _is_imap(account: Account) -> bool:
    return account.incoming is not None and account.incoming.protocol is Protocol.IMAP
