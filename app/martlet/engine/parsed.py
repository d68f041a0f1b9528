"""Messages that were parsed just now, so that each of forty attachments does not cost what opening
the message cost. Bounded by the bytes of their raw messages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from martlet.mime.parse import Message, parse

KEPT_BYTES = 64 << 20


class Parsed:
    """By name of what was parsed and charset asked for. Any thread may use it: what a message
    reads later (decoded bodies, attached messages) is the same whoever reads it first.
    """

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Message] = OrderedDict()
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
                made = parse(load())
                with self._lock:
                    self._keep(wanted, made)
            finally:
                with self._lock:
                    self._busy.pop(wanted, None)
        return made

    def forget(self) -> None:
        """Gives the memory back."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def _found(self, wanted: tuple[str, str]) -> Message | None:
        found = self._kept.get(wanted)
        if found is not None:
            self._kept.move_to_end(wanted)
        return found

    def _keep(self, name: tuple[str, str], message: Message) -> None:
        if len(message.raw) > self._kept_bytes or name in self._kept:
            return
        self._kept[name] = message
        self._bytes += len(message.raw)
        while self._bytes > self._kept_bytes:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= len(gone.raw)
