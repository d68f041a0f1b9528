"""Byte frames between two processes of one user: a Unix socket, or a named pipe on Windows.

Knows nothing of what a frame means. The address lies in a folder only this user may enter.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Client as Dialed
from multiprocessing.connection import Connection, Listener, wait

_log = logging.getLogger("martlet.link")
_FAMILY = "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"

FRAME_LIMIT = 1 << 30  # bytes; more than the largest message there is
TOO_LONG = "This is too large for Martlet."
# Between two tries to let somebody in where there is no descriptor left for them.
PAUSE_S = 0.1
LONGEST_PAUSE_S = 3.2


_TOO_LONG = "bad message length"  # what multiprocessing says of it, and of nothing else


class LineLost(Exception):
    """The other side is gone."""


class Line:
    """One connection: one thread receives, any thread sends.

    limit: bytes of the longest frame; a longer one ends the line of whoever sends it.
    """

    def __init__(self, connection: Connection, limit: int = FRAME_LIMIT) -> None:
        self.limit = limit
        self._connection = connection
        # A close would not wake a thread that waits to receive, so it waits on this as well.
        self._stopped, self._stopper = Pipe(duplex=False)
        self._sending = threading.Lock()
        self._open = True

    def receive(self) -> bytes | None:
        """The next frame; None when the other side is gone, sent one that is too long (which is
        logged), or `stop` was called.
        """
        try:
            if self._stopped in wait([self._connection, self._stopped]):
                return None
            return self._connection.recv_bytes(self.limit)
        except (EOFError, OSError) as error:
            if str(error) == _TOO_LONG:
                _log.error("a frame of more than %d bytes; the line is dropped", self.limit)
            return None

    def send(self, frame: bytes) -> None:
        """Waits while the other side does not read. Raises LineLost."""
        with self._sending:
            if not self._open:
                raise LineLost
            try:
                self._connection.send_bytes(frame)
            except OSError as error:
                raise LineLost from error

    def stop(self) -> None:
        """Ends `receive`, from any thread."""
        with contextlib.suppress(OSError):
            self._stopper.send_bytes(b"")

    def close(self) -> None:
        """For the receiving side's end: after the last `receive`, waits for a `send` to end."""
        with self._sending:
            if not self._open:
                return
            self._open = False
            for end in (self._connection, self._stopped, self._stopper):
                end.close()


class Door:
    """Where lines come in. Only the holder of the profile's lock may open one.

    pause: waits so many seconds; True when the door was closed meanwhile. Tests give their own.
    """

    def __init__(self, address: str, pause: Callable[[float], bool] | None = None) -> None:
        self._address = address
        self._closed = threading.Event()
        self._pause = pause or self._closed.wait
        if _FAMILY == "AF_UNIX":
            # Left by an engine that was killed: who holds the lock knows nobody listens there.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(address)
        self._listener = Listener(address, family=_FAMILY, backlog=32)

    def accept(self) -> Line | None:
        """The next line; None once closed.

        Whoever cannot be let in for want of descriptors or memory still knocks, so it is tried
        again, but less and less often: each try would fail at once.
        """
        pause_s = PAUSE_S
        connection: Connection | None = None
        while not self._closed.is_set():
            try:
                connection = connection or self._listener.accept()
                # A line wants descriptors of its own.
                line = Line(connection)
            except OSError as error:
                if self._closed.is_set():
                    break
                _log.warning("nobody can be let in: %s", error)
                if self._pause(pause_s):
                    break
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
                continue
            if self._closed.is_set():
                line.close()
                return None
            return line
        if connection is not None:
            connection.close()
        return None

    def close(self) -> None:
        """Lets no one else in. A thread in `accept` is woken by knocking."""
        if self._closed.is_set():
            return
        self._closed.set()
        with contextlib.suppress(OSError):
            Dialed(self._address, family=_FAMILY).close()
        with contextlib.suppress(OSError):
            self._listener.close()


def dial(address: str, limit: int = FRAME_LIMIT) -> Line:
    """Raises OSError: nobody listens there."""
    return Line(Dialed(address, family=_FAMILY), limit)
