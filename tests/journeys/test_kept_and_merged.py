"""A letter is kept as a template, begun again from it and merged: all of it real."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.link.messages import OutboxRetry
from martlet.mail.identity import Signing
from martlet.mail.outgoing import OutboxState
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.templates.picker import Picker
from martlet.ui.window import MainWindow
from support.dovecot import Dovecot
from support.postfix import Postfix, mail_host, unusable
from ui.support.journey import activate, ada, opened, running, wait

pytestmark = [
    pytest.mark.skipif(bool(unusable()), reason=unusable() or "usable"),
    pytest.mark.qt_log_ignore("This plugin does not support", "This plugin supports grabbing"),
]
Host = tuple[Dovecot, Postfix]
TABLE = "name,mail,sum\r\n爱达,ada@example.org,5 €\r\nBruno,bruno@example.org,7 €\r\n"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with mail_host() as servers:
        yield servers


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, host: Host) -> Iterator[MainWindow]:
    dovecot, postfix = host
    with running(
        qtbot,
        tmp_path / "profile",
        replace(
            ada(dovecot, postfix), signature="Ada", signing=Signing(html="<div><b>Ada</b></div>")
        ),
        dovecot.password,
    ) as window:
        yield window


def test_a_template_is_kept_used_and_merged(
    qtbot: QtBot, window: MainWindow, host: Host, tmp_path: Path
) -> None:
    window.verbs.write()
    first = opened(qtbot, ComposeWindow)
    activate(qtbot, first)
    first.header.subject.setFocus()
    QTest.keyClicks(first.header.subject, "Your share, {{name}}")
    first.editor.setFocus()
    QTest.keyClicks(first.editor, "Dear {{to.first}}, it is {{sum}}.")
    first.kept.ask_name()
    assert first.kept.dialog is not None
    first.kept.dialog.setTextValue("Shares")
    first.kept.dialog.accept()
    wait(qtbot, lambda: bool(window.reader.templates()))
    (kept,) = window.reader.templates()
    assert (kept.name, kept.text) == ("Shares", "Dear {{to.first}}, it is {{sum}}.")
    first.closing.discard()

    window.verbs.write_from_template()
    picker = opened(qtbot, Picker)
    QTest.keyClicks(picker.search, "share")
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    wait(qtbot, lambda: not picker.isVisible())
    letter = opened(qtbot, ComposeWindow)
    assert letter.header.subject.text() == "Your share, {{name}}"
    assert "<b>Ada</b>" in (letter.draft().html or "")

    file = tmp_path / "shares.csv"
    file.write_bytes(TABLE.encode("gb18030"))
    letter.commands["merge"].trigger()
    dialog = letter.kept.merging
    assert dialog is not None
    with qtbot.waitSignal(dialog.work.found):
        dialog.take_file(file)
    assert dialog.preview.subject.text() == "Your share, 爱达"
    dialog.start()
    wait(qtbot, lambda: len(window.reader.outbox()) == 2)
    wait(qtbot, lambda: dialog.take_back.isVisible())
    QTest.mouseClick(dialog.take_back, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: not window.reader.outbox())
    (draft,) = window.reader.drafts()
    assert draft.subject == "Your share, {{name}}"

    wait(qtbot, dialog.go.isEnabled)
    dialog.start()
    wait(qtbot, lambda: len(window.reader.outbox()) == 2)
    for entry in window.reader.outbox():
        if entry.state is OutboxState.QUEUED:
            window.link.ask(OutboxRetry(entry.id), None, lambda _error: None)
    dovecot, _ = host
    wait(qtbot, lambda: len([*came(dovecot, "ada"), *came(dovecot, "bruno")]) == 2)
    (mail,) = came(dovecot, "bruno")
    assert [one.addr_spec for one in mail["To"].addresses] == ["bruno@example.org"]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    lines = plain.get_content().splitlines()
    assert lines == ["Dear Bruno, it is 7 €.", "", "-- ", "Ada"]
    assert "moz-signature" in html.get_content()
    wait(qtbot, lambda: not window.reader.outbox())
    assert window.reader.drafts() == []
    dialog.reject()
    assert not letter.isVisible()


def came(dovecot: Dovecot, user: str) -> list[EmailMessage]:
    """The shares in somebody's inbox on the server."""
    folder = dovecot.maildir(user)
    files = [p for place in ("new", "cur") for p in (folder / place).glob("*") if p.is_file()]
    read = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [mail for mail in read if str(mail["Subject"]).startswith("Your share")]
