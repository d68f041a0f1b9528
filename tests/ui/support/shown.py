"""A main window over the sample mailbox, and what tests look for in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from martlet.link import messages as link
from martlet.mail.folder import Folder
from martlet.store.reader import Reader
from martlet.ui.link import EngineLink
from martlet.ui.settings import Settings
from martlet.ui.window import MainWindow
from ui.support.sample import SampleClient

A = TypeVar("A", bound=link.Request[Any])
D = TypeVar("D", bound=QDialog)


@contextmanager
def main_window(qtbot: QtBot, root: Path, client: SampleClient) -> Iterator[MainWindow]:
    """The window, active, with the accounts' states known."""
    line = EngineLink(lambda: client)
    reader = Reader(root)
    window = MainWindow(line, reader, Settings(root / "settings.json"))
    qtbot.addWidget(window)
    window.resize(1200, 760)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    qtbot.waitUntil(lambda: bool(window.status_line.states()))
    yield window
    line.close()
    reader.close()


def asked(client: SampleClient, kind: type[A]) -> list[A]:
    """The requests of this kind, in order."""
    return [each for each in client.asked if isinstance(each, kind)]


def opened(kind: type[D]) -> D:
    """The dialog of this kind that is open."""
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    assert found, kind
    return found[-1]


def said(window: MainWindow) -> str:
    """What the toast says."""
    return " | ".join(label.text() for label in window.toast.findChildren(QLabel))


def folder(window: MainWindow, name: str) -> Folder:
    """By its path."""
    return window.reader.find_folder(name)[0]
