"""A relay on loopback that writes down what client and server say: for counting round trips.

with Overheard(dovecot.imap) as line:
    session = ImapSession.open(line.server(Protocol.IMAP), ...)
    line.turns[0]   # what the client said at first, up to the server's next word
"""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType

from martlet.mail.account import Protocol, Security, Server


class Overheard:
    """Relays one connection after the other to `port`, unencrypted.

    said: all that clients said. turns: the same, a piece for each time the server spoke before.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self._server_spoke = True
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self.turns: list[bytes] = []

    @property
    def said(self) -> bytes:
        return b"".join(self.turns)

    @property
    def commands(self) -> list[bytes]:
        """The lines clients said, without their tags."""
        lines = self.said.split(b"\r\n")[:-1]
        return [line.partition(b" ")[2] or line for line in lines]

    def forget(self) -> None:
        """Begins to write down anew."""
        self.turns.clear()
        self._server_spoke = True

    def server(self, protocol: Protocol, user: str = "ada", auth: str = "") -> Server:
        """How an account names this line."""
        port = int(self._listener.getsockname()[1])
        return Server(protocol, "127.0.0.1", port, Security.NONE, user, auth)

    def __enter__(self) -> Overheard:
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
        for each in self._sockets:
            _end(each)
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._target))
            self._sockets += [near, far]
            for source, target, client in ((near, far, True), (far, near, False)):
                thread = threading.Thread(
                    target=self._pass, args=(source, target, client), daemon=True
                )
                self._threads.append(thread)
                thread.start()

    def _pass(self, source: socket.socket, target: socket.socket, client: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                with self._lock:
                    if not client:
                        self._server_spoke = True
                    elif self._server_spoke:
                        self._server_spoke = False
                        self.turns.append(data)
                    else:
                        self.turns[-1] += data
                target.sendall(data)
        _end(source)
        _end(target)


def _end(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
