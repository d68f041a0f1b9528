"""A MessageTop on screen, and messages to show in it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from martlet.mail.message import Address, Envelope, MessageId
from martlet.mail.rendered import Rendered
from martlet.ui import theme
from martlet.ui.message_top import MessageTop
from ui.compose_fakes import FakeLink

ADA = Address("Ada Lindqvist", "ada@example.org")
MIRA = Address("Mira Rossi", "mira.rossi@example.com")
NOW = 1_790_000_000.0
LETTER = Envelope("Harbour walk", MIRA, (ADA,), date=NOW)


def rendered(envelope: Envelope = LETTER, number: int = 1, **more: Any) -> Rendered:
    return Rendered(MessageId(number), envelope, text="Hello", **more)


def top_of(
    qtbot: QtBot, shown: Rendered, width: int = 700, link: FakeLink | None = None
) -> MessageTop:
    """On screen, with the message in it."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    host = QWidget()
    # The bot holds it weakly, and nobody else does.
    qtbot.addWidget(host, before_close_func=lambda _widget: host.hide())
    top = MessageTop(link or FakeLink())
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(top)
    column.addStretch(1)
    host.resize(width, 900)
    with qtbot.waitExposed(host):
        host.show()
    top.show_message(shown.message_id, shown.envelope)
    top.show_rendered(shown)
    return top
