"""Signing in by browser: it is opened and waited for, until there is a grant or a refusal.

        begin                 answered
idle ───────────► beginning ───────────► waiting ──┬─► done (the ticket is the grant)
 ▲                    └──────── refused ────────────┴─► failed
 └────────── cancel ──────────────────────┘
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal

from martlet.link.messages import SignInBegin, SignInCancel, SignInWait
from martlet.mail.account import Account
from martlet.mail.errors import MailError, Refused
from martlet.mail.sign_in import OAuthPending
from martlet.ui.accounts.hint import Opener
from martlet.ui.accounts.plan import SigningIn, is_local

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink


class BrowserSignIn(QObject):
    """opened: the browser was told to open the page. done: with the grant's ticket."""

    opened = Signal()
    done = Signal(str)
    failed = Signal(object)

    def __init__(self, link: EngineLink, opener: Opener, parent: QObject) -> None:
        super().__init__(parent)
        self._link = link
        self._opener = opener
        self._number = 0
        self._pending: OAuthPending | None = None

    @property
    def waiting(self) -> bool:
        """Whether a browser is waited for."""
        return self._pending is not None

    def begin(self, account: Account, how: SigningIn, proxy_secret: str = "") -> None:
        """Asks for a page and opens it; what was begun before is given up."""
        self.cancel()
        if how.oauth is None:
            return
        number = self._number
        request = SignInBegin(
            how.oauth,
            account.address,
            how.client_secret,
            account.ca_file,
            account.proxy,
            proxy_secret,
        )
        self._link.ask(
            request,
            lambda pending: self._begun(number, pending),
            lambda error: self._refused(number, error),
        )

    def open_again(self) -> None:
        """The browser was closed: the same page once more."""
        if self._pending is not None:
            self._open(self._pending.url)

    def cancel(self) -> None:
        """Gives up what is waited for. Nothing is said any more."""
        self._number += 1
        pending, self._pending = self._pending, None
        if pending is not None:
            self._link.ask(SignInCancel(pending.ticket), None, lambda _error: None)

    def _begun(self, number: int, pending: OAuthPending) -> None:
        if number != self._number:
            self._link.ask(SignInCancel(pending.ticket), None, lambda _error: None)
            return
        self._pending = pending
        self._link.ask(
            SignInWait(pending.ticket),
            lambda _none: self._granted(number),
            lambda error: self._refused(number, error),
        )
        self._open(pending.url)

    def _open(self, url: str) -> None:
        # The engine made it, but what a browser is given is looked at here too.
        page = QUrl(url)
        if page.scheme() == "https" or (page.scheme() == "http" and is_local(page.host())):
            self._opener(url)
            self.opened.emit()
        else:
            self._refused(
                self._number, Refused(self.tr("That is no page for a browser."), url[:200])
            )

    def _granted(self, number: int) -> None:
        if number == self._number and self._pending is not None:
            ticket, self._pending = self._pending.ticket, None
            self.done.emit(ticket)

    def _refused(self, number: int, error: MailError) -> None:
        if number == self._number:
            self._pending = None
            self.failed.emit(error)
