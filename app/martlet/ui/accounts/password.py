"""Asks for the password of an account whose server refused the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from martlet.link.messages import SetPassword
from martlet.mail.account import Account
from martlet.mail.errors import MailError
from martlet.mail.providers import lookup
from martlet.ui import theme
from martlet.ui.accounts.secret_edit import SecretEdit
from martlet.ui.accounts.words import sign_in_hint

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink


class PasswordDialog(QDialog):
    """problem: what the server said, or ""."""

    def __init__(
        self, link: EngineLink, account: Account, problem: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._link = link
        self._account = account
        self._open = True
        self.setWindowTitle(self.tr("Password for {name}").format(name=account.name))
        heading = QLabel(
            self.tr("Password for {address}").format(address=account.address or account.name), self
        )
        heading.setFont(theme.font(16, bold=True))
        self.problem = QLabel(problem, self)
        self.problem.setWordWrap(True)
        self.problem.setProperty("tone", "danger")
        self.problem.setVisible(bool(problem))
        provider = lookup(account.address)
        hint_text = sign_in_hint(provider) if provider is not None else ""
        hint = QLabel(hint_text, self)
        hint.setWordWrap(True)
        hint.setProperty("tone", "second")
        hint.setVisible(bool(hint_text))
        self.password = SecretEdit(self)
        self.password.setAccessibleName(heading.text())
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.cancel.setAutoDefault(False)
        self.accept_button = QPushButton(self.tr("Sign in"), self)
        self.accept_button.setProperty("kind", "primary")
        self.accept_button.setDefault(True)
        self.accept_button.setEnabled(False)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.accept_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        for widget in (heading, self.problem, hint, self.password):
            column.addWidget(widget)
        column.addStretch()
        column.addSpacing(6)
        column.addLayout(buttons)
        self.setMinimumWidth(440)
        self.password.textChanged.connect(lambda text: self.accept_button.setEnabled(bool(text)))
        self.cancel.clicked.connect(self.reject)
        self.accept_button.clicked.connect(self._give)
        self.password.setFocus()

    def _give(self) -> None:
        self.accept_button.setEnabled(False)
        self._link.ask(
            SetPassword(self._account.id, self.password.text()),
            lambda _none: self._given(),
            self._refused,
        )

    def _given(self) -> None:
        if self._open:
            self.accept()

    def _refused(self, error: MailError) -> None:
        if self._open:
            self.accept_button.setEnabled(True)
            self.problem.setText(error.summary)
            self.problem.setToolTip(error.detail)
            self.problem.show()

    def done(self, result: int) -> None:
        self._open = False
        super().done(result)
