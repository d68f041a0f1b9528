"""Rich messages chosen quickly in the window: the body is always that of the head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QElapsedTimer
from PySide6.QtGui import QColor
from PySide6.QtWebEngineWidgets import QWebEngineView
from pytestqt.qtbot import QtBot

from martlet.mail.message import MessageId
from martlet.mail.reading import AS_SENT, View
from martlet.mail.rendered import Rendered
from martlet.ui.window import MainWindow
from ui.support.sample import HEADLESS, HTML, SampleClient, fill
from ui.support.shown import main_window

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS, "Sandboxing disabled")
NOW = 1_790_000_000.0
RICH = (3, 6, 13, 16, 23, 26, 33)
PAUSES_MS = (0, 1, 3, 5, 8, 13, 20, 30, 45, 70)


class Coloured(SampleClient):
    """Its rich messages are told from one another by a colour and their first line."""

    def render(self, message_id: MessageId, view: View = AS_SENT) -> Rendered:
        shown = super().render(message_id, view)
        if shown.html is None:
            return shown
        block = f"<div style='background:{colour(message_id).name()};height:60px'></div>"
        markup = f"<p>MESSAGE {message_id}.</p>{block}{HTML}"
        return replace(shown, html=markup, attachments=shown.attachments[:1])


def colour(message: MessageId) -> QColor:
    return QColor(40 + message * 53 % 200, 40 + message * 97 % 200, 40 + message * 29 % 200)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    database = fill(tmp_path, NOW)
    with main_window(qtbot, tmp_path, Coloured(database)) as window:
        yield window
    database.close()


def after(qtbot: QtBot, pause_ms: int) -> None:
    """So much later, with the loop running."""
    clock = QElapsedTimer()
    clock.start()
    qtbot.waitUntil(lambda: clock.elapsed() >= pause_ms)


def in_sight(window: MainWindow, message: MessageId) -> bool:
    image = window.pane.text.grab().toImage()
    x = image.width() // 2
    return any(image.pixelColor(x, y) == colour(message) for y in range(0, image.height(), 8))


def first_line(qtbot: QtBot, window: MainWindow) -> str:
    view = window.pane.text.findChild(QWebEngineView)
    assert view is not None
    said: list[str] = []
    view.page().toPlainText(said.append)
    qtbot.waitUntil(lambda: bool(said))
    return said[0].partition("\n")[0]


@pytest.mark.parametrize("pause_ms", PAUSES_MS)
def test_the_body_is_that_of_the_head(qtbot: QtBot, window: MainWindow, pause_ms: int) -> None:
    told: list[MessageId] = []
    window.pane.painted.connect(lambda rendered: told.append(rendered.message_id))
    for first, then in pairwise(RICH):
        window.list.choose(first)
        after(qtbot, pause_ms)
        told.clear()
        with qtbot.waitSignal(window.pane.shown):
            window.list.choose(then)
        row = window.list_model.row_at(then)
        assert row is not None
        assert window.pane.message_id == row.id
        assert told == [row.id]
        assert first_line(qtbot, window) == f"MESSAGE {row.id}."
        qtbot.waitUntil(partial(in_sight, window, row.id))


def test_where_the_focus_is_in_a_page_has_a_name(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.pane.shown):
        window.list.choose(RICH[0])
    stop = window.pane.body()
    while (inside := stop.focusProxy()) is not None:
        stop = inside
    assert stop.accessibleName() == "Message"
    assert stop is not window.pane.text.findChild(QWebEngineView)
