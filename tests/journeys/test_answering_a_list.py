"""Answering and passing on, by keys and clicks: window, engine, Dovecot and Postfix.

A question that came by a list is answered between its lines and goes to the list, byte for byte as
it was typed -> only what is chosen is quoted -> rich mail with a picture and a file is passed on in
the letter, sealed, and once more as a file of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView
from pytestqt.qtbot import QtBot

from martlet.mail.message import ANSWERED
from martlet.ui.compose import ComposeWindow
from martlet.ui.outbox.window import OutboxWindow
from martlet.ui.text_view import TextView
from martlet.ui.window import MainWindow
from support.agreed import by_python
from support.dovecot import Dovecot
from support.postfix import AUTH_LISTENER, Postfix, unusable
from ui.support.journey import activate, ada, opened, running, wait
from ui.support.sample import HEADLESS

pytestmark = [
    pytest.mark.skipif(unusable() != "", reason=unusable() or "usable"),
    pytest.mark.qt_log_ignore(*HEADLESS, "This plugin supports grabbing"),
]
Host = tuple[Dovecot, Postfix]
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
LIST = "virtual_alias_maps = inline:{ {walks@example.org = bruno@example.org} }"
ASKED = (
    b"From: Bruno Rossi <bruno@example.org>\r\n"
    b"To: walks@example.org\r\n"
    b"Reply-To: walks@example.org\r\n"
    b"Subject: [walks] Sunday\r\n"
    b"Date: Mon, 16 Nov 2026 09:00:00 +0100\r\n"
    b"Message-ID: <sunday@example.org>\r\n"
    b"List-Id: <walks.example.org>\r\n"
    b"List-Post: <mailto:walks@example.org>\r\n\r\n"
    b"Shall we meet at nine?\r\n\r\nAnd who brings the bread?\r\n\r\n-- \r\nBruno\r\n"
)
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f00050001ff89993d1d0000000049454e44ae426082"
)
REPORT = bytes(range(256)) * 20


def rich_mail() -> bytes:
    message = EmailMessage()
    message["From"] = "Chen 晨 <chen@example.org>"
    message["To"] = "ada@example.org"
    message["Subject"] = "季度报告"
    message["Date"] = "Tue, 17 Nov 2026 10:00:00 +0800"
    message["Message-ID"] = "<report@example.org>"
    message.set_content("plain words")
    message.add_alternative(
        "<style>h1{color:#aa0000}</style><h1>季度报告</h1><p>Numbers.</p>"
        '<img src="cid:pic@example.org">'
        '<img src="https://x.example/logo.png" width="90" height="9">',
        subtype="html",
    )
    html = message.get_payload()
    assert isinstance(html, list)
    rich = html[1]
    assert isinstance(rich, EmailMessage)
    rich.add_related(PICTURE, "image", "png", cid="<pic@example.org>", filename="chart.png")
    message.add_attachment(REPORT, "application", "pdf", filename="报告 2026.pdf")
    return message.as_bytes().replace(b"\n", b"\r\n")


RICH = rich_mail()  # once: its boundaries are random


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with (
        Dovecot(settings=AUTH_LISTENER) as dovecot,
        Postfix(dovecot, settings=LIST) as postfix,
    ):
        dovecot.deliver("ada", ASKED)
        dovecot.deliver("ada", RICH)
        yield dovecot, postfix


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, host: Host) -> Iterator[MainWindow]:
    dovecot, postfix = host
    with running(qtbot, tmp_path / "profile", ada(dovecot, postfix), dovecot.password) as window:
        wait(qtbot, lambda: window.list_model.row_count() >= 2)
        yield window


def read(qtbot: QtBot, window: MainWindow, subject: str) -> None:
    """Chooses the message with this subject and waits until it is shown."""

    def row() -> int:
        rows = (window.list_model.row_at(n) for n in range(window.list_model.row_count()))
        return next(n for n, each in enumerate(rows) if each and each.subject == subject)

    window.list.choose(row())
    wanted = window.list.selected_rows()[0].id

    def here() -> bool:
        shown = window.pane.rendered
        return shown is not None and shown.message_id == wanted and shown.complete

    wait(qtbot, here)


def press(
    qtbot: QtBot, window: MainWindow, key: Qt.Key, held: Qt.KeyboardModifier
) -> ComposeWindow:
    """The letter that a key begins."""
    activate(qtbot, window)
    QTest.keyClick(window, key, held)
    wait(qtbot, lambda: bool(window.windows.open_letters()))
    (letter,) = window.windows.open_letters()
    activate(qtbot, letter)
    return letter


def send_now(qtbot: QtBot, window: MainWindow, letter: ComposeWindow) -> None:
    QTest.mouseClick(letter.top.send, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: bool(window.reader.outbox()))
    window.windows.outbox()
    outbox = opened(qtbot, OutboxWindow)
    wait(qtbot, lambda: outbox.letter is not None)
    assert outbox.letter is not None
    QTest.mouseClick(outbox.letter.send, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: not window.reader.outbox())
    outbox.close()


def came(dovecot: Dovecot, user: str, subject: str) -> list[bytes]:
    """The messages with this subject in somebody's inbox on the server, byte for byte."""
    folder = dovecot.maildir(user)
    files = [p for place in ("new", "cur") for p in (folder / place).glob("*") if p.is_file()]
    raws = [file.read_bytes().replace(b"\r\n", b"\n") for file in files]
    return [raw for raw in raws if by_python(raw.replace(b"\n", b"\r\n"))["Subject"] == subject]


