"""A view of rich mail alone, for tests of what it shows; importing this imports Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytestqt.qtbot import QtBot

from martlet.ui.html_view import HtmlView
from martlet.ui.link import EngineLink
from ui.support.sample import SampleClient


@contextmanager
def html_view(qtbot: QtBot, client: SampleClient) -> Iterator[HtmlView]:
    """Shown, with the client's answers for its parts."""
    line = EngineLink(lambda: client)
    view = HtmlView(line)
    qtbot.addWidget(view)
    view.resize(600, 500)
    view.show()
    yield view
    line.close()
