"""The outbox window: states in words, countdown, what can be done."""

from __future__ import annotations

import gc
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from martlet.link.messages import OutboxCancel, OutboxDelay, OutboxResolve, OutboxRetry
from martlet.mail.account import AccountId
from martlet.mail.changes import OutboxChanged
from martlet.mail.errors import Refused
from martlet.mail.outgoing import (
    Delivery,
    DeliveryKind,
    Draft,
    DraftId,
    OutboxEntry,
    OutboxId,
    OutboxState,
    RecipientResult,
)
from martlet.ui.compose import ComposeWindow
from martlet.ui.outbox.letter import OutboxLetter
from martlet.ui.outbox.window import OutboxWindow
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def entry(
    number: int,
    state: OutboxState,
    *,
    not_before: float = 0.0,
    attempts: int = 0,
    problem: str = "",
    results: tuple[RecipientResult, ...] = (),
) -> OutboxEntry:
    return OutboxEntry(
        OutboxId(number), AccountId(1), f"<{number}@x>", f"Letter {number}", "tom@example.org",
        ("anna@example.org", "bob@example.org"), state, 100, 990.0,
        not_before=not_before, attempts=attempts, problem=problem, results=results,
    )  # fmt: skip


class Box:
    def __init__(self, qtbot: QtBot, entries: list[OutboxEntry]) -> None:
        self.link = FakeLink()
        self.store = FakeReader([account(1, "home", "tom@example.org")], entries=entries)
        self.clock = Clock()
        self.window = OutboxWindow(self.link, self.store.reader, clock=self.clock)
        qtbot.addWidget(self.window)
        self.window.show()

    def at(self, place: int) -> OutboxLetter:
        self.window.list.choose(place)
        assert self.window.letter is not None
        return self.window.letter


def test_an_empty_outbox_says_so(qtbot: QtBot) -> None:
    box = Box(qtbot, [entry(1, OutboxState.FILED)])
    assert box.window.empty.isVisible()
    assert box.window.letter is None


def test_the_undo_time_counts_down(qtbot: QtBot) -> None:
    box = Box(qtbot, [entry(1, OutboxState.QUEUED, not_before=1008.0)])
    row = box.at(0)
    assert row.state.text() == "Goes out in 8 s."
    box.clock.now = 1005.0
    box.window.tick()
    assert row.state.text() == "Goes out in 3 s."
    box.clock.now = 1009.0
    box.window.tick()
    assert row.state.text() == "Waits to be sent."
    row.send.click()
    assert box.link.of(OutboxRetry) == [OutboxRetry(OutboxId(1))]


def test_a_problem_and_the_next_try_are_said(qtbot: QtBot) -> None:
    waiting = entry(1, OutboxState.QUEUED, not_before=1300.0, attempts=2, problem="Offline.")
    box = Box(qtbot, [waiting])
    assert box.at(0).state.text() == "Offline. Next try in 5 min."


def test_a_letter_for_later_says_when_and_can_be_given_another_time(qtbot: QtBot) -> None:
    later = replace(entry(1, OutboxState.QUEUED, not_before=90_000.0), send_at=90_000.0)
    box = Box(qtbot, [later])
    row = box.at(0)
    assert row.state.text().startswith("Goes out ")
    assert " at " in row.state.text()
    row.times.chosen.emit(95_000.0)
    assert box.link.of(OutboxDelay) == [OutboxDelay(OutboxId(1), 95_000.0)]
    box.store.entries = [replace(later, attempts=1, problem="Offline.")]
    box.window.fill()
    assert not row.time.isVisible()


def test_mail_sent_on_is_no_letter_to_edit(qtbot: QtBot) -> None:
    box = Box(qtbot, [replace(entry(1, OutboxState.QUEUED), resent=True)])
    assert not box.at(0).edit.isVisible()
    assert box.at(0).delete.isVisible()


