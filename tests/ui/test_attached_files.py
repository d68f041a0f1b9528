"""Attachments opened, saved and copied: what runs is not opened, what exists is not overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QClipboard, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from martlet.mail.message import MessageId
from ui.support.attached import Desk, desk, mail, pdf
from ui.support.sample import HEADLESS, png

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)

FILES = [
    ("a.png", "image/png", png()),
    ("b.pdf", "application/pdf", pdf(1)),
    ("a.png", "image/png", png(30, 30)),
    ("setup.exe", "application/octet-stream", b"MZ" + bytes(100)),
    ("invoice.pdf", "application/pdf", b"MZ" + bytes(100)),
    ("login.html", "text/html", b"<html>"),
]


class Opener(QObject):
    """Stands where the system's programs would."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


@pytest.fixture
def opener() -> object:
    made = Opener()
    slot: Any = "open"  # PySide's stub says bytes; what it takes is text
    QDesktopServices.setUrlHandler("file", made, slot)
    yield made
    QDesktopServices.unsetUrlHandler("file")


@pytest.fixture
def joined(qtbot: QtBot, tmp_path: Path) -> Desk:
    inner = EmailMessage()
    inner["Subject"] = "inner"
    inner.set_content("x")
    return desk(qtbot, tmp_path, mail(FILES, inner))


def box(qtbot: QtBot) -> QMessageBox:
    def found() -> bool:
        return any(
            isinstance(w, QMessageBox) and w.isVisible() for w in QApplication.topLevelWidgets()
        )

    qtbot.waitUntil(found)
    return next(
        w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()
    )


def button(of: QMessageBox, text: str) -> QAbstractButton | None:
    return next((b for b in of.buttons() if b.text().replace("&", "") == text), None)


def test_a_file_is_opened_as_a_private_read_only_copy(
    qtbot: QtBot, joined: Desk, opener: Opener
) -> None:
    joined.bar.open_wanted.emit(joined.chip("b.pdf").attachment)
    qtbot.waitUntil(lambda: bool(opener.opened))
    path = Path(opener.opened[0])
    assert path.name == "b.pdf"
    assert path.stat().st_mode & 0o777 == 0o400
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_program_is_only_saved_and_why_is_said(
    qtbot: QtBot, joined: Desk, opener: Opener
) -> None:
    joined.bar.open_wanted.emit(joined.chip("setup.exe").attachment)
    asked = box(qtbot)
    assert "This is a program" in asked.informativeText()
    assert button(asked, "Open") is None
    save = button(asked, "Save instead…")
    assert save is not None
    save.click()
    qtbot.waitUntil(lambda: bool(joined.window.findChildren(QFileDialog)))
    joined.window.findChildren(QFileDialog)[0].reject()
    assert not opener.opened


def test_a_program_that_calls_itself_a_document_is_found_out(
    qtbot: QtBot, joined: Desk, opener: Opener
) -> None:
    joined.bar.open_wanted.emit(joined.chip("invoice.pdf").attachment)
    asked = box(qtbot)
    assert "not the kind of file" in asked.informativeText()
    assert button(asked, "Open") is None
    asked.reject()
    assert not opener.opened


def test_what_could_do_harm_is_asked_about(qtbot: QtBot, joined: Desk, opener: Opener) -> None:
    joined.bar.open_wanted.emit(joined.chip("login.html").attachment)
    asked = box(qtbot)
    assert asked.defaultButton() is button(asked, "Save instead…")
    go_on = button(asked, "Open")
    assert go_on is not None
    go_on.click()
    qtbot.waitUntil(lambda: bool(opener.opened))


def test_an_attached_message_opens_in_a_window_of_ours(
    qtbot: QtBot, joined: Desk, opener: Opener
) -> None:
    with qtbot.waitSignal(joined.files.message_wanted) as wanted:
        joined.bar.open_wanted.emit(joined.chip("inner.eml").attachment)
    assert wanted.args == [0, "8"]
    assert not opener.opened


def test_all_are_saved_and_nothing_is_overwritten(
    qtbot: QtBot, joined: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "b.pdf").write_text("mine")
    joined.bar.save_wanted.emit(list(joined.bar.shown()))
    dialog = joined.window.findChildren(QFileDialog)[0]
    dialog.fileSelected.emit(str(folder))
    dialog.reject()
    qtbot.waitUntil(lambda: bool(joined.said))
    assert joined.said == [f"Saved 7 files to {folder}"]
    assert {path.name for path in folder.iterdir()} == {
        "a.png", "a (2).png", "b.pdf", "b (2).pdf", "setup.exe", "invoice.pdf", "login.html",
        "inner.eml",
    }  # fmt: skip
    assert (folder / "b.pdf").read_text() == "mine"


def test_saving_is_told_at_its_own_message_only(qtbot: QtBot, joined: Desk, tmp_path: Path) -> None:
    mine, own = joined.bar.shown(), joined.bar.message
    joined.bar.save_wanted.emit(list(mine))
    joined.bar.show_attachments(mine[:2], MessageId(5))  # before a folder is named
    dialog = joined.window.findChildren(QFileDialog)[0]
    dialog.fileSelected.emit(str(tmp_path))
    dialog.reject()
    told = [each.text() for each in joined.bar.findChildren(QLabel)]
    assert not any("Saving" in words for words in told)
    joined.bar.show_attachments(mine, own)
    qtbot.waitUntil(lambda: bool(joined.said))


def test_a_folder_that_cannot_be_written_is_told_once(
    qtbot: QtBot, joined: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "{gone}"
    joined.bar.save_wanted.emit(list(joined.bar.shown())[:2])
    dialog = joined.window.findChildren(QFileDialog)[0]
    dialog.fileSelected.emit(str(folder))
    dialog.reject()
    qtbot.waitUntil(lambda: bool(joined.said))
    assert joined.said[0].startswith(f"Saved 0 of 2 files to {folder}. a.png: ")


@pytest.fixture
def clipboard(joined: Desk) -> Iterator[QClipboard]:
    """Emptied afterwards: what Python gave it must not outlive Python."""
    made = QGuiApplication.clipboard()
    yield made
    made.clear()


def test_files_are_copied(qtbot: QtBot, joined: Desk, clipboard: QClipboard) -> None:
    shown = joined.bar.shown()
    joined.bar.copy_wanted.emit([shown[0], shown[1]])
    qtbot.waitUntil(lambda: joined.said == ["Copied 2 files"])
    data = clipboard.mimeData()
    assert [Path(url.toLocalFile()).name for url in data.urls()] == ["a.png", "b.pdf"]
    assert bytes(data.data("x-special/gnome-copied-files").data())[:13] == b"copy\nfile:///"
