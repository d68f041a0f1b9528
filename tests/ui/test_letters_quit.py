"""The program ends with its letters kept, or stays with all of them open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.link import messages as link
from martlet.mail.errors import MailError, StoreError
from martlet.mail.outgoing import DraftId
from martlet.store.database import Database
from martlet.ui.compose import ComposeWindow
from martlet.ui.window import MainWindow
from ui.support.sample import HEADLESS, SampleClient, fill
from ui.support.shown import main_window

R = TypeVar("R")
pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
NOW = 1_790_000_000.0


class Keeping(SampleClient):
    """Saves wait until the test answers them, by the words of the letter."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.saves: dict[str, tuple[link.SaveDraft, Callable[[Any], None]]] = {}

    def submit(self, request: link.Request[R], done: Callable[[R | MailError], None]) -> None:
        if isinstance(request, link.SaveDraft):
            self.saves[request.draft.text] = (request, done)
        elif not isinstance(request, link.CloseDraft | link.DiscardDraft):
            super().submit(request, done)

    def answer(self, words: str, result: object) -> link.SaveDraft:
        request, done = self.saves.pop(words)
        done(result)
        return request


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Keeping]:
    database = fill(tmp_path, NOW)
    yield Keeping(database)
    database.close()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, client: Keeping) -> Iterator[MainWindow]:
    with main_window(qtbot, tmp_path, client) as window:
        yield window
        for letter in window.windows.open_letters():
            letter.finish()
        qtbot.waitUntil(lambda: not window.windows.open_letters())


def write(window: MainWindow, words: str) -> ComposeWindow:
    letter = window.windows.write(window.reader.accounts()[0])
    assert letter is not None
    QTest.keyClicks(letter.editor, words)
    return letter


def test_all_letters_go_together(qtbot: QtBot, window: MainWindow, client: Keeping) -> None:
    first, second = write(window, "one"), write(window, "two")
    window.close()
    qtbot.waitUntil(lambda: set(client.saves) == {"one", "two"})
    assert client.answer("one", DraftId(1)).place
    qtbot.waitUntil(lambda: first.closing.settled)
    assert first.isVisible()
    assert second.isVisible()
    client.answer("two", DraftId(2))
    qtbot.waitUntil(lambda: not window.isVisible())
    assert not window.windows.open_letters()


def test_one_that_cannot_be_saved_keeps_all_open(
    qtbot: QtBot, window: MainWindow, client: Keeping
) -> None:
    first, second = write(window, "one"), write(window, "two")
    window.close()
    qtbot.waitUntil(lambda: set(client.saves) == {"one", "two"})
    client.answer("one", DraftId(1))
    qtbot.waitUntil(lambda: first.closing.settled)
    client.answer("two", StoreError("The disk is full."))
    qtbot.waitUntil(lambda: second.notice.text == "The disk is full.")
    assert first.isVisible()
    assert window.isVisible()
    assert not first.closing.comes_back
    # It was recorded as closed, and is written on.
    first.keeper.save()
    qtbot.waitUntil(lambda: "one" in client.saves)
    assert not client.answer("one", DraftId(1)).closed
    # Much later: one letter closes, and the program stays.
    qtbot.waitUntil(lambda: not first.keeper.dirty)
    first.close()
    qtbot.waitUntil(lambda: "one" in client.saves)
    client.answer("one", DraftId(1))
    qtbot.waitUntil(lambda: window.windows.open_letters() == [second])
    assert window.isVisible()


def test_quitting_again_offers_the_way_out(
    qtbot: QtBot, window: MainWindow, client: Keeping
) -> None:
    letter = write(window, "one")
    window.close()
    qtbot.waitUntil(lambda: "one" in client.saves)
    letter.waiting.soon.stop()
    window.close()
    box = letter.waiting.question
    assert box is not None
    leave = next(each for each in box.buttons() if each.text() == "Close without saving")
    QTest.mouseClick(leave, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.isVisible())
