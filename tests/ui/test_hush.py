"""What is typed on while a letter goes does nothing in the main window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget, QMainWindow
from pytestqt.qtbot import QtBot

from martlet.ui.hush import Hush

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_keys_of_a_letter_that_went_are_no_commands(qtbot: QtBot) -> None:
    main, letter = QMainWindow(), QMainWindow()
    rows, search, done = QListWidget(main), QLineEdit(main), []
    main.setCentralWidget(rows)
    QShortcut(QKeySequence("A"), main, lambda: done.append("archive"))
    QShortcut(QKeySequence("Ctrl+N"), main, lambda: done.append("write"))
    hush = Hush(main)
    hush.watch(letter)
    for window in (main, letter):
        qtbot.addWidget(window)
        window.show()
    with qtbot.waitActive(main):
        main.activateWindow()
    rows.setFocus()
    # Keys come to the window, as they do from the system.
    surface = main.windowHandle()
    assert surface is not None
    QTest.keyClick(surface, Qt.Key.Key_A)
    assert done == ["archive"]
    letter.close()
    for _ in range(3):
        QTest.keyClick(surface, Qt.Key.Key_A)
    assert done == ["archive"]
    search.setFocus()
    for letter_key in (Qt.Key.Key_A, Qt.Key.Key_B):
        QTest.keyClick(surface, letter_key)
    assert search.text() == "ab"  # from a field no key is withheld
    rows.setFocus()
    QTest.keyClick(surface, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert "write" in done
    qtbot.waitUntil(lambda: not hush.over.isActive())
    done.clear()
    QTest.keyClick(surface, Qt.Key.Key_A)
    assert done == ["archive"]
