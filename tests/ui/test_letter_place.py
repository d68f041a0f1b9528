"""Letters' windows: as large as the last, beside one another, always in sight."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from pytestqt.qtbot import QtBot

from martlet.mail.account import AccountId
from martlet.mail.outgoing import Draft, DraftId
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.window_place import (
    FIRST,
    SMALLEST,
    STEP,
    WindowPlace,
    cascaded,
    fitted,
    read,
    words_of,
)
from martlet.ui.settings import Settings
from ui.compose_fakes import FakeLink, FakeReader, account
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
ROOM = QRect(0, 30, 1400, 970)
numbers = st.integers(-5000, 5000)


def opened(qtbot: QtBot, settings: Settings) -> ComposeWindow:
    store = FakeReader([account(1, "home", "tom@example.org")])
    made = ComposeWindow(
        FakeLink(), store.reader, Draft(DraftId(0), AccountId(1)), settings=settings
    )
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made, before_close_func=lambda w: w.finish())
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_the_next_letter_is_as_large_as_the_last_and_there(qtbot: QtBot) -> None:
    settings = Settings()
    first = opened(qtbot, settings)
    assert first.size() == FIRST
    first.resize(640, 520)
    first.move(50, 60)
    qtbot.waitUntil(lambda: first.pos() == QPoint(50, 60))
    first.close()
    second = opened(qtbot, settings)
    assert second.size() == QSize(640, 520)
    qtbot.waitUntil(lambda: second.pos() == QPoint(50, 60))


def test_letters_that_are_open_lie_beside_one_another(qtbot: QtBot) -> None:
    settings = Settings()
    settings.put(**{"letter.place": "600x400+40+40"})
    letters = [opened(qtbot, settings) for _ in range(4)]
    places = [(each.x(), each.y()) for each in letters]
    assert len(set(places)) == 4
    assert places[1] == (places[0][0] + STEP, places[0][1] + STEP)


def test_a_maximised_one_is_followed_by_a_maximised_one(qtbot: QtBot) -> None:
    settings = Settings()
    settings.put(**{"letter.place": "600x400+40+40 maximised"})
    letter = opened(qtbot, settings)
    assert letter.isMaximized()
    letter.close()
    assert read(settings.text("letter.place")).maximised
    assert read(settings.text("letter.place")).size == QSize(600, 400)


def test_a_letter_that_stays_open_is_not_remembered(qtbot: QtBot) -> None:
    settings = Settings()
    letter = opened(qtbot, settings)
    letter.editor.insertPlainText("words that are kept first")
    letter.close()
    assert letter.isVisible()
    assert not settings.has("letter.place")


@pytest.mark.parametrize("words", ["", "x", "1x2x3", "780x680+1", "9e9x1", "99999999x3+1+1", "a b"])
def test_words_that_say_nothing_are_a_first_window(words: str) -> None:
    assert read(words) == WindowPlace(FIRST)


@given(st.integers(420, 5000), st.integers(360, 5000), numbers, numbers, st.booleans())
def test_what_is_kept_is_read_back(width: int, height: int, x: int, y: int, large: bool) -> None:
    for at in (QPoint(x, y), None):
        place = WindowPlace(QSize(width, height), at, large)
        assert read(words_of(place)) == place


@given(numbers, numbers, st.integers(1, 5000), st.integers(1, 5000))
def test_whatever_was_kept_is_in_sight(x: int, y: int, width: int, height: int) -> None:
    rect = fitted(QRect(x, y, width, height), ROOM)
    assert ROOM.contains(rect)
    assert fitted(rect, ROOM) == rect


@given(numbers, numbers, st.integers(0, 60))
def test_however_many_are_open_each_stands_in_the_room(x: int, y: int, count: int) -> None:
    start = fitted(QRect(QPoint(x, y), SMALLEST), ROOM).topLeft()
    places: list[QPoint] = []
    for _ in range(count):
        at = cascaded(start, places, ROOM)
        assert ROOM.contains(fitted(QRect(at, FIRST), ROOM))
        places.append(at)
