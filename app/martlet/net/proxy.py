"""Asking a proxy for a connection: SOCKS5 (RFC 1928, RFC 1929) and HTTP CONNECT (RFC 9110, 9.3.6).

    SOCKS5:  methods -> [user and password ->] CONNECT name:port -> its answer
    HTTP:    CONNECT name:port, Basic where there is a user -> status line and header
The name goes to the proxy as it is: nobody is asked for it here. Not a byte beyond the proxy's
answer is read, so that what follows is the mail server's, whatever came with it in one packet.
"""

from __future__ import annotations

import base64
import ipaddress
import socket
import string
import time

from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, Refused
from martlet.mail.host_name import ascii_name
from martlet.mail.route import Proxy, ProxyKind
from martlet.mail.server import Server
from martlet.net.words import server_words

HEADER_LIMIT = 16_384
_NAME = frozenset(string.ascii_letters + string.digits + ".-_:")
_END = b"\r\n\r\n"
_UNASSIGNED = "its answer means nothing"
# RFC 1928, 6: why there is no connection, and what follows from it.
_ANSWERS: dict[int, tuple[str, type[MailError]]] = {
    1: ("it does not say why", Offline),
    2: ("it does not allow that", Refused),
    3: ("the network there cannot be reached", Offline),
    4: ("the server cannot be reached, or there is none of that name", Offline),
    5: ("the server refused the connection", Offline),
    6: ("the server did not answer in time", Offline),
    7: ("it makes no connections", BadServer),
    8: ("it does not know this kind of address", BadServer),
}


def ask(sock: socket.socket, proxy: Proxy, secret: str, server: Server, timeout_s: float) -> None:
    """Has the proxy connect this socket to the server; returns once it is.

    sock: connected to the proxy. secret: the proxy's password. timeout_s: for all of it.
    Raises Offline, Refused, AuthFailed or BadServer, all of which name the proxy.
    """
    wire = _Wire(sock, proxy, time.monotonic() + timeout_s)
    try:
        host = _named(server.host)
        if proxy.kind is ProxyKind.SOCKS5:
            _socks5(wire, secret, host, server.port)
        else:
            _http(wire, secret, host, server.port)
    except UnicodeEncodeError:  # its words would hold what cannot be sent
        raise AuthFailed(f"{wire.whom} cannot be told this user name or password.") from None
    except OSError as error:
        raise lost(error, proxy) from None


def lost(error: BaseException, proxy: Proxy) -> Offline:
    """What a socket's error means when it is the proxy that was spoken to."""
    whom = _whom(proxy)
    detail = f"{type(error).__name__}: {error}"[:300]
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        why = f"The name of {whom[0].lower()}{whom[1:]} cannot be looked up now."
    elif isinstance(error, socket.gaierror | ValueError):
        why = f"There is no proxy named {proxy.host}."
    elif isinstance(error, TimeoutError):
        why = f"{whom} did not answer in time."
    elif isinstance(error, ConnectionRefusedError):
        why = f"{whom} refused the connection. It may be down, or the port may be wrong."
    elif isinstance(error, ConnectionError):
        why = f"{whom} closed the connection."
    else:
        why = f"{whom} cannot be reached from this network."
    return Offline(why, detail)


class _Wire:
    """The socket to the proxy, read to the byte and until a moment."""

    def __init__(self, sock: socket.socket, proxy: Proxy, until: float) -> None:
        self.proxy = proxy
        self.whom = _whom(proxy)
        self._sock = sock
        self._until = until

    def write(self, data: bytes) -> None:
        self._hurry()
        self._sock.sendall(data)

    def exactly(self, count: int) -> bytes:
        """So many bytes and no more."""
        found = b""
        while len(found) < count:
            self._hurry()
            data = self._sock.recv(count - len(found))
            if not data:
                raise ConnectionResetError("ended")
            found += data
        return found

    def header(self) -> bytes:
        """Up to and with the empty line that ends an HTTP header."""
        found = b""
        while True:
            self._hurry()
            seen = self._sock.recv(4096, socket.MSG_PEEK)
            if not seen:
                raise ConnectionResetError("ended")
            overlap = len(found)
            end = (found + seen).find(_END, max(0, overlap - len(_END) + 1))
            take = len(seen) if end < 0 else end + len(_END) - overlap
            found += self.exactly(take)
            if end >= 0:
                return found
            if len(found) > HEADER_LIMIT or not b"HTTP/".startswith(found[:5]):
                raise BadServer(f"{self.whom} does not answer as an HTTP proxy does.")

    def _hurry(self) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)


