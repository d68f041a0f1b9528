"""Mail in the real pane, in pictures: templates as companies send them, and ten mails of our own.

The pictures lie in screenshots/reading of the working folder afterwards, to be looked at. That
nothing is blank or cut off is tested here; whether it is beautiful only a person can tell.
"""

from __future__ import annotations

import email.message
import email.policy
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar, cast

import pytest
from PySide6.QtCore import QElapsedTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from martlet.engine.one_file import OneFile
from martlet.link.messages import PartBytes, Render, Request
from martlet.mail.changes import Change
from martlet.mail.errors import MailError
from martlet.mail.message import Envelope, MessageId
from martlet.ui import theme
from martlet.ui.link import EngineLink
from martlet.ui.message_pane import MessagePane
from martlet.ui.text_view import TextView
from ui.support.mails import ALL
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS, "Sandboxing disabled")
R = TypeVar("R")
ROOT = Path(__file__).parents[2]
OUT = ROOT / "screenshots" / "reading"
TEMPLATES = sorted((ROOT.parent / "shared" / "corpus" / "templates").glob("*.html"))[:20]
WIDTHS = (400, 700, 1200)
HEIGHT = 800
_ONE = MessageId(0)
_REST_MS = 200


class OneMail:
    """Answers for one mail, as `martlet open` does."""

    def __init__(self, folder: Path) -> None:
        self.on_change: Callable[[Change], None] | None = None
        self.on_lost: Callable[[], None] | None = None
        self._folder = folder
        self._file = OneFile(b"", folder)

    def show(self, raw: bytes) -> None:
        self._file = OneFile(raw, self._folder)

    def submit(self, request: Request[R], done: Callable[[R | MailError], None]) -> None:
        file = self._file

        def work() -> None:
            answer: object = None
            if isinstance(request, Render):
                answer = file.render(request.message_id, view=request.view)
            elif isinstance(request, PartBytes):
                answer = file.part_bytes(request.message_id, request.part)
            done(cast("R", answer))

        threading.Thread(target=work, daemon=True).start()

    def close(self) -> None:
        pass


@pytest.fixture
def client(tmp_path: Path) -> OneMail:
    return OneMail(tmp_path / "opened")


@pytest.fixture
def pane(qtbot: QtBot, client: OneMail) -> Iterator[MessagePane]:
    line = EngineLink(lambda: client)
    pane = MessagePane(line, [], QMenu())
    qtbot.addWidget(pane)
    pane.resize(WIDTHS[0], HEIGHT)
    pane.show()
    yield pane
    line.close()
    theme.choose("")


def mail_of(template: Path) -> bytes:
    made = email.message.EmailMessage(policy=email.policy.SMTP)
    made["From"] = "Widget Shop <hello@widgets.example>"
    made["To"] = "Ada Lindqvist <ada@example.org>"
    made["Subject"] = template.stem.replace("-", " ").capitalize()
    made["Date"] = "Sat, 21 Nov 2026 10:00:00 +0000"
    made.set_content("As text.")
    made.add_alternative(template.read_text("utf-8"), subtype="html")
    return made.as_bytes()


def mails() -> Iterator[tuple[str, bytes]]:
    yield from ALL.items()
    for template in TEMPLATES:
        yield template.stem, mail_of(template)


def taken(qtbot: QtBot, pane: MessagePane, name: str) -> None:
    """Saves a picture once the body is at rest: Chromium paints in a process of its own, and what
    it has painted for another width stays until then.
    """
    body = pane.body()
    last, since = QImage(), QElapsedTimer()
    since.start()

    def at_rest() -> bool:
        nonlocal last
        image = body.grab().toImage()
        if image != last or len(colours(image)) < 3 or not has_margin(image):
            last = image
            since.restart()
        return since.elapsed() > _REST_MS

    qtbot.waitUntil(at_rest)
    OUT.mkdir(parents=True, exist_ok=True)
    assert pane.grab().save(str(OUT / f"{name}.png"))


def has_margin(image: QImage) -> bool:
    """What is left of any mail is the pane's own ground."""
    ground = QColor(theme.current().page)
    return all(image.pixelColor(3, y) == ground for y in range(20, image.height(), 40))


def colours(image: QImage) -> set[int]:
    """Three at most, of a grid fine enough to meet letters."""
    found: set[int] = set()
    for y in range(0, min(image.height(), 400), 2):
        for x in range(0, min(image.width(), 400), 2):
            found.add(image.pixel(x, y))
            if len(found) > 2:
                return found
    return found


def check(qtbot: QtBot, pane: MessagePane) -> None:
    """Its words are there, and none of it is cut off at the side."""
    body = pane.body()
    if isinstance(body, TextView):
        qtbot.waitUntil(lambda: not body.unfinished)
        assert body.toPlainText().strip()
        assert body.document().idealWidth() <= body.viewport().width() + 1
        return
    view = body.findChild(QWebEngineView)
    assert view is not None
    texts: list[str] = []
    view.page().toPlainText(texts.append)
    qtbot.waitUntil(lambda: bool(texts))
    assert texts[0].strip()
    qtbot.waitUntil(lambda: _fits(view.page(), view.width()))


def _fits(page: QWebEnginePage, width: int) -> bool:
    """As wide as its view, but for a scroll bar."""
    return width - 16 <= page.contentsSize().width() <= width + 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "raw"), list(mails()), ids=lambda each: each[:40])
def test_a_mail_is_shown_whole_at_every_width(
    qtbot: QtBot, pane: MessagePane, client: OneMail, scheme: str, name: str, raw: bytes
) -> None:
    theme.choose(scheme)
    client.show(raw)
    with qtbot.waitSignal(pane.shown):
        pane.show_message(_ONE, Envelope(subject=name))
    for width in WIDTHS:
        pane.resize(width, HEIGHT)
        check(qtbot, pane)
        taken(qtbot, pane, f"{name}-{scheme}-{width}")
