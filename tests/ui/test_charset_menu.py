"""The menu of text encodings: found by typing, and never outside the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from martlet.ui.address_menu import pop_up
from martlet.ui.charset_menu import charset_menu
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window, before_close_func=lambda _widget: window.hide())
    room = window.screen().availableGeometry()
    window.setGeometry(room.left(), room.bottom() - 299, 400, 300)
    with qtbot.waitExposed(window):
        window.show()
    return window


@pytest.fixture
def chosen() -> list[str]:
    return []


@pytest.fixture
def menu(qtbot: QtBot, window: QWidget, chosen: list[str]) -> Iterator[QMenu]:
    menu = charset_menu(window, "", "utf-8", chosen.append)
    pop_up(menu, window)
    qtbot.waitUntil(menu.isVisible)
    yield menu
    if isValid(menu):
        menu.close()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("GB", "GB18030, Chinese simplified"),
        ("big5", "Big5, Chinese traditional"),
        ("UTF", "UTF-8, Unicode"),
        ("1251", "Windows-1251, Cyrillic"),
        ("chinese t", "Big5, Chinese traditional"),
        ("gbkoi", "KOI8-R, Cyrillic"),
    ],
)
def test_typing_finds_an_entry(menu: QMenu, chosen: list[str], typed: str, name: str) -> None:
    QTest.keyClicks(menu, typed)
    found = menu.activeAction()
    assert found is not None
    assert found.text() == name
    assert not chosen


def test_what_is_found_is_chosen_by_enter(menu: QMenu, chosen: list[str]) -> None:
    QTest.keyClicks(menu, "gb")
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert chosen == ["gb18030"]


def test_all_of_it_is_on_the_screen(window: QWidget, menu: QMenu) -> None:
    room = window.screen().availableGeometry()
    assert menu.height() < room.height()  # or else it scrolls, and this says nothing
    assert room.contains(menu.geometry())
    assert menu.geometry().height() >= menu.sizeHint().height()
