"""A letter's window in its states, in pictures, by width and in light and dark.

The pictures lie in screenshots/writing of the working folder afterwards, to be looked at. That
every control is within the window and nothing is blank is tested here; whether it is beautiful
only a person can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetrics, QTextCursor
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from martlet.mail.account import AccountId
from martlet.mail.letter_size import SizeLimit
from martlet.mail.message import Address, Envelope, MessageId
from martlet.mail.outgoing import (
    Draft,
    DraftId,
    DraftKind,
    OutgoingPart,
    Priority,
    SendOptions,
)
from martlet.ui import theme
from martlet.ui.compose import ComposeWindow
from ui.compose_fakes import FakeLink, FakeReader, account
from ui.support.sample import HEADLESS, png

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
OUT = Path(__file__).parents[2] / "screenshots" / "writing"
WIDTHS = (420, 780, 1100)
HEIGHT = 760
ANNA = Address("Anna Bergström", "anna@example.org")
WANG = Address("王小明", "wang.xiaoming@公司.cn")
SOURCE = MessageId(7)
PICTURE = OutgoingPart("湖边.png", "image/png", 4000, "blob-picture", "lake@martlet")
RICH = (
    "<h2>周末的安排 – plans</h2>"
    "<div>Dear Anna, <b>bold</b>, <i>italic</i>, <u>underlined</u>, <s>struck</s> and a "
    '<a href="https://example.org/">link</a>; <span style="color:#b3261e">red</span> and '
    '<span style="background-color:#fff3b0">marked</span>.</div><div><br></div>'
    "<ul><li>船票两张</li><li>Picnic<ul><li>bread</li><li>Käse</li></ul></li></ul>"
    "<ol><li>first</li><li>second</li></ol>"
    '<table border="1"><tr><th>Tag</th><th>数量</th></tr>'
    "<tr><td>Samstag</td><td>3</td></tr></table>"
    "<div><br></div><pre>for each in letters:\n    send(each)</pre>"
    '<div><img src="cid:lake@martlet" alt="湖边" width="240"></div>'
    "<blockquote>What you wrote before<blockquote>and what I did</blockquote></blockquote>"
)
PLAIN = (
    "同意，周六见。\n\nOn 2026-11-20 18:02, 王小明 wrote:\n> 周六在湖边见面怎么样？\n"
    ">> Saturday at nine, as last time?\n> 我会带面包。\n"
)
FILES = tuple(
    OutgoingPart(name, kind, size, f"blob-{size}")
    for name, kind, size in (
        ("会议记录 2026 最终版（已审核）.docx", "application/octet-stream", 48_213),
        ("Übersicht.pdf", "application/pdf", 1_904_113),
        ("photo.jpg", "image/jpeg", 3_204_557),
        ("a-very-long-name-that-nobody-reads-to-its-end-because-it-is-so-long.tar.gz",
         "application/gzip", 912),
    )
)  # fmt: skip

STATES: dict[str, Draft] = {
    "empty": Draft(DraftId(0), AccountId(1), html=""),
    "plain": Draft(
        DraftId(3), AccountId(1), (WANG,), subject="Re: 周末", text=PLAIN, kind=DraftKind.REPLY
    ),
    "rich": Draft(
        DraftId(3), AccountId(1), (ANNA, WANG), subject="周末的安排", html=RICH, parts=(PICTURE,)
    ),
    "people": Draft(
        DraftId(3),
        AccountId(1),
        (ANNA, WANG, Address("", "no address"), Address("", "someone@gmial.com")),
        (ANNA, *(Address(f"Person {n}", f"p{n}@example.org") for n in range(40))),
        (Address("", "secret@example.org"),),
        "To many",
        html="<div>Hello all,</div>",
        reply_to=(Address("Office", "office@example.org"),),
    ),
    "files": Draft(
        DraftId(3), AccountId(1), (ANNA,), subject="Files", html="<div>Here.</div>", parts=FILES
    ),
    "options": Draft(
        DraftId(3),
        AccountId(1),
        (ANNA,),
        subject="Important",
        html="<div>Please read.</div>",
        options=SendOptions(
            dsn=True, receipt=True, priority=Priority.HIGH, headers=(("X-Case", "42"),)
        ),
        send_at=4_102_444_800.0,
    ),
    "forward": Draft(
        DraftId(3),
        AccountId(1),
        (ANNA,),
        subject="Fwd: 湖边的会议",
        html="<div>看看这个。</div>",
        original="<p>-------- Forwarded message --------<br><b>Subject:</b> 湖边的会议<br></p>"
        "<table><tr><td>周六上午九点，湖边咖啡馆。</td></tr></table>",
        kind=DraftKind.FORWARD,
        source=SOURCE,
    ),
}


@pytest.fixture(autouse=True)
def looks() -> Iterator[None]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    yield
    theme.choose("")


@pytest.fixture
def open_letter(qtbot: QtBot) -> Callable[[Draft], ComposeWindow]:
    link = FakeLink()
    reader = FakeReader(stored=[account(1, "Work", "tom@example.org")])
    reader.blobs = {PICTURE.blob: png()}
    reader.heads[SOURCE] = Envelope(subject="湖边的会议", sender=WANG, to=(ANNA,))
    reader.limits[AccountId(1)] = SizeLimit(5_000_000, sure=True)

    def opened(draft: Draft) -> ComposeWindow:
        window = ComposeWindow(link, reader.reader, draft)
        qtbot.addWidget(window)
        window.resize(WIDTHS[0], HEIGHT)
        with qtbot.waitExposed(window):
            window.show()
        return window

    return opened


@pytest.mark.parametrize("state", STATES)
def test_a_letter_fits_in_every_width(
    state: str, open_letter: Callable[[Draft], ComposeWindow], qtbot: QtBot
) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    window = open_letter(STATES[state])
    for scheme in ("light", "dark"):
        theme.choose(scheme)
        for width in WIDTHS:
            window.resize(width, HEIGHT)
            QApplication.processEvents()
            assert window.width() == width  # nothing in it asks for more
            assert not cut(window)
            image = window.grab().toImage()
            assert image.save(str(OUT / f"{state}-{width}-{scheme}.png"))
            assert len({image.pixelColor(x, 20).rgb() for x in range(0, width, 3)}) > 3


def cut(window: QWidget) -> list[str]:
    """What is wrong with the place of controls: outside the window, too narrow, over another."""
    found = []
    shown = [each for each in window.findChildren(QAbstractButton) if each.isVisible()]
    for control in (*shown, *(e for e in window.findChildren(QLineEdit) if e.isVisible())):
        place = QRect(control.mapTo(window, QPoint()), control.size())
        if place.left() < 0 or place.right() >= window.width():
            found.append(f"{named(control)} is outside")
    for button in shown:
        if button.text() and button.width() < button.minimumSizeHint().width():
            found.append(f"{named(button)} is too narrow")
        for other in shown:
            beside = other.parent() is button.parent() and other is not button
            if beside and other.geometry().intersects(button.geometry()):
                found.append(f"{named(button)} is over {named(other)}")
    return found


def named(control: QWidget) -> str:
    return control.accessibleName() or control.objectName() or type(control).__name__


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("about", ["周末", "link", "数量", "\ufffc"])
def test_the_menu_of_its_text_shows_all_its_words(
    scheme: str, about: str, open_letter: Callable[[Draft], ComposeWindow]
) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    theme.choose(scheme)
    window = open_letter(STATES["rich"])
    cursor = window.editor.textCursor()
    cursor.setPosition(window.editor.document().toPlainText().index(about))
    cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor)
    window.editor.setTextCursor(cursor)
    menu = window.hands.menu.by_key()
    menu.ensurePolished()
    menu.resize(menu.sizeHint())
    metrics = QFontMetrics(menu.font())
    for action in menu.actions():
        words = f"{action.text()}  {action.shortcut().toString()}"
        assert menu.actionGeometry(action).width() >= metrics.horizontalAdvance(words)
    name = {"周末": "words", "数量": "table", "\ufffc": "picture"}.get(about, about)
    assert menu.grab().save(str(OUT / f"menu-{name}-{scheme}.png"))
