"""The files of a letter as a person handles them: keys, clicks, drops; against an engine the test
answers for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from martlet.link.messages import (
    AttachBytes,
    AttachFile,
    AttachFolder,
    AttachMessage,
    OpenAttached,
    StopAttaching,
)
from martlet.mail.changes import TakingIn
from martlet.mail.errors import Offline, Refused, StoreError
from martlet.mail.file_name import file_name
from martlet.mail.letter_size import HEAVY, as_sent
from martlet.mail.outgoing import OutgoingPart
from martlet.ui.compose.files.attachment_card import AttachmentCard
from martlet.ui.compose.files.attachments import AttachmentBar
from martlet.ui.compose.files.card_files import CardFiles
from martlet.ui.compose.files.intake import Intake
from martlet.ui.compose.files.weight_line import Weight, weight
from martlet.ui.compose.text.dropped_links import is_luggage
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.list_model import MIME_TYPE
from ui.compose_fakes import FakeLink

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton


def part(name: str, size: int = 1000) -> OutgoingPart:
    return OutgoingPart(name, "text/plain", size, "0" * 64)


class Desk:
    """A bar and an intake over a link that notes what is asked."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.link = FakeLink()
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.editor = BodyEditor(self.window)
        self.bar = AttachmentBar(self.window)
        self.intake = Intake(self.link, self.bar, self.editor, self.window)
        self.said: list[str] = []
        self.opened: list[str] = []
        self.intake.refused.connect(self.said.append)
        self.files = CardFiles(self.link, self.bar, self.window, open_file=self._open)
        self.files.refused.connect(self.said.append)
        column = QVBoxLayout(self.window)
        column.addWidget(self.editor, 1)
        column.addWidget(self.bar)
        self.window.resize(780, 400)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    def _open(self, path: str) -> bool:
        self.opened.append(path)
        return not path.endswith("strange")

    def load(self, *names: str) -> list[AttachmentCard]:
        self.intake.load([part(name) for name in names], {})
        return list(self.bar.cards)

    def names(self) -> list[str]:
        return [each.name for each in self.intake.parts()]

    def idle(self) -> bool:
        return not self.intake.busy

    def settle(self, count: int) -> None:
        """Until so many files were asked for."""
        self.qtbot.waitUntil(lambda: len(self.link.asked) >= count)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_files_are_taken_a_few_at_a_time(desk: Desk) -> None:
    desk.intake.take_files([f"/x/{number}.txt" for number in range(1000)])
    desk.qtbot.waitUntil(lambda: len(desk.bar.cards) == 1000)
    desk.settle(3)
    assert len(desk.link.of(AttachFile)) == 3
    assert desk.intake.busy
    at = 0
    while at < 1000:
        desk.settle(at + 1)
        asked = desk.link.asked[at]
        assert isinstance(asked.request, AttachFile)
        asked.answer(part(Path(asked.request.path).name))
        at += 1
    assert desk.idle()
    assert desk.names() == [f"{number}.txt" for number in range(1000)]
    # Three lines of them are in sight, not the whole screen.
    assert desk.bar.height() < 260


def test_a_card_shows_how_far_it_is_and_stops(desk: Desk) -> None:
    desk.intake.take_files(["/x/film.mkv"])
    desk.settle(1)
    (card,) = desk.bar.cards
    (wanted,) = desk.link.of(AttachFile)
    desk.link.changed.emit(TakingIn(wanted.ticket, 30_000_000, 90_000_000))
    assert "30" in card.accessibleDescription() or "being taken" in card.accessibleDescription()
    assert "90" in card.toolTip()
    desk.bar.remove(card)
    assert desk.link.of(StopAttaching) == [StopAttaching(wanted.ticket)]
    desk.link.asked[0].refuse(Refused("The file was taken out again."))
    assert desk.said == []
    assert not desk.intake.busy


def test_what_fails_is_said_and_leaves(desk: Desk) -> None:
    desk.intake.take_files([f"/x/{number}" for number in range(6)])
    for number in range(6):
        desk.settle(number + 1)
        desk.link.asked[number].refuse(Refused(f"No {number}."))
    assert desk.said[0] == "No 0."
    assert desk.said[-1] == "No 0. No 1. No 2. And 3 more were not taken in."
    assert not desk.bar.cards
    assert desk.bar.isHidden()


