"""Starts the player for a file, one at a time; says when there is none on this computer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QProcess

from martlet.ui import theme
from martlet.ui.child import child_of, environment
from martlet.ui.player.__main__ import MISSING

# A window and a sound, beside what all have.
_ITS = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE",
        "PULSE_SERVER", "PULSE_COOKIE")  # fmt: skip


class Player(QObject):
    """missing: is called where sound and film cannot be played, failed: when the player died.
    command: what to start (tests start others)."""

    def __init__(
        self,
        parent: QObject,
        missing: Callable[[], None],
        failed: Callable[[], None],
        *,
        command: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self._missing = missing
        self._failed = failed
        self._command = list(command) or [sys.executable, "-P", "-m", "martlet.ui.player"]
        self._process: QProcess | None = None

    @property
    def playing(self) -> bool:
        """Whether a player is open."""
        return self._process is not None

    @property
    def pid(self) -> int:
        """Of the player that is open, 0 if none is."""
        return self._process.processId() if self._process is not None else 0

    def play(self, path: str, name: str) -> None:
        """Plays a file in a window called like it; what played before ends."""
        self.stop()
        process = self._process = child_of(self)
        process.setProcessEnvironment(environment(*_ITS))
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.finished.connect(self._over)
        process.errorOccurred.connect(self._wrong)
        scheme = "dark" if theme.current().dark else "light"
        process.start(self._command[0], [*self._command[1:], path, name, scheme])

    def stop(self) -> None:
        """Closes it."""
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._over)
            process.errorOccurred.disconnect(self._wrong)
            process.kill()

    def _wrong(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.stop()
            self._missing()

    def _over(self, code: int, status: QProcess.ExitStatus) -> None:
        self._process = None
        if code == MISSING:
            self._missing()
        elif status is QProcess.ExitStatus.CrashExit or code:
            self._failed()
