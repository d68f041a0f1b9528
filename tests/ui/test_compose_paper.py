"""How wide a letter's lines are, and what its bullets look like."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCursor, QTextListFormat
from pytestqt.qtbot import QtBot

from martlet.ui.compose.text.document import lines_of, list_of
from martlet.ui.compose.text.paper import MARGIN, WIDEST_TEXT
from martlet.ui.compose.text.paragraphs import set_list
from ui.hands_desk import rich

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LIST = "<ul><li>one<ul><li>two<ul><li>three</li></ul></li></ul></li></ul>"


def test_lines_of_a_wide_window_end_where_they_are_still_read(qtbot: QtBot) -> None:
    editor = rich(qtbot, f"<div>{'word ' * 400}</div>")
    editor.document().setModified(False)
    for width in (1400, 640, 1000):
        editor.resize(width, 480)
        room = editor.viewport().width()
        wanted = min(room, WIDEST_TEXT + 2 * MARGIN)
        assert round(editor.document().size().width()) == wanted
        assert editor.viewport().width() > 980 or width < 1000  # what is beside it can be clicked
    assert not editor.document().isModified()
    assert not editor.document().isUndoAvailable()


def test_bullets_tell_how_deep_they_are_and_are_one_kind_of_list(qtbot: QtBot) -> None:
    editor = rich(qtbot, LIST)
    style = QTextListFormat.Style
    document = editor.document()
    found = [
        made.format().style()
        for number in range(document.blockCount())
        if (made := list_of(document.findBlockByNumber(number))) is not None
    ]
    assert found == [style.ListDisc, style.ListCircle, style.ListSquare]
    assert [(line.depth, line.ordered) for line in lines_of(document)] == [
        (1, False), (2, False), (3, False),
    ]  # fmt: skip
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    set_list(cursor, ordered=False)
    assert [line.depth for line in lines_of(document)] == [0, 0, 0]
