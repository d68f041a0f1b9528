"""What becomes of letters: window, engine, Dovecot and Postfix, by keys and clicks.

Sent to one who is there, one who is not, and one whom nobody can reach -> the ledger tells each
recipient's fate, the report leads to the letter and back. A letter that is refused as a whole waits
in the outbox, is edited there and goes out by another identity. A large one shows how far it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from martlet.link.messages import CheckMail
from martlet.mail.changes import Progress
from martlet.mail.folder import Role
from martlet.mail.identity import Identity
from martlet.mail.outgoing import OutboxState
from martlet.ui.compose import ComposeWindow
from martlet.ui.outbox.letter import OutboxLetter
from martlet.ui.outbox.window import OutboxWindow
from martlet.ui.window import MainWindow
from support.dovecot import Dovecot
from support.postfix import AUTH_LISTENER, Postfix, unusable
from ui.support.journey import activate, ada, opened, running, wait

pytestmark = [
    pytest.mark.skipif(unusable() != "", reason=unusable() or "usable"),
    pytest.mark.qt_log_ignore("This plugin does not support", "This plugin supports grabbing"),
]
Host = tuple[Dovecot, Postfix]
SHOP = Identity(
    1, "ada+shop@example.org", "阿达的小店", "orders@example.org", "The shop\n湖边街四号"
)
# Eva is known, but lives where nobody can reach her: that is found out later, and reported.
EVA = "virtual_alias_maps = inline:{ {eva@example.org = eva@elsewhere.example} }"
BIG = 12_000_000


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with (
        Dovecot(settings=AUTH_LISTENER) as dovecot,
        Postfix(dovecot, settings=EVA) as postfix,
    ):
        yield dovecot, postfix


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, host: Host) -> Iterator[MainWindow]:
    dovecot, postfix = host
    with running(
        qtbot,
        tmp_path / "profile",
        replace(ada(dovecot, postfix), signature="Ada", identities=(SHOP,)),
        dovecot.password,
    ) as window:
        window.settings.put(**{"write.rich": 0})  # read without Chromium
        yield window


def write(qtbot: QtBot, window: MainWindow, to: str, subject: str) -> ComposeWindow:
    """A letter, typed but for Send."""
    window.verbs.write()
    letter = opened(qtbot, ComposeWindow)
    activate(qtbot, letter)
    QTest.keyClicks(letter.header.to.edit, to)
    letter.header.subject.setFocus()
    QTest.keyClicks(letter.header.subject, subject)
    letter.editor.setFocus()
    QTest.keyClicks(letter.editor, "Hello,")
    return letter


def send_now(qtbot: QtBot, window: MainWindow, letter: ComposeWindow) -> OutboxLetter:
    """Sends it, without the time in which it can be taken back; as the outbox shows it."""
    activate(qtbot, letter)
    QTest.mouseClick(letter.top.send, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: bool(window.reader.outbox()))
    window.windows.outbox()
    outbox = opened(qtbot, OutboxWindow)
    wait(qtbot, lambda: outbox.letter is not None)
    row = outbox.letter
    assert row is not None
    assert "Goes out in" in row.state.text()
    QTest.mouseClick(row.send, Qt.MouseButton.LeftButton)
    return row


def came(dovecot: Dovecot, user: str, subject: str) -> list[Message]:
    """The messages with this subject in somebody's inbox on the server."""
    folder = dovecot.maildir(user)
    files = [p for place in ("new", "cur") for p in (folder / place).glob("*") if p.is_file()]
    read = [message_from_bytes(file.read_bytes()) for file in files]
    return [message for message in read if message["Subject"] == subject]


def show_sent(qtbot: QtBot, window: MainWindow) -> None:
    sent = next(f for f in window.reader.folders() if f.role is Role.SENT)
    wait(qtbot, lambda: bool(window.reader.page(sent.id, None, 5)))
    window.folders.choose(sent.id)
    wait(qtbot, lambda: window.list_model.row_count() > 0)
    window.list.choose(0)
    wait(qtbot, lambda: window.pane.rendered is not None)


