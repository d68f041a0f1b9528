"""The head of a message: what is too long for it can be unfolded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.support.heads import LETTER, rendered, top_of
from ui.support.journey import activate
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
LONG = replace(LETTER, subject=f"{'Harbour walk ' * 40}and the end")


def test_a_long_subject_unfolds_and_folds_again(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered(LONG))
    head, height = top.head, top.height()
    assert "and the end" not in head.subject.text()
    assert "and the end" in head.subject.toolTip()
    QTest.mouseClick(head.whole, Qt.MouseButton.LeftButton)
    assert head.subject.text() == LONG.subject
    qtbot.waitUntil(lambda: top.height() > height)
    tall = top.height()
    QTest.mouseClick(head.whole, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: top.height() < tall)
    # By keys too; and the next message is folded.
    activate(qtbot, top.window())
    head.whole.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(head.whole, Qt.Key.Key_Space)
    assert head.subject.text() == LONG.subject
    top.show_rendered(rendered(replace(LONG, subject=f"Another {LONG.subject}"), number=2))
    assert "and the end" not in head.subject.text()
    top.show_rendered(rendered(number=3))
    assert not head.whole.isVisible()
    assert not head.subject.toolTip()


def test_no_subject_is_longer_than_can_be_laid_out(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered(replace(LETTER, subject="x" * 1_000_000)))
    top.head.whole.click()
    assert len(top.head.subject.text()) < 10_000
