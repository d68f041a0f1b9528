"""A letter's own pictures come aside: each has its place from the beginning, and nothing moves."""

from __future__ import annotations

import struct

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QImage, QTextDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from martlet.mail.account import AccountId
from martlet.mail.outgoing import Draft, DraftId, OutgoingPart
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.images.image_bytes import LONGEST, Unpacking, size_of
from martlet.ui.compose.images.letter_pictures import place
from ui.compose_fakes import FakeLink, FakeReader, account
from ui.support.sample import HEADLESS
from ui.test_compose_image_bytes import png, written

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
IMAGE = QTextDocument.ResourceType.ImageResource.value
RED = QColor("#c01030")


def painted(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(RED)
    return image


def turned(data: bytes, orientation: int) -> bytes:
    """A JPEG with an EXIF orientation (1 to 8) put in behind its first mark."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"MM\x00*\x00\x00\x00\x08" + struct.pack(">H", 1) + entry + bytes(4)
    body = b"Exif\x00\x00" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


def letter(qtbot: QtBot, pictures: dict[str, bytes], html: str) -> ComposeWindow:
    made = window_of(pictures, html)
    qtbot.addWidget(made, before_close_func=lambda w: w.finish())
    return made


def window_of(pictures: dict[str, bytes], html: str) -> ComposeWindow:
    """Of a kept letter with these pictures, by the first half of their Content-IDs."""
    store = FakeReader([account(1, "home", "tom@example.org")])
    store.blobs = dict(pictures)
    parts = tuple(OutgoingPart(f"{n}.png", "image/png", 99, n, f"{n}@x") for n in pictures)
    draft = Draft(DraftId(3), AccountId(1), html=html, parts=parts)
    return ComposeWindow(FakeLink(), store.reader, draft)


def shown(made: ComposeWindow, name: str) -> QImage:
    image = made.editor.document().resource(IMAGE, QUrl(f"cid:{name}@x"))
    assert isinstance(image, QImage)
    return image


def is_there(made: ComposeWindow, name: str) -> bool:
    return QColor(shown(made, name).pixel(1, 1)) == RED


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(60, 40), (LONGEST + 201, 333)])
def test_the_place_has_the_size_of_the_picture(orientation: int, size: tuple[int, int]) -> None:
    data = turned(written(painted(*size), "jpeg"), orientation)
    said = size_of(data)
    assert said == Unpacking().image(data).size()
    assert (said.height() > said.width()) is (orientation > 4)
    assert place(said).size() == said


@pytest.mark.parametrize("kind", ["png", "webp", "bmp"])
def test_of_every_kind(kind: str) -> None:
    data = written(painted(1700, 90), kind)
    assert size_of(data) == Unpacking().image(data).size()
    assert size_of(data[:9]).isEmpty()


def test_no_line_moves_when_a_picture_comes(qtbot: QtBot) -> None:
    html = '<div>a</div><div><img src="cid:tall@x" width="200"></div><div>below</div>'
    made = letter(qtbot, {"tall": written(painted(300, 777), "png")}, html)
    document = made.editor.document()
    before = document.documentLayout().blockBoundingRect(document.lastBlock())
    assert not is_there(made, "tall")
    assert shown(made, "tall").size() == painted(300, 777).size()
    draft = made.draft()
    qtbot.waitUntil(lambda: is_there(made, "tall"))
    assert document.documentLayout().blockBoundingRect(document.lastBlock()) == before
    assert made.draft() == draft
    assert not made.touched


def test_the_picture_is_what_is_painted_then(qtbot: QtBot) -> None:
    made = letter(qtbot, {"a": written(painted(300, 200), "png")}, '<div><img src="cid:a@x"></div>')
    with qtbot.waitExposed(made):
        made.show()
    view = made.editor.viewport()
    qtbot.waitUntil(lambda: is_there(made, "a"))
    spot = made.editor.cursorRect().topLeft()
    assert QColor(view.grab().toImage().pixel(spot.x() + 40, spot.y() + 40)) == RED


def test_what_cannot_be_unpacked_keeps_its_place_and_is_sent(qtbot: QtBot) -> None:
    broken = written(painted(300, 200), "png")[:-60]
    pictures = {"a": broken, "b": written(painted(30, 20), "png")}
    made = letter(qtbot, pictures, '<div><img src="cid:a@x"><img src="cid:b@x"></div>')
    qtbot.waitUntil(lambda: is_there(made, "b"))
    assert shown(made, "a").size() == painted(300, 200).size()
    assert {part.blob for part in made.draft().parts} == {"a", "b"}


def test_a_place_is_never_copied_as_the_picture(qtbot: QtBot) -> None:
    made = letter(
        qtbot, {"a": written(painted(300, 200), "png")}, '<div>x<img src="cid:a@x"></div>'
    )
    made.editor.selectAll()
    assert "data:" not in made.editor.createMimeDataFromSelection().html()
    qtbot.waitUntil(lambda: is_there(made, "a"))
    assert "data:image/png" in made.editor.createMimeDataFromSelection().html()


def test_a_letter_closed_meanwhile_is_not_missed(qtbot: QtBot) -> None:
    pictures = {f"p{n}": png(900) for n in range(6)}
    html = "".join(f'<div><img src="cid:{name}@x"></div>' for name in pictures)
    made = window_of(pictures, html)
    QApplication.processEvents()
    with qtbot.waitSignal(made.destroyed):
        made.finish()


def test_undoing_a_switch_of_kind_meanwhile_still_shows_it(qtbot: QtBot) -> None:
    made = letter(
        qtbot, {"a": written(painted(300, 200), "png")}, '<div>x<img src="cid:a@x"></div>'
    )
    made.editor.load_html('<div>other <img src="cid:a@x"></div>')
    qtbot.waitUntil(lambda: is_there(made, "a"))
