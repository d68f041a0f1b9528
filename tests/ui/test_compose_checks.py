"""What is asked before a letter goes, and what each remedy does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from martlet.link.messages import Send
from martlet.mail.account import AccountId
from martlet.mail.message import Address, Envelope, MessageId
from martlet.mail.outgoing import Draft, DraftId, DraftKind, OutgoingPart
from martlet.ui import habits
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.going.before_sending import BeforeSending
from martlet.ui.settings import Settings
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ANNA = Address("Anna Berg", "anna@example.org")
ME = Address("Tom", "tom@example.org")
BOSS = Address("The Boss", "boss@example.org")
EVIL = Address("The Boss", "boss@evil.example")
LETTER = Draft(DraftId(0), AccountId(1), to=(ANNA,), subject="Figures", text="Dear Anna,")
ANSWER = replace(LETTER, to=(EVIL,), kind=DraftKind.REPLY, source=MessageId(5))
PART = OutgoingPart("a.txt", "text/plain", 5, "0" * 64)


class Desk:
    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.link = FakeLink()
        self.store = FakeReader([account(1, "home", "tom@example.org")], [ANNA])
        self.settings = Settings()

    def open(self, draft: Draft, *, fresh: bool = False) -> ComposeWindow:
        window = ComposeWindow(
            self.link, self.store.reader, draft, settings=self.settings, fresh=fresh
        )
        window.setLocale(QLocale("en_US"))
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.qtbot.addWidget(window, before_close_func=lambda w: w.finish())
        with self.qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    def asks(self, window: ComposeWindow) -> list[str]:
        """Presses Send; what is asked then."""
        window.top.send.click()
        box = window.question
        if box is None or not box.isVisible():
            return []
        assert isinstance(box, BeforeSending)
        return box.accessibleDescription().split("\n")

    def press(self, window: ComposeWindow, label: str) -> None:
        assert window.question is not None
        buttons = window.question.findChildren(QPushButton)
        QTest.mouseClick(next(b for b in buttons if b.text() == label), Qt.MouseButton.LeftButton)

    @property
    def sent(self) -> list[Draft]:
        return [each.draft for each in self.link.of(Send)]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_a_letter_with_nothing_wrong_goes(desk: Desk) -> None:
    assert desk.asks(desk.open(LETTER)) == []
    assert len(desk.sent) == 1


def test_hidden_recipients_alone_are_enough(desk: Desk) -> None:
    assert desk.asks(desk.open(replace(LETTER, to=(), bcc=(ANNA,)))) == []
    assert len(desk.sent) == 1


def test_all_is_asked_in_one_dialog(desk: Desk) -> None:
    slip = Address("Bo", "bo@gmial.com")
    window = desk.open(replace(LETTER, to=(slip,), subject="", text="See attached."))
    assert desk.asks(window) == [
        "Is “gmial.com” right?",
        "Send without a subject?",
        "Did you forget the attachment?",
    ]
    assert not desk.sent
    desk.press(window, "Correct it")
    assert window.header.to.addresses() == (Address("Bo", "bo@gmail.com"),)
    assert desk.asks(window)[0] == "Send without a subject?"
    desk.press(window, "Add a subject")
    assert window.header.subject.hasFocus()
    QTest.keyClicks(window.header.subject, "Figures")
    assert desk.asks(window) == ["Did you forget the attachment?"]
    desk.press(window, "Send anyway")
    assert len(desk.sent) == 1


def test_enter_mends_and_escape_goes_on_writing(desk: Desk) -> None:
    window = desk.open(replace(LETTER, subject=""))
    desk.asks(window)
    assert window.question is not None
    QTest.keyClick(window.question, Qt.Key.Key_Escape)
    desk.asks(window)
    QTest.keyClick(window.question, Qt.Key.Key_Return)
    assert window.header.subject.hasFocus()
    assert not desk.sent


def test_an_empty_letter(desk: Desk) -> None:
    window = desk.open(replace(LETTER, text=" \n"))
    assert desk.asks(window) == ["Send an empty letter?"]
    desk.press(window, "Write something")
    assert window.editor.hasFocus()
    assert desk.asks(desk.open(replace(LETTER, text="", parts=(PART,)))) == []


def test_many_who_see_each_other(desk: Desk) -> None:
    habits.write(desk.settings, habits.Habits(many=3))
    four = tuple(Address("", f"p{n}@x.org") for n in range(4))
    assert desk.asks(desk.open(replace(LETTER, to=four[:3]))) == []
    window = desk.open(replace(LETTER, to=four[:2], cc=four[2:]))
    assert desk.asks(window) == ["Should all 4 people see each other’s addresses?"]
    desk.press(window, "Move to Bcc")
    draft = window.draft()
    assert (draft.to, draft.cc, draft.bcc) == ((), (), four)
    window = desk.open(replace(ANSWER, to=four[:2], cc=four[2:]))
    assert desk.asks(window) == ["Does your answer concern all 4 people?"]
    desk.press(window, "Answer the sender only")
    assert (window.draft().to, window.draft().cc) == (four[:1], ())


@pytest.mark.parametrize(
    "head",
    [
        Envelope(sender=BOSS, to=(ANNA,), reply_to=(EVIL,)),
        Envelope(sender=BOSS, to=(EVIL,), reply_to=(EVIL,)),
        Envelope(sender=BOSS, cc=(EVIL,)),  # by Mail-Followup-To
        Envelope(sender=BOSS),
    ],
)
def test_an_answer_that_goes_elsewhere_is_said_at_once(desk: Desk, head: Envelope) -> None:
    desk.store.heads[MessageId(5)] = head
    window = desk.open(ANSWER)
    words = "Your answer goes to boss@evil.example, not to boss@example.org who wrote."
    assert window.header.remark.words == words
    assert desk.asks(window) == [words]
    desk.press(window, "Answer the writer")
    assert window.header.to.addresses() == (BOSS,)
    assert window.header.remark.words == ""
    assert desk.asks(window) == []


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        (Envelope(sender=BOSS, reply_to=(BOSS, EVIL)), replace(ANSWER, to=(BOSS, EVIL))),
        (Envelope(sender=BOSS, reply_to=(EVIL,)), replace(ANSWER, lists=(EVIL.address,))),
        (Envelope(sender=BOSS, reply_to=(EVIL,)), replace(ANSWER, cc=(BOSS,))),
        (Envelope(sender=ME, to=(EVIL,)), replace(ANSWER, sender=ME)),
        (Envelope(sender=Address("", ""), reply_to=(EVIL,)), ANSWER),
    ],
)
def test_answers_that_go_where_they_should(desk: Desk, head: Envelope, answer: Draft) -> None:
    desk.store.heads[MessageId(5)] = head
    window = desk.open(answer)
    assert window.header.remark.words == ""
    assert desk.asks(window) == []


def test_ones_own_reply_to_elsewhere(desk: Desk) -> None:
    assert desk.asks(desk.open(replace(LETTER, reply_to=(BOSS,)))) == []
    window = desk.open(replace(LETTER, reply_to=(EVIL,)))
    assert window.header.reply_to.isVisible()
    assert desk.asks(window) == ["Answers will go to boss@evil.example, not to you."]
    desk.press(window, "Change Reply-To")
    assert window.header.reply_to.edit.hasFocus()


def test_somebody_outside_beside_those_inside(desk: Desk) -> None:
    habits.write(desk.settings, habits.Habits(own_domains="example.org @b.example"))
    inside = Address("", "x@mail.b.example")
    assert desk.asks(desk.open(replace(LETTER, cc=(inside,)))) == []
    assert desk.asks(desk.open(replace(LETTER, to=(EVIL,)))) == []
    window = desk.open(replace(LETTER, cc=(inside, EVIL)))
    assert desk.asks(window) == ["This goes to people outside, too: boss@evil.example"]
    desk.press(window, "Take them out")
    assert window.draft().cc == (inside,)


def test_the_keys_are_confirmed_once(desk: Desk) -> None:
    window = desk.open(LETTER)
    window.commands["send"].trigger()
    assert isinstance(window.question, BeforeSending)
    assert window.question.heading.text() == "Send now?"
    desk.press(window, "Keep writing")
    assert not desk.sent
    window.commands["send"].trigger()
    desk.press(window, "Send")
    assert len(desk.sent) == 1
    again = desk.open(LETTER)
    again.commands["send"].trigger()
    assert len(desk.sent) == 2


def test_too_many_are_refused_in_one_sentence(desk: Desk) -> None:
    crowd = tuple(Address("", f"p{n}@x.org") for n in range(5001))
    window = desk.open(replace(LETTER, to=(), bcc=crowd))
    assert desk.asks(window) == []
    assert window.notice.text.startswith(
        "A letter can go to at most 5,000 people at once, and this one"
    )
    window = desk.open(replace(LETTER, to=crowd[:1001]))
    assert desk.asks(window) == []
    assert "Move them to Bcc" in window.notice.text
    assert not desk.sent


def test_a_promise_is_said_while_writing(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(replace(LETTER, text=""))
    window.editor.setFocus()
    QTest.keyClicks(window.editor, "See the attached file")
    assert not window.reminder.isVisible()
    window.reminder.look()
    assert window.reminder.isVisible()
    assert window.reminder.words == "Your letter speaks of an attachment: “attached”."
    window.reminder.never.click()
    assert not window.reminder.isVisible()
    QTest.keyClicks(window.editor, ".")
    window.reminder.look()
    assert not window.reminder.isVisible()
    assert desk.asks(window) == []
    assert len(desk.sent) == 1


def test_what_is_quoted_is_no_promise(desk: Desk) -> None:
    quoted = "<p>Yes.</p><blockquote type='cite'><p>see attached</p></blockquote>"
    window = desk.open(replace(LETTER, text="", html=quoted))
    window.reminder.written("Figures", wanted=True)
    window.reminder.look()
    assert not window.reminder.isVisible()


def test_a_copy_to_oneself_by_habit(desk: Desk) -> None:
    habits.write(desk.settings, habits.Habits(bcc_self=True))
    window = desk.open(LETTER, fresh=True)
    assert [each.address for each in window.draft().bcc] == ["tom@example.org"]
    assert desk.open(LETTER).draft().bcc == ()
