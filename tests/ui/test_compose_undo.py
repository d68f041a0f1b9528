"""Undo takes back one thing that was done, and nothing that was done before it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.mail.identity import Signature
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.finding import Finder, Wanted
from ui import hands_desk as desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
END = QTextCursor.MoveOperation.End


def paste(editor: BodyEditor, markup: str = "", text: str = "") -> None:
    data = QMimeData()
    if markup:
        data.setHtml(markup)
    data.setText(text)
    editor.moveCursor(END)
    editor.insertFromMimeData(data)


def commit(editor: BodyEditor, words: str) -> None:
    """As an input method does it: composed first, then handed over."""
    QCoreApplication.sendEvent(editor, QInputMethodEvent("pin", []))
    event = QInputMethodEvent()
    event.setCommitString(words)
    QCoreApplication.sendEvent(editor, event)


@pytest.mark.parametrize("second", ["<b>second</b>", "".join(f"<p>{n}</p>" for n in range(100))])
def test_of_two_pastes_the_last(qtbot: QtBot, second: str) -> None:
    editor = desk.rich(qtbot, "<p>a</p>")
    paste(editor, "<b>first</b>")
    before = editor.html()
    paste(editor, second)
    editor.undo()
    assert editor.html() == before
    editor.redo()
    editor.undo()
    editor.undo()
    assert editor.text().strip() == "a"


def test_a_paste_after_everything_was_replaced(qtbot: QtBot) -> None:
    editor = desk.rich(qtbot, "<p>aa bb</p>")
    finder = Finder(editor)
    finder.look_for(Wanted("aa"))
    finder.replace_all("cc")
    finder.stop()
    paste(editor, "<b>second</b>")
    editor.undo()
    assert editor.text().strip() == "cc bb"


def test_a_paste_after_bold(qtbot: QtBot) -> None:
    window = desk.window(qtbot, "<p>word two</p>")
    desk.select(window.editor, "word")
    window.looks.bold()
    before = window.editor.html()
    paste(window.editor, "<i>pasted</i>")
    window.editor.undo()
    assert window.editor.html() == before


@pytest.mark.parametrize("rich", [True, False])
@pytest.mark.parametrize("how", ["paste", "plain", "quotation"])
def test_long_words_of_the_clipboard_come_bit_by_bit(qtbot: QtBot, how: str, rich: bool) -> None:
    window = desk.window(qtbot, "<p>a</p>" if rich else None, "" if rich else "a")
    editor = window.editor
    QTest.keyClicks(editor, "before ")
    before = editor.text()
    text = "\n".join(f"line {n}" for n in range(12_000))
    QGuiApplication.clipboard().setText(text)
    editor.moveCursor(END)
    with qtbot.waitSignal(editor.pasted.done, timeout=60_000):
        if how == "paste":
            paste(editor, "", text)
        elif how == "plain":
            window.hands.pasting.plain()
        else:
            window.hands.pasting.quotation()
        assert editor.pasted.busy
    assert not editor.isReadOnly()
    lines = editor.text().split("\n")
    mark = "> " if how == "quotation" else ""
    assert f"{mark}line 1" in lines
    assert f"{mark}line 11999" in lines
    assert sum("line " in line for line in lines) == 12_000
    editor.undo()
    assert editor.text() == before


def test_words_one_by_one(qtbot: QtBot) -> None:
    editor = desk.rich(qtbot, "<p></p>")
    QTest.keyClicks(editor, "One long paragraph")
    editor.undo()
    assert editor.toPlainText() == "One long "
    editor.undo()
    assert editor.toPlainText() == "One "
    editor.redo()
    editor.redo()
    assert editor.toPlainText() == "One long paragraph"
    editor.undo()
    editor.undo()
    editor.undo()
    assert editor.toPlainText() == ""


def test_what_was_typed_after_a_rest(qtbot: QtBot) -> None:
    editor = desk.rich(qtbot, "<p></p>")
    for moment, letter in ((5000, "a"), (5100, "b"), (7000, "c"), (7100, "d")):
        event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
        event.setTimestamp(moment)
        QCoreApplication.sendEvent(editor, event)
    editor.undo()
    assert editor.toPlainText() == "ab"


def test_what_an_input_method_hands_over(qtbot: QtBot) -> None:
    editor = desk.rich(qtbot, "<p></p>")
    for words in ("你好", "世界", "再见"):
        commit(editor, words)
    editor.undo()
    assert editor.toPlainText() == "你好世界"
    editor.undo()
    assert editor.toPlainText() == "你好"


LINK = '<p><a href="https://example.org/">here</a></p>'


def test_nothing_put_behind_a_link_lengthens_it(qtbot: QtBot) -> None:
    window = desk.window(qtbot, LINK)
    editor = window.editor
    editor.moveCursor(END)
    commit(editor, "你好")
    assert "here</a>你好" in editor.html()
    editor.load_html(LINK)
    editor.moveCursor(END)
    QGuiApplication.clipboard().setText(" and more")
    window.hands.pasting.plain()
    assert "here</a> and more" in editor.html()


def test_the_cursor_stays_where_it_was_in_the_other_kind_of_letter(qtbot: QtBot) -> None:
    window = desk.window(qtbot, "<div>one</div><div>two</div>")
    window.editor.moveCursor(END)
    window.set_rich(False)
    QTest.keyClicks(window.editor, "3")
    assert window.editor.text() == "one\ntwo3"
    window.set_rich(True)
    QTest.keyClicks(window.editor, "4")
    assert window.editor.text().rstrip() == "one\ntwo34"


def test_a_signature_that_undo_brings_back_gives_way_to_another(qtbot: QtBot) -> None:
    window = desk.window(qtbot, "<p>Hello</p>")
    signer, editor = window.signer, window.editor
    assert signer.choose(Signature("a", "Tom"))
    before = editor.html()
    assert signer.choose(Signature("b", "Thomas"))
    editor.undo()
    assert editor.html() == before
    assert "moz-signature" in (window.draft().html or "")
    assert signer.choose(Signature("c", "Third"))
    assert editor.text().count("-- ") == 1
    assert "Third" in editor.text()
    editor.undo()
    editor.redo()
    assert "moz-signature" in (window.draft().html or "")
