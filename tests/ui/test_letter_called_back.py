"""A letter called back before the engine has answered: never lost, never sent as well."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.link.messages import (
    CallBack,
    SaveDraft,
    Send,
)
from martlet.mail.errors import Offline, Refused
from martlet.mail.outgoing import DraftId, OutboxId
from ui.busy_desk import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_a_letter_that_no_engine_has_is_taken_out_of_the_queue(desk: Desk, qtbot: QtBot) -> None:
    window = desk.window
    desk.link.gone = True
    window.sending.start()
    sent = desk.link.of(Send)[0]
    window.waiting.soon.timeout.emit()
    assert "does not answer" in window.waiting.words
    QTest.mouseClick(window.waiting.action, Qt.MouseButton.LeftButton)
    assert sent not in desk.link.unheard
    assert not desk.link.of(CallBack)
    assert window.waiting.words == ""
    assert "not sent" in window.notice.text
    desk.type(" more")
    assert "more" in window.editor.text()
    window.keeper.save()
    assert "more" in desk.link.of(SaveDraft)[-1].draft.text
    desk.saved()
    window.sending.start()
    again = desk.link.of(Send)[-1]
    assert again.ticket != sent.ticket
    assert again.draft.key == sent.draft.key


def test_a_send_behind_a_save_is_called_back_before_it_is_asked(desk: Desk) -> None:
    desk.type("x")
    desk.window.keeper.save()
    desk.window.sending.start()
    desk.window.sending.call_back()
    desk.saved()
    assert not desk.link.of(Send)
    assert desk.window.editor.isEnabled()


def test_what_an_engine_has_it_gives_back(desk: Desk) -> None:
    window = desk.window
    window.sending.start()
    sent = desk.link.last(Send)
    (ticket,) = [send.ticket for send in desk.link.of(Send)]
    window.waiting.long.timeout.emit()
    QTest.mouseClick(window.waiting.action, Qt.MouseButton.LeftButton)
    assert desk.link.of(CallBack) == [CallBack(ticket, window.keeper.key)]
    assert window.waiting.action.text() == "Do not wait…"
    sent.answer(OutboxId(3))  # it was quicker, and is taken back all the same
    assert window.isVisible()
    desk.link.last(CallBack).answer(DraftId(9))
    assert window.keeper.draft_id == DraftId(9)
    desk.type("more")
    assert "more" in window.editor.text()


def test_one_that_is_refused_for_being_called_back_is_said_nothing_of(desk: Desk) -> None:
    window = desk.window
    window.sending.start()
    sent = desk.link.last(Send)
    window.sending.call_back()
    desk.link.last(CallBack).answer(DraftId(0))
    sent.refuse(Refused("This letter was taken back before it was sent."))
    assert window.notice.text == "The letter was taken back; it is not sent."
    assert not window.sending.under_way


def test_one_on_its_way_is_sent_after_all(desk: Desk, qtbot: QtBot) -> None:
    window = desk.window
    window.sending.start()
    window.sending.call_back()
    desk.link.last(Send).answer(OutboxId(3))
    with qtbot.waitSignal(window.sent) as told:
        desk.link.last(CallBack).refuse(Refused("This message is on its way already."))
    assert told.args == [3]
    assert not window.isVisible()


def engine_ends(desk: Desk) -> None:
    for asked in (Send, CallBack):
        desk.link.last(asked).refuse(Offline("The mail engine stopped."))


def test_an_engine_that_ends_meanwhile_leaves_it_to_the_next(desk: Desk) -> None:
    window = desk.window
    window.sending.start()
    window.sending.call_back()
    engine_ends(desk)
    # Sent as well, what is written on would reach them twice.
    assert desk.under_way()
    assert len(desk.link.of(CallBack)) == 1
    desk.link.restored.emit()
    desk.link.restored.emit()
    first, second = desk.link.of(CallBack)
    assert first == second
    desk.link.last(CallBack).answer(DraftId(9))
    assert not desk.under_way()
    assert window.keeper.draft_id == DraftId(9)
    assert "not sent" in window.notice.text
    desk.link.restored.emit()
    assert len(desk.link.of(CallBack)) == 2


def test_one_that_the_next_engine_has_sent_is_said_to_be_on_its_way(desk: Desk) -> None:
    window = desk.window
    window.sending.start()
    window.sending.call_back()
    engine_ends(desk)
    desk.link.restored.emit()
    desk.link.last(CallBack).refuse(Refused("This message is on its way already."))
    assert not desk.under_way()
    assert window.notice.text == "This message is on its way already."


@pytest.mark.parametrize("called_back", [False, True])
def test_closed_while_it_is_sent_it_is_taken_back_by_the_next_engine(
    desk: Desk, qtbot: QtBot, called_back: bool
) -> None:
    window = desk.window
    window.sending.start()
    if called_back:
        window.sending.call_back()
    window.closing.leave()
    engine_ends(desk)
    desk.link.restored.emit()
    assert len(desk.link.of(CallBack)) == 2
    with qtbot.waitSignal(desk.link.notice):
        desk.link.last(CallBack).refuse(Refused("This message is on its way already."))
    desk.link.restored.emit()
    assert len(desk.link.of(CallBack)) == 2
    assert not window.isVisible()


def test_one_sent_again_behind_the_same_save_goes_once(desk: Desk) -> None:
    desk.type("x")
    desk.window.keeper.save()
    desk.window.sending.start()
    desk.window.sending.call_back()
    desk.window.sending.start()
    desk.saved()
    assert len(desk.link.of(Send)) == 1
    desk.link.last(Send).answer(OutboxId(3))
    assert not desk.window.isVisible()


def test_a_refusal_that_is_quicker_than_the_answer_decides_nothing(
    desk: Desk, qtbot: QtBot
) -> None:
    window = desk.window
    window.sending.start()
    window.sending.call_back()
    desk.link.last(CallBack).refuse(Refused("This message is on its way already."))
    assert desk.under_way()
    assert window.notice.text == "This message is on its way already."
    with qtbot.waitSignal(window.sent) as told:
        desk.link.last(Send).answer(OutboxId(3))
    assert told.args == [3]
    assert not window.isVisible()