def test_each_recipients_fate_is_told(
    qtbot: QtBot, window: MainWindow, host: Host, tmp_path: Path
) -> None:
    dovecot, postfix = host
    people = "bruno@example.org, nobody@example.org, eva@example.org"
    send_now(qtbot, window, write(qtbot, window, people, "Three of you"))
    wait(qtbot, lambda: bool(came(dovecot, "bruno", "Three of you")))
    wait(qtbot, lambda: not window.reader.outbox())
    assert not window.taking_back.offered

    # Sent tells that one was refused at once ...
    show_sent(qtbot, window)
    line = window.pane.ledger
    wait(qtbot, lambda: "failed for" in line.words)
    # ... and, when the report has come, of the other.
    postfix.wait_until_delivered()
    window.link.ask(CheckMail())
    wait(qtbot, lambda: line.words.startswith("Sent to 1, failed for 2"))
    QTest.mouseClick(line.more, Qt.MouseButton.LeftButton)
    assert "nobody@example.org" in line.details.text
    assert "Refused by your server" in line.details.text
    assert "There is no world outside" in line.details.text
    window.grab().save(str(tmp_path / "ledger.png"))

    # To the report, and back to the letter.
    show = next(
        b
        for b in line.details.findChildren(QPushButton)
        if b.accessibleName() == "Show report: eva@example.org"
    )
    QTest.mouseClick(show, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: line.words.startswith("This report is about “Three of you”"))
    wait(qtbot, lambda: window.pane.rendered is not None)
    window.grab().save(str(tmp_path / "report.png"))
    QTest.mouseClick(line.open, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: line.words.startswith("Sent to 1"))


def test_a_refused_letter_is_mended_and_goes_out_by_another_identity(
    qtbot: QtBot, window: MainWindow, host: Host, tmp_path: Path
) -> None:
    dovecot, _postfix = host
    row = send_now(qtbot, window, write(qtbot, window, "nobody@example.org", "Opening hours"))
    wait(qtbot, lambda: row.entry.state is OutboxState.FAILED)
    assert "nobody@example.org: there is no such address" in row.state.text()
    assert "User unknown in virtual mailbox table" in row.answers.text
    assert "address is right" in row.advice.text()
    outbox = opened(qtbot, OutboxWindow)
    outbox.grab().save(str(tmp_path / "outbox.png"))

    QTest.mouseClick(row.edit, Qt.MouseButton.LeftButton)
    letter = opened(qtbot, ComposeWindow)
    activate(qtbot, letter)
    assert letter.draft().text == "Hello,\n\n-- \nAda"
    letter.header.to.set_addresses(())
    QTest.keyClicks(letter.header.to.edit, "bruno@example.org")
    box = letter.header.from_choice
    box.setCurrentIndex(next(i for i in range(box.count()) if "ada+shop" in box.itemText(i)))
    letter.grab().save(str(tmp_path / "identity.png"))
    send_now(qtbot, window, letter)
    wait(qtbot, lambda: bool(came(dovecot, "bruno", "Opening hours")))
    message = came(dovecot, "bruno", "Opening hours")[0]
    assert "<ada+shop@example.org>" in message["From"]
    assert message["Reply-To"] == "orders@example.org"
    plain = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    body = plain.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().replace("\r\n", "\n") == "Hello,\n\n-- \nThe shop\n湖边街四号\n"
    wait(qtbot, lambda: not window.reader.outbox())


def test_a_large_letter_shows_how_far_it_is(
    qtbot: QtBot, window: MainWindow, host: Host, tmp_path: Path
) -> None:
    dovecot, _postfix = host
    picture = tmp_path / "湖.bin"
    picture.write_bytes(bytes(range(256)) * (BIG // 256))
    told: list[Progress] = []
    words: list[str] = []

    def hear(change: object) -> None:
        if isinstance(change, Progress) and change.outbox_id:
            told.append(change)
            words.extend(label.text() for label in window.status_line.findChildren(QLabel))

    window.link.changed.connect(hear)
    letter = write(qtbot, window, "bruno@example.org", "A large one")
    letter.intake.take_files([str(picture)])
    wait(qtbot, lambda: len(letter.draft().parts) == 1)
    row = send_now(qtbot, window, letter)
    wait(qtbot, lambda: bool(told) and told[-1].done == told[-1].total)
    assert told[-1].total > BIG
    assert row.bar.value() == 1000
    wait(qtbot, lambda: bool(came(dovecot, "bruno", "A large one")))
    wait(qtbot, lambda: not window.reader.outbox())
