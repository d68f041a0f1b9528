"""The bar over a message that would have pictures from the internet, and what its buttons ask."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from martlet.mail.message import Address, Envelope, MessageId
from martlet.mail.reading import Remote
from martlet.mail.rendered import Rendered
from martlet.ui.picture_bar import PictureBar
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
URLS = ("http://a.example/1", "http://a.example/2", "http://a.example/3")


@pytest.fixture
def bar(qtbot: QtBot) -> PictureBar:
    bar = PictureBar()
    qtbot.addWidget(bar)
    return bar


def about(remote: Remote, sender: str = "news@shop.example") -> Rendered:
    head = Envelope(sender=Address("Shop", sender))
    return Rendered(MessageId(1), head, "<p>", remote=remote)


@pytest.mark.parametrize(
    ("remote", "words", "buttons"),
    [
        (Remote(), "", ""),
        (Remote(other=4), "", ""),
        (Remote(trackers=1), "1 tracker was kept out.", ""),
        (
            Remote(URLS, trackers=2),
            "3 pictures from the internet are not shown. 2 trackers were kept out.",
            "Show Always…",
        ),
        (Remote(URLS[:1]), "1 picture from the internet is not shown.", "Show Always…"),
        (
            Remote(URLS, shown=True),
            "Pictures from the internet are shown this once.",
            "Hide Always…",
        ),
        (
            Remote(URLS, shown=True, allowed_by="@shop.example"),
            "Pictures are shown because you allowed shop.example.",
            "Stop",
        ),
    ],
)
def test_it_says_what_is_kept_out_and_offers_what_can_be_done(
    bar: PictureBar, remote: Remote, words: str, buttons: str
) -> None:
    bar.show_rendered(about(remote), as_html=True)
    assert bar.words == words
    assert bar.isHidden() is not bool(words)
    offered = (bar.show_once, bar.hide_again, bar.always, bar.stop)
    assert " ".join(each.text() for each in offered if not each.isHidden()) == buttons


def test_a_text_has_no_pictures(bar: PictureBar) -> None:
    bar.show_rendered(about(Remote(URLS)), as_html=False)
    assert bar.isHidden()


def test_it_asks_for_once_for_an_address_and_for_a_domain(bar: PictureBar, qtbot: QtBot) -> None:
    bar.show_rendered(about(Remote(URLS)), as_html=True)
    with qtbot.waitSignal(bar.once_wanted) as once:
        bar.show_once.click()
    assert once.args == [True]
    menu = bar.menu()
    asked: list[tuple[str, bool]] = []
    bar.always_wanted.connect(lambda who, on: asked.append((who, on)))
    for action in menu.actions():
        action.trigger()
    assert asked == [("news@shop.example", True), ("@shop.example", True)]
    bar.show_rendered(about(Remote(URLS, shown=True, allowed_by="news@shop.example")), as_html=True)
    bar.stop.click()
    assert asked[-1] == ("news@shop.example", False)


def test_who_has_no_address_cannot_be_allowed_for_ever(bar: PictureBar) -> None:
    bar.show_rendered(about(Remote(URLS), sender=""), as_html=True)
    assert bar.always.isHidden()
    assert not bar.show_once.isHidden()
