"""What is said when one quits while letters wait for a time of their own."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QMessageBox
from pytestqt.qtbot import QtBot

from martlet.mail.account import AccountId
from martlet.mail.outgoing import OutboxEntry, OutboxId, OutboxState
from martlet.ui.leaving import Leaving
from martlet.ui.settings import Settings
from martlet.ui.window import MainWindow
from ui.compose_fakes import FakeLink, FakeReader

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ENTRY = OutboxEntry(
    OutboxId(1), AccountId(1), "<a@b>", "Subject", "me@b", (), OutboxState.QUEUED,
    size=1, created=0.0,
)  # fmt: skip


@dataclass
class NothingGoing:
    leaving: list[OutboxEntry] = field(default_factory=list)


class Window(QMainWindow):
    """What of the main window matters here."""

    def __init__(self) -> None:
        super().__init__()
        self.link, self.reader, self.settings = FakeLink(), FakeReader(), Settings()
        self.taking_back = NothingGoing()
        self.closes: list[bool] = []

    def close(self) -> bool:
        self.closes.append(True)
        return True


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = Window()
    qtbot.addWidget(made)
    made.show()
    return made


def press(leaving: Leaving, label: str) -> None:
    box = leaving.question
    assert isinstance(box, QMessageBox)
    button = next(b for b in box.buttons() if b.text().replace("&", "") == label)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_is_said_once_that_letters_of_later_need_martlet(window: Window) -> None:
    leaving = Leaving(cast("MainWindow", window))
    assert leaving.may_go()
    window.reader.entries = [ENTRY, replace(ENTRY, send_at=time.time() + 3600)]
    assert not leaving.may_go()
    assert leaving.question is not None
    assert leaving.question.text() == "A letter waits in the outbox for its time."
    press(leaving, "Stay")
    assert window.closes == []
    assert not leaving.may_go()
    press(leaving, "Quit")
    assert window.closes == [True]
    assert leaving.may_go()
    assert Leaving(cast("MainWindow", window)).may_go()


def test_what_is_over_or_went_is_not_told(window: Window) -> None:
    leaving = Leaving(cast("MainWindow", window))
    later = time.time() + 3600
    window.reader.entries = [
        replace(ENTRY, send_at=time.time() - 60),
        replace(ENTRY, send_at=later, state=OutboxState.SENT),
    ]
    assert leaving.may_go()
