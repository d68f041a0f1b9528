"""The real program with a watch on it; `window.py` starts it and reads the lines it prints.

Run: python tests/bench/window_probe.py DO ROWS --profile FOLDER

DO: `wait` (does what it is told on standard input: `html`, `quit`), `scroll`, `keys`, `sync`
(until ROWS rows are in the list and the account rests), `sync-scroll` (the same, scrolling
meanwhile). Every line is a JSON object with `what`. Times are of the monotonic clock.

A turn of the loop is from one look for input to the next, waiting left out. Qt tells them only
where its own Unix loop runs, so QT_NO_GLIB must be set.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import (
    QAbstractEventDispatcher,
    QCoreApplication,
    QEvent,
    QObject,
    QSocketNotifier,
    Qt,
    QTimer,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from martlet import bootstrap
from martlet.cli.main import main as command_line
from martlet.mail.account import WorkerState
from martlet.mail.changes import Change, StateChanged
from martlet.paths import Profile
from martlet.ui.window import MainWindow

PAGES = 300
JUMPS = 300
KEYS = 150
SETTLE_MS = 1500
_STEP_MS = 12
_KEY_MS = 40


def tell(what: str, **facts: object) -> None:
    print(json.dumps({"what": what, **facts}), flush=True)


class Turns:
    """How long the loop was busy at a stretch: wall time and this thread's own."""

    def __init__(self) -> None:
        self.on = False
        self.wall: list[float] = []
        self.own: list[float] = []
        self._began = self._began_own = 0.0
        self._round = False

    def watch(self) -> None:
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.awake.connect(self._awake)
        dispatcher.aboutToBlock.connect(self._rest)

    def start(self) -> None:
        self.wall, self.own = [], []
        self.on = True

    def stop(self, what: str, **facts: object) -> None:
        self.on = False
        tell("turns", of=what, wall=self.wall, own=self.own, **facts)

    def _awake(self) -> None:
        """After a wait, and once more each time round."""
        if self._began and not self._round:
            self._round = True
            return
        if self._began:
            self._note()  # round again without a wait: events were left, input was looked for
        else:
            self._round = False
        self._began, self._began_own = time.perf_counter(), time.thread_time()

    def _rest(self) -> None:
        self._note()
        self._began = 0.0

    def _note(self) -> None:
        if self._began and self.on:
            self.wall.append((time.perf_counter() - self._began) * 1000)
            self.own.append((time.thread_time() - self._began_own) * 1000)


class Paint(QObject):
    """How long a widget paints, milliseconds, told after each time."""

    def __init__(self, widget: QWidget, told: Callable[[float], None]) -> None:
        super().__init__(widget)
        self._told = told
        self._inside = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.Paint or self._inside:
            return False
        # Qt tells only before it paints: it is given the event once more, which returns after.
        self._inside = True
        began = time.perf_counter()
        QCoreApplication.sendEvent(watched, event)
        self._inside = False
        self._told((time.perf_counter() - began) * 1000)
        return True


