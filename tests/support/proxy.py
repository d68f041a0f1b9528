"""A TCP proxy on loopback whose line can be cut after so many bytes from the server."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType


class Proxy:
    """Passes connections on to `port` on loopback; `cut_after` ends one in the middle."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._budget: int | None = None
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Proxy:
        self._accepting.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(10)
        with self._lock:
            sockets = list(self._open)
        for each in sockets:
            _end(each)
        for thread in self._threads:
            thread.join(10)

    def cut_after(self, size: int | None) -> None:
        """The connection that has had so many more bytes from the server ends; None: none does."""
        with self._lock:
            self._budget = size

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                near.close()
                continue
            with self._lock:
                self._open |= {near, far}
            for source, target, counted in ((near, far, False), (far, near, True)):
                thread = threading.Thread(
                    target=self._pass, args=(source, target, counted), daemon=True
                )
                self._threads.append(thread)
                thread.start()

    def _pass(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if counted and (allowed := self._allowed(len(data))) < len(data):
                    target.sendall(data[:allowed])
                    break
                target.sendall(data)
        for each in (source, target):
            _end(each)
            with self._lock:
                self._open.discard(each)

    def _allowed(self, size: int) -> int:
        with self._lock:
            if self._budget is None:
                return size
            allowed = min(size, self._budget)
            self._budget -= allowed
            if allowed < size:
                self._budget = None
            return allowed


def _end(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
