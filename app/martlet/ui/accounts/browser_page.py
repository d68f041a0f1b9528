"""The page that waits while somebody signs in with the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from martlet.mail.account import Account
from martlet.mail.errors import MailError
from martlet.ui.accounts.browser import BrowserSignIn
from martlet.ui.accounts.hint import Opener
from martlet.ui.accounts.page import Page
from martlet.ui.accounts.parts import Callout, Card, Mark, link_button, note, plain_button
from martlet.ui.accounts.plan import SigningIn

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink


class BrowserPage(Page):
    """granted: signed in; the ticket of the grant."""

    granted = Signal(str)

    def __init__(self, link: EngineLink, opener: Opener, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign_in = BrowserSignIn(link, opener, self)
        self._account: Account | None = None
        self._how = SigningIn()
        self._granted = ""
        card = Card(self)
        self.mark = Mark(card, "busy", "accent")
        self.words = note(card, "", "")
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.mark)
        line.addWidget(self.words, 1)
        card.column.addLayout(line)
        self.closed = link_button(card, self.tr("I closed the browser: open it again"))
        buttons = QHBoxLayout()
        buttons.addSpacing(22)
        buttons.addWidget(self.closed)
        buttons.addStretch()
        card.column.addLayout(buttons)
        self.trouble = Callout(self, "danger")
        self.again = plain_button(self, self.tr("Try again"))
        self.trouble.add_button(self.again)
        self.body.addWidget(card)
        self.body.addWidget(self.trouble)
        self.body.addStretch()
        self._card = card
        self.closed.clicked.connect(self.sign_in.open_again)
        self.again.clicked.connect(self._start)
        self.sign_in.opened.connect(self._opened)
        self.sign_in.done.connect(self._done)
        self.sign_in.failed.connect(self._failed)

    @property
    def ready(self) -> bool:
        return bool(self._granted)

    @property
    def offers_by_hand(self) -> bool:
        return True

    def start(self, account: Account, how: SigningIn) -> None:
        """Opens the browser for this account."""
        self._account, self._how = account, how
        provider = how.oauth.provider if how.oauth is not None else ""
        self.head(
            self.tr("Sign in with the browser"),
            self.tr("{provider} asks you there who you are, and whether Martlet may in.").format(
                provider=provider or account.address
            ),
        )
        self._start()

    def leave(self) -> None:
        """Gives up waiting."""
        self.sign_in.cancel()

    def _start(self) -> None:
        if self._account is None:
            return
        self._granted = ""
        self.trouble.say("")
        self.closed.hide()
        self._say("busy", self.tr("Opening the browser…"))
        self.sign_in.begin(self._account, self._how)
        self.changed.emit()

    def _opened(self) -> None:
        self.closed.show()
        self._say("busy", self.tr("Waiting for you to sign in there. It goes on by itself."))

    def _done(self, ticket: str) -> None:
        self._granted = ticket
        self.closed.hide()
        self._say("check", self.tr("Signed in."))
        self.changed.emit()
        self.granted.emit(ticket)

    def _failed(self, error: MailError) -> None:
        self.closed.hide()
        self._say("error", self.tr("Not signed in."))
        self.trouble.say(error.summary, error.detail)
        self.again.setFocus()
        self.changed.emit()

    def _say(self, symbol: str, words: str) -> None:
        self.mark.show_symbol(symbol, "danger" if symbol == "error" else "accent")
        self.words.setText(words)
        self._card.setAccessibleName(words)
