"""The sheet in which signatures are made: formatted, with a picture, several by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from martlet.link.messages import AttachBytes
from martlet.mail.identity import (
    Identity,
    Signature,
    SignatureChoice,
    SignaturePlace,
    SignatureUse,
    Signing,
)
from martlet.mail.outgoing import OutgoingPart
from martlet.ui.accounts.identities_section import IdentitiesSection
from martlet.ui.accounts.identity_sheet import IdentitySheet
from martlet.ui.accounts.signature_sheet import SignatureSheet
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def picture(width: int = 30) -> QImage:
    image = QImage(width, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("#3366cc"))
    return image


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def sheet(qtbot: QtBot, link: FakeLink) -> SignatureSheet:
    made = SignatureSheet("Tom", Signing(), link, FakeReader().reader)
    qtbot.addWidget(made)
    made.show()
    return made


def test_what_has_no_look_stays_plain(sheet: SignatureSheet) -> None:
    sheet.words.editor.insertPlainText("Dr. ")
    assert sheet.words_of_main == "Dr. Tom"
    assert sheet.signing == Signing()
    assert sheet.plain.isHidden()


def test_a_formatted_one_shows_what_plain_letters_get(sheet: SignatureSheet) -> None:
    sheet.words.editor.selectAll()
    sheet.words.bold.click()
    assert sheet.signing.html is not None
    assert "<b>Tom</b>" in sheet.signing.html
    assert sheet.plain.text() == "-- \nTom"
    sheet.mark.click()
    assert sheet.plain.text() == "Tom"
    assert not sheet.signing.mark


def test_a_picture_is_made_small_named_by_its_bytes_and_described(
    sheet: SignatureSheet, link: FakeLink, tmp_path: Path
) -> None:
    file = tmp_path / "logo of ours.png"
    assert picture(3000).save(str(file))
    sheet.words.take_files([str(file)])
    dialog = sheet.words.dialog
    assert isinstance(dialog, QInputDialog)
    dialog.textValueSelected.emit("Our logo")
    asked = link.last(AttachBytes)
    assert isinstance(asked.request, AttachBytes)
    assert QImage.fromData(asked.request.data).width() == 1200
    asked.answer(OutgoingPart("Our logo.png", "image/png", 9, "ab" * 32))
    signing = sheet.signing
    (part,) = signing.parts
    assert part.content_id == f"{'ab' * 12}@martlet"
    assert signing.html is not None
    assert f'src="cid:{part.content_id}"' in signing.html
    assert 'alt="Our logo"' in signing.html
    assert 'width="400"' in signing.html
    assert sheet.words_of_main == "Tom"


def test_what_is_no_picture_is_refused(sheet: SignatureSheet, tmp_path: Path) -> None:
    file = tmp_path / "x.png"
    file.write_bytes(b"no picture")
    sheet.words.take_files([str(file)])
    assert "x.png" in sheet.notice.text


def test_several_are_named_chosen_and_removed(sheet: SignatureSheet) -> None:
    sheet.add_named("Short")
    sheet.words.editor.insertPlainText("T.")
    assert sheet.signing.more == (Signature("Short", "T."),)
    sheet.add_named("short")
    assert sheet.notice.text
    sheet.reply.setCurrentIndex(sheet.reply.findText("Short"))
    sheet.forward.setCurrentIndex(sheet.forward.findText("None"))
    sheet.place.setCurrentIndex(2)
    sheet.name_it("Brief")
    signing = sheet.signing
    assert signing.reply == SignatureChoice(SignatureUse.OTHER, "Brief")
    assert signing.forward == SignatureChoice(SignatureUse.NONE)
    assert signing.place is SignaturePlace.BELOW
    sheet.remove.click()
    left = sheet.signing
    assert left.more == ()
    assert left.reply == SignatureChoice()
    assert sheet.words_of_main == "Tom"


def test_the_identity_keeps_what_the_sheet_made(qtbot: QtBot, link: FakeLink) -> None:
    identity = Identity(1, "shop@example.org", signature="Shop")
    sheet = IdentitySheet(identity, new=False, link=link, reader=FakeReader().reader)
    qtbot.addWidget(sheet)
    sheet.signing.more.click()
    inner = sheet.signing.sheet
    assert inner is not None
    inner.words.editor.selectAll()
    inner.words.italic.click()
    inner.go.click()
    made = sheet.identity
    assert made.signature == "Shop"
    assert made.signing.html is not None
    assert "<i>Shop</i>" in made.signing.html
    assert sheet.signature.isReadOnly()


def test_the_main_identity_too(qtbot: QtBot, link: FakeLink) -> None:
    reader = FakeReader()
    mine = account(1, "home", "tom@example.org")
    section = IdentitiesSection(mine, link=link, reader=reader.reader)
    qtbot.addWidget(section)
    section.signing.more.click()
    inner = section.signing.sheet
    assert inner is not None
    inner.words.editor.insertPlainText("Tom")
    inner.mark.click()
    with qtbot.waitSignal(section.edited):
        inner.go.click()
    kept = section.into(mine)
    assert (kept.signature, kept.signing.mark) == ("Tom", False)