class Probe:
    """Of one window."""

    def __init__(self, do: str, rows: int) -> None:
        self._do = do
        self._want = rows
        self._window: MainWindow | None = None
        self._painted = False
        self._paint: Paint | None = None
        self._paints: list[float] = []
        self.turns = Turns()
        self._steps: list[Callable[[], None]] = []
        self._step = QTimer()
        self._step.timeout.connect(self._next)
        self._watch = QTimer()
        self._watch.timeout.connect(self._look_at_sync)
        self._began_sync = 0.0
        self._resting = False
        self._notifier: QSocketNotifier | None = None

    # What is hooked

    def take(self, window: MainWindow) -> None:
        self._window = window
        self._paint = Paint(window.list.viewport(), self.painted)
        self.turns.watch()
        window.list_model.loaded.connect(self._on_loaded)
        window.link.changed.connect(self._heard)
        if self._do.startswith("sync"):
            self._began_sync = time.perf_counter()
            self.turns.start()
            self._watch.start(100)
        if self._do == "sync-scroll":
            self._step.start(30)
            self._steps = [self._to_and_fro for _ in range(100_000)]
        if self._do == "wait":
            self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
            self._notifier.activated.connect(self._told)

    def painted(self, took_ms: float) -> None:
        assert self._window is not None
        self._paints.append(took_ms)
        if not self._painted and self._window.list_model.row_count():
            self._painted = True
            tell("row", at=time.perf_counter())
            if self._do in ("scroll", "keys"):
                QTimer.singleShot(SETTLE_MS, self._begin)

    def _on_loaded(self) -> None:
        assert self._window is not None
        tell("loaded", at=time.perf_counter(), rows=self._window.list_model.row_count())

    def _heard(self, change: Change) -> None:
        if isinstance(change, StateChanged):
            self._resting = change.state.state is WorkerState.IDLE

    # What is done

    def _told(self) -> None:
        word = sys.stdin.readline().strip()
        assert self._window is not None
        if word == "html":
            self._window.pane.shown.connect(lambda _: tell("shown", at=time.perf_counter()))
            self._window.list.choose(1)
        else:
            self._window.close()

    def _begin(self) -> None:
        assert self._window is not None
        view = self._window.list
        if self._do == "keys":
            self._run("Page Down with messages opening", [self._press] * KEYS, _KEY_MS)
            return
        bar = view.verticalScrollBar()
        dice = random.Random(1)

        def page() -> None:
            bar.setValue(bar.value() + bar.pageStep())

        def jump() -> None:
            bar.setValue(dice.randrange(bar.maximum()))

        self._run(
            "page by page",
            [page] * PAGES,
            _STEP_MS,
            lambda: self._run("random jumps", [jump] * JUMPS, _STEP_MS),
        )

    def _run(
        self,
        what: str,
        steps: list[Callable[[], None]],
        pause_ms: int,
        then: Callable[[], None] | None = None,
    ) -> None:
        assert self._window is not None
        window = self._window
        self._paints = []
        self.turns.start()

        def end() -> None:
            self._step.stop()
            self.turns.stop(what, paints=self._paints)
            if then is None:
                window.close()
            else:
                then()

        self._steps = [*steps, lambda: None, lambda: None, end]
        self._step.start(pause_ms)

    def _next(self) -> None:
        if self._steps:
            self._steps.pop(0)()

    def _press(self) -> None:
        assert self._window is not None
        for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
            QCoreApplication.postEvent(
                self._window.list,
                QKeyEvent(kind, Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier),
            )

    def _to_and_fro(self) -> None:
        assert self._window is not None
        bar = self._window.list.verticalScrollBar()
        down = len(self._steps) // 100 % 2
        bar.setValue(bar.value() + (bar.pageStep() if down else -bar.pageStep()))

    def _look_at_sync(self) -> None:
        assert self._window is not None
        rows = self._window.list_model.row_count()
        if rows >= self._want and self._resting:
            self._watch.stop()
            self._step.stop()
            took = time.perf_counter() - self._began_sync
            self.turns.stop(self._do, seconds=took, rows=rows, paints=self._paints)
            self._window.close()


def started(take: Callable[[MainWindow], None]) -> int:
    """Runs the program as its command line says; its main window is handed over before it is
    shown. Answers the exit status."""

    def made(window: QWidget) -> None:
        assert isinstance(window, MainWindow)
        take(window)

    def run_window(profile: Profile, screenshot: Path | None) -> int:
        return bootstrap.run_window(profile, screenshot, made)

    return command_line(sys.argv[1:], replace(bootstrap.services(), run_window=run_window))


if __name__ == "__main__":
    do, rows = sys.argv[1], int(sys.argv[2])
    del sys.argv[1:3]
    sys.exit(started(Probe(do, rows).take))
