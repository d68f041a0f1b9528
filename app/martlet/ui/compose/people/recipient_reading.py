"""A very long list of recipients, read in slices between which the window stays alive."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import chain

from PySide6.QtCore import QObject, QTimer, Signal

from martlet.mail.typed import Typed, read_typed
from martlet.ui.compose.people.recipient_rows import RecipientRows

LONG = 20_000
"""Characters that are read at once; more in slices."""
_SLICE_S = 0.008


class ListReading(QObject):
    """Into these rows. went_on: some more are there. ended: all of them, so many new ones."""

    went_on = Signal()
    ended = Signal(int)

    def __init__(self, rows: RecipientRows, parent: QObject) -> None:
        super().__init__(parent)
        self._rows = rows
        self._left: Iterator[Typed] | None = None
        self._before = 0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._read)

    @property
    def under_way(self) -> bool:
        return self._left is not None

    def begin(self, text: str) -> None:
        """Reads this; what is being read already first."""
        if self._left is not None:
            self._left = chain(self._left, read_typed(text))
            return
        self._before = len(self._rows)
        self._left = read_typed(text)
        self._timer.start()

    def stop(self) -> None:
        """The rest is not read."""
        self._timer.stop()
        self._left = None

    def _read(self) -> None:
        until = time.monotonic() + _SLICE_S
        for entry in self._left or ():
            self._rows.add(entry)
            if time.monotonic() >= until:
                self.went_on.emit()
                return
        self.stop()
        self.ended.emit(len(self._rows) - self._before)
