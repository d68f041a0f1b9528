"""The outbox while things happen: uploads, changes of state, letters deleted or kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from martlet.link.messages import DiscardDraft, OutboxCancel, OutboxDiscardAll
from martlet.mail.account import AccountId, AccountState, Protocol, WorkerState
from martlet.mail.changes import OutboxChanged, Progress, Unit
from martlet.mail.outgoing import (
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
from martlet.ui.status_line import StatusLine
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

WAITING = OutboxEntry(
    OutboxId(1), AccountId(1), "<1@x>", "年度报告", "tom@example.org",
    ("anna@example.org", "bob@example.org"), OutboxState.QUEUED, 12_000_000, 990.0,
)  # fmt: skip
FAILED = replace(
    WAITING,
    state=OutboxState.FAILED,
    problem="bob@example.org was refused.",
    recipients=("bob@example.org",),
    results=(
        RecipientResult("anna@example.org", 250, "2.1.5 Ok"),
        RecipientResult("bob@example.org", 550, "5.1.1 Unknown"),
    ),
)


class Box:
    def __init__(self, qtbot: QtBot, *entries: OutboxEntry) -> None:
        self.link = FakeLink()
        self.store = FakeReader([account(1, "home", "tom@example.org")], entries=list(entries))
        self.window = OutboxWindow(self.link, self.store.reader, clock=lambda: 1000.0)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    @property
    def row(self) -> OutboxLetter:
        assert self.window.letter is not None
        return self.window.letter

    def becomes(self, *entries: OutboxEntry) -> None:
        self.store.entries = list(entries)
        self.link.changed.emit(OutboxChanged())

    def progress(self, done: int) -> None:
        went = Progress(
            AccountId(1), "年度报告", done, 12_000_000, Unit.BYTES, 20.0, outbox_id=OutboxId(1)
        )
        self.link.changed.emit(went)

    def press(self, label: str) -> None:
        box = self.window.hands.question
        assert isinstance(box, QMessageBox)
        button = next(b for b in box.buttons() if b.text().replace("&", "") == label)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_an_upload_is_followed_in_the_same_row(qtbot: QtBot) -> None:
    box = Box(qtbot, WAITING)
    row = box.row
    assert row.by.text() == ""
    box.becomes(replace(WAITING, state=OutboxState.SENDING))
    assert box.row is row
    assert row.state.text() == "Is being sent…"
    box.progress(3_000_000)
    assert row.bar.isVisible()
    assert row.bar.value() == 250
    assert "about 20 seconds left" in row.state.text()
    assert row.accessibleDescription() == row.state.text()
    box.window.tick()
    assert "about 20 seconds left" in row.state.text()
    box.progress(12_000_000)
    assert row.state.text() == "Waits for the server to confirm…"
    box.becomes(FAILED)
    assert box.row is row
    assert not row.bar.isVisible()
    assert row.state.text() == "bob@example.org was refused."
    box.progress(3_000_000)  # told late
    assert not row.bar.isVisible()


def test_the_focus_stays_when_a_letter_changes(qtbot: QtBot) -> None:
    box = Box(qtbot, WAITING, replace(WAITING, id=OutboxId(2)))
    box.window.list.choose(1)
    button = box.row.edit
    button.setFocus()
    box.becomes(replace(WAITING, id=OutboxId(2), attempts=1, problem="Offline."))
    assert box.row.edit is button
    assert button.hasFocus()
    assert "Tried once" in box.row.advice.text()


def test_the_place_of_a_letter_that_has_gone_is_not_taken_by_another(qtbot: QtBot) -> None:
    other = replace(WAITING, id=OutboxId(2))
    box = Box(qtbot, WAITING, other)
    row = box.row
    row.send.setFocus()
    box.becomes(replace(WAITING, state=OutboxState.SENDING), other)
    assert row.hasFocus()
    box.becomes(other)
    assert box.window.letter is None
    assert box.window.list.hasFocus()
    assert box.window.panes.several.heading.text() == "1 letter"
    QTest.keyClick(box.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not box.link.asked


def test_a_letter_that_partly_arrived_says_whom_it_reached(qtbot: QtBot) -> None:
    box = Box(qtbot, FAILED)
    assert box.row.send.text() == "Send again"
    assert box.row.send.accessibleName() == "Send again: 年度报告"
    assert "refused: there is no such address “550 5.1.1 Unknown”" in box.row.answers.text
    box.row.edit.click()
    box.store.kept[DraftId(3)] = Draft(DraftId(3), AccountId(1), subject="年度报告")
    with qtbot.waitSignal(box.window.composing) as told:
        box.link.last(OutboxCancel).answer(DraftId(3))
    assert told.args is not None
    composer = told.args[0]
    assert isinstance(composer, ComposeWindow)
    assert "anna@example.org got this letter already; it goes to the others" in composer.notice.text
    composer.finish()
    qtbot.waitUntil(lambda: not isValid(composer))


def test_deleting_asks_and_throws_the_letter_away(qtbot: QtBot) -> None:
    box = Box(qtbot, WAITING)
    box.row.delete.click()
    assert not box.link.asked
    box.press("Delete")
    # In one request: nothing of it is left when the engine ends in between.
    assert [one.request for one in box.link.asked] == [OutboxDiscardAll([WAITING.id])]
    box.link.last(OutboxDiscardAll).answer(1)
    assert box.window.notice.text.startswith("1 letter was on its way or tried already")


def test_a_letter_can_be_kept_in_drafts_instead_or_stay(qtbot: QtBot) -> None:
    box = Box(qtbot, WAITING)
    box.row.delete.click()
    box.press("Cancel")
    assert not box.link.asked
    box.row.delete.click()
    box.press("Put into Drafts")
    box.store.entries = []
    box.link.last(OutboxCancel).answer(DraftId(8))
    assert not box.link.of(DiscardDraft)
    assert box.window.empty.isVisible()


def test_of_many_recipients_not_all_are_listed(qtbot: QtBot) -> None:
    taken = [RecipientResult(f"p{n}@example.org", 250, "Ok") for n in range(300)]
    box = Box(qtbot, replace(FAILED, results=(*taken, FAILED.results[1])))
    said = [label.text() for label in box.row.answers.findChildren(QLabel) if label.text()]
    assert said[0].startswith("bob@example.org: refused")
    assert said[-1] == "… and 261 more"


def test_the_status_line_tells_of_an_upload(qtbot: QtBot) -> None:
    store = FakeReader([account(1, "home", "tom@example.org")])
    line = StatusLine(store.reader)
    qtbot.addWidget(line)
    line.show()
    ahead = Progress(AccountId(1), "INBOX", 1, 9)
    going = Progress(
        AccountId(1), "年度报告", 3_000_000, 12_000_000, Unit.BYTES, 20.0, outbox_id=OutboxId(1)
    )
    line.set_progress(ahead)
    assert line.stop.isVisible()
    line.set_progress(going)
    words = [label.text() for label in line.findChildren(QLabel)]
    assert any(w.startswith("Sending “年度报告”: 3") and "seconds left" in w for w in words)
    assert not line.stop.isVisible()  # it stops downloads
    # Receiving has ended; the letter is still on its way.
    line.set_state(AccountState(AccountId(1), WorkerState.IDLE, protocol=Protocol.IMAP))
    assert any("Sending" in label.text() for label in line.findChildren(QLabel))
    line.set_progress(replace(going, done=12_000_000))
    assert not any("Sending" in label.text() for label in line.findChildren(QLabel))