def test_a_file_outlives_the_engine_that_took_it_in(desk: Desk) -> None:
    """It is asked for once more; an engine that ends over it again is not asked for ever."""
    desk.intake.take_files(["/x/a.bin", "/x/b.bin"])
    desk.settle(2)
    first, second = desk.link.asked
    desk.link.changed.emit(TakingIn(desk.link.of(AttachFile)[0].ticket, 5, 10))
    first.refuse(Offline("The mail engine stopped."))
    assert "Taking in…" in desk.bar.cards[0].toolTip()
    assert len(desk.link.asked) == 3
    assert desk.link.asked[2].request == first.request
    desk.link.asked[2].answer(part("a.bin"))
    second.refuse(Offline("The mail engine stopped."))
    assert not desk.said
    desk.link.asked[3].refuse(Offline("The mail engine stopped."))
    assert desk.said == ["“b.bin” was not attached. The mail engine stopped."]
    assert desk.names() == ["a.bin"]
    assert desk.idle()


def test_the_store_s_trouble_names_the_file(desk: Desk) -> None:
    desk.intake.take_files(["/x/a.bin", "/x/b.bin"])
    desk.settle(2)
    desk.link.asked[0].answer(part("a.bin"))
    desk.link.asked[1].refuse(StoreError("The disk is full."))
    assert desk.said == ["“b.bin” was not attached. The disk is full."]
    assert desk.names() == ["a.bin"]


def test_an_empty_file_is_taken_and_told(desk: Desk) -> None:
    desk.intake.take_files(["/x/a.txt"])
    desk.settle(1)
    desk.link.asked[0].answer(part("a.txt", 0))
    assert desk.names() == ["a.txt"]
    assert desk.said == ["“a.txt” is empty."]


def test_a_folder_goes_as_zip(desk: Desk, tmp_path: Path) -> None:
    desk.intake.take_files([str(tmp_path)])
    desk.settle(1)
    (wanted,) = desk.link.of(AttachFolder)
    assert wanted.path == str(tmp_path)
    assert desk.bar.cards[0].name == f"{tmp_path.name}.zip"
    desk.link.changed.emit(TakingIn(wanted.ticket, 5, 5, left_out=2))
    assert "2 links" in desk.said[0]


def test_messages_are_dropped_from_the_list(desk: Desk) -> None:
    data = QMimeData()
    data.setData(MIME_TYPE, b"3,x,17,")
    assert desk.intake.takes(data)
    assert desk.intake.take_data(data)
    desk.settle(2)
    assert [each.message_id for each in desk.link.of(AttachMessage)] == [3, 17]
    desk.link.asked[0].answer(OutgoingPart("Lunch.eml", "message/rfc822", 10, "0"))
    assert desk.bar.cards[0].name == "Lunch.eml"


def test_pictures_of_a_browser_come_as_bytes(desk: Desk) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://tracker.example/p.png")])
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(0)
    data.setImageData(image)
    assert desk.intake.take_data(data)
    desk.settle(1)
    assert desk.link.of(AttachBytes)[0].content_type == "image/png"
    linked = QMimeData()
    linked.setUrls([QUrl("https://tracker.example/p.png")])
    assert not desk.intake.take_data(linked)
    assert "Only its address" in desk.said[0]
    assert len(desk.link.asked) == 1


def test_what_a_file_manager_gives_by_address_is_asked_for(desk: Desk) -> None:
    """A name that is no UTF-8, a file on a share, a plain one twice; of the web nothing."""
    data = QMimeData()
    data.setData(
        "text/uri-list",
        b"file:///x/caf%E9.txt\r\nsmb://nas/share/a%20b.png\r\nhttps://x.example/a.png\r\n"
        b"file:///x/plain.txt\r\nfile:///x/plain.txt\r\nfile://localhost/x/here.txt\r\n",
    )
    assert is_luggage(data)
    assert desk.intake.take_data(data)
    for asked in range(1, 5):
        desk.settle(asked)
        desk.link.asked[asked - 1].answer(part(f"file {asked}"))
    assert [each.path for each in desk.link.of(AttachFile)] == [
        "file:///x/caf%E9.txt",
        "smb://nas/share/a%20b.png",
        "/x/plain.txt",
        "file://localhost/x/here.txt",
    ]
    assert desk.said == ["1 of these are on the web. Save them first, then attach."]


