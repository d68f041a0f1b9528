"""The blocks that are seen: those of all cells beside one another, and no others."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.seen import seen
from ui import hands_desk as desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def rows(words: str, count: int) -> str:
    return "".join(f"<div>{words} {number}</div>" for number in range(count))


def really(editor: BodyEditor) -> list[str]:
    """The texts of all blocks that reach into the viewport, found by looking at each."""
    layout = editor.document().documentLayout()
    down = editor.verticalScrollBar().value()
    found = []
    block = editor.document().begin()
    while block.isValid():
        rect = layout.blockBoundingRect(block)
        if rect.bottom() > down and rect.top() <= down + editor.viewport().height():
            found.append(block.text())
        block = block.next()
    return found


@pytest.mark.parametrize("down", [0, 300, 600, 900, 1300, 1800, 2300, 9000])
def test_cells_beside_one_another_are_all_seen(qtbot: QtBot, down: int) -> None:
    editor = desk.rich(
        qtbot,
        f"{rows('top', 8)}<table border=1><tr><td rowspan=2>{rows('left', 60)}</td>"
        f"<td>{rows('right', 40)}</td></tr><tr><td>below</td></tr>"
        f"<tr><td>{rows('x', 5)}</td><td>y</td></tr></table>{rows('end', 30)}",
    )
    QApplication.processEvents()
    editor.verticalScrollBar().setValue(down)
    found = [block.text() for block in seen(editor)]
    assert set(really(editor)) <= set(found)
    assert len(found) <= len(really(editor)) + 12
