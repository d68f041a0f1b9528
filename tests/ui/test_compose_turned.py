"""A letter turned plain or rich: one step to undo, behind which it stands as it was."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.mail.identity import Signature
from martlet.mail.outgoing import OutgoingPart
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.markup.lines import Line
from martlet.ui.compose.markup.write_html import write_html
from martlet.ui.compose.text.document import lines_of
from martlet.ui.compose.text.editor import BodyEditor
from ui import hands_desk as desk
from ui.support.letter_lines import letters

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

_LETTER = (
    "<h1>Plans</h1><div>Some <b>bold</b> words</div><ul><li>one</li><li>two</li></ul>"
    "<table border=1><tr><td colspan=2>a</td></tr><tr><td>b</td><td>c</td></tr></table>"
    "<blockquote>said</blockquote>"
)
_FAST = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def undo(window: ComposeWindow) -> None:
    desk.press(window.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def kind(editor: BodyEditor) -> str:
    return "rich" if editor.rich else "plain"


def turn(window: ComposeWindow, rich: bool) -> None:
    """Turns it, whatever would be lost."""
    window._switch(rich)


def test_one_undo_brings_the_looks_back(qtbot: QtBot) -> None:
    window = desk.window(qtbot, _LETTER)
    before = window.editor.html()
    turn(window, rich=False)
    assert window.draft().html is None
    assert window.format_bar.isHidden()
    QTest.keyClicks(window.editor, "x")
    undo(window)
    assert kind(window.editor) == "plain"
    undo(window)
    assert kind(window.editor) == "rich"
    assert window.editor.html() == before
    assert window.format_bar.isVisible()
    assert "<h1" in (window.draft().html or "")
    window.editor.redo()
    assert kind(window.editor) == "plain"
    assert window.format_bar.isHidden()
    assert window.draft().html is None


def test_what_was_done_before_is_undone_after(qtbot: QtBot) -> None:
    window = desk.window(qtbot, None, "a > b")
    window.editor.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(window.editor, " c")
    turn(window, rich=True)
    assert kind(window.editor) == "rich"
    undo(window)
    assert kind(window.editor) == "plain"
    assert window.editor.text() == "a > b c"
    undo(window)
    assert window.editor.text().rstrip() == "a > b"


def test_there_and_back_are_two_steps(qtbot: QtBot) -> None:
    window = desk.window(qtbot, _LETTER)
    before = window.editor.html()
    turn(window, rich=False)
    plain = window.editor.text()
    turn(window, rich=True)
    undo(window)
    assert (window.editor.rich, window.editor.text()) == (False, plain)
    undo(window)
    assert (window.editor.rich, window.editor.html()) == (True, before)


def test_another_letter_has_no_way_back(qtbot: QtBot) -> None:
    window = desk.window(qtbot, _LETTER)
    turn(window, rich=False)
    window.editor.load_html("<b>new</b>")
    undo(window)
    assert kind(window.editor) == "rich"
    assert "<b>new</b>" in window.editor.html()


@given(letters())
@_FAST
def test_any_letter_comes_back(qtbot: QtBot, lines: list[Line]) -> None:
    editor = BodyEditor()
    qtbot.addWidget(editor)
    editor.load_html(write_html(lines))
    before, words = lines_of(editor.document()), editor.text()
    editor.set_rich(False)
    assert all(line == Line(line.runs) for line in lines_of(editor.document()))
    assert editor.text().split() == words.split()
    editor.undo()
    assert kind(editor) == "rich"
    assert lines_of(editor.document()) == before
    assert editor.taken.lines() == before
    editor.redo()
    assert kind(editor) == "plain"
    assert editor.text().split() == words.split()


def picture(window: ComposeWindow) -> str:
    """A picture of the letter's own stands in it."""
    part = OutgoingPart("hut.png", "image/png", 4, "a" * 64, "hut@martlet")
    window.intake.load([part], {})
    window.editor.moveCursor(QTextCursor.MoveOperation.End)
    window.editor.insert_known_picture(window.editor.textCursor(), part.content_id, "hut")
    return part.content_id


def test_pictures_are_files_until_that_is_undone(qtbot: QtBot) -> None:
    window = desk.window(qtbot, "<p>See</p>")
    name = picture(window)
    assert [part.content_id for part in window.draft().parts] == [name]
    turn(window, rich=False)
    assert [part.content_id for part in window.draft().parts] == [""]
    undo(window)
    assert [part.content_id for part in window.draft().parts] == [name]
    assert f"cid:{name}" in (window.draft().html or "")
    window.editor.redo()
    assert [part.content_id for part in window.draft().parts] == [""]
    turn(window, rich=True)
    assert [part.content_id for part in window.draft().parts] == [""]


def test_the_signature_has_its_picture_again(qtbot: QtBot) -> None:
    window = desk.window(qtbot, "<p>Hello</p>")
    part = OutgoingPart("logo.png", "image/png", 4, "b" * 64, "logo@martlet")
    signature = Signature("a", "Tom", '<b>Tom</b> <img src="cid:logo@martlet">', (part,))
    assert window.signer.choose(signature)
    before = window.editor.html()
    assert "logo@martlet" in before
    turn(window, rich=False)
    assert "-- \nTom" in window.editor.text()
    assert window.draft().parts == ()
    turn(window, rich=True)
    assert window.editor.html() == before
    assert [one.content_id for one in window.draft().parts] == ["logo@martlet"]
    undo(window)
    undo(window)
    assert window.editor.html() == before
    assert [one.content_id for one in window.draft().parts] == ["logo@martlet"]
    assert window.signer.choose(Signature("b", "Thomas"))
    assert "Tom</b>" not in window.editor.html()
