"""Links of a letter that are followed: those of a quotation were made by somebody else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.tools.links import Links
from ui.hands_desk import put_behind, rich, select

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
QUOTED = '<blockquote type="cite"><div>see <a href="{href}">{words}</a> now</div></blockquote>'


class Opened(list[str]):
    """What a browser was asked for, and the hands that did it."""

    def __init__(self, editor: BodyEditor) -> None:
        super().__init__()
        self.editor = editor
        self.letters: list[str] = []
        self.hands = Links(editor, lambda url: self.append(url.toString()))
        self.hands.letter_wanted.connect(lambda to: self.letters.append(to.toString()))


def quoted(qtbot: QtBot, href: str, words: str = "the page", at: str = "the p") -> Opened:
    editor = rich(qtbot, QUOTED.format(href=href, words=words))
    put_behind(editor, at)
    return Opened(editor)


def question(opened: Opened) -> QMessageBox | None:
    return opened.editor.findChild(QMessageBox, "riskyLink")


@pytest.mark.parametrize(
    "href",
    [
        "https://bank.example@evil.example/login", "https://xn--pypal-4ve.com/",
        "http://203.0.113.5/x", "http://3405803781/x", "  http://203.0.113.5/x",
    ],
)  # fmt: skip
def test_one_in_disguise_is_asked_about(qtbot: QtBot, href: str) -> None:
    opened = quoted(qtbot, href)
    opened.hands.open()
    assert opened == []
    box = question(opened)
    assert box is not None
    box.reject()
    assert opened == []


def test_what_only_tracks_is_cut_off(qtbot: QtBot) -> None:
    opened = quoted(qtbot, "https://shop.example/p?utm_source=x&amp;mc_eid=me42&amp;id=7")
    opened.hands.open()
    assert opened == ["https://shop.example/p?id=7"]


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("https://bank.com/login", "https://ba"),
        ("<b>https://ba</b>nk.com<i>/login</i>", "bank.com/lo"),
        ("https://b&zwj;ank.com", "https://b"),
    ],
)
def test_words_that_name_another_site_are_asked_about(qtbot: QtBot, words: str, at: str) -> None:
    opened = quoted(qtbot, "https://evil.example/x", words, at)
    opened.hands.open()
    assert opened == []
    box = question(opened)
    assert box is not None
    assert "bank.com" in box.text()
    assert "evil.example" in box.text()
    next(each for each in box.buttons() if each.text() == "Open it").click()
    assert opened == ["https://evil.example/x"]


def test_a_selected_part_of_the_words_does_not_vouch_for_the_link(qtbot: QtBot) -> None:
    opened = quoted(qtbot, "https://evil.example/x", "Sign in: https://bank.com/login", "Sign")
    select(opened.editor, "Sign in")
    opened.hands.open()
    assert opened == []
    assert question(opened) is not None


def test_a_redirect_of_the_site_that_is_named_is_honest(qtbot: QtBot) -> None:
    href = "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fbank.com%2Fx"
    opened = quoted(qtbot, href, "www.bank.com", "www")
    opened.hands.open()
    assert question(opened) is None
    assert len(opened) == 1


@pytest.mark.parametrize("href", ["ftp://evil.example/x", "tel:+1900123"])
def test_only_the_web_and_mail_are_opened(qtbot: QtBot, href: str) -> None:
    opened = quoted(qtbot, href)
    assert not opened.hands.may_open()
    opened.hands.open()
    assert opened == []
    opened.hands.ask()
    assert opened.hands.sheet is not None
    assert not opened.hands.sheet.go.isVisible()
    opened.hands.sheet.close()


def test_a_link_to_write_becomes_a_letter_of_ours(qtbot: QtBot) -> None:
    opened = quoted(qtbot, "mailto:anna@example.org?subject=Plans")
    opened.hands.open()
    assert opened == []
    assert opened.letters == ["mailto:anna@example.org?subject=Plans"]


def test_the_sheet_asks_the_same(qtbot: QtBot) -> None:
    opened = quoted(qtbot, "https://evil.example/x", "www.bank.com", "www.b")
    opened.hands.ask()
    sheet = opened.hands.sheet
    assert sheet is not None
    QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    assert opened == []
    box = question(opened)
    assert box is not None
    assert "bank.com" in box.text()
    box.reject()


def test_a_link_of_several_looks_goes_as_one(qtbot: QtBot) -> None:
    editor = rich(
        qtbot,
        '<div><a href="https://a.example"><b>one</b> and <i>two</i></a>, '
        '<a href="https://a.example">three</a></div>',
    )
    hands = Links(editor, lambda _url: None)
    put_behind(editor, "one and tw")
    hands.ask()
    assert hands.sheet is not None
    assert hands.sheet.words.text() == "one and two"
    hands.sheet.close()
    hands.remove()
    put_behind(editor, "on")
    assert hands.here() == ""
    put_behind(editor, "thr")
    assert hands.here() == "https://a.example"
