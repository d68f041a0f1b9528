"""The keys of the window mean the attachment that is looked at, not the message behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from martlet.link import messages as link
from martlet.mail.message import MessageId
from martlet.mail.reading import AS_SENT, View
from martlet.mail.rendered import Rendered
from martlet.ui.text_view import TextView
from martlet.ui.window import MainWindow
from ui.support.partly import NOTES, PartlyHere, chip, open_first
from ui.support.sample import HEADLESS, fill
from ui.support.shown import main_window

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
NOW = 1_790_000_000.0


class Long(PartlyHere):
    """Messages and notes of many pages."""

    def _answer(self, request: link.Request[Any]) -> object:
        return (
            b"a note\n" * 300 if isinstance(request, link.PartBytes) else super()._answer(request)
        )

    def render(self, message_id: MessageId, view: View = AS_SENT) -> Rendered:
        return replace(super().render(message_id, view), text="a line\n" * 3000)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    database = fill(tmp_path, NOW, count=6)
    with main_window(qtbot, tmp_path, Long(database)) as window:
        open_first(qtbot, window)
        with qtbot.waitSignal(window.pane.preview.ready):
            chip(window, NOTES).click()
        yield window
    database.close()


def test_space_scrolls_what_is_looked_at_and_then_goes_on(window: MainWindow) -> None:
    preview, body = window.pane.preview, window.pane.text.findChild(TextView)
    assert body is not None
    assert preview.showing is preview.text
    row = window.list.currentIndex().row()
    window.list.setFocus()
    bar = preview.text.verticalScrollBar()
    before, hidden = bar.value(), body.verticalScrollBar().value()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Space)
    step = bar.value() - before
    assert 0 < step < bar.pageStep()
    assert body.verticalScrollBar().value() == hidden
    for _ in range(-(-bar.maximum() // step) - 1):
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Space)
    assert window.list.currentIndex().row() == row
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Space)
    assert window.list.currentIndex().row() > row


def test_finding_leads_back_to_the_message(window: MainWindow) -> None:
    window.commands["find"].trigger()
    assert window.pane.preview.isHidden()
    assert window.pane.finding.isVisible()
    found = QApplication.focusWidget()
    assert found is not None
    assert window.pane.finding.isAncestorOf(found)


def test_the_round_of_the_panes_comes_by_it(window: MainWindow) -> None:
    window.list.setFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F6)
    assert QApplication.focusWidget() is window.pane.preview.text
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is window.list


def test_a_chip_with_the_focus_gives_it_to_the_body(qtbot: QtBot, window: MainWindow) -> None:
    window.pane.preview.leave()
    chip(window, NOTES).setFocus()
    window.list.choose(1)
    assert QApplication.focusWidget() is window.pane.body()
