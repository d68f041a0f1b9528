"""Picking stored messages that go along with a letter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.mail.folder import Role
from martlet.mail.message import MessageId
from martlet.store.reader import Reader
from martlet.ui.compose.files.message_picker import MessagePicker
from support.shelf import Shelf

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def mail(subject: str, day: int) -> bytes:
    return (
        f"From: Anna <anna@example.org>\r\nSubject: {subject}\r\nMessage-ID: <{day}@x>\r\n"
        f"Date: {day:02d} Nov 2026 10:00:00 +0000\r\n\r\nwords\r\n"
    ).encode()


@pytest.fixture
def ids(tmp_path: Path) -> list[MessageId]:
    shelf = Shelf(tmp_path)
    return [
        shelf.put(mail("Old plans", 1)),
        shelf.put(mail("Lunch", 20)),
        shelf.put(mail("Junk offer", 21), role=Role.JUNK),
        shelf.put(mail("Budget", 10), shelf.other),
    ]


@pytest.fixture
def picker(qtbot: QtBot, tmp_path: Path, ids: list[MessageId]) -> Iterator[MessagePicker]:
    reader = Reader(tmp_path)
    made = MessagePicker(reader)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    yield made
    reader.close()


def shown(picker: MessagePicker) -> list[str]:
    rows = (picker.list.item(row).text() for row in range(picker.list.count()))
    return [words.partition("\n")[0] for words in rows]


def test_the_newest_of_all_accounts_are_offered(
    picker: MessagePicker, ids: list[MessageId], qtbot: QtBot
) -> None:
    assert shown(picker) == ["Lunch", "Budget", "Old plans"]
    QTest.keyClick(picker.field, Qt.Key.Key_Down)
    assert picker.list.hasFocus()
    QTest.keyClick(picker.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(picker.chosen) as told:
        QTest.keyClick(picker.list, Qt.Key.Key_Return)
    assert told.args == [[ids[1], ids[3]]]
    assert not picker.isVisible()


def test_others_are_looked_for(picker: MessagePicker, ids: list[MessageId], qtbot: QtBot) -> None:
    QTest.keyClicks(picker.field, "offer")
    qtbot.waitUntil(lambda: shown(picker) == ["Junk offer"])
    picker.field.setText("from:")
    qtbot.wait(0)
    QTest.keyClicks(picker.field, "nobody@nowhere")
    qtbot.waitUntil(lambda: shown(picker) == [])
    with qtbot.assertNotEmitted(picker.chosen):
        QTest.keyClick(picker.field, Qt.Key.Key_Return)
    assert picker.isVisible()
