"""The next misspelt word is found also where nobody has looked yet."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.hands_desk import window
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
FAR = "<div>these are words</div>" * 300


def test_one_far_below_is_gone_to_at_the_first_key(qtbot: QtBot) -> None:
    made = window(qtbot, f"{FAR}<div>and here is a mispeltt word in a line</div>")
    qtbot.waitUntil(lambda: bool(made.spelling.available))
    if not made.spelling.languages[:1] or not made.spelling.languages[0].startswith("en"):
        pytest.skip("enchant has no English words here")
    made.commands["spell.next"].trigger()
    qtbot.waitUntil(lambda: made.editor.textCursor().selectedText() == "mispeltt")
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()
    assert made.notice.text == ""


def test_that_there_is_none_is_said_when_all_is_known(qtbot: QtBot) -> None:
    made = window(qtbot, FAR)
    qtbot.waitUntil(lambda: bool(made.spelling.available))
    made.commands["spell.next"].trigger()
    qtbot.waitUntil(lambda: made.notice.text == "No misspelt word was found.")
