"""F6 goes round the main window: folders, list, message, and attachments where there are any."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from martlet.mail.message import Attachment
from martlet.store.database import Database
from martlet.ui.window import MainWindow
from ui.support.journey import activate
from ui.support.sample import HEADLESS, SampleClient, fill
from ui.support.shown import main_window

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
FILE = Attachment("2", "plan.pdf", "application/pdf", 5000)
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = fill(tmp_path, 1_790_000_000.0)
    yield database
    database.close()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, database: Database) -> Iterator[MainWindow]:
    with main_window(qtbot, tmp_path, SampleClient(database)) as window:
        with qtbot.waitSignal(window.pane.painted):
            window.list.choose(0)
        yield window


def place(window: MainWindow) -> str:
    """Where the focus is."""
    parts = {
        "attachments": window.pane.attachments,
        "message": window.pane,
        "list": window.list_pane,
        "folders": window.folders,
    }
    focus = QApplication.focusWidget()
    assert focus is not None
    return next(name for name, part in parts.items() if part is focus or part.isAncestorOf(focus))


def places(qtbot: QtBot, window: MainWindow, held: Qt.KeyboardModifier, count: int) -> list[str]:
    found: list[str] = []
    for _ in range(count):
        activate(qtbot, window)
        QTest.keyClick(window, Qt.Key.Key_F6, held)
        found.append(place(window))
    return found


def test_it_goes_round_and_back(qtbot: QtBot, window: MainWindow) -> None:
    window.list.setFocus()
    assert places(qtbot, window, NONE, 3) == ["message", "folders", "list"]
    window.pane.attachments.show_attachments((FILE,))
    qtbot.waitUntil(lambda: bool(window.pane.attachments.in_sight()))
    assert places(qtbot, window, NONE, 4) == ["message", "attachments", "folders", "list"]
    assert places(qtbot, window, SHIFT, 3) == ["folders", "attachments", "message"]


def test_from_the_head_of_a_message_it_is_the_same(qtbot: QtBot, window: MainWindow) -> None:
    window.pane.attachments.show_attachments((FILE,))
    qtbot.waitUntil(lambda: bool(window.pane.attachments.in_sight()))
    activate(qtbot, window)
    window.pane.head.author.setFocus()
    assert places(qtbot, window, NONE, 2) == ["attachments", "folders"]