def test_a_share_alone_is_no_web_page(desk: Desk) -> None:
    data = QMimeData()
    data.setUrls([QUrl("smb://nas/share/report.pdf")])
    assert desk.intake.take_data(data)
    desk.settle(1)
    assert desk.bar.cards[0].name == "report.pdf"
    desk.link.last(AttachFile).refuse(Refused("report.pdf is not on this computer."))
    assert desk.said == ["report.pdf is not on this computer."]
    assert not desk.bar.cards


def test_pasted_pictures_are_called_differently(desk: Desk) -> None:
    """Also in a letter that is gone on with another day."""
    desk.load("picture-1.png", "picture-3.png")
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(0)
    for _ in range(3):
        desk.intake.take_picture(image)
    desk.settle(3)
    names = [each.name for each in desk.link.of(AttachBytes)]
    assert names == ["picture-2.png", "picture-4.png", "picture-5.png"]


def test_several_are_chosen_and_taken_out_by_keys(desk: Desk) -> None:
    first, second, third, _ = desk.load("a", "b", "c", "d")
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Space)
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Right)
    QTest.mouseClick(third, LEFT, CTRL, QPoint(60, 20))
    assert [card.name for card in desk.bar.chosen()] == ["a", "c"]
    QTest.keyClick(third, Qt.Key.Key_Delete)
    assert desk.names() == ["b", "d"]
    assert any(card.hasFocus() for card in desk.bar.cards)
    QTest.keyClick(desk.bar.cards[0], Qt.Key.Key_A, CTRL)
    QTest.keyClick(desk.bar.cards[0], Qt.Key.Key_Backspace)
    assert not desk.names()
    # What is offered now is where Enter undoes the slip.
    assert desk.bar.taken_out.button.hasFocus()
    desk.bar.taken_out.forget()
    assert desk.bar.isHidden()


def test_what_was_taken_out_is_put_back_where_it_was(desk: Desk) -> None:
    first, _, third, _ = desk.load("a", "b", "c", "d")
    told: list[bool] = []
    desk.intake.changed.connect(lambda: told.append(desk.idle()))
    third.set_thumbnail(QImage(4, 4, QImage.Format.Format_RGB32))
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Space)
    QTest.mouseClick(third, LEFT, CTRL, QPoint(60, 20))
    QTest.keyClick(third, Qt.Key.Key_Delete)
    assert desk.names() == ["b", "d"]
    QTest.keyClick(desk.bar.cards[1], Qt.Key.Key_Z, CTRL)
    assert desk.names() == ["a", "b", "c", "d"]
    assert desk.bar.cards[2].thumbnail is not None
    assert desk.bar.cards[0].hasFocus()
    assert told[-1]
    QTest.mouseClick(desk.bar.cards[1], LEFT, pos=desk.bar.cards[1].cross_place().center())
    assert desk.names() == ["a", "c", "d"]
    QTest.mouseClick(desk.bar.taken_out.button, LEFT)
    assert desk.names() == ["a", "b", "c", "d"]
    assert not desk.bar.taken_out.offered


def test_only_the_last_slip_is_offered_and_only_a_persons(desk: Desk) -> None:
    first, second, third = desk.load("a", "b", "c")
    desk.bar.take_out([first])
    desk.bar.take_out([second])
    desk.bar.taken_out.put_back()
    assert desk.names() == ["b", "c"]
    desk.bar.remove(third)  # as a picture's that is in the text again
    assert not desk.bar.taken_out.offered
    desk.bar.take_out([desk.bar.cards[0]])
    desk.intake.take_files(["/x/e"])
    assert not desk.bar.taken_out.offered
    desk.bar.take_out(list(desk.bar.cards))  # still on its way: there is nothing to put back
    assert not desk.bar.taken_out.offered
    assert desk.bar.isHidden()


