"""What is made ready ahead: taken when it fits, forgotten when it changed, bounded in size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from martlet.mail.message import Envelope, MessageId
from martlet.mail.reading import AS_SENT, View
from martlet.mail.rendered import Rendered
from martlet.ui.ahead import MOST, Ahead
from martlet.ui.link import EngineLink
from ui.support.slow import Slow

SIMPLE = View(simple=True)


@pytest.fixture
def client() -> Slow:
    return Slow()


@pytest.fixture
def ahead(qtbot: QtBot, client: Slow) -> Iterator[Ahead]:
    line = EngineLink(lambda: client)
    yield Ahead(line)
    line.close()


def one(number: int, text: str = "") -> Rendered:
    return Rendered(MessageId(number), Envelope(), None, text)


def test_one_after_the_other_is_made_ready(qtbot: QtBot, ahead: Ahead, client: Slow) -> None:
    ahead.expect([(MessageId(2), AS_SENT), (MessageId(1), SIMPLE)])
    qtbot.waitUntil(lambda: len(client.asked) == 1)
    client.answer()
    qtbot.waitUntil(lambda: len(client.asked) == 1)
    client.answer("<p>")
    with qtbot.waitSignal(ahead.html_near):
        pass
    assert ahead.take(MessageId(2), AS_SENT) is not None
    assert ahead.take(MessageId(1), AS_SENT) is None
    assert ahead.take(MessageId(1), SIMPLE) is not None


def test_what_changed_meanwhile_is_not_kept(qtbot: QtBot, ahead: Ahead, client: Slow) -> None:
    ahead.keep(one(3))
    ahead.expect([(MessageId(2), AS_SENT), (MessageId(4), AS_SENT)])
    qtbot.waitUntil(lambda: len(client.asked) == 1)
    ahead.forget([MessageId(2), MessageId(3)])
    client.answer()
    qtbot.waitUntil(lambda: len(client.asked) == 1)
    client.answer()
    qtbot.waitUntil(lambda: ahead.take(MessageId(4), AS_SENT) is not None)
    assert ahead.take(MessageId(2), AS_SENT) is None
    assert ahead.take(MessageId(3), AS_SENT) is None
    ahead.forget()
    assert ahead.take(MessageId(4), AS_SENT) is None


def test_an_answer_of_before_is_not_that_of_after(qtbot: QtBot, ahead: Ahead, client: Slow) -> None:
    ahead.expect([(MessageId(2), AS_SENT)])
    qtbot.waitUntil(lambda: len(client.asked) == 1)
    ahead.forget([MessageId(2)])
    ahead.expect([(MessageId(2), AS_SENT)])
    qtbot.waitUntil(lambda: len(client.asked) == 2)
    client.answer("<p>of before")
    client.answer("<p>of now")
    with qtbot.waitSignal(ahead.html_near):
        pass
    kept = ahead.take(MessageId(2), AS_SENT)
    assert kept is not None
    assert kept.html == "<p>of now"


def test_it_holds_few_and_small_ones(ahead: Ahead) -> None:
    for number in range(MOST + 3):
        ahead.keep(one(number))
    assert ahead.take(MessageId(2), AS_SENT) is None
    assert ahead.take(MessageId(3), AS_SENT) is not None
    ahead.keep(one(50, "x" * 3_000_000))
    assert ahead.take(MessageId(50), AS_SENT) is None
    for number in range(60, 64):
        ahead.keep(one(number, "x" * 1_500_000))
    held = [n for n in range(60, 64) if ahead.take(MessageId(n), AS_SENT) is not None]
    assert held == [62, 63]
    ahead.keep(replace(one(70), complete=False))
    assert ahead.take(MessageId(70), AS_SENT) is None
