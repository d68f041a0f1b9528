"""Adding an account by the browser: the wizard, a real authorization server, and Dovecot asking it.

The provider's settings are handed to the wizard, since no table knows a provider of a test; from
there on everything is real: the page that is opened, the grant, the test, the first mail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from martlet.engine.secrets import Secrets
from martlet.link.start import connect
from martlet.mail.account import Pin, Protocol, SecretSource
from martlet.mail.discovery import Discovery, FoundBy, Offer
from martlet.mail.folder import Role
from martlet.mail.providers import SignIn
from martlet.paths import Profile
from martlet.store.reader import Reader
from martlet.ui import theme
from martlet.ui.accounts import AccountWizard
from martlet.ui.link import EngineLink
from support.dovecot import Dovecot, installed
from support.hosted import hosted
from support.oauth_server import OAuthServer, browse
from support.passes import letter
from support.vaults import DictVault

pytestmark = [
    pytest.mark.skipif(not installed(), reason="Dovecot is not installed"),
    pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin"),
]
PATIENCE_S = 30.0
ADDRESS = "ada@example.org"


@pytest.fixture
def provider() -> Iterator[OAuthServer]:
    with OAuthServer() as running:
        yield running


@pytest.fixture
def dovecot(provider: OAuthServer) -> Iterator[Dovecot]:
    with Dovecot(oauth=provider.introspection) as running:
        running.deliver("ada", letter(1))
        yield running


class Browser:
    """The person's browser: opens a page without keeping anybody waiting."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self._threads: list[threading.Thread] = []

    def __call__(self, url: str) -> None:
        self.opened.append(url)
        self._threads.append(threading.Thread(target=browse, args=(url,)))
        self._threads[-1].start()

    def close(self) -> None:
        for thread in self._threads:
            thread.join(PATIENCE_S)


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.close()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    profile = Profile(tmp_path / "profile")
    with hosted(profile, secrets=Secrets(profile.root, DictVault())):
        made = Reader(profile.root)
        yield made
        made.close()


@pytest.fixture
def wizard(
    qtbot: QtBot, reader: Reader, browser: Browser, tmp_path: Path
) -> Iterator[AccountWizard]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    link = EngineLink(lambda: connect(Profile(tmp_path / "profile"), start=False))
    made = AccountWizard(link, reader, None, browser)
    qtbot.addWidget(made)
    made.show()
    QTest.keyClicks(made.person.address, ADDRESS)
    yield made
    made.close()
    link.close()


def wait(qtbot: QtBot, holds: Callable[[], bool]) -> None:
    qtbot.waitUntil(holds)


def offered(provider: OAuthServer, dovecot: Dovecot) -> Discovery:
    offer = Offer(
        FoundBy.TABLE,
        (dovecot.server(Protocol.IMAP, ADDRESS),),
        (),
        "Testmail",
        SignIn.BROWSER,
        oauth=provider.settings(),
    )
    return Discovery((offer,))


def mail_in(reader: Reader) -> int:
    """How many messages are in inboxes."""
    inboxes = [folder.id for folder in reader.folders() if folder.role is Role.INBOX]
    return sum(len(reader.page(each, None, 10)) for each in inboxes)


def test_the_browser_signs_in_and_mail_comes(
    qtbot: QtBot,
    wizard: AccountWizard,
    reader: Reader,
    provider: OAuthServer,
    dovecot: Dovecot,
    browser: Browser,
) -> None:
    wizard.by_hand.click()
    wizard.found.show_found(wizard.person.person, offered(provider, dovecot))
    wizard.found.grid.outgoing.host.clear()
    wizard.next.click()
    wait(qtbot, lambda: wizard.check.panel.fix.isVisible())
    assert len(browser.opened) == 1
    # Its certificate is nobody's; the grant is good for another test.
    wizard.check.panel.fix.click()
    assert wizard.check.panel.sheet is not None
    wizard.check.panel.sheet.trust.click()
    wait(qtbot, lambda: wizard.check.ready)
    assert provider.granted
    wizard.next.click()
    assert not wizard.keep.secret.isVisible()
    with qtbot.waitSignal(wizard.added):
        wizard.next.click()
    (stored,) = reader.accounts()
    assert stored.secret is SecretSource.OAUTH
    assert stored.pins == (Pin("localhost", dovecot.certificates.sha256),)
    wait(qtbot, lambda: mail_in(reader) == 1)


def test_whoever_says_no_is_asked_again(
    qtbot: QtBot,
    wizard: AccountWizard,
    provider: OAuthServer,
    dovecot: Dovecot,
    browser: Browser,
) -> None:
    provider.consent = False
    wizard.by_hand.click()
    wizard.found.show_found(wizard.person.person, offered(provider, dovecot))
    wizard.found.grid.outgoing.host.clear()
    wizard.next.click()
    wait(qtbot, lambda: wizard.browser.trouble.text != "")
    assert not wizard.next.isEnabled()
    provider.consent = True
    wizard.browser.again.click()
    wait(qtbot, lambda: wizard.page is wizard.check)
    assert len(browser.opened) == 2
    wait(qtbot, lambda: not wizard.check.panel.running)
