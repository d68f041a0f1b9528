"""What a line's beginning, Enter, Tab and Backspace do in a rich letter."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.ui.compose.markup.lines import Line, Run
from martlet.ui.compose.text.document import lines_of
from martlet.ui.compose.text.gestures import Gestures
from ui.hands_desk import press, put_behind, rich, texts, window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("- ", ("depth", 1)), ("* ", ("depth", 1)), ("1. ", ("ordered", True)),
        ("# ", ("heading", 1)), ("## ", ("heading", 2)), ("### ", ("heading", 3)),
        ("> ", ("quote", 1)),
    ],
)  # fmt: skip
def test_a_lines_start_becomes_what_it_says(
    qtbot: QtBot, typed: str, found: tuple[str, object]
) -> None:
    editor = rich(qtbot)
    gestures = Gestures(editor, line_starts=True)
    QTest.keyClicks(editor, typed + "word")
    line = lines_of(editor.document())[0]
    assert (line.text, getattr(line, found[0])) == ("word", found[1])
    assert gestures.line_starts


@pytest.mark.parametrize("typed", ["- ", "1. ", "## ", "> "])
def test_backspace_right_after_takes_it_back(qtbot: QtBot, typed: str) -> None:
    editor = rich(qtbot)
    Gestures(editor, line_starts=True)
    QTest.keyClicks(editor, typed)
    press(editor, Qt.Key.Key_Backspace)
    QTest.keyClicks(editor, "word")
    assert lines_of(editor.document()) == [Line((Run(typed + "word"),))]


def test_undo_takes_it_back_too(qtbot: QtBot) -> None:
    editor = rich(qtbot)
    Gestures(editor, line_starts=True)
    QTest.keyClicks(editor, "- ")
    editor.undo()
    assert editor.toPlainText() == "- "
    assert lines_of(editor.document())[0].depth == 0


@pytest.mark.parametrize("typed", ["a - b", "x# y", "2. z", "12. z", "#### no", "-- "])
def test_what_is_no_start_stays(qtbot: QtBot, typed: str) -> None:
    editor = rich(qtbot)
    Gestures(editor, line_starts=True)
    QTest.keyClicks(editor, typed)
    assert texts(editor) == [typed]


def test_nothing_happens_when_it_is_not_wished(qtbot: QtBot) -> None:
    editor = rich(qtbot)
    Gestures(editor, line_starts=False)
    QTest.keyClicks(editor, "- word")
    assert texts(editor) == ["- word"]


def test_code_begins_with_three_ticks_and_ends_with_an_empty_line(qtbot: QtBot) -> None:
    editor = rich(qtbot)
    Gestures(editor, line_starts=True)
    QTest.keyClicks(editor, "```")
    press(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "a = 1")
    press(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "b = 2")
    press(editor, Qt.Key.Key_Return)
    press(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "words")
    lines = lines_of(editor.document())
    assert [(line.text, line.code) for line in lines] == [
        ("a = 1", True), ("b = 2", True), ("words", False),
    ]  # fmt: skip
    assert not lines[2].runs[0].code


def test_behind_a_heading_one_writes_normally(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<h2>Title</h2>")
    Gestures(editor, line_starts=True)
    put_behind(editor, "Title")
    press(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "words")
    lines = lines_of(editor.document())
    assert [(line.text, line.heading) for line in lines] == [("Title", 2), ("words", 0)]
    assert lines[1].runs == (Run("words"),)


def test_tab_at_an_items_start_goes_deeper(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<ul><li>one</li><li></li></ul>")
    Gestures(editor, line_starts=True)
    put_behind(editor, "one")
    press(editor, Qt.Key.Key_Return)
    press(editor, Qt.Key.Key_Tab)
    QTest.keyClicks(editor, "two")
    assert [(line.text, line.depth) for line in lines_of(editor.document())][1] == ("two", 2)
    press(editor, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert lines_of(editor.document())[1].depth == 1


def test_backspace_at_the_start_ends_list_heading_and_indent(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<ul><li>item</li></ul>")
    Gestures(editor, line_starts=True)
    press(editor, Qt.Key.Key_Backspace)
    assert lines_of(editor.document())[0] == Line((Run("item"),))
    editor = rich(qtbot, "<h1>Title</h1>")
    Gestures(editor, line_starts=True)
    press(editor, Qt.Key.Key_Backspace)
    assert lines_of(editor.document())[0] == Line((Run("Title"),))


def test_in_a_plain_letter_keys_are_keys(qtbot: QtBot) -> None:
    editor = rich(qtbot)
    editor.load_text("")
    Gestures(editor, line_starts=True)
    QTest.keyClicks(editor, "- word")
    assert editor.text() == "- word"


@pytest.mark.parametrize("html", [None, ""])
def test_enter_twice_makes_an_empty_line_everywhere(qtbot: QtBot, html: str | None) -> None:
    letter = window(qtbot, html)
    for words in ("Dear Mira,", "", "here", "", "", "you are"):
        QTest.keyClicks(letter.editor, words)
        press(letter.editor, Qt.Key.Key_Return)
    assert letter.editor.toPlainText().split("\n")[:6] == [
        "Dear Mira,", "", "here", "", "", "you are",
    ]  # fmt: skip
    assert letter.draft().text.startswith("Dear Mira,\n\nhere\n\n\nyou are")
    # Lines stay as far apart as the first ones are.
    block, heights = letter.editor.document().begin(), set()
    while block.isValid():
        heights.add(block.blockFormat().lineHeight())
        block = block.next()
    assert len(heights) == 1
    letter.editor.undo()
    assert letter.editor.toPlainText().startswith("Dear Mira,\n\nhere\n\n\nyou are")


def test_words_behind_an_empty_line_look_as_before_it(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div><b>Dear</b></div>")
    put_behind(editor, "Dear")
    for _ in range(2):
        press(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "Mira")
    assert [line.text for line in lines_of(editor.document())] == ["Dear", "", "Mira"]
    assert all(run.bold for run in lines_of(editor.document())[2].runs)
