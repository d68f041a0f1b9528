"""One session with a POP3 mailbox at a time, whichever accounts of the profile are about it.

The server would refuse the second with "in use" (RFC 1939, 3), or, worse, let it in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Event

from martlet.mail.account import Server

_LOOKS_UP_S = 0.5

Key = tuple[str, str]


class Turns:
    """Who is at which mailbox. Any thread may use it."""

    def __init__(self) -> None:
        self._held: set[Key] = set()
        self._changed = Condition()

    @contextmanager
    def taken(self, server: Server, stopping: Event) -> Iterator[bool]:
        """Waits until nobody is at this mailbox; False when asked to stop before that."""
        key = (server.host.casefold().rstrip("."), server.user)
        with self._changed:
            while key in self._held and not stopping.is_set():
                # Whoever stops a worker does not know of this wait.
                self._changed.wait(_LOOKS_UP_S)
            mine = key not in self._held
            if mine:
                self._held.add(key)
        try:
            yield mine
        finally:
            if mine:
                with self._changed:
                    self._held.discard(key)
                    self._changed.notify_all()
