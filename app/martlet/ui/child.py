"""Processes of our own beside the window: how they find us, and how they end."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QProcessEnvironment

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


def child_of(owner: QObject) -> QProcess:
    """A process that is killed when its owner goes, and forgotten when it has ended.

    It belongs to the application and not to its owner: Qt complains of a process that is deleted
    while it runs, and Python must not be called while an owner is taken apart.
    """
    process = QProcess(QCoreApplication.instance())
    owner.destroyed.connect(process.kill)
    process.finished.connect(process.deleteLater)
    return process
