"""Rich mail that is wider than its pane."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWebEngineWidgets import QWebEngineView
from pytestqt.qtbot import QtBot

from martlet.mail.errors import Offline
from martlet.mail.message import Envelope, MessageId
from martlet.mail.rendered import Rendered
from martlet.ui.html_view import HtmlView
from martlet.ui.link import Client, EngineLink
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS, "Sandboxing disabled")
HEIGHT = 400


def nobody() -> Client:
    raise Offline("Nobody answers.")


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[HtmlView]:
    link = EngineLink(nobody)
    made = HtmlView(link)
    qtbot.addWidget(made)
    made.resize(760, HEIGHT)
    made.show()
    yield made
    link.close()


def shown(qtbot: QtBot, view: HtmlView, html: str) -> None:
    with qtbot.waitSignal(view.finished):
        view.show_message(Rendered(MessageId(1), Envelope(), html))


def table(width: int) -> str:
    return f'<table width="{width}"><tr><td>1,234,567<td>2,345,678</table>'


def zoom(view: HtmlView) -> float:
    inner = view.findChild(QWebEngineView)
    assert inner is not None
    return inner.page().zoomFactor()


def in_sight(qtbot: QtBot, view: HtmlView) -> None:
    """All of it, with the margins, in a smaller size."""
    inner = view.findChild(QWebEngineView)
    assert inner is not None
    qtbot.waitUntil(lambda: zoom(view) < 1.0)
    qtbot.waitUntil(lambda: inner.page().contentsSize().width() <= inner.width() + 1)


def test_a_little_too_wide_is_made_smaller(qtbot: QtBot, view: HtmlView) -> None:
    shown(qtbot, view, table(900))
    in_sight(qtbot, view)
    assert zoom(view) == pytest.approx(760 / (900 + 2 * 24), abs=0.02)


def test_what_fits_and_what_is_much_wider_stays_as_large_as_it_is(
    qtbot: QtBot, view: HtmlView
) -> None:
    shown(qtbot, view, table(900))
    in_sight(qtbot, view)
    for width in (300, 2400):
        shown(qtbot, view, table(width))
        assert zoom(view) == 1.0


def test_a_wider_pane_shows_it_larger(qtbot: QtBot, view: HtmlView) -> None:
    shown(qtbot, view, table(900))
    in_sight(qtbot, view)
    before = zoom(view)
    view.resize(860, HEIGHT)
    qtbot.waitUntil(lambda: before < zoom(view) < 1.0)
    view.resize(1000, HEIGHT)
    qtbot.waitUntil(lambda: zoom(view) == 1.0)
    view.resize(400, HEIGHT)
    assert zoom(view) == 1.0  # half as large would be too small


def test_the_size_a_person_chose_holds(qtbot: QtBot, view: HtmlView) -> None:
    shown(qtbot, view, table(900))
    in_sight(qtbot, view)
    view.zoom(1.2)
    assert zoom(view) == pytest.approx(1.2)
    view.zoom(1.0)
    in_sight(qtbot, view)


def test_a_word_of_any_length_is_broken_rather(qtbot: QtBot, view: HtmlView) -> None:
    shown(qtbot, view, f"<p>{'Donaudampfschifffahrt' * 60}</p>")
    inner = view.findChild(QWebEngineView)
    assert inner is not None
    qtbot.waitUntil(lambda: inner.page().contentsSize().height() > 300)
    assert inner.page().contentsSize().width() <= inner.width() + 1
    assert zoom(view) == 1.0
