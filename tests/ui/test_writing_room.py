"""What stands around a letter in the room there is: shared, and mirrored where that is read so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QMenu
from pytestqt.qtbot import QtBot

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.ui import style, theme
from martlet.ui.choice_box import ChoiceBox
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.files.attachment_card import NARROWEST, WIDEST, shared
from martlet.ui.compose.people.recipients import RecipientField
from ui.compose_fakes import FakeLink, FakeReader, account
from ui.hands_desk import select, window

pytestmark = pytest.mark.qt_log_ignore("This plugin")
LONG = Address("Dr. Bernd-Wolfgang Donaudampfschifffahrtsgesellschaft", "b@verwaltung.example.de")


@pytest.fixture
def mirrored(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@given(st.integers(NARROWEST, 5000), st.integers(0, 20))
def test_cards_fill_their_line_together(width: int, gap: int) -> None:
    each = shared(width, gap)
    number = (width + gap) // (each + gap)
    assert NARROWEST - gap <= each <= WIDEST
    assert number >= 1
    left_over = width - number * (each + gap) + gap
    assert left_over < number or each == WIDEST


def test_the_arrow_of_a_choice_is_where_reading_ends(qtbot: QtBot, mirrored: None) -> None:
    box = ChoiceBox()
    box.setStyleSheet(style.sheet(theme.current()))
    qtbot.addWidget(box)
    box.resize(200, 32)
    with qtbot.waitExposed(box):
        box.show()
    image = box.grab().toImage()
    ground = image.pixelColor(100, 16)

    def inked(begin: int, end: int) -> bool:
        return any(
            image.pixelColor(x, y) != ground for x in range(begin, end) for y in range(10, 22)
        )

    assert inked(6, 20)
    assert not inked(178, 194)


@pytest.mark.parametrize("back", [False, True])
def test_send_and_its_arrow_are_one_button(qtbot: QtBot, back: bool, qapp: QApplication) -> None:
    qapp.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if back else Qt.LayoutDirection.LeftToRight
    )
    made = window(qtbot)
    send, later = made.top.send.geometry(), made.top.later.geometry()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert send.height() == later.height()
    assert send.top() == later.top()
    assert later.right() + 1 == send.left() if back else send.right() + 1 == later.left()


def test_people_are_offered_inside_of_a_narrow_window(qtbot: QtBot) -> None:
    store = FakeReader([account(1, "home", "tom@example.org")], [LONG])
    made = ComposeWindow(FakeLink(), store.reader, Draft(DraftId(0), AccountId(1)))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made, before_close_func=lambda w: w.finish())
    made.resize(430, 600)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.header.to.edit.setFocus()
    QTest.keyClicks(made.header.to.edit, "be")
    popups = [one for one in QApplication.topLevelWidgets() if isinstance(one, QListView)]
    (popup,) = [one for one in popups if one.isVisible()]
    inside, outside = popup.geometry(), made.geometry()
    assert inside.left() >= outside.left()
    assert inside.right() <= outside.right()
    assert inside.width() > 300
    assert not popup.horizontalScrollBar().isVisible()
    assert popup.horizontalScrollBar().maximum() == 0
    popup.hide()


def test_who_stands_in_two_lines_is_said_in_words(qtbot: QtBot) -> None:
    field = RecipientField("Cc", lambda _words, _most: [])
    qtbot.addWidget(field)
    field.show()
    field.paste("anna@example.org,")
    chip = field.chips[0]
    before = chip.sizeHint().width()
    chip.show_twice("To")
    needed = chip.fontMetrics().horizontalAdvance("also in To")
    assert chip.sizeHint().width() >= before + needed


def test_what_is_on_is_seen_in_a_menu(qtbot: QtBot) -> None:
    made = window(qtbot, "<div>some words</div>")
    select(made.editor, "words")
    made.commands["strike"].trigger()
    made.commands.refresh()
    menu = QMenu()
    qtbot.addWidget(menu)
    made.commands.fill(menu, "Format")
    menu.setStyleSheet(style.sheet(theme.current()))
    menu.ensurePolished()
    on, off = (menu.actionGeometry(made.commands[name]) for name in ("strike", "code"))
    image = menu.grab().toImage()
    accent = QColor(theme.current().accent)

    def marked(place: QRect) -> bool:
        return any(
            image.pixelColor(x, y) == accent
            for x in range(place.left(), place.left() + 40)
            for y in range(place.top(), place.bottom())
        )

    assert marked(on)
    assert not marked(off)


def test_cutting_and_copying_are_in_the_menu(qtbot: QtBot) -> None:
    made = window(qtbot, "<div>some words</div>")
    made.commands.refresh()
    assert not made.commands["cut"].isEnabled()
    select(made.editor, "some ")
    made.commands.refresh()
    assert made.commands["copy"].isEnabled()
    made.commands["cut"].trigger()
    assert made.editor.toPlainText() == "words"
    assert QApplication.clipboard().text() == "some "
    QApplication.clipboard().clear()


def test_a_subject_begins_beside_its_name(qtbot: QtBot, mirrored: None) -> None:
    made = window(qtbot)
    subject = made.header.subject
    subject.setText("Plans")
    subject.setFocus()
    subject.setCursorPosition(0)
    assert subject.width() > 300
    cursor = subject.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle).center().x()
    assert cursor > subject.width() // 2
