"""The body of a message where there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from martlet.mail.cards import Cards, Person
from martlet.mail.errors import Offline
from martlet.mail.message import Envelope, MessageId
from martlet.mail.rendered import Rendered
from martlet.ui.body_view import BodyView
from martlet.ui.link import Client, EngineLink
from martlet.ui.text_view import TextView
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)


def nobody() -> Client:
    raise Offline("Nobody answers.")


@pytest.fixture
def body(qtbot: QtBot) -> Iterator[BodyView]:
    link = EngineLink(nobody)
    made = BodyView(link)
    qtbot.addWidget(made)
    made.show()
    yield made
    link.close()


def message(text: str, cards: Cards | None = None) -> Rendered:
    return Rendered(MessageId(1), Envelope(), text=text, cards=cards or Cards())


def test_a_message_without_text_says_so(qtbot: QtBot, body: BodyView) -> None:
    with qtbot.waitSignals([body.painted, body.shown]):
        body.show_rendered(message(" \n"))
    said = body.focus_widget().findChildren(QLabel)
    assert [label.text() for label in said] == ["There is no text in this message."]
    assert said[0].isVisible()
    assert not body.page_down()
    body.show_rendered(message("Here it is."))
    assert isinstance(body.focus_widget(), TextView)
    assert body.focus_widget().isVisible()


def test_a_card_says_enough(body: BodyView) -> None:
    body.show_rendered(message("", Cards(people=(Person("2", "Ada"),))))
    assert isinstance(body.focus_widget(), TextView)