def test_the_keys_reach_every_letter_and_what_can_be_done_with_it(qtbot: QtBot) -> None:
    box = Box(qtbot, [entry(1, OutboxState.QUEUED), entry(2, OutboxState.FAILED)])
    box.store.told = [Delivery(990.0, "anna@example.org", DeliveryKind.ACCEPTED)]
    box.window.fill()
    with qtbot.waitActive(box.window):
        box.window.activateWindow()
    keys = QTest.keyClick
    keys(box.window, Qt.Key.Key_Down)
    assert box.window.letter is not None
    assert box.window.letter.entry.id == OutboxId(2)
    keys(box.window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert "Accepted" in box.window.letter.history.text()
    assert box.window.letter.history.isVisible()
    keys(box.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert box.link.of(OutboxRetry) == [OutboxRetry(OutboxId(2))]
    keys(box.window, Qt.Key.Key_Up)
    keys(box.window, Qt.Key.Key_Delete)
    assert box.window.hands.question is not None
    box.window.hands.question.close()
    with qtbot.waitActive(box.window):
        box.window.activateWindow()
    keys(box.window, Qt.Key.Key_Escape)
    assert not box.window.isVisible()


def test_each_recipients_answer_is_shown(qtbot: QtBot) -> None:
    results = (
        RecipientResult("anna@example.org", 250, "ok"),
        RecipientResult("bob@example.org", 550, "User unknown"),
    )
    box = Box(qtbot, [entry(1, OutboxState.FAILED, problem="Refused.", results=results)])
    row = box.at(0)
    assert row.state.text() == "Refused."
    assert row.answers.text == (
        "anna@example.org: accepted\nbob@example.org: refused “550 User unknown”"
    )
    assert "1 of 2 recipients have it" in row.advice.text()


def test_an_unknown_one_is_decided_by_the_user(qtbot: QtBot) -> None:
    box = Box(qtbot, [entry(1, OutboxState.UNKNOWN)])
    row = box.at(0)
    assert "just as the server should have confirmed" in row.state.text()
    assert "could arrive twice" in row.advice.text()
    assert not row.delete.isVisible()
    assert not row.send.isVisible()
    row.arrived.click()
    row.again.click()
    assert [r.was_sent for r in box.link.of(OutboxResolve)] == [True, False]
    box.link.last(OutboxResolve).refuse(Refused("It is gone."))
    assert box.window.notice.text == "It is gone."


def test_edit_takes_the_letter_back(qtbot: QtBot) -> None:
    box = Box(qtbot, [entry(1, OutboxState.QUEUED)])
    box.at(0).edit.click()
    assert box.link.of(OutboxCancel) == [OutboxCancel(OutboxId(1))]
    box.store.entries = []
    box.store.kept[DraftId(3)] = Draft(DraftId(3), AccountId(1), subject="Letter 1")
    with qtbot.waitSignal(box.window.composing) as told:
        box.link.last(OutboxCancel).answer(DraftId(3))
    assert told.args is not None
    composer = told.args[0]
    assert isinstance(composer, ComposeWindow)
    assert composer.windowTitle() == "Letter 1"
    assert box.window.empty.isVisible()
    composer.finish()
    qtbot.waitUntil(lambda: not isValid(composer))


def test_a_letter_taken_back_outlives_the_outbox(qtbot: QtBot) -> None:
    box = Box(qtbot, [entry(1, OutboxState.QUEUED)])
    box.store.kept[DraftId(3)] = Draft(DraftId(3), AccountId(1), subject="Letter 1")
    box.at(0).edit.click()
    box.link.last(OutboxCancel).answer(DraftId(3))
    box.window.close()
    gc.collect()
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, ComposeWindow)]
    assert [w.windowTitle() for w in found] == ["Letter 1"]
    found[0].finish()
    qtbot.waitUntil(lambda: not isValid(found[0]))


def test_an_answer_after_closing_is_dropped(qtbot: QtBot) -> None:
    box = Box(qtbot, [entry(1, OutboxState.QUEUED)])
    box.at(0).send.click()
    box.window.close()
    box.link.last(OutboxRetry).refuse(Refused("It is gone."))
    assert box.window.notice.text == ""


@pytest.mark.usefixtures("qapp")
def test_answers_after_the_window_is_gone_are_nobodys() -> None:
    link = FakeLink()
    store = FakeReader([account(1, "home", "tom@example.org")])
    window = OutboxWindow(link, store.reader, clock=Clock())
    window.hands.send([OutboxId(1)])
    window.hands.put_off([OutboxId(1), OutboxId(2)], 95_000.0)
    delete(window)
    assert len(link.asked) == 2
    for asked in link.asked:
        asked.answer(0)
        asked.refuse(Refused("It is gone."))


def test_the_chosen_letter_stays_itself_wherever_it_stands(qtbot: QtBot) -> None:
    box = Box(qtbot, [entry(1, OutboxState.QUEUED)])
    first = box.at(0)
    box.store.entries = [entry(2, OutboxState.SENDING), entry(1, OutboxState.QUEUED)]
    box.link.changed.emit(OutboxChanged())
    assert box.window.letter is first
    assert box.at(0).state.text() == "Is being sent…"
