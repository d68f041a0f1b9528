"""A relay on loopback that writes down what client and server say: for counting round trips.

with Overheard(dovecot.imap) as line:
    session = ImapSession.open(line.server(Protocol.IMAP), ...)
    line.turns[0]   # what the client said at first, up to the server's next word
"""

from __future__ import annotations

import threading

from martlet.mail.account import Protocol, Security, Server
from support.relay import Relay


class Overheard(Relay):
    """Relays one connection after the other, unencrypted.

    said: all that clients said. turns: the same, a piece for each time the server spoke before.
    """

    def __init__(self, target: int) -> None:
        super().__init__(target)
        self._lock = threading.Lock()
        self._server_spoke = True
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
        return Server(protocol, "127.0.0.1", self.port, Security.NONE, user, auth)

    def passing(self, data: bytes, *, from_client: bool) -> bytes:
        with self._lock:
            if not from_client:
                self._server_spoke = True
            elif self._server_spoke:
                self._server_spoke = False
                self.turns.append(data)
            else:
                self.turns[-1] += data
        return data
