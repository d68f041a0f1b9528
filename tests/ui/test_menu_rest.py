"""A button whose menu has closed does not look as if it were pointed at."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from martlet.ui.menu_rest import rests_after

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
UNDER = Qt.WidgetAttribute.WA_UnderMouse


def test_the_button_rests_after_its_menu(qtbot: QtBot) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    button.move(20, 20)
    button.show()
    menu = QMenu(button)
    menu.addAction("One")
    rests_after(menu, button)
    QCursor.setPos(button.mapToGlobal(QPoint(300, 300)))
    menu.popup(QPoint(40, 80))
    button.setAttribute(UNDER)
    menu.close()
    qtbot.waitUntil(lambda: not button.testAttribute(UNDER))
