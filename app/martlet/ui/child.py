"""Processes of our own beside the window: how they find us, and how they end."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QProcess, QProcessEnvironment
from shiboken6 import isValid

import martlet


def environment(*without: str) -> QProcessEnvironment:
    """This process's own, in which Martlet is found where it was found here. without: names
    left out."""
    made = QProcessEnvironment.systemEnvironment()
    package = str(Path(martlet.__file__).resolve().parent.parent)
    others = made.value("PYTHONPATH", "")
    made.insert("PYTHONPATH", os.pathsep.join(filter(None, (package, others))))
    for name in without:
        made.remove(name)
    return made


def kill(process: QProcess, _gone: object = None) -> None:
    """Ends it, quietly; its own destructor would only complain of a process that still runs."""
    if isValid(process) and process.state() is not QProcess.ProcessState.NotRunning:
        process.blockSignals(True)
        process.kill()
        process.waitForFinished(1000)  # it is dead already; this only lets Qt know
