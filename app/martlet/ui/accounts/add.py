"""The dialog that adds an account, and the same for one that is changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from martlet.link.messages import AccountAdd, AccountEdit, AccountTest
from martlet.mail.account import Account, AccountId, SecretSource, TestStep
from martlet.mail.errors import MailError, TlsRefused
from martlet.ui import theme
from martlet.ui.accounts.form import AccountForm
from martlet.ui.accounts.steps import StepList
from martlet.ui.accounts.trust import CertificateCard
from martlet.ui.accounts.words import suggestion
from martlet.ui.notice import NoticeLine

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink


class AddAccountDialog(QDialog):
    """added: an account was added (or changed) under this id; the dialog closes then.

    account None: a new one. Nothing is asked of any server before Test or Save is pressed.
    """

    added = Signal(int)

    def __init__(
        self,
        link: EngineLink,
        reader: Reader,
        parent: QWidget | None = None,
        account: Account | None = None,
    ) -> None:
        super().__init__(parent)
        self._link = link
        self._reader = reader
        self._editing = account
        self._open = True
        self._test_number = 0
        self._revealed: QWidget | None = None
        title = self.tr("Add an account") if account is None else self.tr("Change the account")
        self.setWindowTitle(title)
        self.notice = NoticeLine(self)
        self.form = AccountForm(account, self)
        if account is not None:
            self.form.keeping.show_traffic(reader.traffic(account.id))
        self.steps = StepList(self)
        self.certificate = CertificateCard(self)
        self.ask_each_time = QPushButton(self.tr("Ask me each time"), self)
        self.ask_each_time.setAutoDefault(False)
        self.ask_each_time.hide()
        self.test = QPushButton(self.tr("Test"), self)
        self.test.setToolTip(self.tr("Signs in to the servers; nothing is changed or sent"))
        self.test.setAutoDefault(False)
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.cancel.setAutoDefault(False)
        self.save = QPushButton(self.tr("Save"), self)
        self.save.setProperty("kind", "primary")
        self.save.setDefault(True)
        self._lay_out(title)
        self.test.clicked.connect(self._test)
        self.cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._save)
        self.ask_each_time.clicked.connect(self._save_asking)
        self.certificate.trusted.connect(self._trusted)
        self.form.edited.connect(self._edited)
        self.form.full_name.setFocus()

    def _lay_out(self, title: str) -> None:
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 18, 24, 14)
        column.setSpacing(12)
        heading = QLabel(title, inside)
        heading.setFont(theme.font(18, bold=True))
        for widget in (heading, self.form, self.steps, self.certificate):
            column.addWidget(widget)
        column.addStretch()
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._scroll_there)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(24, 12, 24, 16)
        buttons.setSpacing(8)
        buttons.addWidget(self.test)
        buttons.addStretch()
        for button in (self.ask_each_time, self.cancel, self.save):
            buttons.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.notice)
        whole.addWidget(self._scroll, 1)
        whole.addLayout(buttons)
        self.resize(720, 670)

    # Testing

    def _test(self) -> None:
        account = self._checked()
        if account is None:
            return
        self._test_number += 1
        number = self._test_number
        self.certificate.hide()
        hosts = [s.host for s in (account.incoming, account.outgoing) if s is not None]
        self.steps.begin(hosts)
        self.test.setEnabled(False)
        self._reveal(self.steps)

        def tested(steps: list[TestStep]) -> None:
            if self._open and number == self._test_number:
                self._show_steps(steps)

        def failed(error: MailError) -> None:
            if self._open and number == self._test_number:
                self._show_failure(error)

        self._link.ask(AccountTest(account, self.form.password.text()), tested, failed)

    def _show_steps(self, steps: list[TestStep]) -> None:
        self.test.setEnabled(True)
        self.steps.show_steps(steps, suggestion(steps, self.form.provider))
        for step in steps:
            if step.fingerprint and not step.ok:
                self.certificate.show_certificate(step.host, step.fingerprint, step.certificate)
                break
        self._reveal(self.certificate if self.certificate.isVisible() else self.steps)

    def _show_failure(self, error: MailError) -> None:
        self.test.setEnabled(True)
        self.steps.clear()
        self.notice.say(error.summary, error.detail)
        if isinstance(error, TlsRefused) and error.fingerprint:
            self.certificate.show_certificate(error.host, error.fingerprint, error.certificate)
            self._reveal(self.certificate)

    def _trusted(self, host: str, sha256: str) -> None:
        self.form.trust(host, sha256)
        self._test()

    # Saving

    def _checked(self) -> Account | None:
        """The account if the form is right; else the problem is shown."""
        problem = self.form.check(final=True)
        account = self.form.account()
        if not problem and self._name_taken(account):
            problem = self.tr("Another account is called “{name}”.").format(name=account.name)
        self.form.show_problem(problem)
        self.notice.clear()
        if problem:
            self._reveal(self.form.problem_line)
            return None
        return account

    def _name_taken(self, account: Account) -> bool:
        name = account.name.casefold()
        others = (a for a in self._reader.accounts() if a.id != account.id)
        return any(other.name.casefold() == name for other in others)

    def _save(self) -> None:
        account = self._checked()
        if account is None:
            return
        wants = self._editing is None and account.secret is SecretSource.KEYRING
        if wants and not self.form.password.text():
            self.form.show_problem(self.tr("Enter the password."))
            self.form.password.setFocus()
            return
        self._store(account)

    def _store(self, account: Account) -> None:
        self.save.setEnabled(False)
        self.ask_each_time.hide()
        password = self.form.password.text()
        if self._editing is None:
            self._link.ask(AccountAdd(account, password), self._saved, self._refused)
        else:
            stored = account.id
            self._link.ask(
                AccountEdit(account, password), lambda _none: self._saved(stored), self._refused
            )

    def _save_asking(self) -> None:
        self.form.ask_each_time.setChecked(True)
        account = self._checked()
        if account is not None:
            self._store(replace(account, secret=SecretSource.ASK))

    def _saved(self, account_id: AccountId) -> None:
        if self._open:
            self.added.emit(int(account_id))
            self.accept()

    def _refused(self, error: MailError) -> None:
        if not self._open:
            return
        self.save.setEnabled(True)
        self.notice.say(error.summary, error.detail)
        without_keyring = "keyring" in f"{error.summary} {error.detail}".casefold()
        self.ask_each_time.setVisible(without_keyring)

    # Around it

    def _edited(self) -> None:
        """What a test found is no longer about these settings."""
        self._test_number += 1
        self.test.setEnabled(True)
        self._revealed = None
        self.steps.clear()
        self.certificate.hide()

    def _reveal(self, widget: QWidget) -> None:
        self._revealed = widget
        QTimer.singleShot(0, widget, self._scroll_there)

    def _scroll_there(self) -> None:
        """Again whenever the form grows: wrapped lines get their height late."""
        if self._revealed is not None and self._revealed.isVisible():
            self._scroll.ensureWidgetVisible(self._revealed, 0, 20)

    def done(self, result: int) -> None:
        self._open = False
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._open = False
        super().closeEvent(event)
