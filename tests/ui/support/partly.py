"""A mailbox of messages that are only here in part, and what tests of downloads do with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from martlet.link import messages as link
from martlet.mail.account import AccountId, AccountState, Protocol, WorkerState
from martlet.mail.changes import Change, StateChanged
from martlet.mail.message import Attachment, MessageId
from martlet.mail.reading import AS_SENT, View
from martlet.mail.rendered import Rendered
from martlet.store.database import Database
from martlet.ui.attachment_chip import AttachmentChip
from martlet.ui.window import MainWindow
from ui.support.sample import SampleClient

ONE = AccountId(1)
REPORT = Attachment("2", "report.pdf", "application/pdf", 5_000_000, here=False)
NOTES = Attachment("3", "笔记.txt", "text/plain", 300)


class PartlyHere(SampleClient):
    """Answers every message with a large attachment that is only on the server."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.came = False

    def _answer(self, request: link.Request[Any]) -> object:
        if isinstance(request, link.PartBytes) and request.part == REPORT.part and not self.came:
            self.may_come.wait()
        return super()._answer(request)

    def render(self, message_id: MessageId, view: View = AS_SENT) -> Rendered:
        shown = super().render(message_id, view)
        return replace(
            shown,
            html=None,
            attachments=(replace(REPORT, here=self.came), NOTES),
            not_here=0 if self.came else 6_800_000,
        )


def hear(window: MainWindow, client: SampleClient, qtbot: QtBot, change: Change) -> None:
    assert client.on_change is not None
    with qtbot.waitSignal(window.link.changed):
        client.on_change(change)


def line(window: MainWindow) -> str:
    return " ".join(label.text() for label in window.status_line.findChildren(QLabel))


def open_first(qtbot: QtBot, window: MainWindow) -> Rendered:
    window.list.choose(0)
    qtbot.waitUntil(lambda: window.pane.rendered is not None)
    assert window.pane.rendered is not None
    return window.pane.rendered


def chip(window: MainWindow, attachment: Attachment) -> AttachmentChip:
    found = window.pane.attachments.chip(attachment.part)
    assert found is not None
    return found


def working(*, paused: bool = False) -> StateChanged:
    state = WorkerState.IDLE if paused else WorkerState.WORKING
    return StateChanged(AccountState(ONE, state, protocol=Protocol.IMAP, paused=paused))
