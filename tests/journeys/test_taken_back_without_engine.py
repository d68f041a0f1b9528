"""Undo while the engine is dead: a letter is taken back or goes out, and never both."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from martlet.link.messages import Hello
from martlet.link.start import connect
from martlet.mail.account import SecretSource
from martlet.mail.folder import Role
from martlet.paths import Profile
from martlet.ui.compose import ComposeWindow
from martlet.ui.window import MainWindow
from support.dovecot import Dovecot
from support.postfix import Postfix, mail_host, unusable
from ui.support.journey import activate, ada, opened, running, wait

pytestmark = [
    pytest.mark.skipif(unusable() != "", reason=unusable() or "usable"),
    pytest.mark.qt_log_ignore("This plugin does not support", "This plugin supports grabbing"),
]
Host = tuple[Dovecot, Postfix]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def host() -> Iterator[Host]:
    with mail_host() as servers:
        yield servers


def kill_engine(root: Path) -> None:
    client = connect(Profile(root), start=False)
    pid = client.call(Hello())
    client.close()
    os.kill(pid, signal.SIGKILL)


def send(qtbot: QtBot, window: MainWindow, subject: str) -> None:
    activate(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_N, CONTROL)
    letter = opened(qtbot, ComposeWindow)
    activate(qtbot, letter)
    QTest.keyClicks(letter.header.to.edit, "bruno@example.org")
    QTest.keyClicks(letter.header.subject, subject)
    QTest.keyClicks(letter.editor, "Words")
    QTest.mouseClick(letter.top.send, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: not any(isinstance(w, ComposeWindow) for w in QApplication.allWidgets()))


def came(dovecot: Dovecot, user: str) -> int:
    folder = dovecot.maildir(user)
    return sum(1 for place in ("new", "cur") for p in (folder / place).glob("*") if p.is_file())


def test_one_is_taken_back_and_the_other_goes_once(
    qtbot: QtBot, tmp_path: Path, host: Host
) -> None:
    dovecot, postfix = host
    root = tmp_path / "profile"
    account = replace(
        ada(dovecot, postfix),
        secret=SecretSource.COMMAND,
        password_command=f"echo {dovecot.password}",
    )
    with running(qtbot, root, account) as window:
        wait(qtbot, lambda: any(f.role is Role.SENT for f in window.reader.folders()))
        for number, subject in enumerate(("Stays", "Comes back"), 1):
            send(qtbot, window, subject)
            wait(qtbot, lambda number=number: len(window.reader.outbox()) == number)
        activate(qtbot, window)
        kill_engine(root)
        # The newest; it is asked of an engine that is not there.
        QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
        back = opened(qtbot, ComposeWindow)
        assert back.header.subject.text() == "Comes back"
        assert back.draft().text == "Words"
        # The other by itself, when its seconds are over.
        qtbot.waitUntil(lambda: came(dovecot, "bruno") == 1, timeout=30_000)
        wait(qtbot, lambda: not window.reader.outbox())
        postfix.wait_until_delivered()
        assert came(dovecot, "bruno") == 1
        assert back.isVisible()
