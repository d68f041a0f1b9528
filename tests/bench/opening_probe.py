"""The real program, opening messages by itself; `opening_window.py` starts it and reads its lines.

Run: python tests/bench/opening_probe.py --profile FOLDER, with "KIND FIRST STEP COUNT" lines on
standard input: opens COUNT messages from row FIRST on, each STEP rows further, and tells for each
the milliseconds from the choice of the row to its body's paint. "quit" ends it.
"""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, QTimer
from PySide6.QtGui import QImage
from PySide6.QtQuickWidgets import QQuickWidget

from bench.window_probe import Turns, started, tell
from martlet.mail.message import MessageId
from martlet.mail.rendered import Rendered
from martlet.ui.text_view import TextView
from martlet.ui.window import MainWindow

_DWELL_MS = 350


class Opening(QObject):
    """Of one window. A text counts as painted with the first paint of its widget after it was
    laid out; HTML when what Chromium has painted is another picture than before."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._turns = Turns()
        self._turns.watch()
        self._rows: list[int] = []
        self._kind = ""
        self._times: list[float] = []
        self._asked = 0.0
        self._wanted: MessageId | None = None
        self._laid_out = False
        self._before = QImage()
        self._look = QTimer(self)
        self._look.setInterval(2)
        self._look.timeout.connect(self._compare)
        window.pane.painted.connect(self._on_laid_out)
        self._input = QSocketNotifier(0, QSocketNotifier.Type.Read)
        self._input.activated.connect(self._told)

    def _told(self) -> None:
        words = sys.stdin.readline().split()
        if words in ([], ["quit"]):
            self._input.setEnabled(False)
            self._window.close()
            return
        self._kind = words[0]
        first, step, count = map(int, words[1:])
        self._rows = [first + step * n for n in range(count)]
        self._times = []
        self._turns.start()
        self._next()

    def _next(self) -> None:
        if not self._rows:
            self._turns.stop(self._kind, times=self._times)
            return
        row = self._window.list_model.row_at(self._rows[0])
        assert row is not None, self._rows[0]
        self._wanted, self._laid_out = row.id, False
        self._asked = time.perf_counter()
        self._window.list.choose(self._rows.pop(0))

    def _on_laid_out(self, rendered: Rendered) -> None:
        if rendered.message_id == self._wanted and not self._laid_out:
            self._laid_out = True
            if self._window.pane.text.is_html:
                # Not its events: Python must not hold those of Chromium's widgets.
                self._look.start()
            else:
                view = self._window.pane.body()
                assert isinstance(view, TextView)
                view.viewport().removeEventFilter(self)
                view.viewport().installEventFilter(self)
                view.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._laid_out and event.type() is QEvent.Type.Paint:
            self._painted()
        return False

    def _compare(self) -> None:
        surface = self._window.pane.body().findChild(QQuickWidget)
        picture = surface.grabFramebuffer() if surface is not None else QImage()
        if self._laid_out and not picture.isNull() and picture != self._before:
            self._before = picture
            self._look.stop()
            self._painted()

    def _painted(self) -> None:
        self._times.append((time.perf_counter() - self._asked) * 1000)
        self._laid_out, self._wanted = False, None
        QTimer.singleShot(_DWELL_MS, self, self._next)


def _wait_for_rows(window: MainWindow) -> None:
    if window.list_model.row_count():
        Opening(window)
        tell("row", at=time.perf_counter())
    else:
        QTimer.singleShot(50, window, lambda: _wait_for_rows(window))


if __name__ == "__main__":
    sys.exit(started(_wait_for_rows))
