"""Cells that are merged, tables in tables: in a letter and in what comes from elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from martlet.ui.compose.markup.lines import MAX_CELLS, Line
from martlet.ui.compose.markup.read_html import read_html
from martlet.ui.compose.markup.write_text import write_text
from martlet.ui.compose.text.document import lines_of
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.paragraphs import set_style
from martlet.ui.compose.text.tables import Tables
from ui.hands_desk import press, put_behind, rich

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

_REPORT = """<table border=1>
<tr><th colspan=3>Sales</th></tr>
<tr><td rowspan=2>North</td><td>1</td><td>2</td></tr>
<tr><td>3</td><td>4</td></tr></table>"""

Place = tuple[str, int, int, int, int]


def places(lines: list[Line]) -> list[Place]:
    """Words, row, column, columns and rows of each cell."""
    return [
        (each.text, each.cell.row, each.cell.column, each.cell.across, each.cell.down)
        for each in lines
        if each.cell is not None
    ]


SALES: list[Place] = [
    ("Sales", 0, 0, 3, 1),
    ("North", 1, 0, 1, 2),
    ("1", 1, 1, 1, 1),
    ("2", 1, 2, 1, 1),
    ("3", 2, 1, 1, 1),
    ("4", 2, 2, 1, 1),
]


def desk(qtbot: QtBot, markup: str) -> tuple[BodyEditor, Tables]:
    editor = rich(qtbot, markup)
    return editor, Tables(editor)


def choose(editor: BodyEditor, first: str, last: str) -> None:
    """Selects the cells from one to another."""
    found = editor.document().find(first)
    cursor = QTextCursor(editor.document())
    cursor.setPosition(found.selectionStart())
    end = editor.document().find(last, found.selectionStart()).selectionEnd()
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


def test_merged_cells_stay_merged(qtbot: QtBot) -> None:
    editor, _ = desk(qtbot, _REPORT)
    assert places(lines_of(editor.document())) == SALES
    assert places(read_html(editor.html())) == SALES
    assert editor.text().strip() == "Sales\nNorth | 1 | 2\n3 | 4"


def test_a_column_that_is_only_somebodys_as_many_as_there_are_is_none() -> None:
    found = read_html("<table border=1><tr><td colspan=50>a<tr><td>b<td>c</table>")
    assert places(found) == [("a", 0, 0, 2, 1), ("b", 1, 0, 1, 1), ("c", 1, 1, 1, 1)]


def test_no_number_of_rows_is_down_to_the_end() -> None:
    found = read_html("<table border=1><tr><td rowspan=0>a<td>b<tr><td>c<tr><td>d</table>")
    assert places(found)[0] == ("a", 0, 0, 1, 3)


_tags = st.sampled_from(
    [
        "<tr>",
        "<td>",
        "<td colspan=2>",
        "<td rowspan=3>",
        "<th colspan=99 rowspan=0>",
        "<col span=3>",
        "</table>",
        "<table border=1>",
        "</td>",
        "</tr>",
        "a",
        "<table>",
        "<thead>",
        "<tbody>",
    ]
)


@given(st.lists(_tags, max_size=40))
def test_each_place_of_any_table_belongs_to_one_cell(tags: list[str]) -> None:
    found = read_html("<table border=1><tr><td>x" + "".join(tags))
    taken: dict[tuple[int, int, int], Line] = {}
    tables = {line.cell.table for line in found if line.cell is not None}
    cells = {line.cell for line in found if line.cell is not None}
    for cell in cells:
        for row in range(cell.row, cell.row + cell.down):
            for column in range(cell.column, cell.column + cell.across):
                assert (cell.table.id, row, column) not in taken
                taken[cell.table.id, row, column] = Line(cell=cell)
    assert len(taken) == sum(table.rows * table.columns for table in tables)
    assert len(taken) <= MAX_CELLS


def test_a_table_in_a_cell_is_its_words_in_order() -> None:
    found = read_html(
        "<table border=1><tr><th>Item<th>Parts</tr>"
        "<tr><td>Bike<td>of these:<table border=1><tr><td>wheel<td>2<tr><td>bell<td>1</table>all"
        "</table>"
    )
    assert [(line.text, line.cell.row, line.cell.column) for line in found if line.cell] == [
        ("Item", 0, 0),
        ("Parts", 0, 1),
        ("Bike", 1, 0),
        ("of these:", 1, 1),
        ("wheel    2", 1, 1),
        ("bell    1", 1, 1),
        ("all", 1, 1),
    ]
    assert "wheel" in write_text(found)


def test_a_table_in_one_that_lays_a_page_out_stays_a_table() -> None:
    found = read_html(
        "<table><tr><td style='border:1px solid'>Dear all,<tr><td>"
        "<table border=1><tr><td>a<td>b<tr><td>c<td>d</table><tr><td>Bye</table>"
    )
    assert [word for word, *_ in places(found)] == ["a", "b", "c", "d"]
    assert [line.text for line in found if line.cell is None and line.text] == ["Dear all,", "Bye"]


def test_many_tables_in_one_another_take_no_time() -> None:
    deep = "<table border=1><tr><td>a<td>b<tr><td>c<td>" * 200
    found = read_html(deep + "x" * 10)
    assert "".join(line.text for line in found).count("a") >= 50


def test_cells_are_merged_and_split_again(qtbot: QtBot) -> None:
    editor, tables = desk(qtbot, _REPORT)
    before = editor.html()
    choose(editor, "1", "4")
    assert tables.can_merge()
    tables.merge()
    merged: list[Place] = [("1 2", 1, 1, 2, 2), ("3 4", 1, 1, 2, 2)]
    assert places(lines_of(editor.document())) == [*SALES[:2], *merged]
    assert places(read_html(editor.html())) == [*SALES[:2], *merged]
    assert tables.can_split()
    assert not tables.can_merge()
    tables.split()
    assert ("1 2", 1, 1, 1, 1) in places(lines_of(editor.document()))
    assert editor.html() == editor.taken.html()
    editor.undo()
    editor.undo()
    assert editor.html() == before
    assert places(lines_of(editor.document())) == SALES


def test_what_is_merged_takes_in_all_that_it_reaches(qtbot: QtBot) -> None:
    editor, tables = desk(qtbot, _REPORT)
    choose(editor, "North", "1")
    tables.merge()
    assert places(lines_of(editor.document()))[1] == ("North 1", 1, 0, 2, 2)


def test_tab_goes_from_one_merged_cell_to_the_next(qtbot: QtBot) -> None:
    editor, _ = desk(qtbot, _REPORT)
    put_behind(editor, "Sales")
    found = []
    for _ in range(5):
        press(editor, Qt.Key.Key_Tab)
        found.append(editor.textCursor().selectedText())
    assert found == ["North", "1", "2", "3", "4"]
    for _ in range(5):
        press(editor, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert editor.textCursor().selectedText() == "Sales"


@pytest.mark.parametrize("column", [0, 1])
def test_rows_and_columns_come_beside_merged_cells(qtbot: QtBot, column: int) -> None:
    editor, tables = desk(qtbot, _REPORT)
    put_behind(editor, ["North", "3"][column])
    tables.add_row(below=True)
    tables.add_column(after=True)
    assert editor.html() == editor.taken.html()
    again = lines_of(editor.document())
    assert places(read_html(editor.html())) == places(again)
    tables.remove_rows()
    tables.remove_columns()
    assert places(read_html(editor.html())) == places(lines_of(editor.document()))


def test_looks_leave_cells_merged(qtbot: QtBot) -> None:
    editor, _ = desk(qtbot, _REPORT.replace("<td rowspan=2>", '<td rowspan=2 bgcolor="#ffee00">'))
    put_behind(editor, "North")
    set_style(editor.textCursor(), 2)
    found = [line.cell for line in lines_of(editor.document()) if line.cell is not None]
    assert [(cell.across, cell.down) for cell in found[:2]] == [(3, 1), (1, 2)]
    assert found[1].background == "#ffee00"
