"""Drafts as a person meets them: a letter closed is in Drafts, here and on the server, gone on with
from there, discarded and brought back; letters that were open come back with the next start; what
another program makes of one is said.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from martlet.link.messages import CheckMail
from martlet.link.start import connect
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.folder import Role
from martlet.mail.message import DRAFT
from martlet.net.imap import ImapSession
from martlet.paths import Profile
from martlet.store.reader import Reader
from martlet.ui.compose import ComposeWindow
from martlet.ui.link import EngineLink
from martlet.ui.settings import Settings
from martlet.ui.window import MainWindow
from support.dovecot import Dovecot, installed
from ui.support.journey import activate, opened, running, wait

pytestmark = [
    pytest.mark.skipif(not installed(), reason="Dovecot is not installed"),
    pytest.mark.qt_log_ignore("This plugin does not support", "This plugin supports grabbing"),
]


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


@pytest.fixture
def window(qtbot: QtBot, profile: Profile, dovecot: Dovecot) -> Iterator[MainWindow]:
    ada = Account(
        AccountId(0),
        "Work",
        "ada@example.org",
        "Ada Lovelace",
        dovecot.server(Protocol.IMAP),
        Server(Protocol.SMTP, "127.0.0.1", 9, Security.NONE, "ada"),
        secret=SecretSource.ASK,
        ca_file=dovecot.ca_file,
    )
    with running(qtbot, profile.root, ada, dovecot.password) as window:
        window.letters.restore(profile.root / "letters.lock")
        go_to_drafts(qtbot, window)
        yield window


def go_to_drafts(qtbot: QtBot, window: MainWindow) -> None:
    def there() -> bool:
        window.folders.choose_role(Role.DRAFTS)
        folder = window.folders.current_folder()
        return folder is not None and folder.role is Role.DRAFTS

    wait(qtbot, there)


def there(dovecot: Dovecot) -> list[str]:
    """The texts of what lies in Drafts on the server."""
    folder = dovecot.maildir("ada", "Drafts")
    files = [f for place in ("new", "cur") for f in (folder / place).glob("*") if f.is_file()]
    return sorted(_text(file.read_bytes()) for file in files)


def _text(raw: bytes) -> str:
    return raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2].decode().strip()


def write(qtbot: QtBot, window: MainWindow, subject: str, text: str) -> ComposeWindow:
    before = letters()
    window.verbs.write()
    wait(qtbot, lambda: len(letters()) > len(before))
    (letter,) = [each for each in letters() if each not in before]
    activate(qtbot, letter)
    letter.set_rich(False)
    QTest.keyClicks(letter.header.to.edit, "bea@example.org,")
    letter.header.subject.setFocus()
    QTest.keyClicks(letter.header.subject, subject)
    letter.editor.setFocus()
    QTest.keyClicks(letter.editor, text)
    return letter


def previews(window: MainWindow) -> list[str]:
    model = window.list_model
    rows = [model.row_at(number) for number in range(model.rowCount())]
    return [row.preview for row in rows if row is not None]


def letters() -> list[ComposeWindow]:
    every = QApplication.topLevelWidgets()
    return [w for w in every if isinstance(w, ComposeWindow) and w.isVisible()]


def save_picture(window: QWidget, name: str) -> None:
    folder = os.environ.get("MARTLET_PICTURES", "")
    if folder:
        window.grab().save(str(Path(folder) / f"drafts-{name}.png"))


def toast_button(window: MainWindow, label: str) -> QPushButton:
    (found,) = [b for b in window.toast.findChildren(QPushButton) if b.text() == label]
    return found


def test_a_letter_lives_in_drafts(qtbot: QtBot, window: MainWindow, dovecot: Dovecot) -> None:
    letter = write(qtbot, window, "Half a thought", "one")
    QTest.keyClick(letter.editor, Qt.Key.Key_Escape)
    wait(qtbot, lambda: window.list_model.rowCount() == 1)
    assert not letters()
    row = window.list_model.row_at(0)
    assert row is not None
    assert (row.subject, row.to) == ("Half a thought", "bea@example.org")
    assert DRAFT in row.flags
    wait(qtbot, lambda: there(dovecot) == ["one"])
    assert window.reader.drafts_only_here() == []

    activate(qtbot, window)
    window.list.setFocus()
    window.list.setCurrentIndex(window.list_model.index(0))
    QTest.keyClick(window.list, Qt.Key.Key_Return)
    letter = opened(qtbot, ComposeWindow)
    assert letter.windowTitle() == "Half a thought"
    QTest.keyClick(window.list, Qt.Key.Key_Return)  # once more: it is the same window
    activate(qtbot, letter)
    assert letters() == [letter]
    letter.editor.setFocus()
    QTest.keyClick(letter.editor, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(letter.editor, " and more")
    letter.close()
    wait(qtbot, lambda: not letters())
    wait(qtbot, lambda: there(dovecot) == ["one and more"])
    wait(qtbot, lambda: previews(window) == ["one and more"])
    save_picture(window, "saved")

    QTest.mouseClick(toast_button(window, "Discard"), Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: there(dovecot) == [])
    wait(qtbot, lambda: window.list_model.rowCount() == 0)
    save_picture(window, "discarded")
    QTest.mouseClick(toast_button(window, "Undo"), Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: there(dovecot) == ["one and more"])


def test_the_letter_that_is_chosen_stays_chosen(
    qtbot: QtBot, window: MainWindow, dovecot: Dovecot
) -> None:
    for subject in ("First", "Second", "Third"):
        write(qtbot, window, subject, subject).close()
        wait(qtbot, lambda: not letters())
    wait(qtbot, lambda: window.list_model.rowCount() == 3)
    wait(qtbot, lambda: len(there(dovecot)) == 3)
    activate(qtbot, window)
    window.list.choose(1)
    QTest.keyClick(window.list, Qt.Key.Key_Return)
    letter = opened(qtbot, ComposeWindow)
    assert letter.windowTitle() == "Second"
    letter.editor.setFocus()
    QTest.keyClicks(letter.editor, "More of the ")
    letter.close()
    wait(qtbot, lambda: previews(window)[0] == "More of the Second")
    assert [row.preview for row in window.list.selected_rows()] == ["More of the Second"]
    wait(qtbot, lambda: "More of the Second" in there(dovecot) and len(there(dovecot)) == 3)
    assert [row.preview for row in window.list.selected_rows()] == ["More of the Second"]


def test_open_letters_come_back(
    qtbot: QtBot, window: MainWindow, profile: Profile, dovecot: Dovecot
) -> None:
    first = write(qtbot, window, "First", "The first letter")
    first.editor.moveCursor(first.editor.textCursor().MoveOperation.Start)
    second = write(qtbot, window, "Second", "The second letter")
    second.resize(700, 500)
    # What the last keys wrote is not saved yet; one quits from wherever one is.
    QTest.keyClick(second.editor, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: not letters() and not window.isVisible())
    wait(qtbot, lambda: there(dovecot) == ["The first letter", "The second letter"])

    link = EngineLink(lambda: connect(profile, start=True))
    again = MainWindow(link, Reader(profile.root), Settings(profile.settings))
    qtbot.addWidget(again)
    again.show()
    again.letters.restore(profile.root / "letters.lock")
    wait(qtbot, lambda: len(letters()) == 2)
    by_subject = {letter.windowTitle(): letter for letter in letters()}
    assert by_subject["First"].editor.textCursor().position() == 0
    assert by_subject["Second"].editor.textCursor().position() == len("The second letter")
    assert by_subject["Second"].size().width() == 700
    by_subject["First"].close()
    by_subject["Second"].close()
    wait(qtbot, lambda: not letters())
    wait(qtbot, lambda: not again.reader.letters_to_restore())
    again.close()
    link.close()


def test_a_draft_changed_by_another_program(
    qtbot: QtBot, window: MainWindow, dovecot: Dovecot
) -> None:
    letter = write(qtbot, window, "Plan", "one")
    letter.close()
    wait(qtbot, lambda: not letters() and window.list_model.rowCount() == 1)
    wait(qtbot, lambda: there(dovecot) == ["one"])
    activate(qtbot, window)
    window.list.setCurrentIndex(window.list_model.index(0))
    wait(qtbot, window.verbs.at_draft)
    shown = [b.text() for b in window.pane.top.bar.findChildren(QToolButton) if b.isVisible()]
    assert "Edit draft" in shown
    assert not {"Reply", "Reply all", "Forward"} & set(shown)
    window.verbs.edit_draft()
    letter = opened(qtbot, ComposeWindow)
    QTest.keyClicks(letter.editor, "ours ")
    letter.keeper.save()

    session = ImapSession.open(
        dovecot.server(Protocol.IMAP, security=Security.NONE), dovecot.password
    )
    session.select("Drafts")
    (uid,) = session.uids()
    ((_, raw),) = session.fetch_raw([uid])
    theirs = re.sub(rb"Message-ID: .*", b"Message-ID: <tb@example.org>\r", raw)
    session.append("Drafts", theirs.replace(b"\r\n\r\none", b"\r\n\r\ntheirs"), {DRAFT}, None)
    session.expunge([uid])
    session.close()
    window.link.ask(CheckMail([]))
    wait(qtbot, lambda: "changed elsewhere" in letter.elsewhere.words)
    save_picture(letter, "elsewhere")
    QTest.mouseClick(letter.elsewhere.action, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: len(letters()) == 2)
    for each in letters():
        each.close()
    wait(qtbot, lambda: there(dovecot) == ["ours one", "theirs"])
