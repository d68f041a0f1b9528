"""The toast stays within a narrow window, however long its words are."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from martlet.ui.bars import Toast
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
LONG = "Moved 60 messages to “Projekte – Besprechungen und Protokolle 2026 (审核会议记录)”"


def test_long_words_take_lines_and_the_button_stays_in_sight(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1200, 500)
    foot = QWidget(window)
    foot.hide()
    toast = Toast(window, foot)
    with qtbot.waitExposed(window):
        window.show()
    toast.say(LONG, lambda: None)
    low = toast.height()
    for width in (480, 300):
        window.resize(width, 500)
        qtbot.waitUntil(lambda: window.rect().contains(toast.geometry()))
        assert toast.height() > low
        (words,) = toast.findChildren(QLabel)
        (button,) = toast.findChildren(QPushButton)
        assert toast.rect().contains(button.geometry())
        assert words.height() >= words.heightForWidth(words.width())
    window.resize(1200, 500)
    qtbot.waitUntil(lambda: toast.height() == low)
