"""How a letter's window goes, and what it says when its draft was changed by another program."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from martlet.link.messages import CallBack, CloseDraft, DiscardDraft, SaveDraft, Send, SettleDraft
from martlet.mail.account import AccountId
from martlet.mail.changes import DraftsChanged
from martlet.mail.errors import Refused, StoreError
from martlet.mail.message import Address, MessageId
from martlet.mail.outgoing import Draft, DraftId
from martlet.store.drafts import Held, Standing
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.keeping.restoring import restore
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

NEW = Draft(DraftId(0), AccountId(1))
LETTER = replace(
    NEW, to=(Address("Anna", "anna@example.org"),), subject="Figures", text="Dear Anna,"
)


class Desk:
    """A link, a store and the letters opened over them."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.link = FakeLink()
        self.store = FakeReader([account(1, "home", "tom@example.org")])

    def open(self, draft: Draft) -> ComposeWindow:
        window = ComposeWindow(self.link, self.store.reader, draft)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.qtbot.addWidget(window, before_close_func=lambda w: w.finish())
        with self.qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_an_untouched_letter_closes_at_once(desk: Desk) -> None:
    window = desk.open(replace(LETTER, id=DraftId(4)))
    window.close()
    assert not window.isVisible()
    assert [type(one.request) for one in desk.link.asked] == [CloseDraft]


def test_a_new_letter_without_a_word_leaves_nothing(desk: Desk) -> None:
    window = desk.open(NEW)
    window.close()
    assert not window.isVisible()
    assert not desk.link.asked


@pytest.mark.parametrize(
    "keys",
    [
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier),
    ],
    ids=["escape", "control-w"],
)
def test_closing_keeps_the_letter(
    desk: Desk, qtbot: QtBot, keys: tuple[Qt.Key, Qt.KeyboardModifier]
) -> None:
    window = desk.open(LETTER)
    QTest.keyClicks(window.editor, "x")
    QTest.keyClick(window.editor, *keys)
    assert window.isVisible()  # until it is known to be safe
    saved = desk.link.last(SaveDraft)
    assert isinstance(saved.request, SaveDraft)
    assert saved.request.closed
    assert not saved.request.place
    with qtbot.waitSignal(window.closing.kept) as kept:
        saved.answer(DraftId(5))
    assert kept.args[0].id == 5
    assert not window.isVisible()


def test_what_is_typed_while_it_closes_is_kept_too(desk: Desk) -> None:
    window = desk.open(LETTER)
    QTest.keyClicks(window.editor, "x")
    window.close()
    QTest.keyClicks(window.editor, "y")
    desk.link.last(SaveDraft).answer(DraftId(5))
    assert window.isVisible()
    assert "xy" in desk.link.of(SaveDraft)[-1].draft.text
    desk.link.last(SaveDraft).answer(DraftId(5))
    assert not window.isVisible()


def test_a_letter_that_comes_back_says_where_it_stood(desk: Desk) -> None:
    window = desk.open(LETTER)
    QTest.keyClicks(window.editor, "xyz")
    window.closing.comes_back = True
    window.close()
    request = desk.link.of(SaveDraft)[-1]
    assert request.closed
    again = desk.open(request.draft)
    restore(again, request.place)
    assert again.editor.textCursor().position() == window.editor.textCursor().position()
    restore(again, "[1, 2")  # nonsense is let be
    desk.link.last(SaveDraft).answer(DraftId(5))
    assert not window.isVisible()


