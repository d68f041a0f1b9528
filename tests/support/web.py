"""Web servers of any names, by HTTPS on one loopback port; and how their names lead there.

    with Website(certificates, {("autoconfig.example.org", "/mail/config-v1.1.xml"): page}) as web:
        Web(ca_file=..., look_up=web.look_up).get("https://autoconfig.example.org/mail/...", ...)

A page is looked for by host and path, without the query; any other is 404. A Raw page is sent as it
is, so that a server can break HTTP or never come to an end.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from martlet.net.reach import Address

from .certificates import Certificates
from .listener import Serving
from .scripted import server_context


@dataclass(frozen=True, slots=True)
class Reply:
    """A page as HTTP gives it."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes sent as they are, one after the other, while the client listens."""

    pieces: Callable[[], Iterable[bytes]]


def moved(url: str, status: int = 302) -> Reply:
    """Sends the client on."""
    return Reply(status=status, headers={"Location": url})


Pages = Mapping[tuple[str, str], bytes | Reply | Raw]


class Loopback:
    """Where names lead in a test: each (host, port) to a port of loopback; no other exists."""

    def __init__(self, ports: Mapping[tuple[str, int], int]) -> None:
        self._ports = dict(ports)

    def look_up(self, host: str, port: int) -> Sequence[Address]:
        """As net.reach.LookUp."""
        real = self._ports.get((host.casefold(), port))
        if real is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name in this test")
        return [Address(socket.AF_INET, ("127.0.0.1", real))]


class Website(Serving):
    """asked: each request so far, as (host, target); heads: their headers, in small letters."""

    def __init__(self, certificates: Certificates, pages: Pages) -> None:
        super().__init__(self._begin, "website")
        self._context = server_context(certificates)
        self._pages = dict(pages)
        self.asked: list[tuple[str, str]] = []
        self.heads: list[str] = []

    @property
    def ports(self) -> dict[tuple[str, int], int]:
        """For Loopback: the hosts of its pages."""
        return {(host, 443): self.port for host, _ in self._pages}

    def look_up(self, host: str, port: int) -> Sequence[Address]:
        """As net.reach.LookUp: the hosts of its pages, and no others."""
        return Loopback(self.ports).look_up(host, port)

    def _begin(self, sock: socket.socket) -> Callable[[], None]:
        return lambda: self._serve(sock)

    def _serve(self, sock: socket.socket) -> None:
        private = self._context.wrap_socket(sock, server_side=True)
        self._listener.hold(private)
        try:
            self._answer(private)
        finally:
            private.close()

    def _answer(self, private: ssl.SSLSocket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            data = private.recv(65_536)
            if not data:
                return
            head += data
        lines = head.decode("latin-1").split("\r\n")
        target = lines[0].split(" ")[1]
        host = next(one for one in lines if one.lower().startswith("host:"))[5:].strip()
        self.asked.append((host, target))
        self.heads.append("\n".join(lines[1:]).lower())
        page = self._pages.get((host, target.partition("?")[0]), Reply(b"no", 404))
        if isinstance(page, Raw):
            for piece in page.pieces():
                private.sendall(piece)
        else:
            private.sendall(_bytes(page if isinstance(page, Reply) else Reply(page)))
        with contextlib.suppress(OSError):
            private.unwrap()


def _bytes(page: Reply) -> bytes:
    headers = {"Content-Length": str(len(page.body)), "Connection": "close", **page.headers}
    said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {page.status} Said\r\n{said}\r\n".encode("latin-1") + page.body
