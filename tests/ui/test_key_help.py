"""The window of all keys: it is closed by its button, and no larger than the screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from martlet.ui.key_help import KeyHelp, KeySheet

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_it_has_a_button_to_close_it_and_fits_the_screen(qtbot: QtBot) -> None:
    sheet = KeyHelp()
    qtbot.addWidget(sheet)
    sheet.show()
    room = sheet.screen().availableSize()
    assert sheet.width() <= room.width()
    assert sheet.height() <= room.height()
    (area,) = sheet.findChildren(QScrollArea)
    if sheet.height() < room.height() - 60:  # then nothing needs to be scrolled
        assert area.verticalScrollBar().maximum() == 0
    assert sheet.close_button.hasFocus() or sheet.focusWidget() is sheet.close_button
    QTest.mouseClick(sheet.close_button, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible()


def test_it_names_tags_that_there_are(qtbot: QtBot) -> None:
    sheet = KeyHelp(tags=("Important", "<b>Work</b>", "holiday"))
    qtbot.addWidget(sheet)
    told = [label.text() for label in sheet.findChildren(QLabel)]
    at = told.index("Important")
    assert told[at - 1 : at + 7] == [
        *("1", "Important", "2", "<b>Work</b>", "3", "holiday", "0", "Remove all tags")
    ]
    assert not any("Sixth" in words for words in told)


def test_control_w_closes_it_too(qtbot: QtBot) -> None:
    sheet = KeyHelp()
    qtbot.addWidget(sheet)
    with qtbot.waitActive(sheet):
        sheet.show()
        sheet.activateWindow()
    QTest.keyClick(sheet, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert not sheet.isVisible()


def test_beside_a_narrow_window_it_has_one_column_of_keys(qtbot: QtBot) -> None:
    letter = QWidget()
    qtbot.addWidget(letter)
    letter.resize(420, 600)
    sheet = KeySheet({"One": [("Ctrl+1", "first")], "Two": [("Ctrl+2", "second")]}, letter)
    labels = {label.text(): label for label in sheet.findChildren(QLabel)}
    sheet.show()
    assert "Keyboard shortcuts" in labels
    assert labels["first"].x() == labels["second"].x()
    assert sheet.width() < 420
    letter.resize(900, 600)
    wide = KeySheet({"One": [("Ctrl+1", "first")], "Two": [("Ctrl+Alt+2", "second")]}, letter)
    wide.show()
    labels = {label.text(): label for label in wide.findChildren(QLabel)}
    assert labels["first"].y() == labels["second"].y()
    assert (
        labels["first"].x() - labels["Ctrl+1"].x()
        == labels["second"].x() - labels["Ctrl+Alt+2"].x()
    )
