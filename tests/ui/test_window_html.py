"""HTML messages: the frame around them, and that Chromium shows them and reaches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from martlet.link import messages as link
from martlet.mail.message import Address, Attachment, Envelope, MessageId
from martlet.mail.reading import Paper
from martlet.mail.rendered import Rendered
from martlet.store.database import Database
from martlet.ui import html_page, links
from martlet.ui.html_view import HtmlView
from martlet.ui.tokens import DARK, LIGHT, Tokens
from ui.support.rich import html_view
from ui.support.sample import HEADLESS, HTML, SampleClient

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS, "Sandboxing disabled")
SKY = Attachment("2", "sky.png", "image/png", 4210, "sky@x", "inline", True)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[SampleClient]:
    database = Database(tmp_path)
    yield SampleClient(database)
    database.close()


@pytest.fixture
def view(qtbot: QtBot, client: SampleClient) -> Iterator[HtmlView]:
    with html_view(qtbot, client) as view:
        yield view


def rendered(html: str, *attachments: Attachment) -> Rendered:
    return Rendered(
        MessageId(7), Envelope(sender=Address("", "a@b.example")), html, "", attachments
    )


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def has(image: QImage, colour: str) -> bool:
    wanted = QColor(colour)
    return any(
        image.pixelColor(x, y) == wanted
        for y in range(0, image.height(), 2)
        for x in range(0, image.width(), 25)
    )


def test_the_picture_of_a_message_is_painted(
    qtbot: QtBot, view: HtmlView, client: SampleClient
) -> None:
    with qtbot.waitSignal(view.finished):
        view.show_message(rendered(HTML, SKY))
    qtbot.waitUntil(lambda: has(picture(view), "#00ff00"))
    assert [each for each in client.asked if isinstance(each, link.PartBytes)] == [
        link.PartBytes(MessageId(7), "2")
    ]


def test_only_pictures_of_this_message_are_served(
    qtbot: QtBot, view: HtmlView, client: SampleClient
) -> None:
    hostile = (
        '<p><img src="martlet-part:/3"><img src="martlet-mail:/8/2"><img src="martlet-part:/9">'
        '<img src="martlet-mail:/1/page">'
        '<img src="http://127.0.0.1:9/x.png"><img src="file:///etc/hostname">'
        "<link rel=stylesheet href='http://127.0.0.1:9/x.css'>"
        "<iframe src='http://127.0.0.1:9/'></iframe><script>document.body.remove()</script>"
        "<div style='background:#00f;height:300px'>still here</div></p>"
    )
    pdf = Attachment("3", "a.pdf", "application/pdf", 10)
    with qtbot.waitSignal(view.finished):
        view.show_message(rendered(hostile, SKY, pdf))
    qtbot.waitUntil(lambda: has(picture(view), "#0000ff"))
    assert not [each for each in client.asked if isinstance(each, link.PartBytes)]


def test_a_link_is_told_and_never_followed(qtbot: QtBot, view: HtmlView) -> None:
    html = '<a href="https://example.com/a" style="display:block;height:200px">here</a>'
    with qtbot.waitSignal(view.finished):
        view.show_message(rendered(html))
    target = view.focusProxy() or view
    inner = target.focusProxy() or target
    with qtbot.waitSignal(view.link_clicked) as said:
        QTest.mouseClick(inner, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    assert said.args == [QUrl("https://example.com/a")]


def page(html: str, tokens: Tokens, paper: Paper = Paper.THEME, *, original: bool = False) -> str:
    shown = replace(rendered(html), paper=paper)
    return html_page.document(shown, tokens, ["Sans"], 15, number=3, original=original).decode()


def test_the_page_forbids_what_it_does_not_need() -> None:
    made = page(HTML, LIGHT)
    assert "default-src 'none'" in made
    assert 'src="martlet-mail:/3/2"' in made
    assert "{{" not in made


@pytest.mark.parametrize(
    ("paper", "original", "kind"),
    [
        (Paper.THEME, False, "theme"),
        (Paper.LIGHT, False, "own paper"),
        (Paper.DARK_TOO, False, "own"),
        (Paper.THEME, True, "theme paper"),
        (Paper.DARK_TOO, True, "own paper"),
    ],
)
def test_in_the_dark_mail_with_its_own_colours_is_on_paper(
    paper: Paper, original: bool, kind: str
) -> None:
    assert f'<body class="{kind}">' in page("<p>Hello", DARK, paper, original=original)
    assert "paper" not in page("<p>Hello", LIGHT, paper, original=original).partition("<body")[2]


def test_a_mail_sees_the_screen_that_is_around_it() -> None:
    """Chromium knows the system's scheme, and not what a person has chosen here."""
    html = "<style>@media (prefers-color-scheme: dark){b{color:red}}</style>(prefers-color-scheme"
    for tokens, original, seen in (
        (DARK, False, "min-width"),
        (DARK, True, "max-width"),
        (LIGHT, False, "max-width"),
    ):
        made = page(html, tokens, Paper.DARK_TOO, original=original)
        assert f"@media ({seen}: 0px){{b{{color:red}}}}" in made
        assert "</style>(prefers-color-scheme" in made


@pytest.mark.parametrize(
    ("url", "doubtful"),
    [
        ("https://example.com/a", False),
        ("https://bank.example@evil.example/", True),
        ("http://192.0.2.1/login", True),
        ("https://xn--pple-43d.com/", True),
        ("mailto:a@example.com", False),
    ],
)
def test_links_that_hide_where_they_lead_are_asked_about(url: str, doubtful: bool) -> None:
    assert bool(links.doubt(QUrl(url))) is doubtful


def test_folded_quotes_say_so_and_open_on_request() -> None:
    html = '<details class="martlet-quote"><summary class="martlet-quote-line"></summary>old'
    shown = rendered(html)
    for unfolded in (False, True):
        made = html_page.document(shown, LIGHT, ["Sans"], 15, unfolded=unfolded).decode()
        assert ('<details class="martlet-quote" open>' in made) is unfolded
        assert 'content: "Show quoted text"' in made
    assert html_page.has_folds(html)
    assert not html_page.has_folds("<p>")


def test_quotes_of_html_unfold_by_key(qtbot: QtBot, view: HtmlView) -> None:
    html = (
        '<p>Yes.</p><details class="martlet-quote"><summary class="martlet-quote-line"></summary>'
        "<div style='background:#0000ff;height:300px'>old</div></details>"
    )
    with qtbot.waitSignal(view.finished):
        view.show_message(rendered(html))
    with qtbot.waitSignal(view.finished):
        assert view.toggle_quotes()
    qtbot.waitUntil(lambda: has(picture(view), "#0000ff"))
    with qtbot.waitSignal(view.finished):
        assert view.toggle_quotes()
    qtbot.waitUntil(lambda: not has(picture(view), "#0000ff"))
