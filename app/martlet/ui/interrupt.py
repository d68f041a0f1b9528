"""Ctrl+C in the terminal Martlet was started from closes the window, as its cross would.

Python runs its own handler only between two of its own instructions, and while nothing happens in
the window there are none. The number of the signal is therefore also written into a pipe that Qt
watches; nothing wakes up before that. Windows has no such pipe and keeps what it does by itself.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier

_MOST = 64


class Interrupt(QObject):
    """first: what the first Ctrl+C does; again: what each one after it does, where that failed.

    Only of the main thread. `leave` gives the signal back to whoever had it before.
    """

    def __init__(
        self, first: Callable[[], object], again: Callable[[], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._first, self._again = first, again
        self._pressed = False
        self._pipe = os.pipe()
        for end in self._pipe:
            os.set_blocking(end, False)
        self._before_wakeup = signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
        self._before = signal.signal(signal.SIGINT, _only_wake)
        self._notifier = QSocketNotifier(self._pipe[0], QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)

    def leave(self) -> None:
        """Watches no more."""
        self._notifier.setEnabled(False)
        signal.signal(signal.SIGINT, self._before)
        signal.set_wakeup_fd(self._before_wakeup)
        for end in self._pipe:
            os.close(end)

    def _woken(self) -> None:
        if signal.SIGINT not in os.read(self._pipe[0], _MOST):
            return
        if self._pressed:
            self._again()
        else:
            self._pressed = True
            self._first()


def _only_wake(_number: int, _frame: FrameType | None) -> None:
    """What is to be done is done where Qt is woken."""


def watch(
    first: Callable[[], object], again: Callable[[], object], parent: QObject
) -> Interrupt | None:
    """None where there is no pipe that Qt could watch, or whoever started us wants no Ctrl+C."""
    if sys.platform == "win32" or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        return None
    return Interrupt(first, again, parent)
