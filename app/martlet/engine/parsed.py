"""Messages that were parsed just now, so that each of forty attachments does not cost what opening
the message cost. Bounded by the bytes of their raw messages; large ones go again soon."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from martlet.mime.parse import parse
from martlet.mime.part import Message

KEPT_BYTES = 64 << 20
# Of larger ones a person may want another file, for so long.
LARGE = 1 << 20
LARGE_S = 60.0


class Parsed:
    """By name of what was parsed and charset asked for. Any thread may use it: what a message
    reads later (decoded bodies, attached messages) is the same whoever reads it first.
    """

    def __init__(
        self, kept_bytes: int = KEPT_BYTES, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._kept_bytes = kept_bytes
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[Message, float]] = OrderedDict()
        self._bytes = 0
        self._busy: dict[tuple[str, str], threading.Lock] = {}

    def get(self, name: str, charset: str, load: Callable[[], bytes]) -> Message:
        """The message of that name, parsed once however many want it now. load: its bytes; what it
        raises is passed on."""
        wanted = (name, charset)
        with self._lock:
            found = self._found(wanted)
            if found is not None:
                return found
            busy = self._busy.setdefault(wanted, threading.Lock())
        with busy:
            with self._lock:
                found = self._found(wanted)
            if found is not None:
                return found
            try:
                made = parse(load(), charset)
                with self._lock:
                    self._keep(wanted, made)
            finally:
                with self._lock:
                    self._busy.pop(wanted, None)
        return made

    def _found(self, wanted: tuple[str, str]) -> Message | None:
        now = self._clock()
        for name, (message, used) in list(self._kept.items()):
            if name != wanted and len(message.raw) > LARGE and now - used > LARGE_S:
                self._drop(name)
        found = self._kept.get(wanted)
        if found is None:
            return None
        self._kept[wanted] = (found[0], now)
        self._kept.move_to_end(wanted)
        return found[0]

    def _keep(self, name: tuple[str, str], message: Message) -> None:
        if len(message.raw) > self._kept_bytes:
            return
        self._kept[name] = (message, self._clock())
        self._bytes += len(message.raw)
        while self._bytes > self._kept_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, name: tuple[str, str]) -> None:
        message, _ = self._kept.pop(name)
        self._bytes -= len(message.raw)
