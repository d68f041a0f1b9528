"""HTML messages one after the other, quickly: what is in sight is the one that was wanted last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QElapsedTimer
from PySide6.QtGui import QColor
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView
from pytestqt.qtbot import QtBot

from martlet.link import messages as link
from martlet.mail.errors import MailError
from martlet.mail.message import Attachment, Envelope, MessageId
from martlet.mail.rendered import Rendered
from martlet.store.database import Database
from martlet.ui import theme
from martlet.ui.html_view import HtmlView
from ui.support.rich import html_view
from ui.support.sample import HEADLESS, HTML, SampleClient

R = TypeVar("R")
pytestmark = pytest.mark.qt_log_ignore(*HEADLESS, "Sandboxing disabled", ".*[Rr]ender.*process")
SKY = Attachment("2", "sky.png", "image/png", 4210, "sky@x", "inline", True)
PAUSES_MS = (0, 1, 3, 6, 10, 16, 25, 40)


class Held(SampleClient):
    """Its pictures may be held back."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.holds = False
        self.held: list[Callable[[], None]] = []

    def submit(self, request: link.Request[R], done: Callable[[R | MailError], None]) -> None:
        if self.holds and isinstance(request, link.PartBytes):
            answer: Callable[[Any], None] = done
            self.held.append(lambda: answer(self._answer(request)))
        else:
            super().submit(request, done)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Held]:
    database = Database(tmp_path)
    yield Held(database)
    database.close()


@pytest.fixture
def view(qtbot: QtBot, client: Held) -> Iterator[HtmlView]:
    with html_view(qtbot, client) as view:
        yield view


def colour(number: int) -> QColor:
    return QColor(40 + number * 53 % 200, 40 + number * 97 % 200, 40 + number * 29 % 200)


def message(number: int) -> Rendered:
    """One that is told from others by its first line, and by its colour."""
    block = f"<div style='background:{colour(number).name()};height:90px'></div>"
    markup = f"<p>MESSAGE {number}.</p>{block}{HTML}"
    return Rendered(MessageId(number), Envelope(), markup, "", (SKY,))


def inner(view: HtmlView) -> QWebEngineView:
    found = view.findChild(QWebEngineView)
    assert found is not None
    return found


def first_line(qtbot: QtBot, view: HtmlView) -> str:
    said: list[str] = []
    inner(view).page().toPlainText(said.append)
    qtbot.waitUntil(lambda: bool(said))
    return said[0].partition("\n")[0]


def painted(view: HtmlView, number: int) -> bool:
    image = view.grab().toImage()
    x = image.width() // 2
    return any(image.pixelColor(x, y) == colour(number) for y in range(0, image.height(), 8))


def after(qtbot: QtBot, pause_ms: int) -> None:
    """So much later, with the loop running."""
    clock = QElapsedTimer()
    clock.start()
    qtbot.waitUntil(lambda: clock.elapsed() >= pause_ms)


def turn(qtbot: QtBot, view: HtmlView, numbers: list[int], pause_ms: int) -> list[str]:
    """Shows them with so much time between; answers what was told of the last."""
    told: list[str] = []
    for number in numbers[:-1]:
        view.show_message(message(number))
        after(qtbot, pause_ms)
    view.laid_out.connect(lambda: told.append("in sight"))
    with qtbot.waitSignal(view.finished):
        view.show_message(message(numbers[-1]))
    view.laid_out.disconnect()
    return told


@pytest.mark.parametrize("pause_ms", PAUSES_MS)
def test_the_last_one_wanted_is_the_one_shown(qtbot: QtBot, view: HtmlView, pause_ms: int) -> None:
    for step in range(3):
        numbers = [step * 4 + 1, step * 4 + 2, step * 4 + 3]
        assert turn(qtbot, view, numbers, pause_ms) == ["in sight"]
        assert first_line(qtbot, view) == f"MESSAGE {numbers[-1]}."
        qtbot.waitUntil(partial(painted, view, numbers[-1]))


def test_pictures_of_one_that_is_left_hold_nothing_up(
    qtbot: QtBot, view: HtmlView, client: Held
) -> None:
    client.holds = True
    # Its text is there to be read while its pictures are on their way.
    with qtbot.waitSignal(view.laid_out):
        view.show_message(message(1))
    qtbot.waitUntil(lambda: painted(view, 1))
    qtbot.waitUntil(lambda: len(client.held) == 1)
    client.holds = False
    with qtbot.waitSignal(view.finished):
        view.show_message(message(2))
    assert first_line(qtbot, view) == "MESSAGE 2."
    client.held.pop()()  # too late, and for nobody
    qtbot.waitUntil(lambda: painted(view, 2))


def test_nothing_of_one_before_is_seen_once_another_is_shown(qtbot: QtBot, view: HtmlView) -> None:
    turn(qtbot, view, [1], 0)
    qtbot.waitUntil(lambda: painted(view, 1))
    view.forget()  # text was shown meanwhile
    assert not painted(view, 1)
    view.show_message(message(2))
    assert not painted(view, 1)
    qtbot.waitUntil(lambda: painted(view, 2))


def test_what_is_not_in_sight_is_coloured_anew_when_it_is(qtbot: QtBot, view: HtmlView) -> None:
    turn(qtbot, view, [1], 0)
    view.hide()
    began: list[bool] = []
    inner(view).page().loadStarted.connect(lambda: began.append(True))
    theme.notifier().changed.emit()
    after(qtbot, 100)
    assert not began
    with qtbot.waitSignal(view.finished):
        view.show()
    assert began
    view.forget()
    view.hide()
    theme.notifier().changed.emit()
    view.show()
    after(qtbot, 100)
    assert len(began) == 1


def test_a_page_that_breaks_is_loaded_once_more(qtbot: QtBot, view: HtmlView) -> None:
    turn(qtbot, view, [1], 0)
    page = inner(view).page()
    with qtbot.waitSignals([page.renderProcessTerminated, view.finished]):
        page.load("chrome://crash")
    qtbot.waitUntil(lambda: painted(view, 1))
    assert isinstance(page, QWebEnginePage)


def test_what_chromium_keeps_is_given_up_while_text_is_read(qtbot: QtBot, view: HtmlView) -> None:
    page = inner(view).page()
    before = page.renderProcessPid()
    for number in range(65):
        turn(qtbot, view, [number], 0)
    held = page.renderProcessPid()
    assert held
    with qtbot.waitSignal(page.loadFinished):
        view.forget()
        view.hide()
    view.show()
    turn(qtbot, view, [7, 8], 5)
    qtbot.waitUntil(lambda: painted(view, 8))
    assert page.renderProcessPid() not in (before, held)
