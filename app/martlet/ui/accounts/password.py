"""Asks for the password of an account whose server refused the last one, or for the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from martlet.link.messages import AccountEdit, SetPassword
from martlet.mail.account import Account, SecretSource
from martlet.mail.errors import MailError
from martlet.mail.providers import lookup
from martlet.mail.sign_in import SMTP
from martlet.ui.accounts.browser import BrowserSignIn
from martlet.ui.accounts.hint import Opener, ProviderHint, open_in_browser
from martlet.ui.accounts.parts import Callout, note
from martlet.ui.accounts.plan import Method, SigningIn
from martlet.ui.accounts.secret_edit import SecretEdit
from martlet.ui.sheet import Sheet

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink


class PasswordDialog(Sheet):
    """problem: what the server said, or "". part: whose password (mail.sign_in), "" the account's.

    An account that signs in by browser has no password: the browser is opened again. One that the
    desktop signs in is tried again once the person has seen to it there.
    """

    def __init__(
        self,
        link: EngineLink,
        account: Account,
        problem: str,
        parent: QWidget | None = None,
        *,
        part: str = "",
        opener: Opener = open_in_browser,
    ) -> None:
        super().__init__(parent)
        self._link = link
        self._account = account
        self._part = part
        self._open = True
        self._by_browser = account.secret is SecretSource.OAUTH and not part
        self._by_desktop = account.secret is SecretSource.DESKTOP and not part
        typed = not (self._by_browser or self._by_desktop)
        who = account.address or account.name
        words = self.tr("Password for {address}")
        if not typed:
            words = self.tr("Sign in again: {address}")
        elif part == SMTP:
            words = self.tr("Password for sending from {address}")
        go = self.tr("Sign in")
        if self._by_browser:
            go = self.tr("Open the browser")
        elif self._by_desktop:
            go = self.tr("Try again")
        self.head(words.format(address=who), go)
        self.problem = Callout(self, "danger")
        self.problem.say(problem)
        self.hint = ProviderHint(self, opener)
        provider = lookup(account.address)
        if provider is not None and typed:
            self.hint.say(provider.sign_in, provider.name, provider.help_url)
        self.password = SecretEdit(self)
        self.password.setAccessibleName(self.heading.text())
        self.password.setVisible(typed)
        self.waiting = note(self)
        self.waiting.setVisible(not typed)
        self.waiting.setText(
            self.tr("Your desktop signs this account in. Look at its settings for online accounts.")
            if self._by_desktop
            else self.tr("Your provider asks you there who you are.")
        )
        for widget in (self.problem, self.hint, self.password, self.waiting):
            self.body.addWidget(widget)
        self.body.addStretch()
        self.go.setEnabled(not typed)
        self._browser = BrowserSignIn(link, opener, self)
        self._browser.opened.connect(self._opened)
        self._browser.done.connect(self._granted)
        self._browser.failed.connect(self._refused)
        self.password.textChanged.connect(lambda text: self.go.setEnabled(bool(text)))
        self.go.clicked.connect(self._give)
        if typed:
            self.password.setFocus()

    def _give(self) -> None:
        if self._by_browser:
            if self._browser.waiting:
                self._browser.open_again()
                return
            self.problem.say("")
            oauth = self._account.oauth
            self._browser.begin(self._account, SigningIn(Method.BROWSER, oauth=oauth))
            return
        self.go.setEnabled(False)
        if self._by_desktop:
            # Unchanged settings, but a fresh start for whoever connects.
            self._link.ask(AccountEdit(self._account), lambda _none: self._given(), self._refused)
            return
        self._link.ask(
            SetPassword(self._account.id, self.password.text(), self._part),
            lambda _none: self._given(),
            self._refused,
        )

    def _opened(self) -> None:
        self.waiting.setText(self.tr("Waiting for you to sign in there. It goes on by itself."))
        self.go.setText(self.tr("Open it again"))

    def _granted(self, ticket: str) -> None:
        self._link.ask(
            AccountEdit(self._account, grant=ticket), lambda _none: self._given(), self._refused
        )

    def _given(self) -> None:
        if self._open:
            self.accept()

    def _refused(self, error: MailError) -> None:
        if self._open:
            self.go.setEnabled(True)
            if self._by_browser:
                self.go.setText(self.tr("Open the browser"))
            self.problem.say(error.summary, error.detail)

    def done(self, result: int) -> None:
        self._open = False
        self._browser.cancel()
        super().done(result)
