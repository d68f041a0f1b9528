"""Space and Enter press whatever button has the focus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from martlet.ui.attachment_chip import AttachmentChip
from martlet.ui.window import MainWindow
from ui.support.partly import REPORT, PartlyHere, chip, open_first
from ui.support.sample import HEADLESS, fill
from ui.support.shown import main_window

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
NOW = 1_790_000_000.0
KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    database = fill(tmp_path, NOW, count=6)
    with main_window(qtbot, tmp_path, PartlyHere(database)) as window:
        yield window
    database.close()


def buttons(window: MainWindow) -> list[QAbstractButton]:
    """All that can be reached by Tab, without what they do; a chip opens with Enter, and the
    buttons of a menu open that at once."""
    found = [
        each
        for each in window.findChildren(QAbstractButton)
        if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not isinstance(each, AttachmentChip)
        if not (isinstance(each, QToolButton | QPushButton) and each.menu() is not None)
    ]
    for each in found:
        action = each.defaultAction() if isinstance(each, QToolButton) else None
        done = action.triggered if action is not None else each.clicked
        done.connect(lambda: None)
        done.disconnect()
    return found


def pressed(window: MainWindow, button: QAbstractButton, key: Qt.Key) -> int:
    """How often; the key comes as from the keyboard, shortcuts and all."""
    hits: list[int] = []
    heard = button.clicked.connect(lambda *_: hits.append(1))
    button.setFocus()
    assert QApplication.focusWidget() is button, button.accessibleName()
    QTest.keyClick(window.windowHandle(), key)
    button.clicked.disconnect(heard)
    return len(hits)


def test_every_button_is_pressed_by_space_and_enter(qtbot: QtBot, window: MainWindow) -> None:
    open_first(qtbot, window)
    row = window.list.currentIndex().row()
    found = buttons(window)
    assert len(found) > 8
    for button in found:
        for key in KEYS:
            name = button.accessibleName() or button.text()
            assert pressed(window, button, key) == 1, (name, key)
    assert window.list.currentIndex().row() == row


def test_in_the_preview_enter_presses_the_button_and_opens_nothing(
    qtbot: QtBot, window: MainWindow
) -> None:
    open_first(qtbot, window)
    opened: list[object] = []
    window.pane.attachments.open_wanted.disconnect()
    window.pane.attachments.open_wanted.connect(opened.append)
    chip(window, REPORT).click()
    save = window.pane.preview.strip.save
    save.clicked.disconnect()
    for key in KEYS:
        assert pressed(window, save, key) == 1, key
    assert not opened


def test_space_in_the_list_still_reads_on(qtbot: QtBot, window: MainWindow) -> None:
    open_first(qtbot, window)
    window.list.setFocus()
    row = window.list.currentIndex().row()
    for _ in range(20):
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Space)
    assert window.list.currentIndex().row() > row
