"""The first part of an account's settings: what it is called, who it is, how it signs in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QVBoxLayout, QWidget

from martlet.mail.account import Account, SecretSource
from martlet.mail.errors import MailError
from martlet.mail.providers import lookup
from martlet.mail.typed import is_address
from martlet.ui.accounts.browser import BrowserSignIn
from martlet.ui.accounts.client_id import ClientIdBox
from martlet.ui.accounts.hint import Opener, ProviderHint
from martlet.ui.accounts.parts import note, plain_button
from martlet.ui.accounts.plan import Method, SigningIn
from martlet.ui.accounts.secret_box import SecretBox
from martlet.ui.accounts.secret_edit import SecretEdit

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink


class AccountSection(QWidget):
    """edited: a person changed something. A password left empty stays as it is."""

    edited = Signal()

    def __init__(
        self, link: EngineLink, account: Account, opener: Opener, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._given = account
        self.grant = ""
        self.name = QLineEdit(account.name, self)
        self.full_name = QLineEdit(account.full_name, self)
        self.address = QLineEdit(account.address, self)
        self.password = SecretEdit(self)
        self.password.setPlaceholderText(self.tr("Unchanged"))
        self.hint = ProviderHint(self, opener)
        provider = lookup(account.address)
        if provider is not None:
            self.hint.say(provider.sign_in, provider.name, provider.help_url)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(9)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._form = form
        for words, field in (
            (self.tr("Account name"), self.name),
            (self.tr("Your name"), self.full_name),
            (self.tr("Mail address"), self.address),
            (self.tr("New password"), self.password),
        ):
            field.setAccessibleName(words)
            field.textEdited.connect(lambda _text: self.edited.emit())
            form.addRow(words, field)
        form.addRow("", self.hint)
        self.secret = SecretBox(self)
        self._opener = opener
        oauth = account.oauth or (provider.oauth if provider is not None else None)
        source = self.secret.source
        source.add(
            SecretSource.OAUTH,
            self.tr("None: signed in with the browser"),
            self.tr("Only the provider's permission is kept, in the keyring of this computer."),
            self._make_browser,
        )
        self.client.show_oauth(oauth, ask=True)
        source.add(
            SecretSource.DESKTOP,
            self.tr("None: signed in by the desktop"),
            self.tr("Your desktop's account lets Martlet in."),
        )
        source.offer(SecretSource.OAUTH, oauth is not None)
        source.offer(SecretSource.DESKTOP, bool(account.desktop))
        self.secret.show_source(account.secret, account.password_command)
        source.choose(account.secret)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(14)
        whole.addLayout(form)
        whole.addWidget(self.secret)
        whole.addStretch()
        self._browser = BrowserSignIn(link, opener, self)
        self.again.clicked.connect(self._sign_in)
        self._browser.opened.connect(
            lambda: self._tell(self.tr("Waiting for you to sign in in the browser…"))
        )
        self._browser.done.connect(self._granted)
        self._browser.failed.connect(self._failed)
        self.secret.edited.connect(self._chosen)
        self.client.edited.connect(self.edited)
        self._follow()

    def _make_browser(self, parent: QWidget) -> QWidget:
        made = QWidget(parent)
        self.client = ClientIdBox(made, self._opener)
        self.again = plain_button(made, self.tr("Sign in with the browser…"))
        self.told = note(made)
        self.told.hide()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.client)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.told)
        return made

    def into(self, account: Account) -> Account:
        """The account with what is written here."""
        source = self.secret.value
        oauth = self.client.oauth if source is SecretSource.OAUTH else account.oauth
        return replace(
            account,
            name=self.name.text().strip(),
            full_name=self.full_name.text().strip(),
            address=self.address.text().strip(),
            secret=source,
            password_command=self.secret.command_text or account.password_command,
            oauth=oauth,
        )

    @property
    def new_password(self) -> str:
        """What was typed, "" for the one that is kept."""
        return self.password.text() if self.password.isEnabled() else ""

    def problem(self) -> str:
        address = self.address.text().strip()
        if not is_address(address):
            return self.tr("“{text}” cannot be a mail address.").format(text=address)
        if not self.name.text().strip():
            return self.tr("Give the account a name, so that you can tell it from others.")
        if self.secret.value is SecretSource.OAUTH:
            if self._given.secret is not SecretSource.OAUTH and not self.grant:
                return self.tr("First sign in with the browser.")
            return self.client.problem()
        return self.secret.problem()

    def leave(self) -> None:
        """Gives up a sign-in that is under way."""
        self._browser.cancel()

    def _sign_in(self) -> None:
        problem = self.client.problem()
        if problem:
            self._tell(problem)
            self.client.client_id.setFocus()
            return
        self.grant = ""
        self._browser.begin(
            self.into(self._given),
            SigningIn(
                Method.BROWSER, oauth=self.client.oauth, client_secret=self.client.client_secret
            ),
        )

    def _granted(self, ticket: str) -> None:
        self.grant = ticket
        self._tell(self.tr("Signed in. It counts once you save."))
        self.edited.emit()

    def _failed(self, error: MailError) -> None:
        self._tell(f"{error.summary} {error.detail}".strip())

    def _tell(self, words: str) -> None:
        self.told.setText(words)
        self.told.setVisible(bool(words))

    def _chosen(self) -> None:
        self._follow()
        self.edited.emit()

    def _follow(self) -> None:
        typed = self.secret.value in (SecretSource.KEYRING, SecretSource.ASK)
        self.password.setEnabled(typed)
        self._form.setRowVisible(self.password, typed)
        self._form.setRowVisible(self.hint, typed and bool(self.hint.words.text()))
