"""Words by an input method in the cells of a table."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.ui.compose.text.document import lines_of
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.tables import Tables
from ui.hands_desk import press, put_behind, rich

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
TABLE = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table><p>x</p>"
FULL = ["a", "b", "c", "d"]


def compose(editor: BodyEditor, begun: str, words: str = "") -> None:
    event = QInputMethodEvent(begun, [])
    event.setCommitString(words)
    QCoreApplication.sendEvent(editor, event)


def cells(editor: BodyEditor) -> list[str]:
    return [line.text for line in lines_of(editor.document()) if line.cell is not None]


def ghosts(editor: BodyEditor) -> list[str]:
    document = editor.document()
    blocks = map(document.findBlockByNumber, range(document.blockCount()))
    return [words for one in blocks if (words := one.layout().preeditAreaText())]


def choose_all(editor: BodyEditor, *, back: bool) -> None:
    cursor = QTextCursor(editor.document())
    put_behind(editor, "a")
    table = editor.textCursor().currentTable()
    first, last = table.cellAt(0, 0).firstPosition(), table.cellAt(1, 1).lastPosition()
    cursor.setPosition(last if back else first)
    cursor.setPosition(first if back else last, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)
    assert cursor.hasComplexSelection()


def test_nothing_composed_stays_behind_in_a_cell(qtbot: QtBot) -> None:
    editor = rich(qtbot, TABLE)
    tables = Tables(editor)
    put_behind(editor, "a")
    compose(editor, "guo")
    assert ghosts(editor) == ["guo"]
    press(editor, Qt.Key.Key_Tab)
    assert ghosts(editor) == []
    assert tables.here() is not None
    assert editor.textCursor().selectedText() == "b"
    compose(editor, "", "国")
    assert cells(editor) == ["a", "国", "c", "d"]


@pytest.mark.parametrize("back", [False, True])
def test_words_over_cells_stand_in_the_first(qtbot: QtBot, back: bool) -> None:
    editor = rich(qtbot, TABLE)
    choose_all(editor, back=back)
    compose(editor, "zhong")
    compose(editor, "", "中")
    assert cells(editor) == ["中", "", "", ""]
    editor.undo()
    editor.undo()
    assert cells(editor) == FULL


@pytest.mark.parametrize("back", [False, True])
def test_keys_over_cells_write_in_the_first(qtbot: QtBot, back: bool) -> None:
    editor = rich(qtbot, TABLE)
    choose_all(editor, back=back)
    QTest.keyClicks(editor, "xy")
    assert cells(editor) == ["xy", "", "", ""]
    editor.undo()
    assert cells(editor) == FULL
