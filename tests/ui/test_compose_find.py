"""Words are found and replaced in letters of both kinds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.ui.compose.markup.lines import Run
from martlet.ui.compose.text.document import lines_of
from martlet.ui.compose.text.finding import Finder, Wanted, places
from martlet.ui.compose.tools.find_replace_bar import FindReplaceBar
from ui.hands_desk import press, rich, select, texts, window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_places_count_as_qt_counts() -> None:
    assert places("a😀b a", Wanted("a")) == [(0, 1), (5, 6)]
    assert places("a😀b", Wanted("😀b")) == [(1, 4)]
    assert places("Aa", Wanted("a", case=True)) == [(1, 2)]
    assert places("cat concat cat.", Wanted("cat", whole=True)) == [(0, 3), (11, 14)]
    assert places("a (b) c", Wanted("(b)", whole=True)) == [(2, 5)]
    assert places("a.c abc", Wanted("a.c")) == [(0, 3)]
    assert places("straße", Wanted("STRASSE")) == []
    assert places("word", Wanted("")) == []


@given(
    st.text(st.sampled_from("aAb 😀é.\n"), max_size=40), st.text("aAb😀é.", min_size=1, max_size=3)
)
def test_what_is_found_is_what_was_wanted(text: str, words: str) -> None:
    units = text.encode("utf-16-le")
    for start, end in places(text, Wanted(words)):
        assert units[2 * start : 2 * end].decode("utf-16-le").casefold() == words.casefold()
    assert len(places(text, Wanted(words, case=True))) == len(re.findall(re.escape(words), text))


def test_it_goes_round_and_says_which_of_how_many(qtbot: QtBot) -> None:
    editor = rich(
        qtbot,
        "<div>one two one</div><table border=1><tr><td>one</td><td>x</td></tr>"
        "<tr><td>y</td><td>z</td></tr></table><div>end</div>",
    )
    finder = Finder(editor)
    told: list[tuple[int, int]] = []
    finder.found.connect(lambda at, number: told.append((at, number)))
    finder.look_for(Wanted("one"))
    assert told[-1] == (1, 3)
    for wanted in ((2, 3), (3, 3), (1, 3)):
        finder.next()
        assert told[-1] == wanted
    finder.previous()
    assert told[-1] == (3, 3)
    assert editor.textCursor().currentTable() is not None
    assert len(editor.extraSelections()) == 3
    finder.stop()
    assert editor.extraSelections() == []


def test_one_and_all_are_replaced_in_their_look(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>a <b>cat</b> and a cat, cats</div>")
    before = editor.html()
    finder = Finder(editor)
    finder.look_for(Wanted("cat"))
    finder.replace("dog")
    assert lines_of(editor.document())[0].runs[1] == Run("dog", bold=True)
    assert editor.textCursor().selectedText() == "cat"
    assert finder.replace_all("cat and cat") == 2
    assert texts(editor) == ["a dog and a cat and cat, cat and cats"]
    editor.undo()
    assert texts(editor) == ["a dog and a cat, cats"]
    editor.undo()
    assert editor.html() == before


def test_nothing_is_replaced_that_is_not_found(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>word</div>")
    finder = Finder(editor)
    editor.selectAll()
    finder.look_for(Wanted("absent"))
    finder.replace("x")
    assert finder.replace_all("x") == 0
    assert texts(editor) == ["word"]


def test_what_is_typed_meanwhile_is_found_too(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>one</div>")
    finder = Finder(editor)
    finder.look_for(Wanted("one"))
    with qtbot.waitSignal(finder.found, check_params_cb=lambda _at, number: number == 2):
        cursor = editor.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        cursor.insertText(" and one")


def test_places_that_went_away_are_not_marked(qtbot: QtBot) -> None:
    editor = rich(qtbot, "".join(f"<div>word {n}</div>" for n in range(100)))
    finder = Finder(editor)
    finder.look_for(Wanted("word"))
    finder.previous()
    with qtbot.waitSignal(finder.found, check_params_cb=lambda _at, number: number == 0):
        editor.selectAll()
        editor.textCursor().removeSelectedText()
    assert editor.extraSelections() == []


def test_only_what_is_seen_is_marked(qtbot: QtBot) -> None:
    editor = rich(qtbot, "".join(f"<div>word {n}</div>" for n in range(3000)))
    finder = Finder(editor)
    finder.look_for(Wanted("word"))
    assert 5 < len(editor.extraSelections()) < 120
    finder.previous()
    assert editor.textCursor().block().text() == "word 2999"
    assert 5 < len(editor.extraSelections()) < 120


def test_the_bar_by_keys(qtbot: QtBot) -> None:
    made = window(qtbot, None, "one two One twone")
    editor, bar = made.editor, made.hands.find_bar
    press(editor, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert bar.isVisible()
    assert bar.other.isHidden()
    QTest.keyClicks(bar.field, "one")
    assert bar.count.text() == "1 of 3"
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count.text() == "2 of 3"
    QTest.keyClick(bar.field, Qt.Key.Key_Return, SHIFT)
    assert bar.count.text() == "1 of 3"
    bar.whole.click()
    assert bar.count.text() == "1 of 2"
    bar.case.click()
    assert bar.count.text() == "1 of 1"
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert made.isVisible()
    assert editor.hasFocus()
    press(editor, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    assert bar.other.isVisible()
    assert bar.field.text() == "one"  # it stays selected in the letter
    bar.other.setText("1")
    bar.all.click()
    assert made.draft().text == "1 two One twone"
    press(editor, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert made.isVisible()


def test_the_bar_begins_with_the_selected_words(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>one two</div>")
    bar = FindReplaceBar(editor)
    qtbot.addWidget(bar)
    select(editor, "two")
    bar.begin()
    assert bar.field.text() == "two"
    assert bar.count.text() == "1 of 1"
    bar.field.setText("three")
    assert bar.count.text() == "Not found"
    assert not bar.all.isEnabled()


def test_words_that_nowhere_stand_leave_no_part_of_them_selected(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>one puzzle</div><div>two</div>")
    select(editor, "puzzle")
    bar = FindReplaceBar(editor)
    qtbot.addWidget(bar)
    bar.show()
    bar.field.setFocus()
    QTest.keyClicks(bar.field, "zebra")
    assert bar.count.text() == "Not found"
    assert bar.field.property("tone") == "danger"
    assert editor.textCursor().selectedText() == "puzzle"  # where the search began
    bar.field.setText("two")
    assert bar.field.property("tone") == "second"
    assert editor.textCursor().selectedText() == "two"
