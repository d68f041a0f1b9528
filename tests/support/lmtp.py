"""A small LMTP listener (RFC 2033) that hands each message to a function.

Lets a Postfix of another fixture deliver to a private Dovecot without any privilege and
without Dovecot's own LMTP, which Debian packages apart.
"""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable

Deliver = Callable[[str, bytes], None]


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self._say(b"220 localhost LMTP")
        recipients: list[str] = []
        while line := self.rfile.readline(4096):
            verb = line[:4].upper()
            if verb == b"LHLO":
                self._say(b"250-localhost", b"250-PIPELINING", b"250-8BITMIME", b"250 SIZE")
            elif verb in (b"MAIL", b"RSET"):
                recipients = []
                self._say(b"250 2.0.0 OK")
            elif verb == b"RCPT":
                user = line.partition(b"<")[2].partition(b">")[0].partition(b"@")[0].decode()
                if user in self.server.users:
                    recipients.append(user)
                    self._say(b"250 2.1.5 OK")
                else:
                    self._say(b"550 5.1.1 No such user")
            elif verb == b"DATA":
                self._say(b"354 Go on")
                raw = self._read_data()
                for user in recipients:
                    self.server.deliver(user, raw)
                    self._say(b"250 2.0.0 Delivered")
                recipients = []
            elif verb == b"QUIT":
                self._say(b"221 2.0.0 Bye")
                return
            else:
                self._say(b"250 2.0.0 OK" if verb == b"NOOP" else b"500 5.5.1 Unknown command")

    def _say(self, *lines: bytes) -> None:
        self.wfile.write(b"".join(line + b"\r\n" for line in lines))

    def _read_data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, users: frozenset[str], deliver: Deliver) -> None:
        super().__init__(("127.0.0.1", port), _Session)
        self.users = users
        self.deliver = deliver


class LmtpDrop:
    """Listens on a loopback port until closed. deliver(user, raw) runs on the client's thread."""

    def __init__(self, port: int, users: frozenset[str], deliver: Deliver) -> None:
        self._server = _Server(port, users, deliver)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="lmtp", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Ends the listener; a delivery under way is not waited for."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(30)
