"""A server that does what a list says, on a real socket: for faults no real server will show.

    script = [send("+OK hello\r\n"), expect("CAPA"), send("-ERR\r\n"), expect("USER ada"), close()]
    with Scripted(script) as server:
        Pop3Session.open(server.account(Protocol.POP3), ...)

The first connection follows the first script, the next one the next; the last script is used again
for all that follow. After its last step a connection is closed. What was not expected ends the
connection and fails the `with`, unless an exception is on its way already.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType

from martlet.mail.account import Protocol, Security, Server

from .certificates import Certificates
from .listener import Listener, end


class Unexpected(AssertionError):
    """The client did something else than the script says."""


class Conversation:
    """One connection, as a step sees it. last: the line expected last. heard: every such line."""

    def __init__(self, sock: socket.socket, certificates: Certificates | None) -> None:
        self.socket = sock
        # The session tickets of TLS would hold the next answer back for 40 ms.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.certificates = certificates
        self.last = b""
        self.heard: list[bytes] = []
        self._buffer = b""

    def read_to(self, mark: bytes) -> bytes:
        """Everything up to and with the mark."""
        while mark not in self._buffer:
            data = self.socket.recv(65_536)
            if not data:
                raise Unexpected(f"the client hung up, having said {self._buffer[-200:]!r}")
            self._buffer += data
        found, _, self._buffer = self._buffer.partition(mark)
        return found + mark

    def read_exact(self, count: int) -> bytes:
        """So many bytes."""
        while len(self._buffer) < count:
            data = self.socket.recv(1 << 20)
            if not data:
                raise Unexpected(f"the client hung up, having said {self._buffer[-200:]!r}")
            self._buffer += data
        found, self._buffer = self._buffer[:count], self._buffer[count:]
        return found

    @property
    def waiting(self) -> int:
        """Bytes that were read and that no step has taken yet."""
        return len(self._buffer)

    def start_tls(self) -> None:
        if self.certificates is None:
            raise Unexpected("the script starts TLS without certificates")
        self.socket = server_context(self.certificates).wrap_socket(self.socket, server_side=True)


Step = Callable[[Conversation], None]
Script = Sequence[Step]


class _HungUp(Exception):  # not an error: the script says so
    pass


def server_context(certificates: Certificates) -> ssl.SSLContext:
    """TLS as a server speaks it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.chain_file, certificates.key_file)
    if certificates.clients_ca is not None:
        context.load_verify_locations(certificates.clients_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def send(data: str | bytes) -> Step:
    """Sends; "{tag}" stands for the first word of the line expected last."""
    raw = data.encode() if isinstance(data, str) else data

    def step(talk: Conversation) -> None:
        talk.socket.sendall(raw.replace(b"{tag}", talk.last.split(b" ")[0].strip()))

    return step


def expect(text: str | bytes = b"") -> Step:
    """Reads one line, which must hold this text, in upper or lower case."""
    wanted = text.encode() if isinstance(text, str) else text

    def step(talk: Conversation) -> None:
        talk.last = talk.read_to(b"\n")
        talk.heard.append(talk.last)
        if wanted.lower() not in talk.last.lower():
            raise Unexpected(f"expected {wanted!r}, the client said {talk.last[:500]!r}")

    return step


def read_to(mark: bytes) -> Step:
    """Reads up to and with the mark: the end of a message, a literal."""

    def step(talk: Conversation) -> None:
        talk.last = talk.read_to(mark)
        talk.heard.append(talk.last)

    return step


def read_some() -> Step:
    """Reads whatever comes next, at least a byte."""

    def step(talk: Conversation) -> None:
        if not talk.socket.recv(1):
            raise Unexpected("the client hung up")

    return step


def start_tls() -> Step:
    """Does the server's part of a TLS handshake."""
    return Conversation.start_tls


def close() -> Step:
    """Ends the connection in good order."""

    def step(talk: Conversation) -> None:
        raise _HungUp

    return step


def reset() -> Step:
    """Ends the connection by a TCP reset."""

    def step(talk: Conversation) -> None:
        talk.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise _HungUp

    return step


def stall() -> Step:
    """Says nothing more, until the client hangs up or the test is over."""

    def step(talk: Conversation) -> None:
        while talk.socket.recv(65_536):
            pass
        raise _HungUp

    return step


def drip(data: bytes, every_s: float) -> Step:
    """Sends byte after byte, as long as the client stays on the line in between."""

    def step(talk: Conversation) -> None:
        before = talk.socket.gettimeout()
        for place in range(len(data)):
            talk.socket.sendall(data[place : place + 1])
            talk.socket.settimeout(every_s)
            with contextlib.suppress(TimeoutError):
                if not talk.socket.recv(65_536):
                    raise _HungUp
            talk.socket.settimeout(before)

    return step


class Scripted:
    """Listens on a loopback port while in its `with`.

    scripts: one script, or one for each connection. tls: speaks TLS from the first byte.
    heard: the lines of each connection so far. connections: how many there were.
    """

    def __init__(
        self,
        *scripts: Script,
        certificates: Certificates | None = None,
        tls: bool = False,
    ) -> None:
        self._scripts = scripts
        self._certificates = certificates
        self._tls = tls
        self._listener = Listener(self._begin, "scripted")
        self.port = self._listener.port
        self.heard: list[list[bytes]] = []
        self._talks: list[Conversation] = []

    @property
    def connections(self) -> int:
        return len(self._talks)

    def account(
        self,
        protocol: Protocol,
        security: Security | None = None,
        user: str = "ada",
        auth: str = "",
        host: str = "127.0.0.1",
    ) -> Server:
        """How an account names this server."""
        usual = Security.TLS if self._tls else Security.NONE
        return Server(protocol, host, self.port, security or usual, user, auth)

    def __enter__(self) -> Scripted:
        self._listener.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for talk in self._talks:
            end(talk.socket)
        self._listener.close()
        if error is None and self._listener.problems:
            raise self._listener.problems[0]

    def _begin(self, sock: socket.socket) -> Callable[[], None]:
        script = self._scripts[min(len(self._talks), len(self._scripts) - 1)]
        talk = Conversation(sock, self._certificates)
        self._talks.append(talk)
        self.heard.append(talk.heard)
        return partial(self._run, talk, script)

    def _run(self, talk: Conversation, script: Script) -> None:
        with contextlib.suppress(_HungUp):
            try:
                if self._tls:
                    talk.start_tls()
                for step in script:
                    step(talk)
            finally:
                talk.socket.close()