def _socks5(wire: _Wire, secret: str, host: str, port: int) -> None:
    user = wire.proxy.user
    wire.write(b"\x05\x02\x00\x02" if user else b"\x05\x01\x00")
    version, method = wire.exactly(2)
    if version != 5:
        raise BadServer(f"{wire.whom} does not speak SOCKS5; it may be an HTTP proxy.")
    if method == 2 and user:
        _socks5_sign_in(wire, user.encode(), secret.encode())
    elif method == 0xFF or method == 2:
        raise AuthFailed(
            f"{wire.whom} wants another way of signing in."
            if user
            else f"{wire.whom} wants a user name and a password."
        )
    elif method != 0:
        raise BadServer(f"{wire.whom} chose a way of signing in that was not offered.")
    wire.write(b"\x05\x01\x00" + _socks5_place(host) + port.to_bytes(2, "big"))
    version, answer, _, kind = wire.exactly(4)
    if version != 5:
        raise BadServer(f"{wire.whom} does not speak SOCKS5.")
    if answer:
        why, error = _ANSWERS.get(answer, (_UNASSIGNED, Offline))
        raise error(
            f"{wire.whom} could not connect to {host} port {port}: {why}.", f"SOCKS5 {answer}"
        )
    # The address it connects from: of no use, but it has to be read.
    sizes = {1: 4, 4: 16}
    if kind == 3:
        wire.exactly(wire.exactly(1)[0] + 2)
    elif kind in sizes:
        wire.exactly(sizes[kind] + 2)
    else:
        raise BadServer(f"{wire.whom} gave an answer that cannot be read.")


def _socks5_sign_in(wire: _Wire, user: bytes, secret: bytes) -> None:
    """RFC 1929, whose fields hold 255 bytes."""
    if not secret or max(len(user), len(secret)) > 255:
        raise AuthFailed(f"{wire.whom} wants a user name and a password.")
    wire.write(b"\x01%c%b%c%b" % (len(user), user, len(secret), secret))
    if wire.exactly(2)[1] != 0:
        raise AuthFailed(f"{wire.whom} refused the user name or password.")


def _socks5_place(host: str) -> bytes:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("ascii")
        return b"\x03%c%b" % (len(name), name)
    return (b"\x01" if address.version == 4 else b"\x04") + address.packed


def _http(wire: _Wire, secret: str, host: str, port: int) -> None:
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    user = wire.proxy.user
    if user:
        if ":" in user:  # RFC 7617, 2
            raise AuthFailed(f"A user name for {wire.whom[0].lower()}{wire.whom[1:]} has no colon.")
        credentials = base64.b64encode(f"{user}:{secret}".encode()).decode("ascii")
        lines.append(f"Proxy-Authorization: Basic {credentials}")
    wire.write(("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
    first, *rest = wire.header()[: -len(_END)].split(b"\r\n")
    version, _, said = first.partition(b" ")
    code, _, _ = said.partition(b" ")
    if not version.startswith(b"HTTP/1.") or len(code) != 3 or not code.isdigit():
        raise BadServer(f"{wire.whom} does not answer as an HTTP proxy does.")
    # Any 2xx is a yes, and what it says of a length is to be passed over (RFC 9110, 9.3.6).
    if code.startswith(b"2"):
        return
    words = server_words(said)
    if code == b"407":
        if not user:
            raise AuthFailed(f"{wire.whom} wants a user name and a password.", words)
        if not any(_offers_basic(line) for line in rest):
            raise AuthFailed(f"{wire.whom} wants another way of signing in.", words)
        raise AuthFailed(f"{wire.whom} refused the user name or password.", words)
    later = code.startswith(b"5") or code == b"429"
    sentence = f"{wire.whom} does not connect to {host} port {port}."
    raise Offline(sentence, words) if later else Refused(sentence, words)


def _offers_basic(line: bytes) -> bool:
    name, _, value = line.lower().partition(b":")
    return name.strip() == b"proxy-authenticate" and b"basic" in value


def _named(host: str) -> str:
    """The name as it may stand in a request. A name that cannot be one is Offline."""
    try:
        known = host if ":" in host else ascii_name(host)
    except UnicodeError:
        known = ""
    if not 0 < len(known) < 256 or not all(c in _NAME for c in known):
        raise Offline(f"There is no server named {host}.")
    return known


def _whom(proxy: Proxy) -> str:
    return f"The proxy {proxy.host} port {proxy.port}"