def test_the_order_is_changed_by_keys_and_by_hand(desk: Desk) -> None:
    first, _, third = desk.load("a", "b", "c")
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right, ALT)
    assert desk.names() == ["b", "a", "c"]
    assert first.hasFocus()
    start = QPoint(60, 20)
    QTest.mousePress(third, LEFT, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(third, start + QPoint(-20, 0))
    QTest.mouseMove(third, third.mapFromGlobal(desk.bar.cards[0].mapToGlobal(start)))
    QTest.mouseRelease(third, LEFT, Qt.KeyboardModifier.NoModifier, start)
    assert desk.names() == ["c", "b", "a"]


def test_the_cross_takes_out(desk: Desk) -> None:
    card = desk.load("a", "b")[0]
    QTest.mouseClick(card, LEFT, Qt.KeyboardModifier.NoModifier, card.cross_place().center())
    assert desk.names() == ["b"]


def test_a_file_is_renamed_and_keeps_its_ending(desk: Desk) -> None:
    (card,) = desk.load("report.final.pdf")
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_F2)
    field = card.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert field.selectedText() == "report.final"
    QTest.keyClicks(field, "a/b: 2026")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.names() == ["a_b_ 2026.pdf"]
    assert card.hasFocus()
    assert not desk.link.of(OpenAttached)  # nor is it opened
    QTest.keyClick(card, Qt.Key.Key_F2)
    again = next(f for f in card.findChildren(QLineEdit) if f.isVisible())
    QTest.keyClicks(again, "other")
    QTest.keyClick(again, Qt.Key.Key_Escape)
    assert desk.names() == ["a_b_ 2026.pdf"]


def test_what_is_attached_is_opened(desk: Desk) -> None:
    text, program = desk.load("a.txt", "b.exe")
    QTest.mouseDClick(text, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(60, 20))
    assert desk.link.of(OpenAttached)[0].part.name == "a.txt"
    desk.link.last(OpenAttached).answer("/private/a.txt")
    assert desk.opened == ["/private/a.txt"]
    program.setFocus()
    QTest.keyClick(program, Qt.Key.Key_Return)
    assert len(desk.link.of(OpenAttached)) == 1
    assert "program" in desk.said[0]
    text.setFocus()
    QTest.keyClick(text, Qt.Key.Key_Return)
    desk.link.last(OpenAttached).refuse(StoreError("a.txt cannot be read from the store any more."))
    assert "a.txt" in desk.said[1]


def test_closing_stops_what_is_on_its_way(desk: Desk) -> None:
    desk.intake.take_files(["/x/a", "/x/b", "/x/c", "/x/d"])
    desk.settle(3)
    desk.intake.close()
    assert len(desk.link.of(StopAttaching)) == 3
    assert len(desk.link.of(AttachFile)) == 3
    desk.link.asked[0].answer(part("a"))
    assert desk.said == []


@pytest.mark.parametrize(
    ("size", "files", "limit", "found"),
    [
        (10, 5, 0, Weight.LIGHT),
        (30_000_000, HEAVY + 1, 0, Weight.HEAVY),
        (30_000_000, HEAVY, 0, Weight.LIGHT),
        (50, 40, 100, Weight.LIGHT),
        (51, 40, 100, Weight.HALF),
        (100, 70, 100, Weight.HALF),
        (101, 70, 100, Weight.OVER),
        (30_000_000, 22_000_000, 100_000_000, Weight.LIGHT),
    ],
)
def test_weights(size: int, files: int, limit: int, found: Weight) -> None:
    assert weight(size, files, limit) is found


def test_a_meter_shows_where_half_is_reached(desk: Desk) -> None:
    desk.load("a", "b")
    line = desk.bar.weight
    line.show_weight(2, 3_000_000, 2_000_000, 25_000_000)
    assert line.words.text() == "2 files, 3.0 MB as sent"
    line.show_weight(2, 13_000_000, 9_000_000, 25_000_000)
    assert line.words.text() == "13.0 MB as sent of 25.0 MB that the server takes"
    line.show_weight(2, 31_000_000, 23_000_000, 25_000_000)
    assert "Take something out, zip it" in line.words.text()
    line.show_weight(1, 3_000_000, 2_000_000, 25_000_000)
    assert line.isHidden()


@given(st.lists(st.integers(0, 10_000_000), max_size=5))
def test_a_letter_is_not_reckoned_too_light(sizes: list[int]) -> None:
    found = as_sent([part("a", size) for size in sizes], 100)
    assert found >= sum(-(-size // 3) * 4 + size // 57 * 2 for size in sizes)


@given(st.text(max_size=300))
def test_names_are_fit_for_any_system(typed: str) -> None:
    name = file_name(typed)
    assert len(name.encode()) <= 200
    assert not set(name) & set('/\\:*?"<>|\r\n\0\u202e\u200b')
    assert name == name.strip()
    assert not name.startswith(".")
    assert file_name(name) in (name, file_name(file_name(name)))
