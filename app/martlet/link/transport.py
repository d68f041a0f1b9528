"""Byte frames between two processes of one user: a Unix socket, or a named pipe on Windows.

Knows nothing of what a frame means. The address lies in a folder only this user may enter.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from multiprocessing import Pipe
from multiprocessing.connection import Client as Dialed
from multiprocessing.connection import Connection, Listener, wait

_FAMILY = "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"


class LineLost(Exception):
    """The other side is gone."""


class Line:
    """One connection: one thread receives, any thread sends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # A close would not wake a thread that waits to receive, so it waits on this as well.
        self._stopped, self._stopper = Pipe(duplex=False)
        self._sending = threading.Lock()
        self._open = True

    def receive(self) -> bytes | None:
        """The next frame; None when the other side is gone or `stop` was called."""
        try:
            if self._stopped in wait([self._connection, self._stopped]):
                return None
            return self._connection.recv_bytes()
        except (EOFError, OSError):
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
    """Where lines come in. Only the holder of the profile's lock may open one."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._closing = False
        if _FAMILY == "AF_UNIX":
            # Left by an engine that was killed: who holds the lock knows nobody listens there.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(address)
        self._listener = Listener(address, family=_FAMILY, backlog=32)

    def accept(self) -> Line | None:
        """The next line; None once closed."""
        while True:
            try:
                connection = self._listener.accept()
            except OSError:
                if self._closing:
                    return None
                continue
            if self._closing:
                connection.close()
                return None
            return Line(connection)

    def close(self) -> None:
        """Lets no one else in. A thread in `accept` is woken by knocking."""
        if self._closing:
            return
        self._closing = True
        with contextlib.suppress(OSError):
            Dialed(self._address, family=_FAMILY).close()
        with contextlib.suppress(OSError):
            self._listener.close()


def dial(address: str) -> Line:
    """Raises OSError: nobody listens there."""
    return Line(Dialed(address, family=_FAMILY))
