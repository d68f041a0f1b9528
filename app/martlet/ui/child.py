"""Processes of our own beside the window: how they find us, and how they end."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QProcessEnvironment

import martlet

_OURS = "martlet-child"
_PATIENCE_MS = 2000

# What Python, Qt, the loader and the fonts want. What else stands there may be a secret, which a
# process that takes in hostile files is not given.
_NEEDED = frozenset(
    {"PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPATH",
     "PYTHONHOME", "VIRTUAL_ENV", "SYSTEMROOT", "TEMP", "TMP"}
)  # fmt: skip
_NEEDED_KINDS = ("LC_", "QT_", "FONTCONFIG_")


def environment(*more: str, own: Mapping[str, str] = os.environ) -> QProcessEnvironment:
    """The little of an environment (this process's own) that is needed, in which Martlet is found
    where it was found here. more: names that are wanted too, where they are set."""
    made = QProcessEnvironment()
    for name, value in own.items():
        if name in _NEEDED or name in more or name.startswith(_NEEDED_KINDS):
            made.insert(name, value)
    package = str(Path(martlet.__file__).resolve().parent.parent)
    others = made.value("PYTHONPATH", "")
    made.insert("PYTHONPATH", os.pathsep.join(filter(None, (package, others))))
    return made


def end_children() -> None:
    """Ends those that run and waits for that: Qt complains of what goes with the application."""
    application = QCoreApplication.instance()
    if application is not None:
        for process in application.findChildren(QProcess, _OURS):
            process.kill()
            process.waitForFinished(_PATIENCE_MS)


def child_of(owner: QObject) -> QProcess:
    """A process that is killed when its owner goes, and forgotten when it has ended or could not
    be started.

    It belongs to the application and not to its owner: Qt complains of a process that is deleted
    while it runs, and Python must not be called while an owner is taken apart.
    """
    application = QCoreApplication.instance()
    process = QProcess(application)
    process.setObjectName(_OURS)
    if application is not None and not application.property(_OURS):
        application.setProperty(_OURS, True)
        application.aboutToQuit.connect(end_children)
    owner.destroyed.connect(process.kill)
    process.finished.connect(process.deleteLater)
    process.errorOccurred.connect(lambda error: _forget_unstarted(process, error))
    return process


def _forget_unstarted(process: QProcess, error: QProcess.ProcessError) -> None:
    """What never began does not finish."""
    if error is QProcess.ProcessError.FailedToStart:
        process.deleteLater()
