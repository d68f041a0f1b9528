"""An SMTP server that takes everything and keeps nothing, in a process of its own: for measuring.

    with Sink("PIPELINING", "CHUNKING") as sink:
        submit(sink.server(), "", ...)

It answers what it has read before it reads on, as Postfix does, and never waits for a disk.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from types import TracebackType

from martlet.mail.account import Protocol, Security, Server

WITHIN_S = 30
END = b"\r\n.\r\n"


class Sink:
    """offers: what EHLO offers."""

    def __init__(self, *offers: str) -> None:
        self._offers = offers
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def server(self, port: int = 0) -> Server:
        """How an account names it. port: of what stands in between."""
        return Server(Protocol.SMTP, "127.0.0.1", port or self.port, Security.NONE, "")

    def __enter__(self) -> Sink:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "support.smtp_sink", *self._offers],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        self._process.communicate(timeout=WITHIN_S)  # it ends when its input does


class _Conversation:
    def __init__(self, sock: socket.socket, offers: list[str]) -> None:
        self._socket = sock
        self._buffer = bytearray()
        lines = ["sink", *offers]
        self._ehlo = b"".join(b"250-%s\r\n" % line.encode() for line in lines[:-1])
        self._ehlo += b"250 %s\r\n" % lines[-1].encode()
        self._out = bytearray(b"220 sink\r\n")

    def run(self) -> None:
        name = b""
        while name != b"QUIT":
            line = self._line()
            name = line[:4].upper()
            if name == b"EHLO":
                self._out += self._ehlo
            elif name == b"DATA":
                self._out += b"354 go on\r\n"
                self._skip_data()
                self._out += b"250 2.0.0 gone\r\n"
            elif name == b"BDAT":
                self._skip(int(line.split()[1]))
                self._out += b"250 2.0.0 gone\r\n"
            elif name == b"QUIT":
                self._out += b"221 2.0.0 bye\r\n"
            else:
                self._out += b"250 2.1.0 ok\r\n"
        self._answer()
        self._socket.close()

    def _answer(self) -> None:
        if self._out:
            self._socket.sendall(self._out)
            self._out.clear()

    def _fill(self) -> None:
        self._answer()
        data = self._socket.recv(1 << 18)
        if not data:
            raise EOFError
        self._buffer += data

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            self._fill()
        line = bytes(self._buffer[: end + 1])
        del self._buffer[: end + 1]
        return line

    def _skip(self, count: int) -> None:
        while len(self._buffer) < count:
            count -= len(self._buffer)
            self._buffer.clear()
            self._fill()
        del self._buffer[:count]

    def _skip_data(self) -> None:
        looked = 0
        while (end := self._buffer.find(END, looked)) < 0:
            del self._buffer[: -len(END) + 1]
            looked = 0
            self._fill()
        del self._buffer[: end + len(END)]


def _serve(sock: socket.socket, offers: list[str]) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        _Conversation(sock, offers).run()
    except (OSError, EOFError):
        sock.close()


def _accept(listener: socket.socket, offers: list[str]) -> None:
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=_serve, args=(sock, offers), daemon=True).start()


def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=100)
    print(listener.getsockname()[1], flush=True)
    threading.Thread(target=_accept, args=(listener, sys.argv[1:]), daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
