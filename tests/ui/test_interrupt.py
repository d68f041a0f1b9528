"""Ctrl+C in the terminal, while nothing at all happens in the window."""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from operator import eq

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from martlet.ui.interrupt import watch

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there it is left as it is")


def test_the_first_one_asks_and_the_next_ones_insist(qtbot: QtBot) -> None:
    before = signal.getsignal(signal.SIGINT)
    done: list[str] = []
    watching = watch(lambda: done.append("close"), lambda: done.append("end"), parent := QObject())
    assert watching is not None
    try:
        for so_far in (["close"], ["close", "end"], ["close", "end", "end"]):
            os.kill(os.getpid(), signal.SIGINT)
            qtbot.waitUntil(partial(eq, done, so_far))
    finally:
        watching.leave()
    assert signal.getsignal(signal.SIGINT) is before
    parent.deleteLater()


def test_a_background_job_of_a_script_goes_on(qtbot: QtBot) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert watch(lambda: None, lambda: None, QObject()) is None
    finally:
        signal.signal(signal.SIGINT, before)
