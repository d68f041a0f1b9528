"""Proxies on loopback that really connect: SOCKS5 (RFC 1928, RFC 1929) and HTTP CONNECT.

    with Tunnels(ProxyKind.SOCKS5, user="ada", password="p") as proxy:
        connect(server, route=Route(proxy=proxy.named(), proxy_secret="p"), ...)

places: who was asked for, as the client wrote it. Any name is taken for loopback, so that a test
sees that nobody but the proxy looks it up.
"""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import socket
import threading
from functools import partial

from martlet.mail.route import Proxy, ProxyKind
from support.listener import Serving, end


class Tunnels(Serving):
    """user "": nobody has to sign in. places: who was asked for, in their order."""

    def __init__(self, kind: ProxyKind, user: str = "", password: str = "") -> None:
        super().__init__(lambda sock: partial(self._serve, sock), "tunnels")
        self._kind = kind
        self._user = user
        self._password = password
        self.places: list[tuple[str, int]] = []

    def named(self) -> Proxy:
        """How an account names it."""
        return Proxy(self._kind, "127.0.0.1", self.port, self._user)

    def _serve(self, near: socket.socket) -> None:
        stream = near.makefile("rb", buffering=0)
        ask = self._socks5 if self._kind is ProxyKind.SOCKS5 else self._http
        host, port = ask(near, stream)
        self.places.append((host, port))
        try:
            far = socket.create_connection(("127.0.0.1", port))
        except OSError:
            near.sendall(self._words(connected=False))
            return
        self._listener.hold(far)
        near.sendall(self._words(connected=True))
        back = threading.Thread(target=_pass, args=(far, near), daemon=True)
        back.start()
        _pass(near, far)
        back.join()
        far.close()

    def _words(self, *, connected: bool) -> bytes:
        if self._kind is ProxyKind.SOCKS5:
            return b"\x05%c\x00\x01\x00\x00\x00\x00\x00\x00" % (0 if connected else 5)
        status = b"200 Connection established" if connected else b"502 Bad gateway"
        return b"HTTP/1.1 %b\r\nVia: 1.1 test\r\n\r\n" % status

    def _socks5(self, near: socket.socket, stream: socket.SocketIO) -> tuple[str, int]:
        version, count = _exactly(stream, 2)
        assert version == 5
        methods = _exactly(stream, count)
        if self._user:
            assert 2 in methods
            near.sendall(b"\x05\x02")
            user = _exactly(stream, _exactly(stream, 2)[1])
            password = _exactly(stream, _exactly(stream, 1)[0])
            good = (user.decode(), password.decode()) == (self._user, self._password)
            near.sendall(b"\x01%c" % (0 if good else 1))
        else:
            near.sendall(b"\x05\x00")
        *head, kind = _exactly(stream, 4)
        assert head == [5, 1, 0]
        if kind == 3:
            host = _exactly(stream, _exactly(stream, 1)[0]).decode()
        else:
            host = str(ipaddress.ip_address(_exactly(stream, 4 if kind == 1 else 16)))
        return host, int.from_bytes(_exactly(stream, 2), "big")

    def _http(self, near: socket.socket, stream: socket.SocketIO) -> tuple[str, int]:
        lines = []
        while line := stream.readline().strip():
            lines.append(line.decode())
        method, place, version = lines[0].split()
        assert (method, version) == ("CONNECT", "HTTP/1.1")
        if self._user:
            wanted = base64.b64encode(f"{self._user}:{self._password}".encode()).decode()
            if f"Proxy-Authorization: Basic {wanted}" not in lines:
                near.sendall(b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\n\r\n")
                raise OSError("not signed in")
        host, _, port = place.rpartition(":")
        return host.strip("[]"), int(port)


def _exactly(stream: socket.SocketIO, count: int) -> bytes:
    found = b""
    while len(found) < count:
        data = stream.read(count - len(found))
        if not data:
            raise OSError("the client hung up")
        found += data
    return found


def _pass(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    end(source)
    end(target)
