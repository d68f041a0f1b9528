"""What a letter waits for before it goes or closes: nothing is lost, and nobody is trapped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMessageBox
from pytestqt.qtbot import QtBot

from martlet.link.messages import (
    AttachBytes,
    AttachFile,
    CallBack,
    DiscardDraft,
    SaveDraft,
    Send,
)
from martlet.mail.errors import Refused, StoreError
from martlet.mail.message import Address
from martlet.mail.outgoing import OutboxId, OutgoingPart
from martlet.mail.recipients import MOST
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.busy import Reason
from martlet.ui.compose.keeping.letter_copy import write_copy
from ui import hands_desk
from ui.busy_desk import LINES, Desk
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

FILE = OutgoingPart("a.txt", "text/plain", 1, "blob")
PICTURE = OutgoingPart("p.png", "image/png", 3, "blob")


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


# A paste


def test_a_letter_is_not_sent_in_the_middle_of_a_paste(desk: Desk) -> None:
    desk.paste_long()
    desk.window.sending.start()
    assert not desk.link.of(Send)
    assert "pasted" in desk.window.waiting.words
    desk.until_pasted()
    assert desk.window.waiting.words == ""
    desk.window.sending.start()
    assert f"line {LINES - 1} of it" in desk.link.of(Send)[0].draft.text


def test_a_letter_closes_after_a_paste_with_all_of_it(desk: Desk) -> None:
    desk.paste_long()
    desk.window.close()
    assert not desk.link.of(SaveDraft)
    desk.until_pasted()
    desk.qtbot.waitUntil(lambda: bool(desk.link.of(SaveDraft)))
    assert f"line {LINES - 1} of it" in desk.link.of(SaveDraft)[0].draft.text
    desk.saved()
    assert not desk.window.isVisible()


def test_half_a_paste_is_not_kept(desk: Desk) -> None:
    desk.type("x")
    desk.paste_long()
    desk.window.keeper.save()
    assert not desk.link.of(SaveDraft)
    desk.until_pasted()
    desk.window.keeper.save()
    assert f"line {LINES - 1} of it" in desk.link.of(SaveDraft)[0].draft.text


def test_hands_are_kept_off_a_letter_during_a_paste(desk: Desk) -> None:
    desk.type("typed")
    desk.paste_long()
    window = desk.window
    assert not window.editor.isEnabled()
    window.commands["undo"].trigger()
    window.commands["bold"].trigger()
    window.set_rich(False)
    desk.type("more")
    assert window.editor.rich
    desk.until_pasted()
    assert window.editor.hasFocus()
    text = window.editor.text()
    assert text.startswith("Hello Annatyped")
    assert text.rstrip().endswith(f"line {LINES - 1} of it")
    assert not window.editor.isReadOnly()
    desk.type("!")
    assert window.editor.text().rstrip().endswith("of it!")


def test_a_paste_that_fails_opens_the_letter_again(desk: Desk) -> None:
    pasted = desk.window.editor.pasted
    desk.paste_long()
    pasted._read.emit(None)
    assert not pasted.busy
    assert desk.window.editor.isEnabled()
    assert not desk.window.editor.isReadOnly()
    assert "cannot be pasted" in desk.window.notice.text
    desk.window.finish()


# Sending


def test_nothing_is_typed_between_send_and_its_answer(desk: Desk) -> None:
    window = desk.window
    window.sending.start()
    assert desk.link.of(Send)
    desk.type(" and this too")
    assert "this too" not in window.editor.text()
    desk.link.last(Send).refuse(Refused("The letter is too large."))
    assert window.notice.text == "The letter is too large."
    assert window.editor.hasFocus()
    desk.type(" and this too")
    assert "this too" in window.editor.text()


def test_a_letter_that_closes_is_not_sent_as_well(desk: Desk) -> None:
    desk.type("x")
    desk.window.close()
    desk.window.sending.start()
    desk.saved()
    assert not desk.link.of(Send)
    assert not desk.window.isVisible()


def test_a_refused_letter_that_was_to_close_stays(desk: Desk, qtbot: QtBot) -> None:
    window = desk.window
    desk.type("x")
    window.sending.start()
    window.closing.comes_back = True
    window.close()
    with qtbot.waitSignal(window.closing.stays):
        desk.link.last(Send).refuse(Refused("The letter is too large."))
    assert not window.closing.comes_back
    assert window.isVisible()
    assert not desk.link.of(SaveDraft)
    window.close()
    kept: list[object] = []
    window.closing.kept.connect(kept.append)
    desk.saved()
    assert kept
    assert not window.isVisible()


def test_a_sent_letter_is_not_kept_when_it_was_to_close(desk: Desk) -> None:
    desk.type("x")
    desk.window.sending.start()
    desk.window.close()
    desk.link.last(Send).answer(OutboxId(3))
    assert not desk.link.of(SaveDraft)
    assert not desk.window.isVisible()


def test_a_send_without_an_answer_has_a_way_out(desk: Desk) -> None:
    window = desk.window
    window.sending.start()
    window.waiting.long.timeout.emit()
    assert "not sent yet" in window.waiting.words
    assert window.waiting.isEnabled()
    assert window.waiting.action.text() == "Do not send"
    window.waiting.soon.stop()
    window.close()
    window.close()
    desk.choose("Keep waiting")
    assert window.isVisible()
    window.close()
    desk.choose("Close without sending")
    assert not window.isVisible()
    # Not to go later, unseen: whoever has it gives it back to the drafts.
    assert desk.link.of(CallBack)[-1].ticket == desk.link.of(Send)[0].ticket


# Files


def test_a_letter_closes_after_its_file(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    desk.type("x")
    desk.window.intake.take_files([str(path)])
    desk.window.close()
    assert "closes after that" in desk.window.waiting.words
    desk.link.last(AttachFile).answer(FILE)
    desk.qtbot.waitUntil(lambda: bool(desk.link.of(SaveDraft)))
    assert desk.link.of(SaveDraft)[-1].draft.parts == (FILE,)
    desk.saved()
    assert not desk.window.isVisible()


def test_a_file_that_fails_keeps_the_letter_open(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    desk.type("x")
    desk.window.intake.take_files([str(path)])
    desk.window.close()
    desk.link.last(AttachFile).refuse(StoreError("The disk is full."))
    assert desk.window.isVisible()
    assert desk.window.notice.text == "“a.txt” was not attached. The disk is full."
    assert not desk.link.of(SaveDraft)


@pytest.mark.parametrize("choice", ["Close without it", "Keep writing"])
def test_a_file_that_never_comes_does_not_trap(desk: Desk, tmp_path: Path, choice: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    desk.type("xyz")
    window = desk.window
    window.intake.take_files([str(path)])
    window.close()
    window.waiting.soon.stop()
    window.close()
    desk.choose(choice)
    if choice == "Keep writing":
        assert not window.closing.wanted
        assert window.waiting.words == ""
        assert not desk.link.of(SaveDraft)
        return
    assert "xyz" in desk.link.of(SaveDraft)[-1].draft.text
    desk.saved()
    assert not window.isVisible()


def test_a_picture_is_waited_for_while_it_is_read(desk: Desk, tmp_path: Path) -> None:
    path = picture_file(tmp_path)
    desk.window.hands.drops.take([path], 0)
    assert Reason.TAKING in desk.window.busy.reasons
    desk.window.sending.start()
    assert not desk.link.of(Send)
    desk.qtbot.waitUntil(lambda: bool(desk.link.of(AttachBytes)))
    desk.link.last(AttachBytes).answer(PICTURE)
    assert not desk.window.busy.reasons
    desk.window.sending.start()
    assert len(desk.link.of(Send)[0].draft.parts) == 1


def test_a_picture_that_is_none_is_no_longer_waited_for(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(b"no picture")
    drops = desk.window.hands.drops
    drops.take([str(path)], 0)
    desk.qtbot.waitUntil(lambda: drops.question is not None)
    assert drops.question is not None
    drops.question.reject()
    desk.qtbot.waitUntil(lambda: not desk.window.busy.reasons)


def test_a_picture_lands_where_it_was_dropped(desk: Desk, tmp_path: Path) -> None:
    editor = desk.window.editor
    desk.window.hands.drops.take([picture_file(tmp_path)], editor.textCursor().position())
    editor.moveCursor(QTextCursor.MoveOperation.Start)
    desk.type("Oh, ")
    desk.qtbot.waitUntil(lambda: bool(desk.link.of(AttachBytes)))
    desk.link.last(AttachBytes).answer(PICTURE)
    assert editor.document().toPlainText() == "Oh, Hello Anna\ufffc"


def test_a_merge_waits_for_the_file(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    desk.window.intake.take_files([str(path)])
    desk.window.kept.merge()
    assert desk.window.kept.merging is None
    assert "still being attached" in desk.window.notice.text
    desk.link.last(AttachFile).answer(FILE)
    desk.window.kept.merge()
    merging: QDialog | None = desk.window.kept.merging
    assert merging is not None
    merging.close()


def test_a_merge_refuses_what_sending_would(desk: Desk) -> None:
    people = [Address("", f"{n}@example.org") for n in range(MOST + 1)]
    desk.window.header.bcc.set_addresses(people)
    desk.window.kept.merge()
    assert desk.window.kept.merging is None
    assert "at most" in desk.window.notice.text


# An engine that does not answer


def test_discarding_twice_discards_once(desk: Desk) -> None:
    desk.type("x")
    desk.window.keeper.save()
    given_up: list[object] = []
    desk.window.closing.discarded.connect(given_up.append)
    desk.window.commands["discard"].trigger()
    desk.window.commands["discard"].trigger()
    desk.saved()
    assert len(desk.link.of(DiscardDraft)) == len(given_up) == 1
    assert not desk.window.isVisible()


def test_a_save_without_an_answer_has_a_way_out(desk: Desk, tmp_path: Path) -> None:
    window = desk.window
    desk.type("x")
    window.close()
    assert window.top._status.text() == "Saving…"
    desk.link.lost.emit()
    assert "the letter closes once it is saved" in window.waiting.words
    window.close()
    assert window.waiting.question is not None
    labels = {each.text() for each in window.waiting.question.buttons()}
    assert labels == {"Keep waiting", "Save a copy…", "Close without saving"}
    default = window.waiting.question.defaultButton()
    assert isinstance(window.waiting.question, QMessageBox)
    assert default.text() == "Keep waiting"
    write_copy(window, window.draft(), str(tmp_path / "copy.txt"))
    assert "Hello Annax" in (tmp_path / "copy.txt").read_text("utf-8")
    desk.saved()  # it answers after all
    assert not window.isVisible()


def test_the_first_second_asks_nothing(desk: Desk) -> None:
    desk.type("x")
    desk.window.close()
    desk.window.close()
    assert desk.window.waiting.question is None


def test_an_autosave_without_an_answer_is_told(desk: Desk) -> None:
    desk.type("x")
    desk.window.keeper.save()
    desk.window.waiting.unsaved.timeout.emit()
    assert "not saved yet" in desk.window.waiting.words
    desk.saved()
    assert desk.window.waiting.words == ""


# Keys


def test_keys_of_formatting_are_for_the_letter(desk: Desk, qtbot: QtBot) -> None:
    window = desk.window
    window.editor.selectAll()
    before = window.editor.html()
    window.header.subject.setFocus()
    handle = window.windowHandle()
    for key, held in (
        (Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Backslash, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_8, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier),
    ):
        QTest.keyClick(handle, key, held)
    assert window.editor.html() == before
    window.editor.setFocus()
    QTest.keyClick(handle, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert window.editor.html() != before


@pytest.mark.parametrize("where", ["subject", "send", "editor"])
def test_escape_leaves_the_find_bar_first(desk: Desk, where: str) -> None:
    window = desk.window
    window.hands.find_bar.begin()
    {"subject": window.header.subject, "send": window.top.send, "editor": window.editor}[
        where
    ].setFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Escape)
    assert window.hands.find_bar.isHidden()
    assert window.isVisible()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Escape)
    assert not window.isVisible()


def picture_file(folder: Path) -> str:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(77)
    path = folder / "a.png"
    assert image.save(str(path))
    return str(path)


def test_the_keys_that_send_do_so_at_a_file_too(qtbot: QtBot) -> None:
    reader = FakeReader([account(1, "home", "tom@example.org")]).reader
    letter = replace(hands_desk.LETTER, html="<p>Hello</p>", parts=(FILE,))
    window = ComposeWindow(FakeLink(), reader, letter)
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(window, before_close_func=lambda w: w.finish())
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.attachments.cards[0].setFocus()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return, control)
    assert window.question is not None  # the first time they are confirmed
    window.question.reject()
