"""Adding an account as a person does: from an address to the inbox, and out of every trouble.

The domain publishes its settings on a web server of the test; Dovecot and Postfix are real. The
engine is hosted in this process, because its discovery must be led to loopback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from martlet.engine.network import INTERNET
from martlet.link.start import connect
from martlet.mail.account import Protocol, SecretSource, Security
from martlet.mail.folder import Role
from martlet.paths import Profile
from martlet.store.reader import Reader
from martlet.ui import theme
from martlet.ui.accounts import AccountWizard
from martlet.ui.link import EngineLink
from martlet.ui.settings import Settings
from martlet.ui.window import MainWindow
from support.certificates import issue
from support.dovecot import Dovecot
from support.hosted import hosted
from support.names import Names
from support.postfix import Postfix, mail_host, unusable
from support.web import Website

pytestmark = [
    pytest.mark.skipif(unusable() != "", reason=unusable() or "usable"),
    pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin"),
]
MailHost = tuple[Dovecot, Postfix]
ADDRESS = "ada@example.org"
OWN = "autoconfig.example.org"
LETTER = (
    b"From: Bruno <bruno@example.org>\r\nTo: ada@example.org\r\nSubject: Welcome\r\n"
    b"Message-ID: <welcome@example.org>\r\n\r\nGood to have you.\r\n"
)


@pytest.fixture(scope="module")
def host() -> Iterator[MailHost]:
    with mail_host() as servers:
        servers[0].deliver("ada", LETTER)
        yield servers


def config(host: MailHost) -> bytes:
    """What example.org publishes (Mozilla's autoconfig, version 1.1)."""
    dovecot, postfix = host

    def server(kind: str, tag: str, port: int) -> str:
        return (
            f'<{tag} type="{kind}"><hostname>localhost</hostname><port>{port}</port>'
            "<socketType>SSL</socketType><username>%EMAILLOCALPART%</username>"
            f"<authentication>password-cleartext</authentication></{tag}>"
        )

    return (
        '<clientConfig version="1.1"><emailProvider id="example.org">'
        + server("imap", "incomingServer", dovecot.imaps)
        + server("pop3", "incomingServer", dovecot.pop3s)
        + server("smtp", "outgoingServer", postfix.smtps)
        + "</emailProvider></clientConfig>"
    ).encode()


@pytest.fixture
def web(host: MailHost, tmp_path: Path) -> Iterator[Website]:
    certificates = issue(tmp_path / "tls", OWN)
    with Website(certificates, {(OWN, "/mail/config-v1.1.xml"): config(host)}) as site:
        yield site


@pytest.fixture
def profile(web: Website, tmp_path: Path) -> Iterator[Profile]:
    """A profile whose engine runs here; what it wants to find out stays on loopback."""
    made = Profile(tmp_path / "profile")
    with Names({}) as names:
        network = replace(
            INTERNET,
            ca_file=str(tmp_path / "tls" / "ca.pem"),
            nameserver=names.place,
            look_up=web.look_up,
        )
        with hosted(made, network=network):
            yield made


@pytest.fixture
def window(qtbot: QtBot, profile: Profile) -> Iterator[MainWindow]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    link = EngineLink(lambda: connect(profile, start=False))
    reader = Reader(profile.root)
    made = MainWindow(link, reader, Settings(profile.settings))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.windows.close_all()
    made.close()
    link.close()
    reader.close()


class Person:
    """Somebody at the window, who reads what stands there and presses what is offered."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot = qtbot
        self.window = window
        QTest.mouseClick(window.empty.add_button, Qt.MouseButton.LeftButton)
        found = window.findChild(AccountWizard)
        assert isinstance(found, AccountWizard)
        self.wizard = found
        self.wait(found.isVisible)

    def wait(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds)

    def type(self, field: QWidget, text: str) -> None:
        """Over what stands there."""
        field.setFocus()
        select_all = getattr(field, "selectAll", None)
        if select_all is not None:
            select_all()
        QTest.keyClicks(field, text)

    def press(self, widget: QWidget) -> None:
        self.wait(lambda: widget.isVisible() and widget.isEnabled())
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def says_who(self, password: str) -> None:
        page = self.wizard.person
        self.type(page.full_name, "Ada Lovelace")
        self.type(page.address, ADDRESS)
        self.type(page.password, password)

    def finds(self) -> None:
        """Goes to the settings that are found."""
        self.press(self.wizard.next)
        self.wait(lambda: self.wizard.page is self.wizard.found and self.wizard.next.isEnabled())

    def tries(self) -> None:
        """Goes to the test and sees how it ends."""
        self.press(self.wizard.next)
        self.wait(lambda: bool(self.wizard.check.panel.steps) or self.stopped)

    @property
    def stopped(self) -> bool:
        panel = self.wizard.check.panel
        return bool(panel.trouble.text) and not panel.running

    def trusts(self) -> None:
        """Looks at the certificate and trusts it; the test goes on."""
        panel = self.wizard.check.panel
        self.wait(lambda: self.stopped)
        self.press(panel.fix)
        sheet = panel.sheet
        assert sheet is not None
        self.press(sheet.trust)
        self.wait(lambda: not panel.running)

    def opens_the_inbox(self) -> None:
        """Through the last page, to the mail."""
        self.press(self.wizard.next)
        assert self.wizard.keep.isVisible()
        assert "no keyring" in self.wizard.keep.secret.missing.text
        with self.qtbot.waitSignal(self.wizard.added):
            self.press(self.wizard.next)
        self.wait(lambda: self.window.list_model.row_count() >= 1)
        self.window.list.choose(0)
        self.wait(lambda: self.window.pane.rendered is not None)
        folder = self.window.folders.current_folder()
        assert folder is not None
        assert folder.role is Role.INBOX


def test_from_an_address_alone_to_the_inbox(
    qtbot: QtBot, window: MainWindow, host: MailHost, web: Website, tmp_path: Path
) -> None:
    dovecot, postfix = host
    person = Person(qtbot, window)
    person.says_who(dovecot.password)
    assert OWN in person.wizard.person.hosts.hosts.text()
    assert not web.asked
    person.finds()
    assert {asked for asked, _ in web.asked} == {OWN}
    shown = " ".join(person.wizard.found.summary.texts)
    assert f"IMAP · localhost · {dovecot.imaps}" in shown
    assert f"SMTP · localhost · {postfix.smtps}" in shown
    person.wizard.grab().save(str(tmp_path / "found.png"))
    # Dovecot's certificate is signed by nobody this computer knows.
    person.tries()
    person.trusts()
    assert person.wizard.check.panel.well.text
    assert len(person.wizard.check.panel.list.texts) == 10
    assert all(text.startswith("worked") for text in person.wizard.check.panel.list.texts)
    person.wizard.grab().save(str(tmp_path / "well.png"))
    person.opens_the_inbox()
    (stored,) = window.reader.accounts()
    assert (stored.secret, stored.full_name) == (SecretSource.ASK, "Ada Lovelace")
    assert [pin.host for pin in stored.pins] == ["localhost"]


def test_a_wrong_password_is_corrected(
    qtbot: QtBot, window: MainWindow, host: MailHost, tmp_path: Path
) -> None:
    person = Person(qtbot, window)
    person.says_who("wrong one")
    person.finds()
    person.tries()
    person.trusts()
    panel = person.wizard.check.panel
    assert "password" in panel.trouble.text
    person.wizard.grab().save(str(tmp_path / "wrong.png"))
    assert any("failed: Signed in" in text for text in panel.list.texts)
    person.press(panel.fix)
    assert person.wizard.found.isVisible()
    person.type(person.wizard.found.sign_in.password, host[0].password)
    person.press(person.wizard.next)
    person.wait(lambda: person.wizard.check.ready)
    person.opens_the_inbox()


def test_by_hand(qtbot: QtBot, window: MainWindow, host: MailHost, web: Website) -> None:
    dovecot, postfix = host
    person = Person(qtbot, window)
    person.says_who(dovecot.password)
    person.press(person.wizard.by_hand)
    grid = person.wizard.found.grid
    person.wait(grid.isVisible)
    assert grid.incoming.host.text() == "imap.example.org"
    for row, port in ((grid.incoming, dovecot.imaps), (grid.outgoing, postfix.smtps)):
        person.type(row.host, "localhost")
        person.type(row.port, str(port))
        person.type(row.user, "ada")
    person.tries()
    person.trusts()
    person.opens_the_inbox()
    assert not web.asked


def test_pop3_by_hand_without_tls_on_this_computer(
    qtbot: QtBot, window: MainWindow, host: MailHost
) -> None:
    dovecot, _ = host
    person = Person(qtbot, window)
    person.says_who(dovecot.password)
    person.finds()
    person.wizard.found.protocol.radio(Protocol.POP3).click()
    person.press(person.wizard.by_hand)
    grid = person.wizard.found.grid
    person.type(grid.incoming.host, "127.0.0.1")
    row = grid.incoming.security
    row.setCurrentIndex(row.findData(Security.NONE.value))
    row.activated.emit(row.currentIndex())
    person.type(grid.incoming.port, str(dovecot.pop3))
    grid.outgoing.host.clear()
    person.type(grid.outgoing.host, " ")  # sends by another account
    person.tries()
    person.wait(lambda: person.wizard.check.ready)
    assert not grid.danger_line.isVisibleTo(grid)
    person.press(person.wizard.next)
    assert person.wizard.keep.pop3.promise.isVisible()
    person.press(person.wizard.next)
    person.wait(lambda: window.list_model.row_count() == 1)
    (stored,) = window.reader.accounts()
    assert stored.outgoing is None
    assert (stored.leave_on_server, stored.delete_there) == (True, True)