def test_closing_stays_open_when_it_cannot_save(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(LETTER)
    QTest.keyClicks(window.editor, "x")
    window.close()
    desk.link.last(SaveDraft).refuse(StoreError("The disk is full."))
    assert window.isVisible()
    assert window.notice.text == "The disk is full."
    window.keeper.save()
    desk.link.last(SaveDraft).answer(DraftId(5))
    assert window.notice.text == ""
    assert window.isVisible()


@pytest.mark.parametrize("under_way", [True, False])
def test_discarding_takes_the_draft_away(desk: Desk, qtbot: QtBot, under_way: bool) -> None:
    window = desk.open(LETTER)
    QTest.keyClicks(window.editor, "x")
    window.keeper.save()
    if not under_way:
        desk.link.last(SaveDraft).answer(DraftId(5))
    with qtbot.waitSignal(window.closing.discarded) as given_up:
        window.commands["discard"].trigger()
        if under_way:
            assert not desk.link.of(DiscardDraft)
            desk.link.last(SaveDraft).answer(DraftId(5))
    assert [request.draft_id for request in desk.link.of(DiscardDraft)] == [5]
    assert given_up.args[0].text == window.draft().text
    assert not window.isVisible()


def test_a_letter_emptied_again_leaves_nothing(desk: Desk) -> None:
    window = desk.open(NEW)
    QTest.keyClicks(window.editor, "x")
    window.keeper.save()
    desk.link.last(SaveDraft).answer(DraftId(5))
    QTest.keyClick(window.editor, Qt.Key.Key_Backspace)
    window.close()
    assert [request.draft_id for request in desk.link.of(DiscardDraft)] == [5]
    assert not window.isVisible()


def test_a_draft_changed_elsewhere_is_said_over_the_letter(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(replace(LETTER, id=DraftId(4)))
    assert window.elsewhere.words == ""
    desk.store.standings[DraftId(4)] = standing(MessageId(77))
    desk.link.changed.emit(DraftsChanged())
    assert "changed elsewhere" in window.elsewhere.words
    with qtbot.waitSignal(window.elsewhere.other_wanted) as wanted:
        QTest.mouseClick(window.elsewhere.action, Qt.MouseButton.LeftButton)
    assert wanted.args == [77]
    assert [request.draft_id for request in desk.link.of(SettleDraft)] == [4]


def test_a_draft_deleted_elsewhere_is_kept_or_discarded(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(replace(LETTER, id=DraftId(4)))
    desk.store.standings[DraftId(4)] = standing(MessageId(-1))
    desk.link.changed.emit(DraftsChanged())
    assert "deleted elsewhere" in window.elsewhere.words
    QTest.mouseClick(window.elsewhere.close_button, Qt.MouseButton.LeftButton)
    assert window.isVisible()
    desk.store.standings[DraftId(4)] = standing(MessageId(0))
    desk.link.changed.emit(DraftsChanged())
    assert window.elsewhere.words == ""


def test_a_letter_sent_from_another_window_goes_on_as_another(desk: Desk) -> None:
    window = desk.open(replace(LETTER, id=DraftId(4), key="k" * 24))
    QTest.keyClicks(window.editor, "x")
    window.keeper.save()
    desk.store.standings[DraftId(5)] = standing(MessageId(0))
    window.sending.start()  # waits for the save
    desk.link.last(SaveDraft).answer(DraftId(5))
    assert "sent as it stood before" in window.elsewhere.words
    # Not refused as the one that is in the outbox already
    (sent,) = desk.link.of(Send)
    assert (sent.draft.id, sent.draft.key) == (5, "key")
    desk.link.last(Send).refuse(Refused("The letter is too large."))
    QTest.mouseClick(window.elsewhere.action, Qt.MouseButton.LeftButton)
    assert desk.link.of(CallBack) == [CallBack("", "k" * 24)]
    desk.link.last(CallBack).answer(DraftId(6))
    assert "beside this one" in window.notice.text
    assert window.elsewhere.words == ""
    QTest.keyClicks(window.editor, "y")
    window.keeper.save()
    saved = desk.link.of(SaveDraft)[-1].draft
    assert (saved.id, saved.key) == (5, "key")


def standing(elsewhere: MessageId) -> Standing:
    return Standing(
        DraftId(4), AccountId(1), "key", 1.0, Held.OPEN, True, MessageId(0), "", "", "", False,
        elsewhere, "", True, False, (), 0,
    )  # fmt: skip


def test_a_letter_closed_during_a_save_is_saved_once_more_and_goes(desk: Desk) -> None:
    window = desk.open(LETTER)
    QTest.keyClicks(window.editor, "x")
    window.keeper.save()
    QTest.keyClicks(window.editor, "y")
    window.close()
    desk.link.last(SaveDraft).answer(DraftId(5))
    assert [request.closed for request in desk.link.of(SaveDraft)] == [False, True]
    desk.link.last(SaveDraft).answer(DraftId(5))
    assert len(desk.link.of(SaveDraft)) == 2
    assert not window.isVisible()


def test_a_failed_save_does_not_close_later(desk: Desk) -> None:
    window = desk.open(LETTER)
    QTest.keyClicks(window.editor, "x")
    window.close()
    desk.link.last(SaveDraft).refuse(StoreError("The disk is full."))
    window.keeper.save()
    desk.link.last(SaveDraft).answer(DraftId(5))
    assert window.isVisible()


def test_escape_puts_away_what_is_open_and_then_leaves_the_letter(desk: Desk) -> None:
    window = desk.open(LETTER)
    QTest.keyClicks(window.editor, "x")
    window.notice.say("Something is wrong.")
    QTest.keyClick(window.editor, Qt.Key.Key_Escape)
    assert window.notice.isHidden()
    QTest.keyClick(window.editor, Qt.Key.Key_Escape)  # pressed once too often
    assert window.isVisible()
    assert not window.closing.wanted


def test_escape_of_a_menu_pressed_twice_does_not_close(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(LETTER)
    window.editor.setFocus()
    QTest.keyClicks(window.editor, "x")
    menu = QMenu(window)
    menu.addAction("One")
    menu.popup(window.mapToGlobal(QPoint(40, 40)))
    qtbot.waitUntil(menu.isVisible)
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert not menu.isVisible()
    QTest.keyClick(window.editor, Qt.Key.Key_Escape)
    assert not window.closing.wanted
