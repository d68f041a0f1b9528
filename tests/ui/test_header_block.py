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


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ((("X-Priority", "1 (Highest)"),), "High priority"),
        ((("Importance", "high"),), "High priority"),
        ((("X-Priority", "5"), ("Importance", "high")), "Low priority"),
        ((("X-Priority", "3"),), ""),
        ((), ""),
    ],
)
def test_how_urgent_a_letter_is_called_stands_beside_its_date(
    qtbot: QtBot, headers: tuple[tuple[str, str], ...], words: str
) -> None:
    top = top_of(qtbot, replace(rendered(), headers=headers))
    assert top.head.urgent.text() == words
    assert top.head.urgent.isVisible() == bool(words)
    # The next message is not urgent because the last one was.
    top.show_rendered(rendered(number=2))
    assert not top.head.urgent.isVisible()
