"""The Qt binding we are locked to does not have the fault that 6.12.0 has (decisions/0009)."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, Signal


class _Bell(QObject):
    rung = Signal(bool)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True lives for ever since Python 3.12")
def test_emitting_a_signal_keeps_true_alive() -> None:
    bell = _Bell()
    held = [True] * 2000  # so that a faulty binding fails this test, not the process
    before = sys.getrefcount(True)
    for _ in range(1000):
        bell.rung.emit(False)
    assert sys.getrefcount(True) > before - 500
    assert held
