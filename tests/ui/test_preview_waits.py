"""A preview of what is on the server: it never waits for what will not come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.link import messages as link
from martlet.mail.errors import Refused
from martlet.store.database import Database
from martlet.ui.preview.pane import PreviewPane
from martlet.ui.window import MainWindow
from ui.support.partly import REPORT, PartlyHere, chip, open_first
from ui.support.sample import HEADLESS, fill
from ui.support.shown import asked, main_window

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
NOW = 1_790_000_000.0


class Refusing(PartlyHere):
    """The server gives nothing while `refuses`."""

    refuses = False

    def _answer(self, request: link.Request[Any]) -> object:
        answer = super()._answer(request)
        if self.refuses and isinstance(request, link.PartBytes):
            raise Refused("The server said no.")
        return answer


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = fill(tmp_path, NOW, count=6)
    yield database
    database.close()


@pytest.fixture
def client(database: Database) -> Refusing:
    return Refusing(database)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, client: Refusing) -> Iterator[MainWindow]:
    with main_window(qtbot, tmp_path, client) as window:
        yield window
        client.may_come.set()


def click(window: MainWindow) -> PreviewPane:
    QTest.mouseClick(chip(window, REPORT), Qt.MouseButton.LeftButton)
    return window.pane.preview


def test_a_refusal_is_said_and_a_click_asks_again(
    qtbot: QtBot, window: MainWindow, client: Refusing
) -> None:
    open_first(qtbot, window)
    client.refuses = True
    preview = click(window)
    qtbot.waitUntil(lambda: preview.about.words == "The server said no.")
    assert preview.about.download.isVisible()
    client.may_come.clear()
    assert click(window).attachment is not None
    assert preview.about.words == "It is being downloaded…"
    assert not preview.about.download.isVisible()
    qtbot.waitUntil(lambda: len(asked(client, link.PartBytes)) == 2)
    client.may_come.set()
    qtbot.waitUntil(lambda: preview.about.words == "The server said no.")
    preview.about.download.click()
    qtbot.waitUntil(lambda: len(asked(client, link.PartBytes)) == 3)
    qtbot.waitUntil(lambda: preview.about.words == "The server said no.")
    assert not window.notice.words


@pytest.mark.parametrize("by_chip", [True, False])
def test_stopped_it_says_so_and_late_bytes_are_not_taken(
    qtbot: QtBot, window: MainWindow, client: Refusing, by_chip: bool
) -> None:
    open_first(qtbot, window)
    client.may_come.clear()
    preview = click(window)
    assert chip(window, REPORT).fetching
    if by_chip:
        click(window)
    else:
        window.commands["stop"].trigger()
    assert preview.about.words == "Downloading it was stopped."
    assert preview.about.download.isVisible()
    with qtbot.waitSignal(window.files.ended):
        client.may_come.set()
    assert preview.showing is preview.about


def test_what_comes_after_all_is_shown(qtbot: QtBot, window: MainWindow, client: Refusing) -> None:
    first = open_first(qtbot, window)
    client.refuses = True
    preview = click(window)
    qtbot.waitUntil(lambda: preview.about.words == "The server said no.")
    client.refuses, client.came = False, True
    before = len(asked(client, link.PartBytes))
    window.pane.body_arrived(first.message_id)
    qtbot.waitUntil(lambda: len(asked(client, link.PartBytes)) > before)
    qtbot.waitUntil(lambda: preview.showing is preview.pages)
