"""The list of a combo box: below it, with rows that can be hit and a line for a separator."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from martlet.ui import style, theme
from martlet.ui.choice_box import ChoiceBox

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_its_list_drops_below_it(qtbot: QtBot) -> None:
    box = ChoiceBox()
    qtbot.addWidget(box)
    box.setStyleSheet(style.sheet(theme.current()))
    box.addItems(["one", "two"])
    box.insertSeparator(2)
    box.addItem("three")
    box.setCurrentIndex(3)
    box.move(40, 40)
    box.show()
    box.showPopup()
    view = box.view()
    qtbot.waitUntil(view.isVisible)
    heights = [view.sizeHintForRow(row) for row in range(4)]
    assert min(heights[0], heights[1], heights[3]) >= 28
    assert heights[2] < 12
    # But for the edges, which may lie on each other.
    assert view.window().y() >= box.y() + box.height() - 3
    assert not view.grab().isNull()
    box.hidePopup()
