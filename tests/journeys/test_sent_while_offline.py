"""A letter that is sent while there is no network: Send, quit, start, network back. It arrives
once, byte for byte as it was written, and lies in Sent once. And one that is taken back while there
is no engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from martlet.mail.account import Account, SecretSource
from martlet.mail.folder import Role
from martlet.mail.outgoing import OutboxState
from martlet.paths import Profile
from martlet.store.blobs import Blobs
from martlet.ui import countdown
from martlet.ui.compose import ComposeWindow
from martlet.ui.outbox.window import OutboxWindow
from martlet.ui.window import MainWindow
from support.dovecot import Dovecot
from support.postfix import AUTH_LISTENER, Postfix, unusable
from ui.support.journey import activate, ada, kill_engine, opened, running, wait

pytestmark = [
    pytest.mark.skipif(unusable() != "", reason=unusable() or "usable"),
    pytest.mark.qt_log_ignore("This plugin does not support", "This plugin supports grabbing"),
]
Host = tuple[Dovecot, Postfix]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def host() -> Iterator[Host]:
    with Dovecot(settings=AUTH_LISTENER) as dovecot, Postfix(dovecot) as postfix:
        yield dovecot, postfix


def account(host: Host) -> Account:
    dovecot, postfix = host
    return replace(
        ada(dovecot, postfix),
        full_name="Ada Løvelace",
        secret=SecretSource.COMMAND,
        password_command=f"echo {dovecot.password}",
    )


def write(qtbot: QtBot, window: MainWindow, subject: str) -> ComposeWindow:
    """A letter, typed but for Send."""
    activate(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_N, CONTROL)
    letter = opened(qtbot, ComposeWindow)
    activate(qtbot, letter)
    QTest.keyClicks(letter.header.to.edit, "bruno@example.org")
    letter.header.subject.setFocus()
    QTest.keyClicks(letter.header.subject, subject)
    letter.editor.setFocus()
    QTest.keyClicks(letter.editor, "Greetings from the train,")
    QTest.keyClick(letter.editor, Qt.Key.Key_Return)
    QTest.keyClicks(letter.editor, ".and a dot")
    return letter


def came(dovecot: Dovecot, user: str) -> list[bytes]:
    folder = dovecot.maildir(user)
    files = [p for place in ("new", "cur") for p in (folder / place).glob("*") if p.is_file()]
    return [file.read_bytes() for file in files]


def test_it_arrives_once_when_the_network_is_back(qtbot: QtBot, tmp_path: Path, host: Host) -> None:
    dovecot, postfix = host
    root = tmp_path / "profile"
    with running(qtbot, root, account(host)) as window:
        wait(qtbot, lambda: any(f.role is Role.SENT for f in window.reader.folders()))
        postfix.stop()
        dovecot.stop()
        letter = write(qtbot, window, "Unterwegs")
        QTest.mouseClick(letter.top.send, Qt.MouseButton.LeftButton)
        wait(qtbot, lambda: window.taking_back.offered)
        activate(qtbot, window)
        (card,) = window.taking_back.stack.cards.values()
        QTest.mouseClick(card.now, Qt.MouseButton.LeftButton)
        wait(qtbot, lambda: window.reader.outbox()[0].attempts > 0)
        wait(qtbot, lambda: window.reader.outbox()[0].state is OutboxState.QUEUED)
        # It is no error: the outbox says what it waits for.
        window.windows.outbox()
        outbox = opened(qtbot, OutboxWindow)
        wait(qtbot, lambda: outbox.letter is not None and "Next try" in outbox.letter.state.text())
        assert not window.notice.isVisible()
        # Nothing goes out in a moment: who quits is not asked.
        window.close()
        wait(qtbot, lambda: not window.isVisible())

    with running(qtbot, root) as window:
        (entry,) = window.reader.outbox()
        built = Blobs(root).get(entry.blob)
        assert built is not None
        dovecot.start()
        postfix.start()
        # By itself: nobody presses anything.
        wait(qtbot, lambda: bool(came(dovecot, "bruno")))
        wait(qtbot, lambda: window.reader.outbox() == [])
        postfix.wait_until_delivered()
        (got,) = came(dovecot, "bruno")
        assert got.replace(b"\r\n", b"\n").endswith(built.replace(b"\r\n", b"\n"))
        sent = next(f for f in window.reader.folders() if f.role is Role.SENT)
        wait(qtbot, lambda: len(window.reader.page(sent.id, None, 9)) == 1)
        copies = [raw for raw in came_in(dovecot, sent.name)]
        assert [raw.replace(b"\r\n", b"\n") for raw in copies] == [built.replace(b"\r\n", b"\n")]


def came_in(dovecot: Dovecot, folder: str) -> list[bytes]:
    place = dovecot.maildir("ada", folder)
    files = [p for inner in ("new", "cur") for p in (place / inner).glob("*") if p.is_file()]
    return [file.read_bytes() for file in files]


def test_who_quits_with_a_letter_on_its_way_is_asked_and_may_wait(
    qtbot: QtBot, tmp_path: Path, host: Host
) -> None:
    dovecot, _ = host
    with running(qtbot, tmp_path / "profile", account(host)) as window:
        letter = write(qtbot, window, "Vor dem Gehen")
        QTest.mouseClick(letter.top.send, Qt.MouseButton.LeftButton)
        wait(qtbot, lambda: window.taking_back.offered)
        (entry,) = window.taking_back.leaving
        assert countdown.counts(entry, entry.created)
        window.close()
        wait(qtbot, lambda: window.leaving.question is not None)
        assert window.isVisible()
        box = window.leaving.question
        assert isinstance(box, QMessageBox)
        assert box.text().startswith("A letter goes out in ")
        now = next(b for b in box.buttons() if "Send now" in b.text())
        QTest.mouseClick(now, Qt.MouseButton.LeftButton)
        wait(qtbot, lambda: not window.isVisible())
        wait(qtbot, lambda: len(came(dovecot, "bruno")) == 1)


def test_undo_outlives_the_engine(qtbot: QtBot, tmp_path: Path, host: Host) -> None:
    dovecot, postfix = host
    root = tmp_path / "profile"
    with running(qtbot, root, account(host)) as window:
        wait(qtbot, lambda: any(f.role is Role.SENT for f in window.reader.folders()))
        for subject in ("Goes", "Comes back"):
            letter = write(qtbot, window, subject)
            QTest.mouseClick(letter.top.send, Qt.MouseButton.LeftButton)
            wait(
                qtbot,
                lambda: not any(isinstance(w, ComposeWindow) for w in QApplication.allWidgets()),
            )
        wait(qtbot, lambda: len(window.reader.outbox()) == 2)
        activate(qtbot, window)
        kill_engine(Profile(root))
        # The newest; it is asked of an engine that is not there.
        QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
        back = opened(qtbot, ComposeWindow)
        assert back.header.subject.text() == "Comes back"
        # The other by itself, when its seconds are over.
        wait(qtbot, lambda: len(came(dovecot, "bruno")) == 1)
        wait(qtbot, lambda: not window.reader.outbox())
        postfix.wait_until_delivered()
        assert len(came(dovecot, "bruno")) == 1
        assert back.isVisible()
