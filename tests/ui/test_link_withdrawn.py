"""What is asked while no engine is there, and taken back before one comes, is heard by none."""

from __future__ import annotations

from threading import Event

from pytestqt.qtbot import QtBot

from martlet.link.messages import DiscardDraft, Render
from martlet.mail.message import MessageId
from martlet.mail.outgoing import DraftId
from martlet.ui.link import EngineLink
from ui.support.slow import Slow


def test_only_what_no_engine_has_can_be_withdrawn(qtbot: QtBot) -> None:
    there, client = Event(), Slow()

    def connect() -> Slow:
        there.wait()
        return client

    link = EngineLink(connect)
    one, other = DiscardDraft(DraftId(1)), DiscardDraft(DraftId(1))
    link.ask(one)
    link.ask(Render(MessageId(2)))
    link.ask(other)
    before = link.away
    assert before
    assert link.withdraw(one)
    assert not link.withdraw(one)
    there.set()
    qtbot.waitUntil(lambda: len(client.asked) == 2)
    assert [request for request, _ in client.asked] == [Render(MessageId(2)), other]
    assert client.asked[1][0] is other
    assert not link.away
    assert not link.withdraw(other)
    link.close()
