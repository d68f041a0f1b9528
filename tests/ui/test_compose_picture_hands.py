"""Pictures in a letter: their size, their words, their end; and files that say they are some."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QIODevice,
    QMimeData,
    QPoint,
    QPointF,
    Qt,
    QThreadPool,
    QUrl,
)
from PySide6.QtGui import QColor, QDropEvent, QImage, QImageWriter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from martlet.link.messages import AttachBytes, AttachFile
from martlet.mail.outgoing import OutgoingPart
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.images.picture_files import lighten, read, read_bytes
from martlet.ui.compose.images.picture_hands import PictureHands
from martlet.ui.compose.images.picture_place import chosen_at, picture_under, rect_at
from martlet.ui.compose.text.document import lines_of
from martlet.ui.compose.text.editor import WIDEST_PICTURE, BodyEditor
from ui.compose_fakes import FakeLink
from ui.hands_desk import press, rich, window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PART = OutgoingPart("cat.png", "image/png", 5, "0" * 64)
ALT_SHIFT = (Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier)


def picture(width: int = 200, height: int = 100) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#3366cc"))
    return image


def encoded(image: QImage, kind: str = "png") -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(kind.encode())).write(image)
    return bytes(buffer.data().data())


def with_picture(
    qtbot: QtBot, html: str = '<div>a<img src="cid:p" alt="cat">b</div>'
) -> BodyEditor:
    editor = rich(qtbot)
    editor.know_picture("p", picture())
    editor.load_html(html)
    return editor


def width_of(editor: BodyEditor) -> int:
    return next(
        run.width for line in lines_of(editor.document()) for run in line.runs if run.picture
    )


def test_a_click_selects_and_a_corner_drags_in_proportion(qtbot: QtBot) -> None:
    editor = with_picture(qtbot)
    hands = PictureHands(editor)
    rect = rect_at(editor, 1)
    assert (round(rect.width()), round(rect.height())) == (200, 100)
    viewport = editor.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    assert chosen_at(editor.textCursor()) == 1
    assert hands.frame.isVisible()
    corner = rect.bottomRight().toPoint()
    before = editor.html()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=corner)
    for by in (10, 40, 80):
        QTest.mouseMove(viewport, corner + QPoint(by, by))
    assert "280 × 140" in hands.frame._words
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=corner + QPoint(80, 80))
    assert width_of(editor) == 280
    assert round(rect_at(editor, 1).height()) == 140
    editor.undo()
    assert editor.html() == before


def test_it_never_becomes_too_small_or_wider_than_the_letter(qtbot: QtBot) -> None:
    editor = with_picture(qtbot)
    hands = PictureHands(editor)
    hands.choose(1)
    for _ in range(60):
        hands.scale(0.5)
    assert width_of(editor) == 16
    for _ in range(60):
        hands.scale(2)
    assert width_of(editor) == WIDEST_PICTURE
    hands.to_width(0)
    assert width_of(editor) == 200


def test_words_and_removal(qtbot: QtBot) -> None:
    editor = with_picture(qtbot)
    hands = PictureHands(editor)
    hands.choose(1)
    hands.set_words("a\n blue   square")
    assert lines_of(editor.document())[0].runs[1].text == "a blue square"
    hands.remove()
    assert editor.toPlainText() == "ab"
    assert not hands.frame.isVisible()
    editor.undo()
    assert editor.pictures_used() == {"p"}


def test_nothing_is_chosen_without_a_picture(qtbot: QtBot) -> None:
    editor = with_picture(qtbot)
    hands = PictureHands(editor)
    editor.selectAll()
    assert hands.chosen() is None
    hands.to_width(100)
    hands.remove()
    assert editor.pictures_used() == {"p"}
    assert picture_under(editor, QPoint(600, 400)) is None


def test_by_keys_alone(qtbot: QtBot) -> None:
    made = letter_with_picture(qtbot)
    press(made.editor, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    press(made.editor, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert made.hands.pictures.frame.isVisible()
    press(made.editor, Qt.Key.Key_Up, *ALT_SHIFT)
    assert width_of(made.editor) == 220
    press(made.editor, Qt.Key.Key_Down, *ALT_SHIFT)
    assert width_of(made.editor) == 200


def test_the_menu_of_the_picture_pointed_at_can_be_used(qtbot: QtBot) -> None:
    made = letter_with_picture(qtbot)
    press(made.editor, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    place = rect_at(made.editor, 0).center().toPoint()
    QTest.mousePress(made.editor.viewport(), Qt.MouseButton.RightButton, pos=place)
    assert chosen_at(made.editor.textCursor()) == 0
    press(made.editor, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    menu = made.hands.menu.by_mouse(place)
    usable = [action.text() for action in menu.actions() if action.isEnabled()]
    assert "Remove picture" in usable
    sizes = next(a for a in menu.actions() if a.text() == "Size").menu()
    assert isinstance(sizes, QMenu)
    next(a for a in sizes.actions() if a.text() == "Small").trigger()
    assert width_of(made.editor) == 160


def test_a_picture_becomes_an_attachment(qtbot: QtBot) -> None:
    made = letter_with_picture(qtbot)
    made.hands.pictures.choose(0)
    made.commands["picture.attach"].trigger()
    assert [part.content_id for part in made.draft().parts] == [""]
    assert made.editor.pictures_used() == set()


def letter_with_picture(qtbot: QtBot) -> ComposeWindow:
    made = window(qtbot)
    made.intake.insert_picture("cat.png", "image/png", encoded(picture()), picture())
    link(made).last(AttachBytes).answer(PART)
    return made


def link(made: ComposeWindow) -> FakeLink:
    found = made._link
    assert isinstance(found, FakeLink)
    return found


def drop(made: ComposeWindow, path: Path) -> QDropEvent:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(40, 40),
        Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    made.hands.drops.eventFilter(made.editor.viewport(), event)
    return event


def answer(box: QMessageBox | None, label: str) -> None:
    assert box is not None
    button = next(each for each in box.findChildren(QPushButton) if each.text().startswith(label))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_picture_dropped_on_the_text_stands_in_it(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "cat.png"
    file.write_bytes(encoded(picture()))
    made = window(qtbot)
    event = drop(made, file)
    assert event.dropAction() is Qt.DropAction.CopyAction
    qtbot.waitUntil(lambda: bool(link(made).of(AttachBytes)))
    request = link(made).of(AttachBytes)[0]
    assert (request.name, request.data) == ("cat.png", file.read_bytes())
    link(made).last(AttachBytes).answer(PART)
    assert len(made.editor.pictures_used()) == 1


def test_what_only_says_it_is_a_picture_is_asked_about(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "cat.png"
    file.write_bytes(b"MZ no picture at all")
    made = window(qtbot)
    drop(made, file)
    qtbot.waitUntil(lambda: made.hands.drops.question is not None)
    box = made.hands.drops.question
    assert box is not None
    assert "cat.png" in box.text()
    answer(box, "Attach")
    assert link(made).of(AttachFile)[0].path == str(file)


def test_a_heavy_photograph_is_offered_smaller(qtbot: QtBot, tmp_path: Path) -> None:
    photo = QImage(3000, 2000, QImage.Format.Format_RGB32)
    photo.fill(QColor("#204060"))
    file = tmp_path / "IMG.JPEG"
    file.write_bytes(encoded(photo, "jpeg") + b"\0" * 2_000_000)
    made = window(qtbot)
    drop(made, file)
    qtbot.waitUntil(lambda: made.hands.drops.question is not None)
    answer(made.hands.drops.question, "Make it smaller")
    request = link(made).of(AttachBytes)[0]
    assert request.name == "IMG.jpg"
    assert len(request.data) < 200_000
    assert QImage.fromData(request.data).width() == 1600


def test_other_files_are_attached_and_plain_letters_take_none(qtbot: QtBot, tmp_path: Path) -> None:
    made = window(qtbot, None, "words")
    file = tmp_path / "cat.png"
    file.write_bytes(encoded(picture()))
    event = drop(made, file)
    QThreadPool.globalInstance().waitForDone()
    QCoreApplication.processEvents()
    assert link(made).of(AttachBytes) == []
    assert not made.hands.drops.eventFilter(made.editor.viewport(), event)
    made = window(qtbot)
    text = tmp_path / "a.txt"
    text.write_text("x")
    made.hands.drops.take([str(text)], 0)
    assert link(made).of(AttachFile)[0].path == str(text)


def test_a_moving_picture_stays_itself() -> None:
    found = read_bytes("a.gif", MOVING)
    assert found is not None
    assert (found.moving, found.content_type, found.data) == (True, "image/gif", MOVING)
    assert found.lighter == b""


def test_a_photograph_stands_upright_and_loses_its_place() -> None:
    found = read_bytes("a.jpg", sideways(picture(40, 20)))
    assert found is not None
    assert (found.image.width(), found.image.height()) == (20, 40)
    small = lighten(found.image, 10_000_000)
    assert b"Exif" not in small
    assert QImage.fromData(small).height() == 40


def test_what_lets_light_through_becomes_white_not_black() -> None:
    clear = QImage(2000, 100, QImage.Format.Format_ARGB32)
    clear.fill(Qt.GlobalColor.transparent)
    small = QImage.fromData(lighten(clear, 10_000_000))
    assert small.pixelColor(5, 5).name() == "#ffffff"


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8"])
)
@pytest.mark.qt_log_ignore(".*")
def test_any_bytes_are_no_picture_or_one(data: bytes, start: bytes) -> None:
    found = read_bytes("x.png", start + data)
    assert found is None or not found.image.isNull()


def test_a_file_that_went_away_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        read(str(tmp_path / "gone.png"))


def test_what_some_readers_do_not_know_becomes_png() -> None:
    found = read_bytes("a.bmp", encoded(picture(), "bmp"))
    assert found is not None
    assert (found.name, found.content_type, found.data[:4]) == ("a.png", "image/png", b"\x89PNG")


def test_a_pipe_is_no_picture(tmp_path: Path) -> None:
    pipe = tmp_path / "endless.png"
    os.mkfifo(pipe)
    assert read(str(pipe)) is None


def test_of_a_large_picture_no_more_is_unpacked_than_is_shown() -> None:
    found = read_bytes("a.jpg", encoded(picture(4000, 1000), "jpeg"))
    assert found is not None
    assert (found.image.width(), found.image.height()) == (1600, 400)


def test_pasted_picture_files_stand_in_the_text(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "cat.png"
    file.write_bytes(encoded(picture()))
    made = window(qtbot)
    made.editor.files_given.emit([str(file)])
    qtbot.waitUntil(lambda: bool(link(made).of(AttachBytes)))
    plain = window(qtbot, None, "words")
    plain.editor.files_given.emit([str(file)])
    assert link(plain).of(AttachFile)[0].path == str(file)


def test_a_picture_of_a_million_million_points_is_none() -> None:
    data = bytearray(encoded(picture(8, 8)))
    data[16:24] = (1_000_000).to_bytes(4, "big") * 2
    assert read_bytes("bomb.png", bytes(data)) is None


def sideways(image: QImage) -> bytes:
    """A JPEG that says it is to be turned by a quarter, and where it was taken."""
    data = encoded(image, "jpeg")
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"
    tiff = b"MM\x00\x2a\x00\x00\x00\x08\x00\x01" + entry + b"\x00\x00\x00\x00"
    exif = b"Exif\x00\x00" + tiff
    return data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + data[2:]


# Two frames of one point each, black and white.
MOVING = (
    bytes.fromhex("47494638396101000100f00000000000ffffff")
    + bytes.fromhex("21f904000a0000002c00000000010001000002024401003b")[:-1]
    + bytes.fromhex("21f904000a0000002c00000000010001000002024c01003b")
)


def test_the_frame_alone_shows_that_a_picture_is_selected(qtbot: QtBot) -> None:
    editor = with_picture(qtbot)
    hands = PictureHands(editor)
    hands.choose(1)
    assert editor.palette().highlight().color().alpha() == 0
    cursor = editor.textCursor()
    cursor.setPosition(0)
    cursor.setPosition(3, cursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)
    assert editor.palette().highlight().color().alpha() == 255


def test_a_picture_made_a_file_goes_once_whatever_is_undone(qtbot: QtBot) -> None:
    made = window(qtbot, "<p>Hello</p>")
    made.intake.take_picture(picture())
    link(made).last(AttachBytes).answer(PART)
    [inline] = made.draft().parts
    made.hands.pictures.choose(made.editor.document().toPlainText().index("\ufffc"))
    made.hands.pictures.to_attachment()
    assert made.draft().parts == (PART,)
    made.editor.undo()
    assert made.draft().parts == (inline,)
    assert [*made.attachments.cards] == []
    made.editor.redo()
    assert made.draft().parts == (PART,)
    for card in list(made.attachments.cards):
        made.attachments.remove(card)
    made.editor.undo()
    assert made.draft().parts == (inline,)
