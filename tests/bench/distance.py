"""A TCP proxy on loopback that holds every byte back for a while, like a line to far away."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import deque
from types import TracebackType


class Distance:
    """Passes connections on to `port`; each direction takes half of the round trip."""

    def __init__(self, port: int, round_trip_s: float) -> None:
        self._target = port
        self._delay_s = round_trip_s / 2
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []

    def __enter__(self) -> Distance:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for each in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            # TCP's own handshake would take a round trip too.
            time.sleep(2 * self._delay_s)
            far = socket.create_connection(("127.0.0.1", self._target))
            for each in (near, far):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open += [near, far]
            _Way(near, far, self._delay_s).start()
            _Way(far, near, self._delay_s).start()


class _Way:
    """One direction: a reader that notes when each piece is due, a writer that waits for it."""

    def __init__(self, source: socket.socket, target: socket.socket, delay_s: float) -> None:
        self._source = source
        self._target = target
        self._delay_s = delay_s
        self._due: deque[tuple[float, bytes]] = deque()
        self._more = threading.Condition()

    def start(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._write, daemon=True).start()

    def _read(self) -> None:
        data = b"-"
        while data:
            try:
                data = self._source.recv(65_536)
            except OSError:
                data = b""
            with self._more:
                self._due.append((time.monotonic() + self._delay_s, data))
                self._more.notify()

    def _write(self) -> None:
        while True:
            with self._more:
                self._more.wait_for(lambda: bool(self._due))
                due, data = self._due.popleft()
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                if not data:
                    self._target.shutdown(socket.SHUT_WR)
                    return
                self._target.sendall(data)
            except OSError:
                return
