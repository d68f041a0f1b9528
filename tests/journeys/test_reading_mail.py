"""Reading by keys and clicks: window, engine and Dovecot.

An invitation from somebody who pretends to be a bank: the warning stands there, the event is a
card, its attached letter has a window -> source, headers and structure are looked at -> it is
tagged, the server knows, undo takes it back -> a letter that lies about its encoding is read all
the same -> all mail of its sender is found by a click on the address.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from martlet.mail.account import Account, AccountId, Protocol, SecretSource
from martlet.ui.inside.headers_window import HeadersWindow
from martlet.ui.inside.source_window import SourceWindow
from martlet.ui.inside.structure_window import StructureWindow
from martlet.ui.message_window import MessageWindow
from martlet.ui.window import MainWindow
from support.dovecot import Dovecot, installed
from ui.support.journey import activate, opened, running, wait

pytestmark = [
    pytest.mark.skipif(not installed(), reason="Dovecot is not installed"),
    pytest.mark.qt_log_ignore("This plugin does not support", "This plugin supports grabbing"),
]
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
CHINESE = "各位好，评审会定在周四下午两点。"
LIES = (
    b"From: =?gb2312?B?s8LP/sP3?= <chen@example.cn>\r\n"
    b"To: ada@example.org\r\n"
    b"Subject: Minutes\r\n"
    b"Date: Mon, 16 Nov 2026 08:00:00 +0800\r\n"
    b"Message-ID: <lies@example.cn>\r\n"
    b"MIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=iso-8859-1\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n\r\n"
) + CHINESE.encode("gb18030")
EVENT = b"""From: "service@bank.example" <x@evil.example>
To: Ada <ada@example.org>, b@example.org, c@example.org, d@example.org, e@example.org,
 f@example.org, g@example.org
Subject: Your appointment
Date: Mon, 16 Nov 2026 10:00:00 +0000
Message-ID: <event@evil.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Please come.
--b
Content-Type: text/calendar; method=REQUEST; charset=utf-8

BEGIN:VCALENDAR
VERSION:2.0
METHOD:REQUEST
BEGIN:VEVENT
UID:1@evil.example
DTSTART:20261119T140000Z
DTEND:20261119T150000Z
SUMMARY:Appointment at the bank
LOCATION:Main Street 1
END:VEVENT
END:VCALENDAR

--b
Content-Type: message/rfc822

From: Bob <bob@example.org>
To: ada@example.org
Subject: The letter inside
Content-Type: text/plain

Words of the inner letter.
--b--
""".replace(b"\n", b"\r\n")


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        server.deliver("ada", LIES)
        server.deliver("ada", EVENT)
        yield server


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, dovecot: Dovecot) -> Iterator[MainWindow]:
    ada = Account(
        AccountId(0),
        "Work",
        "ada@example.org",
        "Ada Lovelace",
        dovecot.server(Protocol.IMAP),
        secret=SecretSource.ASK,
        ca_file=dovecot.ca_file,
    )
    with running(qtbot, tmp_path / "profile", ada, dovecot.password) as window:
        wait(qtbot, lambda: window.list_model.row_count() == 2)
        yield window
        window.inside.close_all()


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    activate(qtbot, window)
    QTest.keyClick(window, key, held)


def read(qtbot: QtBot, window: MainWindow, row: int) -> None:
    window.list.choose(row)
    wanted = window.list.selected_rows()[0].id

    def here() -> bool:
        shown = window.pane.rendered
        return shown is not None and shown.message_id == wanted and shown.complete

    wait(qtbot, here)


def keywords(dovecot: Dovecot, subject: str) -> str:
    return dovecot.doveadm("fetch", "-u", "ada", "flags", "mailbox", "INBOX", "subject", subject)


def test_reading(qtbot: QtBot, window: MainWindow, dovecot: Dovecot) -> None:
    read(qtbot, window, 0)
    top = window.pane.top
    assert "x@evil.example" in top.head.author.text()
    assert any("service@bank.example" in words for words in top.sender_card.warnings)
    assert top.sender_card.isVisible()
    assert "and 3 more" in top.head.lines[1].text()
    (card,) = top.cards.cards
    assert "Appointment at the bank" in card.text
    assert "Main Street 1" in card.text
    _look_inside(qtbot, window)
    _tag(qtbot, window, dovecot)
    _read_what_lies(qtbot, window)
    _find_by_address(qtbot, window)


def _look_inside(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, Qt.Key.Key_U, CTRL)
    source = opened(qtbot, SourceWindow)
    assert "SUMMARY:Appointment at the bank" in source.text.toPlainText()
    QTest.keyClick(source, Qt.Key.Key_Escape)
    press(qtbot, window, Qt.Key.Key_U, CTRL | SHIFT)
    headers = opened(qtbot, HeadersWindow)
    assert "Message-ID: <event@evil.example>" in headers.text.toPlainText()
    QTest.keyClick(headers, Qt.Key.Key_Escape)
    press(qtbot, window, Qt.Key.Key_M, CTRL | ALT)
    structure = opened(qtbot, StructureWindow)
    assert structure.choose("3")
    QTest.keyClick(structure.tree, Qt.Key.Key_Return)
    inner = opened(qtbot, MessageWindow)
    wait(qtbot, lambda: inner.windowTitle() == "The letter inside")
    rendered = inner.pane.rendered
    assert rendered is not None
    assert "Words of the inner letter." in rendered.text
    inner.close()
    structure.close()


def _tag(qtbot: QtBot, window: MainWindow, dovecot: Dovecot) -> None:
    press(qtbot, window, Qt.Key.Key_1)
    wait(qtbot, lambda: window.pane.head.tags.names == ["Important"])
    wait(qtbot, lambda: "$label1" in keywords(dovecot, "appointment").casefold())
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    wait(qtbot, lambda: window.pane.head.tags.names == [])
    wait(qtbot, lambda: "$label1" not in keywords(dovecot, "appointment").casefold())


def _read_what_lies(qtbot: QtBot, window: MainWindow) -> None:
    read(qtbot, window, 1)
    assert "陈晓明" in window.pane.head.author.text()
    press(qtbot, window, Qt.Key.Key_E, CTRL | ALT)
    _choose(qtbot, "GB18030, Chinese simplified")
    wait(
        qtbot, lambda: window.pane.rendered is not None and bool(window.pane.rendered.view.charset)
    )
    rendered = window.pane.rendered
    assert rendered is not None
    assert CHINESE in rendered.text


def _find_by_address(qtbot: QtBot, window: MainWindow) -> None:
    window.pane.head.author.linkActivated.emit("0")
    _choose(qtbot, "Search mail from it")
    wait(qtbot, lambda: window.list_model.row_count() == 1)
    row = window.list_model.row_at(0)
    assert row is not None
    assert row.sender.address == "chen@example.cn"


def _choose(qtbot: QtBot, words: str) -> None:
    wait(qtbot, lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text().startswith(words)).trigger()
    menu.close()
