"""Which lines a signature has where it stands: above what is quoted it is without its mark."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from martlet.mail.account import AccountId
from martlet.mail.identity import Signature
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, DraftKind
from martlet.ui import habits
from martlet.ui.compose import ComposeWindow
from martlet.ui.settings import Settings
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ME = replace(account(1, "home", "tom@example.org"), signature="Tom\nThe shop")
NEW = Draft(DraftId(0), AccountId(1), to=(Address("Anna", "anna@example.org"),), subject="Re: x")
QUOTED = "\n\nAnna wrote:\n> How are you?\n> Anna"
RICH = "<p><br></p><p>Anna wrote:</p><blockquote type='cite'>How are you?</blockquote>"
FORWARDED = "\n\n-------- Forwarded message --------\nSubject: x\n\nHello"


def open_letter(
    qtbot: QtBot, draft: Draft, *, fresh: bool = True, below: bool = False
) -> ComposeWindow:
    settings = Settings()
    habits.write(settings, replace(habits.read(settings), signature_below=below))
    made = ComposeWindow(FakeLink(), FakeReader([ME]).reader, draft, settings=settings, fresh=fresh)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made, before_close_func=lambda w: w.finish())
    return made


@pytest.mark.parametrize(
    "draft",
    [
        replace(NEW, kind=DraftKind.REPLY, text=QUOTED),
        replace(NEW, kind=DraftKind.REPLY, text=QUOTED, html=RICH),
        replace(NEW, kind=DraftKind.FORWARD, text=FORWARDED),
        replace(NEW, kind=DraftKind.FORWARD, html="<p><br></p>", original="<p>Hello</p>"),
    ],
    ids=["plain", "rich", "forwarded", "card"],
)
def test_no_mark_above_what_others_wrote(qtbot: QtBot, draft: Draft) -> None:
    window = open_letter(qtbot, draft)
    text = window.draft().text
    assert "Tom\nThe shop" in text
    assert "-- \n" not in text
    # Opened again it is known, and another can take its place.
    again = open_letter(qtbot, window.draft(), fresh=False)
    assert again.signer.choose(Signature())
    assert "The shop" not in again.draft().text


def test_the_mark_stands_at_the_end_of_a_letter(qtbot: QtBot) -> None:
    assert "\n-- \nTom" in open_letter(qtbot, replace(NEW, text="")).draft().text
    reply = replace(NEW, kind=DraftKind.REPLY, text=QUOTED)
    below = open_letter(qtbot, reply, below=True).draft().text
    assert below.endswith("> Anna\n\n-- \nTom\nThe shop")
