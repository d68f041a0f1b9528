"""Headers first, by POP3: what is on the server is seen, then downloaded, left or deleted there."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from martlet.link.messages import CheckMail
from martlet.mail.account import Account, AccountId, Protocol, SecretSource
from martlet.ui.window import MainWindow
from support.dovecot import Dovecot, installed
from ui.support.journey import running, wait

pytestmark = [
    pytest.mark.skipif(not installed(), reason="Dovecot is not installed"),
    pytest.mark.qt_log_ignore("This plugin does not support", "This plugin supports grabbing"),
]


def letter(subject: str, hour: int, *, file: bytes = b"") -> bytes:
    message = EmailMessage()
    message["From"] = "陈晓明 <chen@example.cn>"
    message["To"] = "Ada <ada@example.org>"
    message["Subject"] = subject
    message["Date"] = f"Mon, 16 Nov 2026 {hour:02}:00:00 +0000"
    message["Message-ID"] = f"<{hour}@example.cn>"
    message.set_content("The figures are below.\n\n晓明\n")
    if file:
        message.add_attachment(file, maintype="application", subtype="x-chart", filename="图.bin")
    return message.as_bytes()


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        server.deliver("ada", letter("First", 1))
        server.deliver("ada", letter("Second", 2))
        server.deliver("ada", letter("评审附件", 3, file=bytes(range(256)) * 8000))
        yield server


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, dovecot: Dovecot) -> Iterator[MainWindow]:
    ada = Account(
        AccountId(0),
        "Work",
        "ada@example.org",
        incoming=dovecot.server(Protocol.POP3),
        secret=SecretSource.ASK,
        ca_file=dovecot.ca_file,
        summary_first=True,
    )
    with running(qtbot, tmp_path / "profile", ada, dovecot.password) as window:
        wait(qtbot, lambda: window.list_model.row_count() == 3)
        yield window


def bar_words(window: MainWindow) -> str:
    bar = window.list_pane.bar
    words = " ".join(label.text() for label in bar.findChildren(QLabel)).strip()
    return words if bar.isVisible() else ""


def there(dovecot: Dovecot) -> int:
    """How many messages the server has."""
    return len(dovecot.doveadm("search", "-u", "ada", "mailbox", "INBOX").split("\n")) - 1


def say_yes() -> None:
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    next(b for b in box.buttons() if b.text() == "Delete it there").click()


def test_headers_first(qtbot: QtBot, window: MainWindow, dovecot: Dovecot, tmp_path: Path) -> None:
    wait(qtbot, lambda: bar_words(window) == "3 messages are only on the server.")

    # The large one: what is known, and then all of it.
    window.list.choose(0)
    rest = window.pane.rest
    wait(qtbot, rest.isVisible)
    assert rest.words.startswith("2.8 MB")
    window.grab().save(str(tmp_path / "summary.png"))
    QTest.mouseClick(rest.download, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: not rest.isVisible())
    assert window.pane.rendered is not None
    assert "The figures are below." in window.pane.rendered.text
    assert [each.filename for each in window.pane.rendered.attachments] == ["图.bin"]
    wait(qtbot, lambda: bar_words(window) == "2 messages are only on the server.")
    window.grab().save(str(tmp_path / "whole.png"))

    # One stays there, one is deleted there.
    window.list.choose(2)
    wait(qtbot, rest.isVisible)
    QTest.mouseClick(rest.leave, Qt.MouseButton.LeftButton)
    assert "stays on the server" in rest.words
    window.list.choose(1)
    wait(qtbot, rest.leave.isVisible)
    QTimer.singleShot(0, say_yes)
    QTest.mouseClick(rest.delete, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: window.list_model.row_count() == 2)
    window.link.ask(CheckMail())
    wait(qtbot, lambda: there(dovecot) == 2)
    wait(qtbot, lambda: bar_words(window) == "1 message is only on the server.")

    # And the last, from above the list.
    QTest.mouseClick(window.list_pane.bar.action, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: bar_words(window) == "")
    assert there(dovecot) == 2
