"""The outbox with very many letters, and what is done to several of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from martlet.link.messages import (
    OutboxCancel,
    OutboxDelayAll,
    OutboxDiscardAll,
    OutboxRetry,
    OutboxRetryAll,
)
from martlet.mail.account import AccountId
from martlet.mail.changes import OutboxChanged
from martlet.mail.outgoing import OutboxEntry, OutboxId, OutboxState
from martlet.ui.outbox.letter import OutboxLetter
from martlet.ui.outbox.model import OutboxModel
from martlet.ui.outbox.window import OutboxWindow
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

TOGETHER = QItemSelectionModel.SelectionFlag.Select
CONTROL = Qt.KeyboardModifier.ControlModifier


def letter(number: int, state: OutboxState = OutboxState.QUEUED) -> OutboxEntry:
    return OutboxEntry(
        OutboxId(number), AccountId(1), f"<{number}@x>", f"Letter {number}", "tom@example.org",
        (f"p{number}@example.org",), state, 100, 990.0, not_before=9e9,
    )  # fmt: skip


class Counted(FakeReader):
    """Knows how often it was asked, and for how many letters."""

    asked = 0
    read = 0

    def outbox_standing(self) -> list[tuple[OutboxId, OutboxState]]:
        self.asked += 1
        return super().outbox_standing()

    def outbox_some(self, ids: Iterable[OutboxId]) -> list[OutboxEntry]:
        found = super().outbox_some(ids)
        self.read += len(found)
        return found


class Box:
    def __init__(self, qtbot: QtBot, entries: list[OutboxEntry]) -> None:
        self.link = FakeLink()
        self.store = Counted([account(1, "home", "tom@example.org")], entries=entries)
        self.window = OutboxWindow(self.link, self.store.reader, clock=lambda: 1000.0)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    def choose(self, *places: int) -> None:
        self.window.list.clearSelection()
        for at in places:
            self.window.list.selectionModel().select(self.window.model.index(at), TOGETHER)

    def press(self, label: str) -> None:
        box = self.window.hands.question
        assert box is not None
        button = next(b for b in box.buttons() if b.text().replace("&", "") == label)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def entries(self) -> list[str]:
        """What the menu of the list offers."""
        self.window.verbs.show_menu(QPoint(5, 5))
        menu = self.window.verbs.menu
        assert menu is not None
        found = [action.text() for action in menu.actions() if action.text()]
        menu.close()
        return found


def test_ten_thousand_letters_need_no_more_than_those_in_sight(qtbot: QtBot) -> None:
    box = Box(qtbot, [letter(n) for n in range(1, 10_001)])
    window = box.window
    QTest.qWait(0)
    assert len(window.findChildren(QWidget)) < 100
    assert box.store.read < 1000
    before = box.store.read
    window.list.scrollToBottom()
    window.list.choose(9_999)
    assert window.letter is not None
    assert window.letter.entry.id == OutboxId(10_000)
    assert box.store.read - before < 1000


def test_of_many_changes_in_a_row_few_are_read(qtbot: QtBot) -> None:
    entries = [letter(n) for n in range(1, 1001)]
    box = Box(qtbot, entries)
    asked = box.store.asked
    for gone in range(1, 501):
        box.store.entries = entries[gone:]
        box.link.changed.emit(OutboxChanged())
    assert box.store.asked == asked + 1
    # The last is seen nevertheless.
    qtbot.waitUntil(lambda: len(box.window.model.ids) == 500)


def test_all_are_thrown_away_in_one_go_once_asked(qtbot: QtBot) -> None:
    box = Box(qtbot, [letter(n) for n in range(1, 301)])
    QTest.keyClick(box.window.list, Qt.Key.Key_A, CONTROL)
    assert box.window.panes.several.heading.text() == "300 letters chosen"
    QTest.keyClick(box.window, Qt.Key.Key_Delete)
    question = box.window.hands.question
    assert question is not None
    assert "Delete 300 letters?" in question.text()
    # Nobody wants three hundred drafts by mistake.
    assert {b.text().replace("&", "") for b in question.buttons()} == {"Delete", "Cancel"}
    assert not box.link.asked
    box.press("Delete")
    (asked,) = box.link.of(OutboxDiscardAll)
    assert asked.outbox_ids == [OutboxId(n) for n in range(1, 301)]
    box.link.last(OutboxDiscardAll).answer(2)
    assert box.window.notice.text.startswith("2 letters were on their way or tried already")


def test_several_are_sent_put_off_kept_and_opened(qtbot: QtBot) -> None:
    box = Box(qtbot, [letter(1), letter(2), letter(3, OutboxState.FAILED)])
    box.choose(0, 2)
    several = box.window.panes.several
    assert several.standing.text() == "1 failed  ·  1 waits"
    assert box.entries() == ["Send now…", "Edit", "Change time", "Delete…"]
    several.times.chosen.emit(95_000.0)
    wanted = [OutboxId(1), OutboxId(3)]
    assert box.link.of(OutboxDelayAll) == [OutboxDelayAll(wanted, 95_000.0)]
    QTest.keyClick(box.window, Qt.Key.Key_Return, CONTROL)
    assert not box.link.of(OutboxRetryAll)
    box.press("Send now")
    assert box.link.of(OutboxRetryAll) == [OutboxRetryAll(wanted)]
    several.delete.click()
    box.press("Put into Drafts")
    several.edit.click()
    assert [one.outbox_id for one in box.link.of(OutboxCancel)] == [1, 3, 1, 3]


def test_somebody_elses_letter_is_never_a_draft(qtbot: QtBot) -> None:
    box = Box(qtbot, [letter(1), replace(letter(2), resent=True)])
    box.window.list.selectAll()
    assert not box.window.panes.several.edit.isVisible()
    box.window.panes.several.delete.click()
    question = box.window.hands.question
    assert question is not None
    assert "Put into Drafts" not in [b.text().replace("&", "") for b in question.buttons()]
    box.press("Cancel")
    box.window.list.choose(1)
    assert box.window.letter is not None
    box.window.letter.delete.click()
    box.press("Delete")
    assert box.link.of(OutboxDiscardAll) == [OutboxDiscardAll([OutboxId(2)])]
    assert not box.link.of(OutboxCancel)


def test_those_under_way_cannot_be_reached(qtbot: QtBot) -> None:
    going = [letter(1, OutboxState.SENDING), letter(2, OutboxState.SENDING)]
    box = Box(qtbot, going)
    box.window.list.selectAll()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_E):
        QTest.keyClick(box.window, key, CONTROL)
    QTest.keyClick(box.window, Qt.Key.Key_Delete)
    assert box.window.hands.question is None
    assert not box.link.asked
    box.window.verbs.show_menu(QPoint(5, 5))
    assert box.window.verbs.menu is None


def test_the_menu_of_one_letter_is_what_its_buttons_are(qtbot: QtBot) -> None:
    box = Box(qtbot, [letter(1, OutboxState.UNKNOWN), letter(2)])
    assert box.entries() == ["It arrived", "Send again"]
    box.window.list.choose(1)
    assert box.entries() == ["Send now", "Edit", "Change time", "Delete…"]
    box.window.verbs.show_menu(QPoint(5, 5))
    menu = box.window.verbs.menu
    assert menu is not None
    menu.actions()[0].trigger()
    menu.close()
    assert box.link.of(OutboxRetry) == [OutboxRetry(OutboxId(2))]


def test_a_letter_that_fails_comes_to_the_top_and_stays_chosen(qtbot: QtBot) -> None:
    box = Box(qtbot, [letter(n) for n in range(1, 6)])
    box.window.list.choose(3)
    shown = box.window.letter
    assert isinstance(shown, OutboxLetter)
    box.store.entries = [letter(4, OutboxState.FAILED), *(letter(n) for n in (1, 2, 3, 5))]
    box.link.changed.emit(OutboxChanged())
    assert box.window.letter is shown
    assert box.window.list.currentIndex().row() == 0
    assert shown.send.text() == "Send again"


def test_in_a_narrow_window_the_letter_stands_below(qtbot: QtBot) -> None:
    box = Box(qtbot, [letter(1)])
    panes = box.window.panes
    assert panes.orientation() is Qt.Orientation.Horizontal
    box.window.resize(480, 600)
    qtbot.waitUntil(lambda: panes.orientation() is Qt.Orientation.Vertical)


@pytest.mark.usefixtures("qapp")
@given(st.lists(st.lists(st.integers(1, 12), unique=True), max_size=6))
def test_whatever_comes_goes_and_moves_is_followed(turns: Sequence[list[int]]) -> None:
    model = OutboxModel(lambda ids: [letter(one) for one in ids], lambda: 0.0)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    held: dict[OutboxId, QPersistentModelIndex] = {}
    for turn in turns:
        wanted = [OutboxId(n) for n in turn]
        model.take([(one, OutboxState.QUEUED) for one in wanted])
        assert model.ids == wanted
        for number, index in held.items():
            assert index.isValid() == (number in wanted)
            if index.isValid():
                assert model.ids[index.row()] == number
        held = {one: QPersistentModelIndex(model.index(at)) for at, one in enumerate(wanted)}
