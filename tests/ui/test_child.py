"""Processes beside the window end with the application, without a word."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, QTimer
from martlet.ui.child import child_of

application, owner = QCoreApplication([]), QObject()
process = child_of(owner)
process.started.connect(application.quit)
process.start(sys.executable, ["-c", "input()"])
application.exec()
"""


def test_one_that_runs_ends_with_the_application() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == ""
