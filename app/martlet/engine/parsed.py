"""Messages that were parsed just now, so that each of forty attachments does not cost what opening
the message cost. Bounded in number and by the bytes of their raw messages; large ones go soon."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from martlet.mime.parse import parse
from martlet.mime.part import Message

KEPT_BYTES = 64 << 20
KEPT_MESSAGES = 64
# What the tree of one takes beside its bytes, about: a small message is mostly that.
OVERHEAD = 16 << 10
# Of larger ones a person may want another file, for so long.
LARGE = 1 << 20
LARGE_S = 60.0


class Parsed:
    """By name of what was parsed and charset asked for. Any thread may use it: what a message
    reads later (decoded bodies, attached messages) is the same whoever reads it first.
    """

    def __init__(
        self,
        kept_bytes: int = KEPT_BYTES,
        kept_messages: int = KEPT_MESSAGES,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kept_bytes = kept_bytes
        self._kept_messages = kept_messages
        self._clock = clock
        self._lock = threading.Lock()
        # By their last use
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
                # Whoever had it before may have failed, and taken it away
                self._busy.setdefault(wanted, busy)
            try:
                made = parse(load(), charset)
                with self._lock:
                    self._keep(wanted, made)
            finally:
                with self._lock:
                    if self._busy.get(wanted) is busy:
                        del self._busy[wanted]
        return made

    def tidy(self) -> None:
        """Lets large ones go that nobody has wanted for a while."""
        with self._lock:
            self._let_go(None)

    def _found(self, wanted: tuple[str, str]) -> Message | None:
        self._let_go(wanted)
        found = self._kept.get(wanted)
        if found is None:
            return None
        self._kept[wanted] = (found[0], self._clock())
        self._kept.move_to_end(wanted)
        return found[0]

    def _let_go(self, wanted: tuple[str, str] | None) -> None:
        old: list[tuple[str, str]] = []
        before = self._clock() - LARGE_S
        for name, (message, used) in self._kept.items():
            if used >= before:
                break
            if name != wanted and len(message.raw) > LARGE:
                old.append(name)
        for name in old:
            self._drop(name)

    def _keep(self, name: tuple[str, str], message: Message) -> None:
        if name in self._kept:
            self._drop(name)
        if _cost(message) > self._kept_bytes:
            return
        self._kept[name] = (message, self._clock())
        self._bytes += _cost(message)
        while self._bytes > self._kept_bytes or len(self._kept) > self._kept_messages:
            self._drop(next(iter(self._kept)))

    def _drop(self, name: tuple[str, str]) -> None:
        message, _ = self._kept.pop(name)
        self._bytes -= _cost(message)


def _cost(message: Message) -> int:
    return len(message.raw) + OVERHEAD
