"""Takes a picture of the window once everything in it is loaded and painted, then quits.

Waits for: accounts at rest, rows in the list, a message shown to its last picture (an HTML one
among the newest, if there is one), and then for the painting to settle.
"""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QWidget

from martlet.mail.account import WorkerState
from martlet.mail.rendered import Rendered
from martlet.ui.message_pane import MessagePane
from martlet.ui.window import MainWindow

_log = logging.getLogger("martlet.ui")
_LIMIT_MS = 45_000
_LOOK_MS = 100
_SETTLE_MS = 700
_TRIED = 8


class Photographer(QObject):
    """For one window; ends the application with 0, or 1 when no picture could be written."""

    def __init__(self, window: QWidget, pane: MessagePane, file: Path) -> None:
        super().__init__(window)
        self._window = window
        self._pane = pane
        self._file = file
        self._at = -1
        self._done = False
        pane.shown.connect(self._on_shown)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._choose)
        if isinstance(window, MainWindow):
            self._look.start()
        QTimer.singleShot(_LIMIT_MS, self, self._give_up)

    def _choose(self) -> None:
        """Chooses the newest message once the mailbox is at rest."""
        window = self._window
        if not isinstance(window, MainWindow) or not window.list_model.row_count():
            return
        states = window.status_line.states().values()
        busy = (WorkerState.CONNECTING, WorkerState.WORKING)
        if any(state.state in busy for state in states) or not states:
            return
        self._look.stop()
        self._next()

    def _next(self) -> None:
        if isinstance(self._window, MainWindow):
            self._at += 1
            self._window.list.choose(self._at)

    def _on_shown(self, rendered: Rendered) -> None:
        if self._done or self._look.isActive():
            return
        if isinstance(self._window, MainWindow) and 0 <= self._at < _TRIED:
            last = min(_TRIED, self._window.list_model.row_count()) - 1
            if rendered.html is None and self._at < last:
                self._next()
                return
            if rendered.html is None and self._at:
                self._at = _TRIED
                self._window.list.choose(0)
                return
        self._done = True
        QTimer.singleShot(_SETTLE_MS, self, self._take)

    def _take(self) -> None:
        self._window.grab()  # the first one makes Chromium paint; the second has it
        QTimer.singleShot(_SETTLE_MS // 2, self, self._save)

    def _save(self) -> None:
        saved = self._window.grab().save(str(self._file))
        if not saved:
            _log.error("the picture could not be written to %s", self._file)
        self._window.close()
        QCoreApplication.exit(0 if saved else 1)

    def _give_up(self) -> None:
        if not self._done:
            _log.error("not everything was loaded in time; the picture shows what there is")
            self._done = True
            self._window.grab().save(str(self._file))
            QCoreApplication.exit(1)
