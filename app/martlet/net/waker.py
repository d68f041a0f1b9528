"""A waker: lets any thread end another thread's wait for its server (DESIGN 3)."""

from __future__ import annotations

import contextlib
import socket


class Waker:
    """A pair of sockets, one end of which takes part in the waiting thread's select.

    A wake that comes while nobody waits is kept: the next wait ends at once.
    """

    def __init__(self) -> None:
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)

    def fileno(self) -> int:
        """The descriptor that becomes readable when woken."""
        return self._near.fileno()

    def wake(self) -> None:
        """Ends the wait, now or the next one. From any thread, any number of times."""
        # A full buffer means that enough wakes are waiting; a closed one that nobody waits.
        with contextlib.suppress(OSError):
            self._far.send(b"w")

    def drain(self) -> None:
        """Forgets the wakes so far. Called by the waiting thread after a wait."""
        with contextlib.suppress(OSError):
            while self._near.recv(4096):
                pass

    def close(self) -> None:
        """Gives both sockets back."""
        self._near.close()
        self._far.close()
