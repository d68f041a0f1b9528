"""A port on loopback whose connections are each served by a thread; ends with all of them."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

WITHIN_S = 30


class Listener:
    """port: where it listens, from the moment it is made; it accepts from `start` on.

    begin: called with each connection, in their order; what it answers is run in a thread of its
    own, and the connection closed afterwards. That a client is gone (OSError, ValueError) ends
    that quietly; any other error is kept in `problems`.
    """

    def __init__(self, begin: Callable[[socket.socket], Callable[[], None]], name: str) -> None:
        self._begin = begin
        self._name = name
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.problems: list[BaseException] = []
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, name=name, daemon=True)

    def start(self) -> None:
        self._accepting.start()

    def close(self) -> None:
        """Ends it, its connections and its threads."""
        # A listener in accept() is only woken by being shut down first.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._accepting.join(WITHIN_S)
        self.cut()
        for thread in self._threads:
            thread.join(WITHIN_S)

    def cut(self) -> None:
        """Ends all connections."""
        with self._lock:
            sockets = list(self._open)
        for each in sockets:
            end(each)

    def hold(self, each: socket.socket) -> None:
        """This one too is ended with the others (the far side of a relay, the TLS over a line)."""
        with self._lock:
            self._open.add(each)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._socket.accept()
            except OSError:
                return
            self.hold(sock)
            thread = threading.Thread(
                target=self._run, args=(sock, self._begin(sock)), name=self._name, daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _run(self, sock: socket.socket, serve: Callable[[], None]) -> None:
        try:
            serve()
        except (OSError, ValueError):
            pass  # the client is gone, or the test is over
        except BaseException as problem:
            self.problems.append(problem)
        finally:
            with self._lock:
                self._open.discard(sock)
            sock.close()


class Serving:
    """What listens while in its `with`, which fails for what went wrong in serving."""

    def __init__(self, begin: Callable[[socket.socket], Callable[[], None]], name: str) -> None:
        self._listener = Listener(begin, name)
        self.port = self._listener.port

    def __enter__(self) -> Self:
        self._listener.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.close()
        if error is None and self._listener.problems:
            raise self._listener.problems[0]


def end(each: socket.socket) -> None:
    """Ends a connection both ways; a thread that reads from it is woken."""
    with contextlib.suppress(OSError, ValueError):
        # Not SSLSocket.shutdown, which would pull the TLS state from under a reader.
        socket.socket.shutdown(each, socket.SHUT_RDWR)
