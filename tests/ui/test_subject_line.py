"""The subject of a letter is heavy; what stands there before it is written is not."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ui.hands_desk import window
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)


def test_only_a_written_subject_is_heavy(qtbot: QtBot) -> None:
    subject = window(qtbot).header.subject
    heavy = subject.font().weight()
    height = subject.height()
    subject.clear()
    assert subject.font().weight() < heavy
    assert subject.height() == height
    subject.setText("周末")
    assert subject.font().weight() == heavy
