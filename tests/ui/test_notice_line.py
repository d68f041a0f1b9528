"""The sentence above a letter: alarming when something is wrong, quiet when all is well."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from martlet.ui import theme
from martlet.ui.notice import NoticeLine
from ui.hands_desk import window
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)


def ground(line: NoticeLine) -> QColor:
    return QColor(line.grab().toImage().pixel(line.width() // 2, 2))


def test_what_is_well_looks_like_it_and_goes_by_itself(qtbot: QtBot) -> None:
    line = NoticeLine()
    qtbot.addWidget(line)
    line.resize(400, 36)
    (goes,) = line.findChildren(QTimer)
    line.tell("Saved.")
    assert line.text == "Saved."
    assert ground(line) == QColor(theme.current().soft_quiet)
    assert goes.isActive()
    line.say("It could not be saved.", "disk full")
    assert not goes.isActive()
    assert ground(line) != QColor(theme.current().soft_quiet)
    line.tell("Saved.")
    goes.setInterval(0)
    qtbot.waitUntil(lambda: line.text == "")


def test_that_no_word_is_wrong_is_no_trouble(qtbot: QtBot) -> None:
    made = window(qtbot, "")
    made.commands["spell.next"].trigger()
    made.spell_next()
    assert made.notice.text == "No misspelt word was found."
    assert made.notice.calm
    made.notice.say("Something is wrong.")
    assert not made.notice.calm
