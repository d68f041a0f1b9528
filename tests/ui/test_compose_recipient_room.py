"""A line with more recipients than are all shown: as many chips as there is room for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.ui.compose.people.header import LetterHeader
from martlet.ui.compose.people.some_lines import SomeLines
from ui.compose_fakes import account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
MANY = tuple(Address(f"Person Number {n}", f"person.{n}@example.org") for n in range(40))


@pytest.fixture
def header(qtbot: QtBot) -> LetterHeader:
    made = LetterHeader([account(1, "home", "tom@example.org")], lambda _words, _most: [])
    qtbot.addWidget(made)
    made.load(Draft(DraftId(0), AccountId(1), cc=MANY))
    made.resize(460, 400)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def lines_of(header: LetterHeader) -> SomeLines:
    (found,) = (one for one in header.findChildren(SomeLines) if one.widget() is header.cc)
    return found


def whole(header: LetterHeader, part: QWidget) -> bool:
    """Whether no edge of it is cut off."""
    view = lines_of(header).viewport()
    return view.rect().contains(QRect(part.mapTo(view, QPoint()), part.size()))


def all_whole(header: LetterHeader) -> bool:
    parts: list[QWidget] = [*header.cc.chips, header.cc.more]
    if header.cc.edit.hasFocus():
        parts.append(header.cc.edit)
    return header.cc.more.isVisible() and all(whole(header, one) for one in parts)


@pytest.mark.parametrize("width", [360, 480, 780])
def test_the_number_of_the_others_is_in_sight(
    header: LetterHeader, qtbot: QtBot, width: int
) -> None:
    header.resize(width, 400)
    qtbot.waitUntil(lambda: all_whole(header))
    number = len(header.cc.chips)
    assert 1 <= number <= 15
    assert str(40 - number) in header.cc.more.text()
    header.cc.edit.setFocus()  # it wants more room then
    qtbot.waitUntil(lambda: header.cc.edit.width() >= 120)
    qtbot.waitUntil(lambda: all_whole(header))
    assert len(header.cc.chips) == number
    assert not lines_of(header).verticalScrollBar().isVisible()


def test_with_the_window_chips_come_and_go(header: LetterHeader, qtbot: QtBot) -> None:
    header.resize(360, 400)
    qtbot.waitUntil(lambda: all_whole(header))
    few = len(header.cc.chips)
    header.resize(1000, 400)
    qtbot.waitUntil(lambda: len(header.cc.chips) == 15 and all_whole(header))
    header.resize(360, 400)
    qtbot.waitUntil(lambda: len(header.cc.chips) == few and all_whole(header))
    assert few < 15
    assert header.cc.addresses() == MANY


def test_chips_that_come_are_chosen_with_the_others(header: LetterHeader, qtbot: QtBot) -> None:
    header.resize(360, 400)
    qtbot.waitUntil(lambda: all_whole(header))
    cc = header.cc
    cc.edit.setFocus()
    QTest.keyClick(cc.edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    first = cc.chips[0].grab().toImage().pixelColor(30, 3)
    header.resize(1000, 400)
    qtbot.waitUntil(lambda: len(cc.chips) == 15 and all_whole(header))
    assert cc.keys.all
    assert cc.chips[14].grab().toImage().pixelColor(30, 3) == first


def test_what_widens_a_chip_makes_room(header: LetterHeader, qtbot: QtBot) -> None:
    header.resize(480, 400)
    qtbot.waitUntil(lambda: all_whole(header))
    before = len(header.cc.chips)
    header.cc.show_twice({one.address: "a line with a name" for one in MANY})
    qtbot.waitUntil(lambda: len(header.cc.chips) < before and all_whole(header))
