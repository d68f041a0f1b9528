"""The key for the colours a message was sent in is never dead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from martlet.mail.reading import Paper, View
from martlet.mail.rendered import Rendered
from martlet.ui import original_colours, theme
from martlet.ui.message_pane import MessagePane
from martlet.ui.ways import Mode
from ui.compose_fakes import FakeLink
from ui.support.heads import rendered
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS, "Sandboxing disabled")
RICH = rendered(html="<p>Hello</p>", paper=Paper.THEME)


@pytest.fixture
def pane(qtbot: QtBot) -> Iterator[MessagePane]:
    more = QMenu()
    pane = MessagePane(FakeLink(), [], more)
    qtbot.addWidget(pane, before_close_func=lambda _widget: more.deleteLater())
    yield pane
    theme.choose("")


def said(qtbot: QtBot, pane: MessagePane, shown: Rendered) -> list[str]:
    with qtbot.waitSignal(pane.painted):
        pane.show_rendered(shown)
    words: list[str] = []
    original_colours.turn(pane, words.append)
    return words


def test_where_it_changes_nothing_that_is_said(qtbot: QtBot, pane: MessagePane) -> None:
    theme.choose("light")
    own = ["These are its own colours."]
    assert said(qtbot, pane, rendered()) == ["Plain text has no colours of its own."]
    assert said(qtbot, pane, replace(RICH, message_id=rendered(number=2).message_id)) == own
    simple = replace(RICH, view=View(simple=True))
    assert said(qtbot, pane, simple) == ["Simple looks leave its own colours out."]
    theme.choose("dark")
    assert said(qtbot, pane, replace(RICH, paper=Paper.LIGHT)) == own
    assert not pane.way.original


def test_where_it_changes_something_it_does(qtbot: QtBot, pane: MessagePane) -> None:
    theme.choose("dark")
    assert said(qtbot, pane, RICH) == []
    assert pane.way.original
    pane.set_mode(Mode.PLAIN)
    words: list[str] = []
    original_colours.turn(pane, words.append)
    assert words == ["Plain text has no colours of its own."]


def test_it_leads_back_too(qtbot: QtBot, pane: MessagePane) -> None:
    theme.choose("dark")
    said(qtbot, pane, RICH)
    original_colours.turn(pane, lambda _words: None)
    assert not pane.way.original
