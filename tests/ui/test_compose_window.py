"""The composer as a person uses it: keys, clicks, drops; against an engine the test answers for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMimeData,
    QPointF,
    Qt,
    QUrl,
)
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QImageWriter,
    QTextCursor,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from martlet.link.messages import (
    AskSizeLimit,
    AttachBytes,
    AttachFile,
    AttachFolder,
    SaveDraft,
    Send,
)
from martlet.mail.account import AccountId
from martlet.mail.errors import Offline, StoreError
from martlet.mail.letter_size import SizeLimit
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, DraftKind, OutgoingPart
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.going.checks import too_large
from ui.compose_fakes import FakeLink, FakeReader, account
from ui.support.journey import activate

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ANNA = Address("Anna Berg", "anna@example.org")
NEW = Draft(DraftId(0), AccountId(1))
LETTER = replace(NEW, to=(ANNA,), subject="Figures", text="Dear Anna,")
PART = OutgoingPart("a.txt", "text/plain", 5, "0" * 64)
ZIP = OutgoingPart("a.zip", "application/zip", 5, "1" * 64)
CTRL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """A link, a store and the composers opened over them."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.link = FakeLink()
        self.store = FakeReader(
            [account(1, "home", "tom@example.org"), account(2, "work", "tom@work.example")],
            [ANNA, Address("Annika", "annika@example.org")],
        )

    def open(self, draft: Draft, *, fresh: bool = False) -> ComposeWindow:
        window = ComposeWindow(self.link, self.store.reader, draft, fresh=fresh)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.qtbot.addWidget(window, before_close_func=lambda w: w.finish())
        with self.qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    def press(self, window: ComposeWindow, label: str) -> None:
        """Presses a button of the question that is open."""
        box = window.question
        assert box is not None
        buttons = box.findChildren(QPushButton)
        button = next(b for b in buttons if b.text().replace("&", "") == label)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_a_letter_is_typed_and_sent(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(NEW)
    QTest.keyClicks(window.header.to.edit, "ann")
    QTest.keyClick(window.header.to.edit, Qt.Key.Key_Return)
    QTest.keyClicks(window.header.to.edit, "bob@example.org,")
    QTest.keyClicks(window.header.subject, "Lunch")
    QTest.keyClicks(window.editor, "At noon?")
    assert window.windowTitle() == "Lunch"
    QTest.keyClick(window.editor, Qt.Key.Key_Return, CTRL)
    desk.press(window, "Send")
    sent = desk.link.of(Send)
    assert len(sent) == 1
    assert sent[0].delay_s == 10.0
    draft = sent[0].draft
    assert draft.to == (ANNA, Address("", "bob@example.org"))
    assert (draft.subject, draft.text, draft.html) == ("Lunch", "At noon?", None)
    with qtbot.waitSignal(window.sent) as told:
        desk.link.last(Send).answer(7)
    assert told.args == [7]
    assert not window.isVisible()


def test_sending_refused_keeps_the_letter(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(LETTER)
    window.top.send.click()
    assert not window.top.send.isEnabled()
    desk.link.last(Send).refuse(StoreError("The disk is full."))
    assert window.isVisible()
    assert window.notice.text == "The disk is full."
    assert window.top.send.isEnabled()


def test_a_wrong_address_is_marked_and_refused(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(LETTER)
    QTest.keyClicks(window.header.to.edit, "bob@@example")
    window.top.send.click()
    assert "“bob@@example” cannot be an address" in window.notice.text
    assert not desk.link.of(Send)
    QTest.keyClick(window.header.to.edit, Qt.Key.Key_Backspace)
    assert window.header.to.edit.text() == "bob@@example"


def test_no_recipient_is_refused(desk: Desk) -> None:
    window = desk.open(replace(LETTER, to=()))
    window.top.send.click()
    assert "at least one recipient" in window.notice.text
    assert not desk.link.of(Send)


def test_no_sending_account(desk: Desk) -> None:
    desk.store.stored = [replace(account(1, "in", "tom@example.org"), outgoing=None)]
    window = desk.open(LETTER)
    window.top.send.click()
    assert "No account can send" in window.notice.text


def test_an_empty_subject_is_asked_about(desk: Desk) -> None:
    window = desk.open(replace(LETTER, subject=""))
    window.top.send.click()
    assert not desk.link.of(Send)
    desk.press(window, "Send anyway")
    assert len(desk.link.of(Send)) == 1


def test_a_forgotten_attachment_is_asked_about(desk: Desk) -> None:
    window = desk.open(replace(LETTER, text="Im Anhang die Zahlen."))
    window.top.send.click()
    desk.press(window, "Keep writing")
    assert not desk.link.of(Send)
    window.top.send.click()
    desk.press(window, "Send anyway")
    assert len(desk.link.of(Send)) == 1


def test_a_pasted_list_becomes_recipients(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(NEW)
    QGuiApplication.clipboard().setText("Berg, Anna <anna@example.org>; b@x.org\nnonsense")
    QTest.keyClick(window.header.to.edit, Qt.Key.Key_V, CTRL)
    assert [a.address for a in window.header.to.addresses()] == [
        "anna@example.org", "b@x.org", "nonsense",
    ]  # fmt: skip
    assert window.header.to.wrong() == ["nonsense"]


def test_cc_and_bcc_come_on_demand(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(LETTER)
    assert not window.header.bcc.isVisible()
    QTest.mouseClick(window.header.show_bcc, Qt.MouseButton.LeftButton)
    assert window.header.bcc.isVisible()
    QTest.keyClicks(window.header.bcc.edit, "boss@example.org")
    assert window.draft().bcc == (Address("", "boss@example.org"),)


def test_the_draft_is_kept_under_one_id(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(NEW)
    QTest.keyClicks(window.editor, "a")
    qtbot.waitUntil(lambda: len(desk.link.of(SaveDraft)) == 1)
    QTest.keyClicks(window.editor, "b")
    window.keeper.save()
    assert len(desk.link.of(SaveDraft)) == 1  # not before the first has answered
    desk.link.last(SaveDraft).answer(DraftId(5))
    window.keeper.save()
    drafts = [request.draft for request in desk.link.of(SaveDraft)]
    assert [(d.id, d.text) for d in drafts] == [(0, "a"), (5, "ab")]
    assert drafts[0].key
    assert drafts[0].key == drafts[1].key


def test_sending_waits_for_the_save_under_way(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(LETTER)
    QTest.keyClicks(window.editor, "x")
    window.keeper.save()
    window.top.send.click()
    assert not desk.link.of(Send)
    desk.link.last(SaveDraft).answer(DraftId(9))
    assert desk.link.of(Send)[0].draft.id == 9


def test_files_are_taken_in_before_sending(desk: Desk, tmp_path: Path) -> None:
    window = desk.open(LETTER)
    (tmp_path / "a.txt").write_text("hello")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.txt")), QUrl.fromLocalFile(str(tmp_path))])
    window.editor.insertFromMimeData(data)
    assert [one.path for one in desk.link.of(AttachFolder)] == [str(tmp_path)]
    assert desk.link.of(AttachFile)[0].path == str(tmp_path / "a.txt")
    assert not window.top.send.isEnabled()
    desk.link.last(AttachFile).answer(PART)
    assert not window.top.send.isEnabled()
    desk.link.last(AttachFolder).answer(ZIP)
    assert window.top.send.isEnabled()
    assert window.draft().parts == (PART, ZIP)
    window.attachments.cards[1].removed.emit(window.attachments.cards[1])
    window.attachments.cards[0].removed.emit(window.attachments.cards[0])
    assert window.draft().parts == ()
    assert window.attachments.taken_out.offered
    window.attachments.taken_out.forget()
    assert not window.attachments.isVisible()


def test_dropped_files_are_copied_not_moved(desk: Desk, tmp_path: Path) -> None:
    window = desk.open(LETTER)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.txt"))])
    event = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.MoveAction | Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    entered = QDragEnterEvent(
        event.position().toPoint(),
        event.possibleActions(),
        data,
        event.buttons(),
        event.modifiers(),
    )
    QApplication.sendEvent(window, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(window, event)
    assert event.dropAction() is Qt.DropAction.CopyAction
    assert len(desk.link.of(AttachFile)) == 1


def test_a_heavy_letter_is_said_once_below_its_files(desk: Desk) -> None:
    window = desk.open(LETTER)
    window.intake.take_files(["/x/a", "/x/b", "/x/c"])
    asked = [one for one in desk.link.asked if isinstance(one.request, AttachFile)]
    for one in asked:
        one.answer(replace(PART, size=15_000_000))
        window.luggage.weight.look()
        said = window.attachments.weight.words.text()
        assert ("many servers" in said) == (one is not asked[0])
        assert window.notice.text == ""


def test_one_heavy_by_its_pictures_is_said_once_above_it(desk: Desk) -> None:
    desk.store.limits[AccountId(1)] = SizeLimit(25_000_000, sure=True)
    picture = replace(PART, content_type="image/png", content_id="a@x", size=20_000_000)
    window = desk.open(replace(LETTER, html='<img src="cid:a@x">', parts=(picture,)))
    assert not window.attachments.cards
    window.luggage.weight.look()
    assert "the server takes 25.0 MB at most." in window.notice.text
    window.notice.clear()
    window.luggage.weight.look()
    assert window.notice.text == ""


def test_a_letter_over_the_servers_limit_is_not_sent(desk: Desk) -> None:
    desk.store.limits[AccountId(1)] = SizeLimit(25_000_000, sure=True)
    window = desk.open(LETTER)
    window.intake.take_files(["/x/a"])
    desk.link.last(AttachFile).answer(replace(PART, size=20_000_000))
    window.luggage.weight.look()
    over = "the server takes 25.0 MB at most. Take something out, zip it, or make pictures smaller."
    assert over in window.attachments.weight.words.text()
    assert window.notice.text == ""
    QTest.mouseClick(window.top.send, Qt.MouseButton.LeftButton)
    assert over in window.notice.text
    assert not desk.link.of(Send)
    window.attachments.remove(window.attachments.cards[0])
    QTest.mouseClick(window.top.send, Qt.MouseButton.LeftButton)
    assert len(desk.link.of(Send)) == 1


def test_a_large_file_has_the_server_asked_once(desk: Desk) -> None:
    """What it says is shown as soon as it is there. A stranger's knowledge forbids nothing."""
    window = desk.open(LETTER)
    window.intake.take_files(["/x/a", "/x/b"])
    small, large = (one for one in desk.link.asked if isinstance(one.request, AttachFile))
    small.answer(replace(PART, size=900_000))
    window.luggage.weight.look()
    assert not desk.link.of(AskSizeLimit)
    large.answer(replace(PART, size=12_000_000))
    window.luggage.weight.look()
    assert desk.link.of(AskSizeLimit) == [AskSizeLimit(AccountId(1), 0)]
    assert not window.notice.text
    desk.store.limits[AccountId(1)] = SizeLimit(10_000_000)
    desk.link.last(AskSizeLimit).answer()
    over = "the server takes 10.0 MB at most."
    assert over in window.attachments.weight.words.text()
    window.luggage.weight.look()
    assert len(desk.link.of(AskSizeLimit)) == 1
    question = too_large(window, window.draft())
    assert question is not None
    assert over in question.sentence
    assert not question.must


def test_commands_given_at_a_file_are_meant_for_the_files(desk: Desk, qtbot: QtBot) -> None:
    """The window has the same keys for its text."""
    window = desk.open(replace(LETTER, parts=(PART, replace(PART, name="b"))))
    activate(qtbot, window)
    words = window.editor.text()
    first, _ = window.attachments.cards
    control = Qt.KeyboardModifier.ControlModifier
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_A, control)
    assert not window.editor.textCursor().hasSelection()
    QTest.keyClick(first, Qt.Key.Key_Delete)
    assert not window.intake.parts()
    QTest.keyClick(window.attachments.taken_out.button, Qt.Key.Key_Return)
    assert [part.name for part in window.intake.parts()] == [PART.name, "b"]
    second = window.attachments.cards[1]
    second.setFocus()
    QTest.keyClick(second, Qt.Key.Key_Delete)
    QTest.keyClick(window.attachments.cards[0], Qt.Key.Key_Z, control)
    assert [part.name for part in window.intake.parts()] == [PART.name, "b"]
    assert window.editor.text() == words


def test_a_file_that_cannot_be_read_is_said(desk: Desk, tmp_path: Path) -> None:
    window = desk.open(LETTER)
    window.intake.take_files([str(tmp_path / "gone")])
    desk.link.last(AttachFile).refuse(StoreError("The file cannot be read."))
    assert window.notice.text == "“gone” was not attached. The file cannot be read."
    assert window.top.send.isEnabled()
    assert not window.attachments.cards


def test_a_pasted_picture_stands_in_a_rich_letter(desk: Desk) -> None:
    window = desk.open(replace(LETTER, html="<div>look:</div>"))
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(0xFF00FF)
    data = QMimeData()
    data.setImageData(picture)
    window.editor.moveCursor(QTextCursor.MoveOperation.End)
    window.editor.insertFromMimeData(data)
    asked = desk.link.of(AttachBytes)[0]
    assert asked.content_type == "image/png"
    assert asked.data.startswith(b"\x89PNG")
    desk.link.last(AttachBytes).answer(replace(PART, name=asked.name))
    draft = window.draft()
    assert draft.html is not None
    assert f'<img src="cid:{draft.parts[0].content_id}"' in draft.html
    window.editor.selectAll()
    window.editor.textCursor().removeSelectedText()
    assert window.draft().parts == ()


def test_a_pasted_picture_is_attached_to_a_plain_letter(desk: Desk) -> None:
    window = desk.open(LETTER)
    data = QMimeData()
    data.setImageData(QImage(4, 3, QImage.Format.Format_RGB32))
    window.editor.insertFromMimeData(data)
    desk.link.last(AttachBytes).answer(PART)
    assert window.draft().parts == (PART,)


def test_rich_to_plain_asks_when_something_is_lost(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(replace(LETTER, html="<div>a <b>bold</b> word</div>"))
    assert window.format_bar.isVisible()
    window.top.rich_wanted.emit(False)
    desk.press(window, "Keep formatting")
    assert window.editor.rich
    window.top.rich_wanted.emit(False)
    desk.press(window, "Make it plain")
    assert (window.draft().html, window.draft().text) == (None, "a bold word")
    assert not window.format_bar.isVisible()


def test_a_rich_reply_starts_above_its_quote(desk: Desk, qtbot: QtBot) -> None:
    quote = '<div><br></div><div>Anna wrote:</div><blockquote type="cite"><p>Hi</p></blockquote>'
    window = desk.open(replace(LETTER, html=quote, kind=DraftKind.REPLY))
    QTest.keyClicks(window.editor, "Yes")
    assert window.draft().text == "Yes\nAnna wrote:\n> Hi"


def test_a_plain_reply_starts_below_its_quote(desk: Desk, qtbot: QtBot) -> None:
    begun = replace(LETTER, text="Anna wrote:\n> Hi\n\n", kind=DraftKind.REPLY, below=True)
    window = desk.open(begun, fresh=True)
    QTest.keyClicks(window.editor, "Yes")
    assert window.draft().text == "Anna wrote:\n> Hi\n\nYes"


def test_a_plain_reply_with_room_above_starts_there(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(replace(LETTER, text="\n\nAnna wrote:\n> Hi\n", kind=DraftKind.REPLY))
    QTest.keyClicks(window.editor, "Yes")
    assert window.draft().text.startswith("Yes\n\nAnna wrote:\n> Hi")


def test_pictures_of_a_reopened_letter_are_shown(desk: Desk) -> None:
    picture = QImage(900, 30, QImage.Format.Format_RGB32)
    picture.fill(0xFF00FF)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(picture)
    desk.store.blobs["1" * 64] = bytes(buffer.data().data())
    parts = tuple(OutgoingPart("p.png", "image/png", 9, digit * 64, f"{digit}@x") for digit in "12")
    html = '<div><img src="cid:1@x" alt="p"><img src="cid:2@x" alt="p" width="40"></div>'
    window = desk.open(replace(LETTER, html=html, parts=parts))
    shown = window.editor.loadResource(2, QUrl("cid:1@x"))
    assert isinstance(shown, QImage)
    assert shown.width() == 900
    draft = window.draft()
    assert draft.html == html.replace('alt="p">', 'alt="p" width="560">', 1)
    assert draft.parts == parts  # the second could not be read, but is sent all the same


def test_nothing_but_own_pictures_is_loaded(desk: Desk) -> None:
    window = desk.open(replace(LETTER, html='<p>x<img src="file:///etc/passwd"></p>'))
    loaded = window.editor.loadResource(2, QUrl("https://evil.example/x.png"))
    assert isinstance(loaded, QImage)
    assert loaded.isNull()
    assert window.editor.loadResource(3, QUrl("file:///etc/passwd")) == ""
    assert "img" not in (window.draft().html or "")


def test_the_sender_can_be_chosen(desk: Desk) -> None:
    window = desk.open(replace(LETTER, account_id=AccountId(2)))
    assert window.draft().account_id == 2
    window.header.from_choice.setCurrentIndex(0)
    assert window.draft().account_id == 1


def test_answers_after_the_window_is_gone_do_nothing(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(LETTER)
    QTest.keyClicks(window.editor, "x")
    window.intake.take_files(["/nowhere/a.txt"])
    window.keeper.save()
    window.finish()
    desk.link.last(AttachFile).answer(PART)
    desk.link.last(SaveDraft).refuse(Offline("The engine is gone."))
    assert not window.isVisible()


def test_tab_leads_from_recipients_to_subject_to_letter(desk: Desk) -> None:
    window = desk.open(NEW)
    assert window.header.to.edit.hasFocus()
    QTest.keyClicks(window.header.to.edit, "anna.b@example.org")
    QTest.keyClick(window.header.to.edit, Qt.Key.Key_Tab)
    assert window.header.subject.hasFocus()
    QTest.keyClick(window.header.subject, Qt.Key.Key_Tab)
    assert window.editor.hasFocus()
    window.header.to.edit.setFocus()
    QTest.keyClick(window.header.to.edit, Qt.Key.Key_Backtab)
    assert window.header.show_bcc.hasFocus()


def test_all_who_were_pasted_are_in_sight(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open(NEW)
    to = window.header.to
    for count in (8, 4, 1):
        to.set_addresses(())
        to.edit.setFocus()
        to.paste(", ".join(f"P {n} <p{n}@example.org>" for n in range(count)))
        assert len(to.chips) == count
        qtbot.waitUntil(lambda: all(c.visibleRegion().boundingRect() == c.rect() for c in to.chips))


def test_the_foot_counts_the_files_that_are_seen(desk: Desk, qtbot: QtBot) -> None:
    picture = OutgoingPart("a.png", "image/png", 5, "2" * 64, "a@martlet")
    html = '<p>Look: <img src="cid:a@martlet" alt="a"></p>'
    window = desk.open(replace(LETTER, html=html, parts=(PART, ZIP, picture)))
    window.intake.changed.emit()
    foot = window.attachments.weight.words
    qtbot.waitUntil(lambda: foot.text().startswith("2 files, "))
