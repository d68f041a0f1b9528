"""The engine is killed under an open window and a half-written letter."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from martlet.link.messages import AccountAdd, Hello, Shutdown, Sync
from martlet.link.start import connect
from martlet.mail.account import Account, AccountId, Protocol, SecretSource
from martlet.mail.outgoing import Draft, DraftId
from martlet.paths import Profile
from martlet.store.reader import Reader
from martlet.ui import theme
from martlet.ui.compose import ComposeWindow
from martlet.ui.link import EngineLink
from martlet.ui.settings import Settings
from martlet.ui.window import MainWindow
from support.dovecot import Dovecot, installed

pytestmark = [
    pytest.mark.skipif(not installed(), reason="Dovecot is not installed"),
    pytest.mark.qt_log_ignore("propagateSizeHints"),
]


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    made = Profile(tmp_path / "profile")
    with Dovecot() as server:
        server.deliver_many(
            "ada",
            [
                b"From: a@example.org\r\nSubject: Plug %d\r\n\r\nText %d\r\n" % (n, n)
                for n in range(3)
            ],
        )
        client = connect(made)
        account = Account(
            AccountId(0),
            "ada",
            "ada@example.org",
            incoming=server.server(Protocol.IMAP),
            secret=SecretSource.COMMAND,
            password_command=f"echo {server.password}",
            ca_file=server.ca_file,
        )
        client.call(AccountAdd(account))
        client.call(Sync())
        yield made
        # The engine of the fixture was killed by the test; this is the one the window started.
        last = connect(made, start=False)
        last.call(Shutdown())
        last.close()
        client.close()


def test_window_goes_on_and_the_letter_is_there(qtbot: QtBot, profile: Profile) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    link = EngineLink(lambda: connect(profile, start=True))
    window = MainWindow(link, Reader(profile.root), Settings(profile.settings))
    qtbot.addWidget(window)
    window.show()
    reader = Reader(profile.root)
    qtbot.waitUntil(lambda: window.list_model.row_count() == 3)
    (account,) = reader.accounts()
    letter = ComposeWindow(link, reader, Draft(DraftId(0), account.id))
    letter.show()
    QTest.keyClicks(letter.header.subject, "Half written")
    letter.editor.setFocus()
    QTest.keyClicks(letter.editor, "Dear all, ")
    qtbot.waitUntil(lambda: bool(reader.drafts()))

    with qtbot.waitSignal(link.restored):
        probe = connect(profile, start=False)
        os.kill(probe.call(Hello()), signal.SIGKILL)
    probe.close()

    # Reading goes on with the new engine.
    window.list.choose(1)
    qtbot.waitUntil(lambda: window.pane.rendered is not None and window.pane.rendered.complete)
    # So does writing: nothing typed is lost, and it is saved once, not twice.
    QTest.keyClicks(letter.editor, "hello again")
    qtbot.waitUntil(lambda: [d.text.strip() for d in reader.drafts()] == ["Dear all, hello again"])
    assert reader.drafts()[0].subject == "Half written"
    with qtbot.waitSignal(letter.destroyed):
        letter.finish()
    link.close()
