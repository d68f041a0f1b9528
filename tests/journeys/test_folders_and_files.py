"""Folders and a large file, by keys and clicks: window, engine and Dovecot.

Make a folder -> move mail there -> rename it -> delete it -> undo twice -> the server agrees;
then a letter whose attachment is only on the server is read, and the attachment saved. What
another program marked as deleted is taken back; a server without an archive is asked about.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from martlet.link.messages import AccountAdd, Shutdown
from martlet.link.start import connect
from martlet.mail.account import Account, AccountId, Protocol, SecretSource
from martlet.paths import Profile
from martlet.store.reader import Reader
from martlet.ui import theme
from martlet.ui.attachment_chip import AttachmentChip
from martlet.ui.folder_picker import FolderPicker
from martlet.ui.folders.deleting import DeleteFolderDialog
from martlet.ui.folders.missing_dialog import MissingRoleDialog
from martlet.ui.folders.naming import FolderNameDialog
from martlet.ui.link import EngineLink
from martlet.ui.settings import Settings
from martlet.ui.window import MainWindow
from support.dovecot import Dovecot, installed
from ui.support.journey import activate, opened, wait

pytestmark = [
    pytest.mark.skipif(not installed(), reason="Dovecot is not installed"),
    pytest.mark.qt_log_ignore("This plugin does not support", "This plugin supports grabbing"),
]
FILE = random.Random(7).randbytes(5_000_000)
NAME = "报告 2026.bin"
W = TypeVar("W", bound=QWidget)
_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def letter(subject: str, *, file: bytes = b"") -> bytes:
    message = EmailMessage()
    message["From"] = "Bruno Rossi <bruno@example.org>"
    message["To"] = "Ada <ada@example.org>"
    message["Subject"] = subject
    message["Date"] = f"Mon, 16 Nov 2026 0{1 + bool(file)}:00:00 +0000"
    message["Message-ID"] = f"<{len(subject)}@example.org>"
    message.set_content("Here is what you asked for.\n\nBruno\n")
    if file:
        message.add_attachment(file, maintype="application", subtype="x-chart", filename=NAME)
    return message.as_bytes()


@pytest.fixture
def special_use() -> bool:
    return True


@pytest.fixture
def dovecot(special_use: bool) -> Iterator[Dovecot]:
    with Dovecot(special_use=special_use) as server:
        server.deliver("ada", letter("Tickets"))
        server.deliver("ada", letter("季度报告", file=FILE))
        yield server


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    made = Profile(tmp_path / "profile")
    yield made
    client = connect(made, start=False)
    client.call(Shutdown())
    client.close()


@pytest.fixture
def window(qtbot: QtBot, profile: Profile, dovecot: Dovecot) -> Iterator[MainWindow]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    link = EngineLink(lambda: connect(profile, start=True))
    made = MainWindow(link, Reader(profile.root), Settings(profile.settings))
    qtbot.addWidget(made)
    made.resize(1200, 760)
    with qtbot.waitExposed(made):
        made.show()
    ada = Account(
        AccountId(0),
        "Work",
        "ada@example.org",
        incoming=dovecot.server(Protocol.IMAP),
        secret=SecretSource.ASK,
        ca_file=dovecot.ca_file,
        whole_kb=256,
    )
    link.ask(AccountAdd(ada, dovecot.password))
    wait(qtbot, lambda: made.list_model.row_count() == 2)
    yield made
    made.windows.close_all()
    made.close()
    link.close()


def visible(kind: type[W]) -> list[W]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]


def closed(qtbot: QtBot, kind: type[QWidget]) -> None:
    """The server may have done it before the dialog knows; until then it takes the keys."""
    wait(qtbot, lambda: not visible(kind))


def press(
    qtbot: QtBot,
    window: MainWindow,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    activate(qtbot, window)
    QTest.keyClick(window, key, modifiers)


def go_to(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """To the folder of this name, once the window shows it."""

    def chosen() -> bool:
        found = [f for f in window.reader.folders() if f.name == name]
        return bool(found) and window.folders.choose(found[0].id)

    wait(qtbot, chosen)


def there(dovecot: Dovecot) -> dict[str, int]:
    """What the server has: folders with the number of their messages."""
    said = dovecot.doveadm("-f", "tab", "mailbox", "status", "-u", "ada", "messages", "*")
    rows = (line.rsplit("\t", 1) for line in said.splitlines()[1:])
    return {name: int(count) for name, count in rows}


def test_folders_by_hand(qtbot: QtBot, window: MainWindow, dovecot: Dovecot) -> None:
    # Make a folder.
    press(qtbot, window, Qt.Key.Key_N, _CONTROL | _SHIFT)
    naming = opened(qtbot, FolderNameDialog)
    naming.place.choose(None)
    naming.name.setText("旅行")
    naming.go.click()
    wait(qtbot, lambda: "旅行" in there(dovecot))
    closed(qtbot, FolderNameDialog)

    # It is opened, once the window hears that it was made: not before it one goes on.
    def at_new_one() -> bool:
        folder = window.folders.current_folder()
        return folder is not None and folder.name == "旅行"

    wait(qtbot, at_new_one)

    # Move mail there, by the folder's name.
    go_to(qtbot, window, "INBOX")
    wait(qtbot, lambda: window.list_model.row_count() == 2)
    window.list.choose(1)
    assert window.commands["move"].isEnabled()
    press(qtbot, window, Qt.Key.Key_V)
    picker = opened(qtbot, FolderPicker)
    field = picker.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText("旅行")
    taken: list[bool] = []
    picker.accepted.connect(lambda: taken.append(True))

    def pressed() -> bool:
        # It takes nothing in its first moment, in which letters may be meant for the list.
        if not taken:
            QTest.keyClick(field, Qt.Key.Key_Return)
        return bool(taken)

    wait(qtbot, pressed)
    wait(qtbot, lambda: window.list_model.row_count() == 1)
    wait(qtbot, lambda: there(dovecot).get("旅行") == 1)

    # Rename it.
    go_to(qtbot, window, "旅行")
    press(qtbot, window, Qt.Key.Key_F2)
    naming = opened(qtbot, FolderNameDialog)
    naming.name.setText("Travel")
    naming.go.click()
    wait(qtbot, lambda: there(dovecot).get("Travel") == 1)
    closed(qtbot, FolderNameDialog)

    # Delete it.
    go_to(qtbot, window, "Travel")
    press(qtbot, window, Qt.Key.Key_Delete, _CONTROL | _SHIFT)
    opened(qtbot, DeleteFolderDialog).go.click()
    wait(qtbot, lambda: there(dovecot).get("Trash/Travel") == 1)
    closed(qtbot, DeleteFolderDialog)
    assert "Travel" not in there(dovecot)

    # Undo twice: it is back, and called as at first. Its mail was in it all the time.
    press(qtbot, window, Qt.Key.Key_Z, _CONTROL)
    wait(qtbot, lambda: there(dovecot).get("Travel") == 1)
    press(qtbot, window, Qt.Key.Key_Z, _CONTROL)
    wait(qtbot, lambda: there(dovecot).get("旅行") == 1)
    go_to(qtbot, window, "旅行")
    wait(qtbot, lambda: window.list_model.row_count() == 1)
    row = window.list_model.row_at(0)
    assert row is not None
    assert row.subject == "Tickets"
    assert not {"Travel", "Trash/Travel"} & set(there(dovecot))


def test_a_large_file_is_saved_when_it_is_wanted(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    # Its text is here, the file is not.
    window.list.choose(0)
    pane = window.pane
    wait(qtbot, lambda: pane.rendered is not None and pane.rendered.complete)
    assert pane.rendered is not None
    assert "what you asked for" in pane.rendered.text
    assert pane.rest.isVisible()
    assert "5.0 MB" in pane.rest.words
    chip = pane.attachments.findChildren(AttachmentChip)[0]
    assert not chip.attachment.here

    # Save it.
    chip.customContextMenuRequested.emit(QPoint(5, 5))
    menu = opened(qtbot, QMenu)
    save = next(action for action in menu.actions() if action.text() == "Save…")
    save.trigger()
    menu.close()
    dialog = opened(qtbot, QFileDialog)
    target = tmp_path / "saved.bin"
    dialog.selectFile(str(target))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    wait(qtbot, target.exists)
    wait(qtbot, lambda: target.stat().st_size == len(FILE))
    assert target.read_bytes() == FILE

    # Now all of it is here, and the window says so.
    wait(qtbot, pane.rest.isHidden)
    wait(qtbot, lambda: all(each.here for each in pane.attachments.shown()))


def test_what_another_program_deleted_is_taken_back(
    qtbot: QtBot, window: MainWindow, dovecot: Dovecot
) -> None:
    dovecot.doveadm(
        "flags", "add", "-u", "ada", r"\Deleted", "mailbox", "INBOX", "subject", "Tickets"
    )
    press(qtbot, window, Qt.Key.Key_F5)
    wait(qtbot, lambda: window.list_model.row_count() == 1)
    press(qtbot, window, Qt.Key.Key_U, _CONTROL | Qt.KeyboardModifier.AltModifier)
    wait(qtbot, lambda: window.looking.at_deleted and window.list_model.row_count() == 1)
    window.list.choose(0)
    press(qtbot, window, Qt.Key.Key_U)
    wait(qtbot, lambda: window.list_model.row_count() == 0)

    def flags() -> str:
        return dovecot.doveadm("fetch", "-u", "ada", "flags", "mailbox", "INBOX")

    wait(qtbot, lambda: r"\Deleted" not in flags())
    press(qtbot, window, Qt.Key.Key_Escape)
    wait(qtbot, lambda: window.list_model.row_count() == 2)


@pytest.mark.parametrize("special_use", [False])
def test_a_server_without_an_archive_is_asked_about_once(
    qtbot: QtBot, window: MainWindow, dovecot: Dovecot
) -> None:
    window.list.choose(1)
    press(qtbot, window, Qt.Key.Key_A)
    asking = opened(qtbot, MissingRoleDialog)
    assert asking.name.text() == "Archive"
    asking.go.click()
    wait(qtbot, lambda: there(dovecot).get("Archive") == 1)
    wait(qtbot, lambda: window.list_model.row_count() == 1)
    window.list.choose(0)
    press(qtbot, window, Qt.Key.Key_A)
    wait(qtbot, lambda: there(dovecot).get("Archive") == 2)
    assert there(dovecot)["INBOX"] == 0
