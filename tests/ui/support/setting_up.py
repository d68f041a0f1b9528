"""What the tests of the wizard and the account settings share: offers, steps, a wizard begun."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from martlet.link.messages import AccountTest, Discover, HasKeyring
from martlet.mail.account import Account, Protocol, Security, Server, TestStep
from martlet.mail.discovery import Asked, Discovery, FoundBy, Offer
from martlet.mail.errors import ErrorKind
from martlet.mail.providers import SignIn
from martlet.mail.route import Stage
from martlet.mail.sign_in import OAuthSettings
from martlet.ui.accounts import AccountWizard
from martlet.ui.accounts.checks import name_of
from ui.compose_fakes import FakeLink, FakeReader

PRINT = "ab12" * 16
ADDRESS = "tom@home.example"
OAUTH = OAuthSettings(
    "Example",
    "https://login.example/authorize",
    "https://login.example/token",
    "mail",
    register_url="https://login.example/apps",
)


def server(protocol: Protocol, address: str = ADDRESS) -> Server:
    """One of home.example, by TLS."""
    ports = {Protocol.IMAP: 993, Protocol.POP3: 995, Protocol.SMTP: 465}
    host = f"mail.{address.rpartition('@')[2]}"
    return Server(protocol, host, ports[protocol], Security.TLS, address)


def offer(
    address: str = ADDRESS,
    found_by: FoundBy = FoundBy.AUTOCONFIG,
    *,
    sign_in: SignIn = SignIn.PASSWORD,
    oauth: OAuthSettings | None = None,
    confirm: str = "",
    who: str = "",
    help_url: str = "",
) -> Offer:
    """IMAP, POP3 and SMTP of the address's domain."""
    incoming = (server(Protocol.IMAP, address), server(Protocol.POP3, address))
    return Offer(
        found_by,
        incoming,
        (server(Protocol.SMTP, address),),
        who,
        sign_in,
        help_url,
        oauth,
        confirm,
    )


def found(*offers: Offer) -> Discovery:
    asked = Asked("autoconfig.home.example", FoundBy.AUTOCONFIG, True, "It has settings.")
    return Discovery(offers or (offer(),), (asked,))


def steps(
    protocol: Protocol,
    stop: Stage | None = None,
    said: str = "",
    kind: ErrorKind | None = None,
    fingerprint: str = "",
    what: str = "",
) -> list[TestStep]:
    """A test of one server: well, or until it stops there. what: its name, mail.home.example."""
    last = Stage.SEND if protocol is Protocol.SMTP else Stage.FOLDERS
    what = what or name_of(server(protocol))
    made: list[TestStep] = []
    for stage in (Stage.NAME, Stage.CONNECTION, Stage.CERTIFICATE, Stage.SIGN_IN, last):
        if stage is stop:
            made.append(
                TestStep(
                    what,
                    False,
                    said,
                    fingerprint,
                    "mail.home.example" if fingerprint else "",
                    "For: mail.home.example\nIssued by: nobody" if fingerprint else "",
                    protocol,
                    stage,
                    kind,
                )
            )
            break
        made.append(TestStep(what, True, protocol=protocol, stage=stage))
    return made


WELL = [*steps(Protocol.IMAP), *steps(Protocol.SMTP)]


@dataclass
class Guided:
    """A wizard, who answers it, and what it has opened in the browser."""

    wizard: AccountWizard
    link: FakeLink
    opened: list[str]

    def person(self, address: str = ADDRESS, password: str = "secret") -> None:
        """Types who somebody is."""
        page = self.wizard.person
        QTest.keyClicks(page.full_name, "Tom")
        QTest.keyClicks(page.address, address)
        if password:
            QTest.keyClicks(page.password, password)

    def to_found(self, discovery: Discovery | None = None, address: str = ADDRESS) -> None:
        self.person(address)
        self.wizard.next.click()
        self.link.last(Discover).answer(discovery or found(offer(address)))

    def to_check(self, answer: list[TestStep] | None = None) -> None:
        self.to_found()
        self.wizard.next.click()
        if answer is not None:
            self.link.last(AccountTest).answer(answer)

    def to_keep(self) -> None:
        self.to_check(WELL)
        self.wizard.next.click()

    @property
    def tested(self) -> AccountTest:
        return self.link.of(AccountTest)[-1]


def guided(qtbot: QtBot, accounts: list[Account] | None = None, *, keyring: bool = True) -> Guided:
    """A wizard that is shown, with a keyring or without."""
    link = FakeLink()
    opened: list[str] = []
    wizard = AccountWizard(link, FakeReader(accounts or []).reader, None, opened.append)
    qtbot.addWidget(wizard)
    wizard.show()
    link.last(HasKeyring).answer(keyring)
    return Guided(wizard, link, opened)


def unnamed(window: QWidget) -> list[QWidget]:
    """Controls that can be seen and that a screen reader has no name for."""
    kinds = (QLineEdit, QComboBox, QAbstractButton, QListWidget, QPlainTextEdit, QTabBar)
    found: list[QWidget] = []
    for kind in kinds:
        for each in window.findChildren(kind):
            words = each.text() if isinstance(each, QAbstractButton) else ""
            inner = each.objectName().startswith(("qt_", "ScrollLeft", "ScrollRight"))
            if each.isVisibleTo(window) and not inner and not (each.accessibleName() or words):
                found.append(each)
    return found


def tab_walk(window: QWidget, first: QWidget, steps: int) -> list[QWidget]:
    """Where Tab goes from `first`, as far as it can be seen."""
    at: QWidget = first
    walked: list[QWidget] = []
    while len(walked) < steps:
        following = at.nextInFocusChain()
        if following is None or following is first:
            break
        at = following
        by_tab = bool(at.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if by_tab and at.isEnabled() and at.isVisibleTo(window) and at.window() is window:
            walked.append(at)
    return walked
