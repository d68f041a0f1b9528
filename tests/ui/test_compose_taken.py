"""The letter that is taken bit by bit is the one that stands there."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QTextCursor, QTextDocument
from pytestqt.qtbot import QtBot

from martlet.ui.compose.markup.lines import Line, Run, Table
from martlet.ui.compose.markup.write_html import write_html
from martlet.ui.compose.markup.write_text import write_text
from martlet.ui.compose.text.document import (
    block_format,
    char_format,
    heading_char,
    insert_lines,
    insert_picture,
    insert_rule,
    insert_table,
    lines_of,
    list_format,
    list_of,
)
from martlet.ui.compose.text.taken import Taken
from ui.support.letter_lines import letters

LINK = QColor("#0000ee")
_NO_TIME = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _check(taken: Taken, document: QTextDocument) -> None:
    lines = lines_of(document)
    assert taken.lines() == lines
    assert taken.html() == write_html(lines)
    assert taken.text() == write_text(lines)
    assert taken.pictures() == {r.picture for line in lines for r in line.runs if r.picture}


def _do(cursor: QTextCursor, what: str) -> None:
    document = cursor.document()
    match what:
        case "type":
            cursor.insertText("x y")
        case "bold":
            cursor.mergeCharFormat(char_format(Run("", bold=True), LINK))
        case "enter":
            cursor.insertBlock()
        case "delete":
            cursor.deleteChar()
        case "back":
            cursor.deletePreviousChar()
        case "cut":
            cursor.removeSelectedText()
        case "list" | "numbers":
            cursor.createList(list_format(1, what == "numbers"))
        case "deeper":
            current = list_of(cursor.block())
            if current is not None:
                current.setFormat(list_format(2, True, 4))
        case "quote":
            cursor.setBlockFormat(block_format(1))
        case "heading":
            form = block_format()
            form.setHeadingLevel(2)
            cursor.setBlockFormat(form)
            cursor.mergeCharFormat(heading_char(2))
        case "table":
            if cursor.currentTable() is None:
                insert_table(cursor, Table(1, 2, 2))
        case "row":
            table = cursor.currentTable()
            if table is not None:
                table.insertRows(table.cellAt(cursor).row(), 1)
        case "column":
            table = cursor.currentTable()
            if table is not None:
                table.appendColumns(1)
        case "merge":
            table = cursor.currentTable()
            if table is not None:
                table.mergeCells(cursor)  # nothing, unless cells are chosen
        case "split":
            table = cursor.currentTable()
            if table is not None:
                cell = table.cellAt(cursor)
                table.splitCell(cell.row(), cell.column(), 1, 1)
        case "rule":
            insert_rule(cursor)
        case "picture":
            insert_picture(cursor, "pic@martlet", "a hut", 0, 560)
        case "undo":
            document.undo()
        case "redo":
            document.redo()


_OPS = [
    "type", "bold", "enter", "delete", "back", "cut", "list", "numbers", "deeper", "quote",
    "heading", "table", "row", "column", "merge", "split", "rule", "picture", "undo", "redo",
]  # fmt: skip
_steps = st.lists(
    st.tuples(st.sampled_from(_OPS), st.floats(0, 1), st.sampled_from([0, 0, 1, 5, 40])),
    max_size=12,
)


@given(letters(), _steps)
@_NO_TIME
def test_each_change_is_taken(
    qtbot: QtBot, lines: list[Line], steps: list[tuple[str, float, int]]
) -> None:
    document = QTextDocument()
    taken = Taken(document)
    insert_lines(QTextCursor(document), lines or [Line()], LINK, 560)
    _check(taken, document)
    for what, where, selected in steps:
        cursor = QTextCursor(document)
        place = round(where * (document.characterCount() - 1))
        cursor.setPosition(place)
        end = min(place + selected, document.characterCount() - 1)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        _do(cursor, what)
        _check(taken, document)


def test_a_long_letter_is_worked_off_before_anybody_asks(qtbot: QtBot) -> None:
    document = QTextDocument()
    taken = Taken(document)
    lines = [Line((Run(f"line {n}"),)) for n in range(500)]
    insert_lines(QTextCursor(document), lines, LINK, 560)
    qtbot.waitUntil(lambda: taken.ready)
    assert taken.lines() == lines


def test_what_comes_piece_by_piece_is_worked_off_too(qtbot: QtBot) -> None:
    document = QTextDocument()
    taken = Taken(document)
    for _ in range(5):
        cursor = QTextCursor(document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        insert_lines(cursor, [Line((Run(f"line {n}"),)) for n in range(40)], LINK, 560)
    assert not taken.ready
    qtbot.waitUntil(lambda: taken.ready)
    assert len(taken.lines()) == 196


def test_only_what_changed_is_made_anew(qtbot: QtBot) -> None:
    document = QTextDocument()
    taken = Taken(document)
    insert_lines(QTextCursor(document), [Line((Run(f"line {n}"),)) for n in range(300)], LINK, 560)
    before = taken.lines()
    cursor = QTextCursor(document.findBlockByNumber(150))
    cursor.insertText("new ")
    after = taken.lines()
    assert [n for n in range(300) if after[n] is not before[n]] == [150]
