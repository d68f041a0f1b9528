"""The list of a combo box: below it, with rows that can be hit and a line for a separator."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
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


def test_words_there_is_no_room_for_end_in_an_ellipsis(qtbot: QtBot) -> None:
    box = ChoiceBox()
    qtbot.addWidget(box)
    box.setStyleSheet(style.sheet(theme.current()))
    words = "Tom Lindqvist <tom.lindqvist@example.org>"
    box.addItem(words)
    box.resize(120, 30)
    assert box.shown.endswith("…")
    assert box.fontMetrics().horizontalAdvance(box.shown) < 120
    short = box.grab().toImage()
    box.setItemText(0, box.shown)
    assert box.grab().toImage() == short  # that is what is painted
    box.setItemText(0, words)
    box.resize(600, 30)
    assert box.shown == words


def test_the_wheel_scrolls_past_it(qtbot: QtBot) -> None:
    box = ChoiceBox()
    qtbot.addWidget(box)
    box.addItems(["one", "two", "three"])
    box.show()
    box.setFocus()
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, event)
    assert not event.isAccepted()
    assert box.currentIndex() == 0
