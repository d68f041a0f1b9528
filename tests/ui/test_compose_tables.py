"""Tables in a letter by keys and mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from martlet.ui.compose.text.document import lines_of
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.tables import Tables
from martlet.ui.compose.tools.grid_chooser import GridChooser
from ui.hands_desk import press, put_behind, rich, select, texts

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SHIFT = Qt.KeyboardModifier.ShiftModifier


def cells(editor: BodyEditor) -> list[list[str]]:
    """The words of the one table, row by row."""
    found: dict[int, dict[int, str]] = {}
    for line in lines_of(editor.document()):
        if line.cell is not None:
            row = found.setdefault(line.cell.row, {})
            row[line.cell.column] = row.get(line.cell.column, "") + line.text
    return [[row[at] for at in sorted(row)] for _, row in sorted(found.items())]


def table(qtbot: QtBot, rows: int = 2, columns: int = 2) -> tuple[BodyEditor, Tables]:
    editor = rich(qtbot, "<div>above</div><div>below</div>")
    tables = Tables(editor)
    put_behind(editor, "above")
    tables.insert(rows, columns)
    return editor, tables


def test_a_table_is_put_in_and_filled_by_tab(qtbot: QtBot) -> None:
    editor, tables = table(qtbot)
    for word in ("a", "b", "c", "d", "e"):
        QTest.keyClicks(editor, word)
        press(editor, Qt.Key.Key_Tab)
    assert cells(editor) == [["a", "b"], ["c", "d"], ["e", ""]]
    press(editor, Qt.Key.Key_Backtab, SHIFT)
    assert editor.textCursor().selectedText() == "e"
    assert tables.here() is not None
    assert [text for text in texts(editor) if text] == ["above", "a", "b", "c", "d", "e", "below"]


def test_tab_outside_of_a_table_goes_on(qtbot: QtBot) -> None:
    editor, _tables = table(qtbot)
    put_behind(editor, "below")
    before = editor.html()
    press(editor, Qt.Key.Key_Tab)
    assert editor.html() == before


def test_the_first_row_is_a_heading_until_it_is_not(qtbot: QtBot) -> None:
    editor, tables = table(qtbot)
    QTest.keyClicks(editor, "head")
    assert tables.has_header()
    assert "<th" in editor.html()
    tables.turn_header()
    assert not tables.has_header()
    assert "<th" not in editor.html()
    assert "<b>" not in editor.html()
    editor.undo()
    assert tables.has_header()


def test_rows_and_columns_come_and_go(qtbot: QtBot) -> None:
    editor, tables = table(qtbot)
    for word in "abcd":
        QTest.keyClicks(editor, word)
        if word != "d":
            press(editor, Qt.Key.Key_Tab)
    tables.add_row(below=False)
    assert cells(editor) == [["a", "b"], ["", ""], ["c", "d"]]
    tables.add_column(after=True)
    assert cells(editor) == [["a", "", "b"], ["", "", ""], ["c", "", "d"]]
    tables.remove_columns()
    tables.remove_rows()
    assert cells(editor) == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize("remove", [Tables.remove_rows, Tables.remove_columns, Tables.remove])
def test_the_last_row_and_the_last_column_take_the_table_with_them(
    qtbot: QtBot, remove: Callable[[Tables], None]
) -> None:
    editor, tables = table(qtbot, 1, 1)
    QTest.keyClicks(editor, "x")
    remove(tables)
    assert cells(editor) == []
    assert [text for text in texts(editor) if text] == ["above", "below"]
    assert tables.here() is None


def test_all_selected_rows_go_at_once(qtbot: QtBot) -> None:
    editor, tables = table(qtbot, 3, 2)
    found = tables.here()
    assert found is not None
    cursor = found.cellAt(0, 0).firstCursorPosition()
    cursor.setPosition(found.cellAt(1, 1).firstPosition(), QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)
    tables.remove_rows()
    assert len(cells(editor)) == 1


def test_a_border_is_dragged_in_one_step_to_undo(qtbot: QtBot) -> None:
    editor, tables = table(qtbot)
    tables.even()
    before = editor.html()
    assert "50%" in before
    found = tables.here()
    assert found is not None
    edge = tables.borders.edges(found)[1]
    y = editor.cursorRect(found.cellAt(1, 0).firstCursorPosition()).center().y()
    viewport = editor.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(edge, y))
    for by in (20, 60, 100):
        QTest.mouseMove(viewport, QPoint(edge + by, y))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(edge + 100, y))
    after = editor.html()
    assert after != before
    widths = [round(each.rawValue()) for each in found.format().columnWidthConstraints()]
    assert sum(widths) == 100
    assert widths[0] > 60
    editor.undo()
    assert editor.html() == before


def test_a_table_undone_while_its_border_is_dragged_is_let_go(qtbot: QtBot) -> None:
    editor, tables = table(qtbot)
    found = tables.here()
    assert found is not None
    edge = tables.borders.edges(found)[1]
    y = editor.cursorRect(found.cellAt(1, 0).firstCursorPosition()).center().y()
    viewport = editor.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(edge, y))
    QTest.mouseMove(viewport, QPoint(edge + 20, y))
    while isValid(found):
        editor.undo()
    QTest.mouseMove(viewport, QPoint(edge + 40, y))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(edge + 40, y))
    assert tables.here() is None


def test_a_column_undone_while_its_border_is_dragged_is_let_go(qtbot: QtBot) -> None:
    editor, tables = table(qtbot)
    tables.add_column(after=True)
    found = tables.here()
    assert found is not None
    edge = tables.borders.edges(found)[2]
    y = editor.cursorRect(found.cellAt(1, 0).firstCursorPosition()).center().y()
    viewport = editor.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(edge, y))
    editor.undo()
    assert found.columns() == 2
    before = editor.html()
    QTest.mouseMove(viewport, QPoint(edge - 40, y))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(edge - 40, y))
    assert editor.html() == before


def test_looks_reach_only_the_cells_that_are_selected(qtbot: QtBot) -> None:
    from martlet.ui.compose.text.looks import Looks

    editor, tables = table(qtbot)
    for word in "abcd":
        QTest.keyClicks(editor, word)
        if word != "d":
            press(editor, Qt.Key.Key_Tab)
    found = tables.here()
    assert found is not None
    cursor = found.cellAt(0, 0).firstCursorPosition()
    cursor.setPosition(found.cellAt(1, 0).firstPosition(), QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)
    Looks(editor).highlight("#fff19c")
    marked = [
        run.text for line in lines_of(editor.document()) for run in line.runs if run.background
    ]
    assert marked == ["a", "c"]


def test_the_size_is_chosen_by_keys_and_by_mouse(qtbot: QtBot) -> None:
    editor = rich(qtbot)
    chooser = GridChooser(editor)
    chooser.open_at(editor.mapToGlobal(QPoint(10, 10)))
    with qtbot.waitSignal(chooser.chosen) as chosen:
        QTest.keyClick(chooser.field, Qt.Key.Key_Right)
        QTest.keyClick(chooser.field, Qt.Key.Key_Down)
        QTest.keyClick(chooser.field, Qt.Key.Key_Down)
        assert "5" in chooser.field.accessibleName()
        QTest.keyClick(chooser.field, Qt.Key.Key_Return)
    assert chosen.args == [5, 4]
    chooser = GridChooser(editor)
    chooser.open_at(editor.mapToGlobal(QPoint(10, 10)))
    with qtbot.waitSignal(chooser.chosen) as chosen:
        QTest.mouseClick(chooser.field, Qt.MouseButton.LeftButton, pos=QPoint(30, 5))
    assert chosen.args == [1, 2]


def test_undo_takes_a_whole_table_away(qtbot: QtBot) -> None:
    editor = rich(qtbot)
    before = editor.html()
    Tables(editor).insert(3, 3)
    editor.undo()
    assert editor.html() == before
    assert not editor.document().isUndoAvailable()


def test_below_a_table_at_the_end_one_can_write(qtbot: QtBot) -> None:
    editor = rich(qtbot)
    tables = Tables(editor)
    tables.insert(2, 2)
    QTest.keyClick(editor, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(editor, "below")
    below_it = "</table>\n<div><br></div>\n<div>below</div>"
    assert editor.html().endswith(below_it)
    editor.load_html("<table border=1><tr><td>a</td><td>b</td></tr></table>")
    below = QPoint(60, editor.viewport().height() - 20)
    QTest.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=below)
    QTest.keyClicks(editor, "below")
    assert editor.html().endswith(below_it)
    QTest.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=below)
    assert editor.html().endswith(below_it)


def test_a_table_put_in_keeps_what_was_selected(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>keep me</div>")
    tables = Tables(editor)
    select(editor, "keep")
    tables.insert(2, 2)
    assert "keep me" in "".join(texts(editor)).replace("\n", "")
