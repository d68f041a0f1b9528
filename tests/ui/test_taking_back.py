"""Letters that go out in a moment: counted down, taken back, sent at once, and told of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from martlet.link.messages import CallBack, OutboxCancel, OutboxRetry
from martlet.mail.account import AccountId
from martlet.mail.changes import OutboxChanged
from martlet.mail.errors import Offline, Refused
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, OutboxEntry, OutboxId, OutboxState
from martlet.ui import countdown
from martlet.ui.bars import Toast
from martlet.ui.compose import ComposeWindow
from martlet.ui.going_stack import GoingStack
from martlet.ui.insisting import insist, unheard
from martlet.ui.outbox import words as outbox_words
from martlet.ui.settings import Settings
from martlet.ui.taking_back import TakingBack
from martlet.ui.windows import Windows
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def entry(number: int, left_s: float, subject: str = "Hello") -> OutboxEntry:
    return OutboxEntry(
        OutboxId(number), AccountId(1), f"<{number}@x>", subject, "tom@example.org",
        ("anna@example.org",), OutboxState.QUEUED, 1200, 990.0, not_before=1000.0 + left_s,
    )  # fmt: skip


class Going:
    """A window with letters in its outbox; its clock stands until the test moves it."""

    def __init__(self, qtbot: QtBot, tmp_path: Path, *entries: OutboxEntry) -> None:
        self.now = 1000.0
        self.link = FakeLink()
        self.store = FakeReader([account(1, "home", "tom@example.org")], entries=list(entries))
        self.whole = QWidget()
        self.whole.resize(900, 600)
        qtbot.addWidget(self.whole)
        self.settings = settings = Settings(tmp_path / "s.json")
        self.windows = Windows(self.link, self.store.reader, settings, self.whole)
        bar = QWidget(self.whole)
        bar.hide()
        self.toast = Toast(self.whole, bar)
        self.stack = GoingStack(self.whole, bar)
        self.back = TakingBack(
            self.link, self.store.reader, self.windows, self.toast, self.stack,
            settings=settings, clock=lambda: self.now,
        )  # fmt: skip
        self.whole.show()

    def becomes(self, *entries: OutboxEntry) -> None:
        self.store.entries = list(entries)
        self.link.changed.emit(OutboxChanged())

    @property
    def said(self) -> str:
        label = self.toast.findChild(QLabel)
        return label.text() if isinstance(label, QLabel) and self.toast.isVisible() else ""

    def text(self, number: int) -> str:
        return self.stack.cards[OutboxId(number)].text


Make = Callable[..., Going]


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Make:
    return lambda *entries: Going(qtbot, tmp_path, *entries)


def test_each_letter_is_counted_and_offered(make: Make) -> None:
    going = make(entry(1, 8.0), entry(2, 30.0, "Second"))
    assert going.text(1) == "goes out in 8 s"
    assert going.text(2) == "goes out in 30 s"
    going.now += 3.5
    going.back.look()
    assert going.text(1) == "goes out in 5 s"
    going.stack.cards[OutboxId(2)].now.click()
    going.stack.cards[OutboxId(1)].undo.click()
    assert going.link.of(OutboxRetry) == [OutboxRetry(OutboxId(2))]
    assert going.link.of(OutboxCancel) == [OutboxCancel(OutboxId(1))]


def test_one_that_is_asked_back_is_not_offered_while_no_engine_answers(make: Make) -> None:
    going = make(entry(1, 8.0))
    going.stack.cards[OutboxId(1)].undo.click()
    going.becomes(entry(1, 8.0))
    going.now += 2
    going.back.look()
    assert going.stack.isHidden()
    # The next engine is asked again, before it sends.
    going.link.last(OutboxCancel).refuse(Offline("The mail engine stopped."))
    assert going.stack.isHidden()
    assert len(going.link.of(OutboxCancel)) == 1
    going.link.restored.emit()
    going.link.restored.emit()
    assert len(going.link.of(OutboxCancel)) == 2
    going.link.last(OutboxCancel).refuse(Refused("It is on its way already."))
    assert going.said == "It is on its way already."
    assert going.text(1) == "goes out in 6 s"


def test_what_no_engine_has_heard_is_asked_first_at_the_next_start(make: Make) -> None:
    going = make(entry(1, 8.0), entry(2, 8.0))
    going.link.gone = True
    going.stack.cards[OutboxId(1)].undo.click()
    insist(going.link, going.settings, CallBack("ticket", "k" * 24))
    again = make(entry(1, 8.0), entry(2, 8.0))
    assert [one.request for one in again.link.asked[:2]] == [
        OutboxCancel(OutboxId(1)),
        CallBack("ticket", "k" * 24),
    ]
    assert sorted(again.stack.cards) == [2]
    again.link.last(CallBack).answer(DraftId(3))
    assert again.said == "The letter that was not to be sent lies in Drafts."
    again.link.last(OutboxCancel).refuse(Refused("It is on its way already."))
    assert again.said == "It is on its way already."
    assert not make(entry(2, 8.0)).link.asked


def test_damaged_notes_of_what_was_unheard_ask_nothing(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.json")
    for text in ("{", "[1]", '[{"type": "Send"}]', '[{"type": "OutboxCancel"}]'):
        settings.put(**{"outbox.unheard": text})
        assert unheard(settings) == []


def test_of_many_letters_the_newest_are_in_sight_and_the_others_one_press_away(
    make: Make, qtbot: QtBot
) -> None:
    going = make(*(entry(n, 20.0 + n) for n in range(1, 7)))
    assert sorted(going.stack.cards) == [4, 5, 6]
    with qtbot.waitSignal(going.stack.outbox_wanted):
        going.stack._more.click()
    assert going.windows.close_all()  # the outbox, which shows the others
    going.becomes(entry(6, 26.0))
    assert sorted(going.stack.cards) == [6]
    going.becomes()
    assert going.stack.isHidden()


@given(st.floats(0.001, 60.0), st.floats(0.0, 70.0))
def test_whoever_shows_the_seconds_shows_the_same(left: float, passed: float) -> None:
    now = 1000.0 + passed
    letter = entry(1, left)
    if countdown.counts(letter, now):
        number = countdown.seconds(letter, now)
        assert outbox_words.state(letter, now) == f"Goes out in {number} s."
        turn = countdown.next_turn_ms([letter], now)
        assert turn is not None
        assert countdown.seconds(letter, now + turn / 1000) == number - 1 or number == 0
    else:
        assert countdown.next_turn_ms([letter], now) is None


def test_a_letter_taken_back_is_open_as_it_was(make: Make) -> None:
    going = make(entry(1, 8.0))
    text = "Dear Anna,\n\nhere they are.\n"
    draft = Draft(DraftId(7), AccountId(1), (Address("", "anna@example.org"),), text=text)
    going.windows.write(None, draft)
    (window,) = _letters(going)
    cursor = window.editor.textCursor()
    cursor.setPosition(5)
    cursor.setPosition(9, cursor.MoveMode.KeepAnchor)
    window.editor.setTextCursor(cursor)
    window.sent.emit(1)
    window.finish()
    going.back.take_back()
    going.store.kept[DraftId(9)] = replace(draft, id=DraftId(9))
    going.store.entries = []
    going.link.last(OutboxCancel).answer(DraftId(9))
    again = next(w for w in _letters(going) if w.keeper.draft_id == 9)
    assert again.editor.textCursor().selectedText() == "Anna"
    assert again.editor.toPlainText() == window.editor.toPlainText()
    assert not going.back.offered
    again.finish()


def _letters(going: Going) -> list[ComposeWindow]:
    return [w for w in going.windows._open if isinstance(w, ComposeWindow)]


def test_what_cannot_be_taken_back_any_more_is_said(make: Make) -> None:
    going = make(entry(1, 8.0))
    going.back.take_back()
    going.becomes(replace(entry(1, 0.0), state=OutboxState.SENDING))
    going.link.last(OutboxCancel).refuse(Refused("This message is on its way already."))
    assert going.said == "This message is on its way already."


def test_mail_sent_on_is_taken_out_and_nothing_is_opened(make: Make) -> None:
    going = make(replace(entry(1, 8.0), resent=True))
    going.back.take_back()
    going.becomes()
    going.link.last(OutboxCancel).answer(DraftId(0))
    assert going.said == "It is not sent on."


def test_a_letter_for_later_is_offered_for_a_moment_and_says_when(make: Make) -> None:
    later = replace(entry(1, 7200.0), send_at=8200.0)
    going = make(later)
    assert not going.back.offered
    going.windows.letter_sent.emit(1)
    assert going.text(1).startswith("goes out ")
    assert " at " in going.text(1)
    going.now += 11.0
    going.back.look()
    assert not going.back.offered
    assert going.said == ""


def test_a_letter_whose_time_is_over_is_told_of_at_the_start(make: Make) -> None:
    going = make(replace(entry(1, -500.0, "Report"), send_at=500.0))
    assert going.said.startswith("“Report” was to go out today at ")
    assert going.said.endswith("; it goes out now.")
    assert not going.back.offered


@pytest.mark.parametrize("reached", [True, False])
def test_when_its_seconds_are_over_it_is_told_how_it_went(make: Make, reached: bool) -> None:
    waiting = entry(1, 1.0)
    going = make(waiting)
    going.windows.letter_sent.emit(1)
    going.now = 1001.0
    going.back.look()
    assert not going.back.offered
    assert going.said == "Sending…"
    if reached:
        going.becomes(replace(waiting, state=OutboxState.SENDING, attempts=1))
        going.becomes()
        assert going.said == "Sent"
    else:
        why = "smtp.example.org refused the connection."
        going.becomes(replace(waiting, attempts=1, problem=why, not_before=1006.0))
        assert going.said == f"{why} Next try in 5 s."


def test_it_counts_by_itself(qtbot: QtBot, tmp_path: Path) -> None:
    going = Going(qtbot, tmp_path, entry(1, 0.02))
    going.now = 1000.03
    qtbot.waitUntil(lambda: not going.back.offered)