def test_answered_between_the_lines(qtbot: QtBot, window: MainWindow, host: Host) -> None:
    read(qtbot, window, "[walks] Sunday")
    letter = press(qtbot, window, Qt.Key.Key_L, CONTROL | SHIFT)
    assert [one.address for one in letter.header.to.addresses()] == ["walks@example.org"]
    assert letter.editor.hasFocus()
    editor = letter.editor
    QTest.keyClicks(editor, "I do.")
    QTest.keyClick(editor, Qt.Key.Key_Home, CONTROL)
    QTest.keyClick(editor, Qt.Key.Key_Down)
    QTest.keyClick(editor, Qt.Key.Key_End)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "Nine is fine.")
    send_now(qtbot, window, letter)
    dovecot, postfix = host
    postfix.wait_until_delivered()
    wait(qtbot, lambda: bool(came(dovecot, "bruno", "Re: [walks] Sunday")))
    (raw,) = came(dovecot, "bruno", "Re: [walks] Sunday")
    head, _, body = raw.partition(b"\n\n")
    assert body == (
        b"On 16 Nov 2026 at 09:00, Bruno Rossi wrote:\n"
        b"> Shall we meet at nine?\n"
        b"Nine is fine.\n"
        b">\n"
        b"> And who brings the bread?\n"
        b"\n"
        b"I do.\n"
    )
    assert b"\nTo: walks@example.org\n" in head
    assert b"\nIn-Reply-To: <sunday@example.org>\nReferences: <sunday@example.org>\n" in head
    assert b"\nContent-Type: text/plain; charset=us-ascii; format=flowed\n" in head
    wait(qtbot, lambda: ANSWERED in _flags(window, "[walks] Sunday"))


def test_only_what_is_chosen_is_quoted(qtbot: QtBot, window: MainWindow) -> None:
    read(qtbot, window, "[walks] Sunday")
    view = window.pane.body()
    assert isinstance(view, TextView)
    cursor = view.document().find("bread")
    cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
    view.setTextCursor(cursor)
    letter = press(qtbot, window, Qt.Key.Key_R, CONTROL)
    assert [one.address for one in letter.header.to.addresses()] == ["bruno@example.org"]
    quoted = [line for line in letter.editor.toPlainText().splitlines() if line.startswith(">")]
    assert quoted == ["> And who brings the bread?"]


def test_what_is_chosen_in_rich_mail_keeps_its_looks(qtbot: QtBot, window: MainWindow) -> None:
    read(qtbot, window, "季度报告")
    body = window.pane.body()
    activate(qtbot, window)
    view = body.findChild(QWebEngineView)
    assert view is not None
    body.setFocus()

    def chosen() -> bool:
        view.page().triggerAction(QWebEnginePage.WebAction.SelectAll)
        return "Numbers" in view.page().selectedText()

    wait(qtbot, chosen)  # once it is laid out
    letter = press(qtbot, window, Qt.Key.Key_R, CONTROL)
    html = letter.draft().html
    assert html is not None
    assert "#aa0000" in html
    assert "cid:pic@example.org" in html
    assert [part.name for part in letter.draft().parts] == ["chart.png"]


def test_passed_on_sealed(qtbot: QtBot, window: MainWindow, host: Host, tmp_path: Path) -> None:
    read(qtbot, window, "季度报告")
    letter = press(qtbot, window, Qt.Key.Key_L, CONTROL)
    assert letter.original.isVisible()
    assert "季度报告" in letter.draft().original
    assert [card.name for card in letter.attachments.cards] == ["报告 2026.pdf"]
    QTest.keyClicks(letter.header.to.edit, "bruno@example.org")
    letter.editor.setFocus()
    QTest.keyClicks(letter.editor, "For you.")
    letter.grab().save(str(tmp_path / "forward.png"))
    send_now(qtbot, window, letter)
    dovecot, postfix = host
    postfix.wait_until_delivered()
    wait(qtbot, lambda: bool(came(dovecot, "bruno", "Fwd: 季度报告")))
    (raw,) = came(dovecot, "bruno", "Fwd: 季度报告")
    message = by_python(raw.replace(b"\n", b"\r\n"))
    parts = {part.get_content_type(): part for part in message.walk()}
    html = parts["text/html"].get_content()
    assert html.index("For you.") < html.index("季度报告")
    assert 'style="color:#aa0000"' in html
    assert "https://x.example/logo.png" in html
    assert 'src="cid:pic@example.org"' in html
    assert parts["image/png"].get_payload(decode=True) == PICTURE
    assert parts["image/png"]["content-id"] == "<pic@example.org>"
    assert parts["application/pdf"].get_payload(decode=True) == REPORT
    assert parts["application/pdf"].get_filename() == "报告 2026.pdf"
    plain = parts["text/plain"].get_content()
    assert plain.index("For you.") < plain.index("-------- Forwarded message --------")
    assert "[chart.png]" in plain


def test_passed_on_as_a_file(qtbot: QtBot, window: MainWindow, host: Host) -> None:
    read(qtbot, window, "季度报告")
    letter = press(qtbot, window, Qt.Key.Key_F, CONTROL | ALT)
    assert not letter.original.isVisible()
    (card,) = letter.attachments.cards
    assert card.name == "季度报告.eml"
    QTest.keyClicks(letter.header.to.edit, "bruno@example.org")
    letter.header.subject.setFocus()
    letter.header.subject.selectAll()
    QTest.keyClicks(letter.header.subject, "As a file")
    send_now(qtbot, window, letter)
    dovecot, postfix = host
    postfix.wait_until_delivered()
    wait(qtbot, lambda: bool(came(dovecot, "bruno", "As a file")))
    (raw,) = came(dovecot, "bruno", "As a file")
    assert RICH.replace(b"\r\n", b"\n").strip() in raw


def _flags(window: MainWindow, subject: str) -> frozenset[str]:
    rows = (window.list_model.row_at(n) for n in range(window.list_model.row_count()))
    return frozenset(next(each.flags for each in rows if each and each.subject == subject))
