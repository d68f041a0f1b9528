"""Connecting to a mail server: the one place where the TLS policy of DESIGN 7 is carried out.

    TCP -> (STARTTLS dialogue ->) TLS handshake, verified -> Line
                                      | does not verify
                                      v
           a second connection, unverified, on which nothing is said: its certificate
           is described -> TlsRefused, for the user to decide
    With a pin for this host the first handshake is unverified and compared with the pins; when
    none matches, the connection is made again as if there were no pin, and a refusal is loud.

What comes back is a `Line`; greetings and capabilities are the protocols' own.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable

from martlet.mail.account import Security, Server
from martlet.mail.errors import MailError
from martlet.mail.route import Route
from martlet.net import tls
from martlet.net.line import LINE_LIMIT, Line, Woken
from martlet.net.trouble import plain_expected, tls_expected, translate
from martlet.net.waker import Waker
from martlet.net.words import server_words

__all__ = [
    "LINE_LIMIT",
    "Line",
    "Waker",
    "Woken",
    "connect",
    "plain_expected",
    "server_words",
    "tls_expected",
    "translate",
]


def connect(
    server: Server,
    *,
    route: Route,
    timeout_s: float,
    starttls: Callable[[Line], None] | None,
) -> Line:
    """A line to the server, private as the account asks.

    starttls: for Security.STARTTLS, the dialogue from the greeting to the server's go-ahead,
        raising a MailError when it is not offered. It may be called again, each time with a fresh
        line, and must keep nothing of what was said before TLS. Not called otherwise.
    Raises Offline, TlsRefused, or what `starttls` raises.
    """
    if server.security is Security.NONE:
        return _open(server, timeout_s)
    known = {
        pin.sha256.lower().replace(":", "") for pin in route.pins if _same(pin.host, server.host)
    }
    if known:
        line = _private(server, tls.unverified_context(), timeout_s, starttls)
        if tls.fingerprint(line.peer_certificate) in known:
            return line
        line.close()
    context = tls.verified_context(route.ca_file)
    try:
        return _private(server, context, timeout_s, starttls)
    except ssl.SSLCertVerificationError as error:
        seen = _certificate(server, timeout_s, starttls)
        raise tls.refusal(error, server.host, seen, bool(known)) from None


def _same(one: str, other: str) -> bool:
    return one.casefold().rstrip(".") == other.casefold().rstrip(".")


def _open(server: Server, timeout_s: float) -> Line:
    try:
        sock = socket.create_connection((server.host, server.port), timeout=timeout_s)
    except (OSError, UnicodeError, OverflowError) as error:
        raise translate(error, server) from None
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # Finds out that the other side is gone while we wait in IDLE.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return Line(sock, server, timeout_s)


def _private(
    server: Server,
    context: ssl.SSLContext,
    timeout_s: float,
    starttls: Callable[[Line], None] | None,
) -> Line:
    """A line after its TLS handshake. SSLCertVerificationError is passed on untranslated."""
    line = _open(server, timeout_s)
    try:
        if server.security is Security.STARTTLS:
            if starttls is None:
                raise ValueError("STARTTLS needs the protocol's dialogue")
            starttls(line)
        try:
            line.upgrade(context)
        except ssl.SSLCertVerificationError:
            raise
        except (OSError, UnicodeError) as error:
            raise translate(error, server) from None
    except BaseException:
        line.close()
        raise
    return line


def _certificate(
    server: Server, timeout_s: float, starttls: Callable[[Line], None] | None
) -> tls.Certificate | None:
    """The certificate the server shows, or None when it cannot be had a second time."""
    try:
        line = _private(server, tls.unverified_context(), timeout_s, starttls)
    except MailError:
        return None
    der = line.peer_certificate
    line.close()
    return tls.describe(der)
