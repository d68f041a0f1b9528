"""A message in the pane: how it is looked at, its pictures, what is ready, when it is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.link import messages as link
from martlet.mail.changes import MessagesChanged
from martlet.mail.message import MessageId
from martlet.mail.reading import AS_SENT, Remote, View
from martlet.mail.rendered import Rendered
from martlet.store.database import Database
from martlet.ui.html_view import HtmlView
from martlet.ui.text_view import TextView
from martlet.ui.ways import Mode
from martlet.ui.window import MainWindow
from ui.support.sample import HEADLESS, SampleClient, fill
from ui.support.shown import asked, main_window

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS, "Sandboxing disabled")
NOW = 1_790_000_000.0
RICH = 3
"""The row of the newest message of Nordlicht."""
URLS = ("http://a.example/1.png", "http://a.example/2.png")


class Picturesque(SampleClient):
    """Its HTML has pictures from the internet, for whom they are allowed."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.allowed = ""

    def _answer(self, request: link.Request[object]) -> object:
        if isinstance(request, link.AllowPictures):
            self.allowed = request.who if request.allowed else ""
            return None
        return super()._answer(request)

    def render(self, message_id: MessageId, view: View = AS_SENT) -> Rendered:
        shown = super().render(message_id, view)
        if shown.html is None:
            return shown
        there = view.pictures or bool(self.allowed)
        return replace(shown, remote=Remote(URLS, 1, shown=there, allowed_by=self.allowed))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = fill(tmp_path, NOW)
    yield database
    database.close()


@pytest.fixture
def client(database: Database) -> Picturesque:
    return Picturesque(database)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, client: Picturesque) -> Iterator[MainWindow]:
    with main_window(qtbot, tmp_path, client) as window:
        yield window


def choose(qtbot: QtBot, window: MainWindow, row: int) -> Rendered:
    with qtbot.waitSignal(window.pane.painted):
        window.list.choose(row)
    rendered = window.pane.rendered
    assert rendered is not None
    return rendered


def views(client: SampleClient, message: MessageId) -> list[View]:
    return [each.view for each in asked(client, link.Render) if each.message_id == message]


def mode_of(window: MainWindow) -> Mode:
    return window.pane.way.mode


def test_each_message_is_looked_at_in_its_own_way(
    qtbot: QtBot, window: MainWindow, client: Picturesque
) -> None:
    rich = choose(qtbot, window, RICH)
    assert isinstance(window.pane.body(), HtmlView)
    window.commands["plain"].trigger()
    assert isinstance(window.pane.body(), TextView)
    assert views(client, rich.message_id) == [AS_SENT]  # text needs no other answer
    with qtbot.waitSignal(window.pane.painted):
        window.commands["simple"].trigger()
    assert mode_of(window) is Mode.SIMPLE
    assert views(client, rich.message_id) == [AS_SENT, View(simple=True)]
    choose(qtbot, window, 0)
    assert mode_of(window) is Mode.AS_SENT
    choose(qtbot, window, RICH)
    assert mode_of(window) is Mode.SIMPLE
    with qtbot.waitSignal(window.pane.painted):
        window.pane.toggle_original()
    assert window.pane.way.original


def test_pictures_are_shown_once_always_and_no_more(
    qtbot: QtBot, window: MainWindow, client: Picturesque
) -> None:
    rich = choose(qtbot, window, RICH)
    bar = window.pane.text.pictures
    assert "2 pictures from the internet are not shown" in bar.words
    assert "1 tracker" in bar.words
    with qtbot.waitSignal(window.pane.painted):
        bar.show_once.click()
    assert views(client, rich.message_id)[-1] == View(pictures=True)
    assert "this once" in bar.words
    with qtbot.waitSignal(window.pane.painted):
        bar.menu().actions()[1].trigger()
    assert client.allowed == "@nordlicht.example"
    assert views(client, rich.message_id)[-1] == AS_SENT
    assert "because you allowed nordlicht.example" in bar.words
    with qtbot.waitSignal(window.pane.painted):
        bar.stop.click()
    assert not client.allowed
    assert "are not shown" in bar.words
    window.commands["plain"].trigger()
    assert bar.isHidden()


def test_one_that_was_read_is_ready_until_it_changes(
    qtbot: QtBot, window: MainWindow, client: Picturesque
) -> None:
    first = choose(qtbot, window, 0)
    choose(qtbot, window, 1)
    choose(qtbot, window, 0)
    assert len(views(client, first.message_id)) == 1
    choose(qtbot, window, 1)
    assert client.on_change is not None
    row = window.reader.row(first.message_id)
    assert row is not None
    with qtbot.waitSignal(window.link.changed):
        client.on_change(MessagesChanged(row.folder_id, changed=(first.message_id,)))
    choose(qtbot, window, 0)
    assert len(views(client, first.message_id)) == 2


def test_what_is_not_here_is_not_read(
    qtbot: QtBot, window: MainWindow, client: Picturesque
) -> None:
    client.complete = False
    window.list.choose(0)
    qtbot.waitUntil(lambda: bool(asked(client, link.Render)))
    qtbot.waitUntil(lambda: window.reading.due)
    assert not asked(client, link.SetFlags)
    client.complete = True
    row = window.list_model.row_at(0)
    assert row is not None
    window.pane.body_arrived(row.id)
    qtbot.waitUntil(lambda: bool(asked(client, link.SetFlags)))


def test_zoom_holds_for_text_and_for_html_and_for_the_next_run(
    qtbot: QtBot, window: MainWindow
) -> None:
    choose(qtbot, window, 0)
    text = window.pane.body()
    assert isinstance(text, TextView)
    before = text.document().defaultFont().pixelSize()
    window.commands["larger"].trigger()
    window.commands["larger"].trigger()
    assert text.document().defaultFont().pixelSize() > before
    assert window.settings.number("zoom") == 120
    window.commands["normal"].trigger()
    assert text.document().defaultFont().pixelSize() == before
    assert window.settings.number("zoom") == 100


def test_words_are_found_in_html(qtbot: QtBot, window: MainWindow) -> None:
    choose(qtbot, window, RICH)
    window.commands["find"].trigger()
    field = window.pane.finding.field
    html = window.pane.body()
    assert isinstance(html, HtmlView)
    with qtbot.waitSignal(html.found, check_params_cb=lambda at, of: of == 1):
        QTest.keyClicks(field, "Small groups")
    window.commands["back"].trigger()
    assert not field.isVisible()
