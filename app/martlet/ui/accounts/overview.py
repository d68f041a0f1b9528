"""All accounts: add, change, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from martlet.link.messages import AccountRemove
from martlet.mail.account import Account, Protocol
from martlet.mail.changes import AccountsChanged
from martlet.mail.errors import MailError
from martlet.ui import theme
from martlet.ui.accounts.keeping import traffic_words
from martlet.ui.accounts.log import AccountLogDialog
from martlet.ui.accounts.settings import AccountSettings
from martlet.ui.accounts.wizard import AccountWizard
from martlet.ui.accounts.words import summary
from martlet.ui.compose.questions import Choice, ask
from martlet.ui.notice import NoticeLine

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink

_ID = Qt.ItemDataRole.UserRole


class AccountsDialog(QDialog):
    """Follows the store: what another window or a command changes is seen here too.

    added: an account was added under this id.
    """

    added = Signal(int)

    def __init__(self, link: EngineLink, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._reader = reader
        self._open = True
        self.question: QMessageBox | None = None
        self.wizard: AccountWizard | None = None
        self.settings: AccountSettings | None = None
        self.setWindowTitle(self.tr("Accounts"))
        self.notice = NoticeLine(self)
        heading = QLabel(self.tr("Accounts"), self)
        heading.setFont(theme.font(18, bold=True))
        self.empty = QLabel(self.tr("No account yet. Add one to receive and send mail."), self)
        self.empty.setProperty("tone", "second")
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Accounts"))
        self.list.setSpacing(2)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setObjectName("accountList")
        self.add = QPushButton(theme.icon("add"), self.tr("Add…"), self)
        self.edit = QPushButton(self.tr("Change…"), self)
        self.remove = QPushButton(self.tr("Remove…"), self)
        self.log = QPushButton(self.tr("What happened…"), self)
        self.close_button = QPushButton(self.tr("Close"), self)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.add, self.edit, self.remove, self.log):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        inner = QVBoxLayout()
        inner.setContentsMargins(24, 18, 24, 16)
        inner.setSpacing(12)
        inner.addWidget(heading)
        inner.addWidget(self.empty)
        inner.addWidget(self.list, 1)
        inner.addLayout(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.notice)
        whole.addLayout(inner)
        self.resize(580, 400)
        self.add.clicked.connect(self._add)
        self.edit.clicked.connect(self._edit)
        self.remove.clicked.connect(self._ask_remove)
        self.log.clicked.connect(self._show_log)
        self.close_button.clicked.connect(self.reject)
        self.list.itemActivated.connect(lambda _item: self._edit())
        self.list.currentRowChanged.connect(lambda _row: self._follow())
        link.changed.connect(self._heard)
        self.fill()

    def fill(self) -> None:
        """Reads the accounts again; the chosen one stays chosen."""
        chosen = self._chosen()
        self.list.clear()
        accounts = self._reader.accounts()
        for account in accounts:
            used = traffic_words(self._reader.traffic(account.id))
            parts = (account.address, summary(account), used)
            second = " · ".join(part for part in parts if part)
            item = QListWidgetItem(theme.icon("account"), f"{account.name}\n{second}")
            item.setData(_ID, int(account.id))
            self.list.addItem(item)
            if chosen is not None and account.id == chosen.id:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0 and accounts:
            self.list.setCurrentRow(0)
        self.empty.setVisible(not accounts)
        self.list.setVisible(bool(accounts))
        self._follow()

    def _chosen(self) -> Account | None:
        # Qt answers None where nothing is current, whatever its stubs say.
        row = self.list.currentRow()
        if row < 0:
            return None
        number = self.list.item(row).data(_ID)
        return next((a for a in self._reader.accounts() if a.id == number), None)

    def _follow(self) -> None:
        chosen = self._chosen() is not None
        self.edit.setEnabled(chosen)
        self.remove.setEnabled(chosen)
        self.log.setEnabled(chosen)

    def _heard(self, change: object) -> None:
        if self._open and isinstance(change, AccountsChanged):
            self.fill()

    def _add(self) -> None:
        self.wizard = AccountWizard(self._link, self._reader, self)
        self.wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.wizard.added.connect(self._added)
        self.wizard.open()

    def _added(self, account_id: int) -> None:
        self.fill()
        self.added.emit(account_id)
        self.accept()

    def _edit(self) -> None:
        account = self._chosen()
        if account is not None:
            self.settings = AccountSettings(self._link, self._reader, account, self)
            self.settings.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.settings.saved.connect(lambda _id: self.fill())
            self.settings.open()

    def _show_log(self) -> None:
        account = self._chosen()
        if account is not None:
            log = AccountLogDialog(self._link, self._reader, account, self)
            log.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            log.open()

    def _ask_remove(self) -> None:
        account = self._chosen()
        if account is None:
            return
        if account.incoming is not None and account.incoming.protocol is Protocol.POP3:
            lost = self.tr(
                "All its mail on this computer goes too. What was already deleted on the server "
                "is then lost for good; so are its drafts and letters not yet sent."
            )
        else:
            lost = self.tr(
                "Its mail stays on the server; only the copy on this computer goes. Drafts kept "
                "here, letters not yet sent and changes not yet carried to the server are lost."
            )
        guests = [each.name for each in self._reader.accounts() if each.into == account.id]
        if guests:
            words = self.tr(
                "New mail of {names} comes into its inbox: what is there goes too, and what comes "
                "later goes to an inbox of its own."
            )
            lost = f"{lost}\n\n{words.format(names=', '.join(guests))}"
        self.question = ask(
            self,
            self.tr("Remove account"),
            self.tr("Remove “{name}” from Martlet?").format(name=account.name),
            lost,
            [
                Choice(self.tr("Keep it"), QMessageBox.ButtonRole.RejectRole, None, True),
                Choice(
                    self.tr("Remove"),
                    QMessageBox.ButtonRole.DestructiveRole,
                    lambda: self._remove(account),
                ),
            ],
        )

    def _remove(self, account: Account) -> None:
        self._link.ask(AccountRemove(account.id), lambda _none: self._removed(), self._refused)

    def _removed(self) -> None:
        if self._open:
            self.fill()

    def _refused(self, error: MailError) -> None:
        if self._open:
            self.notice.say(error.summary, error.detail)

    def done(self, result: int) -> None:
        self._open = False
        super().done(result)
