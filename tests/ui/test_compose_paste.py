"""What is copied elsewhere and pasted into a letter: it keeps its sense, and nothing is fetched."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QIODevice,
    QMimeData,
    QPoint,
    Qt,
    QUrl,
)
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QImageWriter, QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.link.messages import AttachBytes, FetchPicture
from martlet.mail.account import AccountId
from martlet.mail.outgoing import Draft, DraftId, OutgoingPart
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.markup.lines import Align, Cell, Line, Run, Table
from martlet.ui.compose.markup.read_html import read_foreign
from martlet.ui.compose.markup.write_html import write_html
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

WORD = """<html xmlns:o="urn:x"><head><style><!--
 p.MsoNormal, p.MsoListParagraph {margin:0cm;margin-bottom:.0001pt;
 font-size:11.0pt;font-family:"Calibri",sans-serif}
 .red {color:#C00000} @import url("http://evil.example/x.css");
--></style><!--[if gte mso 9]><xml><o:x>junk</o:x></xml><![endif]--></head><body lang=EN>
<p class=MsoNormal>Dear <b>all</b>,<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'>
<![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp;</span></span><![endif]>one
<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span>&nbsp;</span></span><![endif]><span class=red>deep</span></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.
</span>two</p></body></html>"""

SHEET = """<table border=0 cellpadding=0 cellspacing=0 width=128><col width=64 span=2>
<tr height=20><td class=xl65>Name</td><td align=right>Sum</td></tr>
<tr><td>Anna</td><td align=right>12</td></tr></table>"""


def _png() -> bytes:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0xFF3366)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(buffer.data().data())


def test_word_keeps_its_lists_and_colours() -> None:
    lines = read_foreign(WORD).lines
    assert [(one.text, one.depth, one.ordered) for one in lines] == [
        ("Dear all,", 0, False),
        ("", 0, False),
        ("one", 1, True),
        ("deep", 2, False),
        ("two", 1, True),
    ]
    assert lines[0].runs == (Run("Dear "), Run("all", bold=True), Run(","))
    assert lines[3].runs == (Run("deep", colour="#c00000"),)
    assert lines[2].list_id == lines[4].list_id


def test_a_spreadsheet_is_a_table() -> None:
    lines = [line for line in read_foreign(SHEET).lines if line.cell]
    table = Table(1, 2, 2, border=False)
    assert lines == [
        Line((Run("Name"),), cell=Cell(table, 0, 0)),
        Line((Run("Sum"),), align=Align.END, cell=Cell(table, 0, 1)),
        Line((Run("Anna"),), cell=Cell(table, 1, 0)),
        Line((Run("12"),), align=Align.END, cell=Cell(table, 1, 1)),
    ]


def test_a_page_that_is_only_laid_out_with_tables_is_lines() -> None:
    markup = "<table><tr><td><table role=presentation><tr><td>one<td>two</table></table>"
    assert [(one.text, one.cell) for one in read_foreign(markup).lines] == [
        ("one", None), ("two", None),
    ]  # fmt: skip


def test_documents_of_google_keep_their_looks() -> None:
    markup = (
        '<b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr" '
        'style="line-height:1.38;margin-top:0pt;margin-bottom:0pt;"><span style="font-size:11pt;'
        "font-family:Arial,sans-serif;color:#000000;background-color:transparent;font-weight:700;"
        'white-space:pre-wrap;">Bold</span><span style="font-size:11pt;font-family:Arial;'
        'color:#000000;font-style:italic;white-space:pre-wrap;">  two</span></p></b>'
    )
    assert read_foreign(markup).lines == [Line((Run("Bold", bold=True), Run("  two", italic=True)))]


def test_nothing_of_a_hostile_page_loads_or_runs() -> None:
    markup = (
        "<script>x()</script><p onclick=x() style='background:url(http://evil.example/b.png)'>a"
        "<svg onload=x()><image href='http://evil.example/s'/></svg><form action=//evil.example>"
        "<input value=secret><button>go</button></form><img src=file:///etc/passwd>"
        "<img src=http://evil.example/p.png width=1 height=1><iframe src=//evil.example></iframe>"
        "<a href='javascript:x()'>b</a><div style='display:none'>hidden</div><object>o</object>"
        "<link rel=stylesheet href=http://evil.example/x.css><base href=http://evil.example>"
    )
    found = read_foreign(markup)
    assert found.remote == ()
    written = write_html(found.lines)
    assert not any(word in written for word in ("evil", "script", "hidden", "secret", "file:"))
    assert [line.text for line in found.lines] == ["a", "", "b"]


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 60_000 + "x", "<span>" * 60_000 + "x", "<table><tr><td>" * 20_000 + "x",
        "<a '" * 60_000 + "x", "<!--" * 60_000, "<" * 200_000, "<ul><li>" * 30_000 + "x",
        "<blockquote>" * 30_000 + "x", "<b>" * 300 + "</i>" * 60_000,
        "<p " + "a=b " * 60_000 + ">x",
        "<style>" + "a{" * 60_000, "<pre>" + "a\n" * 20_000, "<ul><li>" + "a<br>" * 20_000,
    ],
)  # fmt: skip
def test_no_nesting_and_no_crowd_is_too_much(markup: str) -> None:
    lines = read_foreign(markup).lines
    assert len(lines) <= 60_000
    assert all(line.quote <= 9 and line.depth <= 9 for line in lines)


@given(st.text(max_size=200))
def test_any_text_as_markup_is_read_and_can_be_kept(markup: str) -> None:
    write_html(read_foreign(markup).lines).encode()


class Desk:
    """A rich letter that is written."""

    def __init__(self, qtbot: QtBot) -> None:
        self.link = FakeLink()
        self.store = FakeReader([account(1, "home", "tom@example.org")])
        draft = replace(Draft(DraftId(0), AccountId(1)), subject="x", html="<div><br></div>")
        self.window = ComposeWindow(self.link, self.store.reader, draft)
        self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.window, before_close_func=lambda w: w.finish())
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.editor = self.window.editor

    def paste(self, markup: str) -> None:
        data = QMimeData()
        data.setHtml(markup)
        self.editor.insertFromMimeData(data)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_pictures_on_the_internet_wait_for_the_writer(desk: Desk) -> None:
    desk.paste('<p>see <img src="https://pics.example/cat.png" alt="a cat" width=80></p>')
    bar = desk.window.pasted_pictures
    assert bar.words == "A picture in this text is on the internet."
    assert not desk.link.of(FetchPicture)
    assert ' src="https' not in desk.editor.html()
    bar.action.click()
    assert desk.link.of(FetchPicture) == [
        FetchPicture(AccountId(1), "https://pics.example/cat.png")
    ]
    desk.store.blobs["k"] = _png()
    desk.link.last(FetchPicture).answer(OutgoingPart("picture.png", "image/png", 9, "k"))
    draft = desk.window.draft()
    (part,) = draft.parts
    assert f'<img src="cid:{part.content_id}" alt="a cat" width="80">' in (draft.html or "")
    assert not desk.window.intake.busy


def test_pictures_on_the_internet_can_be_left_out(desk: Desk) -> None:
    desk.paste('<p>see <img src="https://pics.example/cat.png" alt="a cat"> it</p>')
    desk.window.pasted_pictures.close_button.click()
    assert [line.text for line in desk.editor.taken.lines()] == ["see  it"]
    assert not desk.link.of(FetchPicture)


def test_pictures_that_came_along_go_with_the_letter(desk: Desk) -> None:
    data = base64.b64encode(_png()).decode()
    desk.paste(f'<p>here: <img src="data:image/png;base64,{data}"> and '
               '<img src="data:image/png;base64,AAAA"></p>')  # fmt: skip
    (asked,) = desk.link.of(AttachBytes)
    assert asked.data == _png()
    assert desk.window.intake.busy
    desk.link.last(AttachBytes).answer(OutgoingPart("picture.png", "image/png", 9, "k"))
    (part,) = desk.window.draft().parts
    assert f"cid:{part.content_id}" in desk.editor.html()


def test_a_paste_is_one_step_to_undo(desk: Desk) -> None:
    QTest.keyClicks(desk.editor, "before ")
    desk.paste(WORD + SHEET)
    assert "Anna" in desk.editor.text()
    desk.editor.undo()
    assert desk.editor.text() == "before"
    desk.editor.redo()
    assert "Anna" in desk.editor.text()


def test_a_long_paste_comes_in_bit_by_bit_and_is_one_step(desk: Desk, qtbot: QtBot) -> None:
    markup = "".join(f"<p style='margin:0'>line {n} <b>bold</b></p>" for n in range(3000))
    with qtbot.waitSignal(desk.editor.pasted.done, timeout=60_000):
        desk.paste(markup)
    lines = desk.editor.taken.lines()
    assert [line.text for line in lines] == [f"line {n} bold" for n in range(3000)]
    assert not desk.editor.isReadOnly()
    desk.editor.undo()
    assert desk.editor.text() == ""


def test_an_address_becomes_a_link_when_a_space_follows(desk: Desk) -> None:
    QTest.keyClicks(
        desk.editor, "see https://example.org/a_(b), or www.example.org. mail@x.example "
    )
    links = [(r.text, r.href) for line in desk.editor.taken.lines() for r in line.runs if r.href]
    assert links == [
        ("https://example.org/a_(b)", "https://example.org/a_(b)"),
        ("www.example.org", "https://www.example.org"),
        ("mail@x.example", "mailto:mail@x.example"),
    ]


def test_an_address_behind_an_emoji_becomes_a_link_as_it_is(desk: Desk) -> None:
    desk.editor.load_html("<p>\U0001f600 www.example.orgnext words</p>")
    cursor = desk.editor.textCursor()
    cursor.setPosition(3 + len("www.example.org"))
    desk.editor.setTextCursor(cursor)
    QTest.keyClick(desk.editor, Qt.Key.Key_Space)
    links = [r for line in desk.editor.taken.lines() for r in line.runs if r.href]
    assert links == [Run("www.example.org", href="https://www.example.org")]


def test_enter_in_a_quotation_makes_room_for_an_answer(desk: Desk) -> None:
    desk.editor.load_html("<blockquote type=cite><div>one two</div><div>three</div></blockquote>")
    cursor = QTextCursor(desk.editor.document())
    cursor.setPosition(3)
    desk.editor.setTextCursor(cursor)
    QTest.keyClick(desk.editor, Qt.Key.Key_Return)
    QTest.keyClicks(desk.editor, "mine")
    assert [(line.text, line.quote) for line in desk.editor.taken.lines()] == [
        ("one", 1), ("mine", 0), (" two", 1), ("three", 1),
    ]  # fmt: skip


def test_a_picture_copied_goes_into_another_letter_and_not_twice_into_its_own(
    desk: Desk, qtbot: QtBot
) -> None:
    other = Desk(qtbot)
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0xFF3366)
    desk.window.intake.take_picture(image)
    desk.link.last(AttachBytes).answer(OutgoingPart("p.png", "image/png", 3, "b"))
    desk.editor.selectAll()
    desk.editor.cut()
    assert desk.window.draft().parts == ()
    desk.editor.paste()
    assert len(desk.link.of(AttachBytes)) == 1
    assert len(desk.window.draft().parts) == 1
    other.editor.paste()
    (asked,) = other.link.of(AttachBytes)
    assert QImage.fromData(asked.data).size() == image.size()
    other.link.last(AttachBytes).answer(OutgoingPart("p.png", "image/png", 3, "b"))
    assert len(other.window.draft().parts) == 1


@pytest.mark.parametrize(
    ("markup", "text", "made"),
    [
        ('<a href="https://example.org/p?a=1">Page</a>', "https://example.org/p?a=1", "Page"),
        ("", "", "https://example.org/p?a=1"),
        ("", "https://example.org/p?a=1", "https://example.org/p?a=1"),
    ],
)
@pytest.mark.parametrize("rich", [True, False])
def test_a_link_is_dropped_as_one(
    desk: Desk, markup: str, text: str, made: str, rich: bool
) -> None:
    desk.window.set_rich(rich)
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/p?a=1")])
    if text:
        data.setText(text)
    if markup:
        data.setHtml(markup)
    for kind in (QDragEnterEvent, QDropEvent):
        place = QPoint(30, 30)
        event = kind(
            place, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QCoreApplication.sendEvent(desk.editor.viewport(), event)
        assert event.isAccepted()
    links = [r for line in desk.editor.taken.lines() for r in line.runs if r.href]
    assert links == ([Run(made, href="https://example.org/p?a=1")] if rich else [])
    assert desk.window.notice.text == ""
    if not rich:
        assert desk.editor.text() == "https://example.org/p?a=1"


@pytest.mark.parametrize(
    ("style", "colour"),
    [
        ("color:#d4d4d4", ""),
        ("color:#c00000", "#c00000"),
        ("color:#777", "#777777"),
        ("color:#d4d4d4;background-color:#1e1e1e", "#d4d4d4"),
    ],
)
def test_words_of_a_dark_window_can_be_read_on_white(style: str, colour: str) -> None:
    (line,) = read_foreign(f'<div>a <span style="{style}">b</span></div>').lines
    assert line.runs[-1].colour == colour or (not colour and len(line.runs) == 1)


def test_what_no_draft_can_hold_is_left_out(desk: Desk) -> None:
    data = QMimeData()
    data.setText("a\x00b\x0bc")
    desk.editor.insertFromMimeData(data)
    assert desk.editor.text() == "ab\nc"
