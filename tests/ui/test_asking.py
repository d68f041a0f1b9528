"""What is asked for a message: one at a time, and no answer of before is shown or kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from martlet.link.messages import AllowPictures, Render
from martlet.mail.errors import Refused
from martlet.mail.message import MessageId
from martlet.mail.reading import View
from martlet.mail.rendered import Rendered
from martlet.ui.asking import Asking
from martlet.ui.link import EngineLink
from martlet.ui.ways import USUAL
from ui.support.slow import Slow

ONE, TWO = MessageId(1), MessageId(2)
SIMPLE = replace(USUAL, view=View(simple=True))


class Pane(QObject):
    """Notes what it is told."""

    def __init__(self, link: EngineLink) -> None:
        super().__init__()
        self.asking = Asking(link, self)
        self.told: list[str] = []
        self.asking.came.connect(self._came)
        self.asking.failed.connect(lambda error: self.told.append(error.summary))

    def open(self, message: MessageId) -> None:
        self.asking.choose(message)
        self.asking.begin()

    def _came(self, rendered: Rendered) -> None:
        self.told.append(rendered.text)
        self.asking.keep(rendered)


@pytest.fixture
def client() -> Slow:
    return Slow()


@pytest.fixture
def link(qtbot: QtBot, client: Slow) -> Iterator[EngineLink]:
    line = EngineLink(lambda: client)
    yield line
    line.close()


@pytest.fixture
def pane(link: EngineLink) -> Pane:
    return Pane(link)


def asked(qtbot: QtBot, client: Slow, *requests: object) -> None:
    """These wait for an answer, once what was answered has been heard."""
    qtbot.waitUntil(lambda: [each for each, _done in client.asked] == list(requests))


def test_arrow_keys_do_not_pile_up(qtbot: QtBot, client: Slow, pane: Pane) -> None:
    for message in (5, 6, 7):
        pane.open(MessageId(message))
    asked(qtbot, client, Render(MessageId(5)))
    client.answer(text="five")
    asked(qtbot, client, Render(MessageId(7)))
    client.answer(text="seven")
    qtbot.waitUntil(lambda: pane.told == ["seven"])
    assert not client.asked


def test_what_came_meanwhile_is_asked_for_again(qtbot: QtBot, client: Slow, pane: Pane) -> None:
    """The answer on its way may have been made before."""
    pane.open(ONE)
    asked(qtbot, client, Render(ONE))
    pane.asking.ask()
    client.answer(text="of before")
    asked(qtbot, client, Render(ONE))
    client.answer(text="of now")
    qtbot.waitUntil(lambda: pane.told == ["of now"])


def test_what_changed_meanwhile_is_not_kept(qtbot: QtBot, client: Slow, pane: Pane) -> None:
    pane.open(ONE)
    asked(qtbot, client, Render(ONE))
    pane.asking.forget([ONE])
    client.answer(text="of before")
    asked(qtbot, client, Render(ONE))
    client.answer(text="of now")
    qtbot.waitUntil(lambda: pane.told == ["of now"])
    pane.open(TWO)
    asked(qtbot, client, Render(TWO))
    pane.open(ONE)
    assert pane.told == ["of now", "of now"]
    client.answer()  # and nothing more is asked for what is there
    pane.asking.forget([TWO])
    pane.open(TWO)
    asked(qtbot, client, Render(TWO))


def test_a_permission_holds_for_an_answer_on_its_way(
    qtbot: QtBot, client: Slow, pane: Pane
) -> None:
    pane.open(ONE)
    asked(qtbot, client, Render(ONE))
    pane.asking.allow("x@example.com", True)
    asked(qtbot, client, Render(ONE), AllowPictures("x@example.com", True))
    client.say(None)
    asked(qtbot, client, Render(ONE))
    pane.told.append("allowed")
    client.answer(text="without")
    asked(qtbot, client, Render(ONE))
    client.answer(text="with")
    qtbot.waitUntil(lambda: pane.told == ["allowed", "with"])


def test_a_permission_changes_no_other_message(qtbot: QtBot, client: Slow, pane: Pane) -> None:
    pane.asking.put_way(ONE, replace(USUAL, view=View(simple=True, pictures=True)))
    pane.asking.put_way(TWO, replace(USUAL, view=View(charset="koi8-r", pictures=True)))
    pane.open(ONE)
    asked(qtbot, client, Render(ONE, view=View(simple=True, pictures=True)))
    client.answer()
    pane.asking.allow("x@example.com", True)
    pane.open(TWO)
    asked(
        qtbot,
        client,
        AllowPictures("x@example.com", True),
        Render(TWO, view=View(charset="koi8-r", pictures=True)),
    )
    client.asked.reverse()
    client.say(None)
    qtbot.waitUntil(lambda: pane.asking.way_of(ONE) == SIMPLE)
    assert pane.asking.way_of(TWO).view == View(charset="koi8-r", pictures=True)


def test_another_way_makes_an_answer_void(qtbot: QtBot, client: Slow, pane: Pane) -> None:
    pane.open(ONE)
    asked(qtbot, client, Render(ONE))
    client.answer(text="as sent")
    qtbot.waitUntil(lambda: pane.told == ["as sent"])
    pane.asking.put_way(ONE, SIMPLE)
    pane.asking.ask()
    asked(qtbot, client, Render(ONE, view=SIMPLE.view))
    pane.asking.put_way(ONE, USUAL)  # what is shown is that already
    client.answer(text="simple")
    pane.open(TWO)
    asked(qtbot, client, Render(TWO))
    client.say(Refused("It is gone."))
    qtbot.waitUntil(lambda: pane.told == ["as sent", "It is gone."])


def test_nobody_is_told_who_is_gone(qtbot: QtBot, client: Slow, link: EngineLink) -> None:
    told: list[object] = []
    owner = QObject()
    link.ask(Render(ONE), told.append, told.append, owner)
    link.ask(Render(TWO), lambda rendered: told.append(rendered.message_id))
    asked(qtbot, client, Render(ONE), Render(TWO))
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(owner, QEvent.Type.DeferredDelete.value)
    client.answer()
    client.answer()
    qtbot.waitUntil(lambda: bool(told))
    assert told == [TWO]
