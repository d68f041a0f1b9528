"""The whole program for a journey: a window, and an engine in a process of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from martlet.link.messages import AccountAdd, Hello, Shutdown
from martlet.link.start import connect
from martlet.mail.account import Account, AccountId, Protocol, SecretSource
from martlet.paths import Profile
from martlet.store.reader import Reader
from martlet.ui import theme
from martlet.ui.link import EngineLink
from martlet.ui.settings import Settings
from martlet.ui.window import MainWindow
from support.dovecot import Dovecot
from support.postfix import Postfix

W = TypeVar("W", bound=QWidget)


def ada(dovecot: Dovecot, postfix: Postfix) -> Account:
    """Ada, who reads by IMAP and sends by Postfix; her password is asked for."""
    return Account(
        AccountId(0),
        "Work",
        "ada@example.org",
        "Ada Lovelace",
        dovecot.server(Protocol.IMAP),
        postfix.server(),
        secret=SecretSource.ASK,
        ca_file=dovecot.ca_file,
    )


@contextmanager
def running(
    qtbot: QtBot, root: Path, account: Account | None = None, password: str = ""
) -> Iterator[MainWindow]:
    """The window of a new profile at `root` with this one account; without one, of the profile that
    is there."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    profile = Profile(root)
    link = EngineLink(lambda: connect(profile, start=True))
    window = MainWindow(link, Reader(profile.root), Settings(profile.settings))
    qtbot.addWidget(window)
    window.resize(1200, 760)
    with qtbot.waitExposed(window):
        window.show()
    if account is not None:
        link.ask(AccountAdd(account, password))
    wait(qtbot, lambda: window.folders.current_folder() is not None)
    try:
        yield window
    finally:
        window.windows.close_all()
        window.close()
        link.close()
        client = connect(profile, start=False)
        client.call(Shutdown())
        client.close()


def kill_engine(profile: Profile) -> None:
    """As a crash does; the window finds itself another."""
    client = connect(profile, start=False)
    pid = client.call(Hello())
    client.close()
    os.kill(pid, signal.SIGKILL)


def wait(qtbot: QtBot, holds: Callable[[], bool]) -> None:
    qtbot.waitUntil(holds)


def opened(qtbot: QtBot, kind: type[W]) -> W:
    """The window of this kind that has just been opened."""

    def find() -> list[W]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]

    wait(qtbot, lambda: bool(find()))
    return find()[-1]


def activate(qtbot: QtBot, window: QWidget) -> None:
    """In front, whatever was; asked for until it is granted."""
    with qtbot.waitActive(window):
        window.activateWindow()
