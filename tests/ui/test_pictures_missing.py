"""Pictures that were allowed and could not be had: that is said, and their places stay as they are.

Seen in the real pane: what Chromium draws there can only be told from its picture.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from martlet.link.messages import RemotePicture
from martlet.mail.errors import Offline
from martlet.mail.reading import Paper, Picture, Remote
from martlet.ui import html_page, theme
from martlet.ui.message_pane import MessagePane
from martlet.ui.stand_ins import stand_in
from martlet.ui.tokens import LIGHT
from ui.compose_fakes import Asked, FakeLink
from ui.support.heads import rendered
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS, "Sandboxing disabled")
URLS = tuple(f"https://pictures.example/{n}.png" for n in range(3))
HTML = "".join(
    f'<div><img src="martlet-part:/remote/{n}" alt="Picture {n}" width="300" height="120"></div>'
    for n in range(3)
)
SHOWN = rendered(html=HTML, paper=Paper.LIGHT, remote=Remote(URLS, 2, shown=True))
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NO_NET = Offline("The server does not answer.")


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def pane(qtbot: QtBot, link: FakeLink) -> Iterator[MessagePane]:
    theme.choose("light")
    more = QMenu()
    pane = MessagePane(link, [], more)
    qtbot.addWidget(pane, before_close_func=lambda _widget: more.deleteLater())
    pane.resize(700, 700)
    with qtbot.waitExposed(pane):
        pane.show()
    yield pane
    theme.choose("")


def asked(link: FakeLink) -> list[Asked]:
    return [each for each in link.asked if isinstance(each.request, RemotePicture)]


def test_how_many_could_not_be_had_is_said_and_their_places_stay(
    qtbot: QtBot, pane: MessagePane, link: FakeLink
) -> None:
    with qtbot.waitSignal(pane.shown):
        pane.show_rendered(SHOWN)
        qtbot.waitUntil(lambda: len(asked(link)) == 3)
        for each in asked(link):
            each.refuse(NO_NET)
    bar = pane.text.pictures
    assert bar.words == (
        "3 pictures could not be fetched: The server does not answer. 2 trackers were kept out."
    )
    field = QColor(LIGHT.soft_quiet)

    def rows() -> int:
        """Of the body, those that run through a field near its left edge."""
        seen = pane.body().grab().toImage()
        return sum(seen.pixelColor(60, y) == field for y in range(seen.height()))

    qtbot.waitUntil(lambda: rows() > 3 * 110)
    # Another message has nothing of that.
    pane.show_rendered(rendered(number=2))
    assert bar.isHidden()


def test_some_that_are_missing_are_told_too(
    qtbot: QtBot, pane: MessagePane, link: FakeLink
) -> None:
    with qtbot.waitSignal(pane.shown):
        pane.show_rendered(SHOWN)
        qtbot.waitUntil(lambda: len(asked(link)) == 3)
        first, *others = asked(link)
        first.refuse(NO_NET)
        for each in others:
            each.answer(Picture("image/png", PIXEL))
    assert pane.text.pictures.words.startswith("1 picture could not be fetched: The server")


def test_a_field_is_of_the_size_and_words_of_its_picture() -> None:
    made = ElementTree.fromstring(html_page.field(SHOWN, "remote/1", LIGHT, ["Sans"]).decode())
    assert (made.get("width"), made.get("height")) == ("300", "120")
    assert "".join(made.itertext()) == "Picture 1"
    # Of one that no tag names (a background), or that says nothing, it is small and empty.
    for markup in ("", '<img src="martlet-part:/2">', '<a title="src="martlet-part:/2"">x</a>'):
        small = ElementTree.fromstring(stand_in(markup, "martlet-part:/2", LIGHT, "Sans"))
        assert (small.get("width"), small.get("height")) == ("28", "28")
        assert "".join(small.itertext()) == ""
