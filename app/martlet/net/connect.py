"""Connecting to a mail server: the one place where the TLS policy of DESIGN 7 is carried out.

    TCP -> (proxy ->) (STARTTLS dialogue ->) TLS handshake, verified -> Line
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
from martlet.mail.route import Pin, Proxy, Route, Stage
from martlet.net import certificate, proxy, tls
from martlet.net.line import LINE_LIMIT, Line, Woken
from martlet.net.reach import reach
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


StartTls = Callable[[Line], None]


def connect(
    server: Server,
    *,
    route: Route,
    timeout_s: float,
    starttls: StartTls | None,
) -> Line:
    """A line to the server, private as the account asks, by the route's proxy where it has one.

    starttls: for Security.STARTTLS, the dialogue from the greeting to the server's go-ahead,
        raising a MailError when it is not offered. It may be called again, each time with a fresh
        line, and must keep nothing of what was said before TLS. Not called otherwise.
    timeout_s: for the connection, and from then on for each step that stands still.
    Raises Offline, TlsRefused, what `proxy.ask` and `own_certificate.load` raise, or what
    `starttls` raises.
    """
    return _Attempt(server, route, timeout_s, starttls).line()


class _Attempt:
    """One `connect`, which may take several connections."""

    def __init__(
        self, server: Server, route: Route, timeout_s: float, starttls: StartTls | None
    ) -> None:
        self._server = server
        self._route = route
        self._timeout_s = timeout_s
        self._starttls = starttls
        self._told: set[Stage] = set()

    def line(self) -> Line:
        server, route = self._server, self._route
        if server.security is Security.NONE:
            return self._open()
        known = {pin.sha256.lower().replace(":", "") for pin in route.pins if self._for_us(pin)}
        # What is wrong with our own files is said before anybody is spoken to.
        context = tls.verified_context(route)
        if known:
            line = self._private(tls.pinned_context(route))
            if tls.fingerprint(line.peer_certificate) in known:
                self._reached(Stage.CERTIFICATE)
                return line
            line.close()
        try:
            line = self._private(context)
        except ssl.SSLCertVerificationError as error:
            seen = self._shown()
            raise tls.refusal(error, server.host, seen, bool(known), certificate.now()) from None
        self._reached(Stage.CERTIFICATE)
        return line

    def _for_us(self, pin: Pin) -> bool:
        return _plain(pin.host) == _plain(self._server.host)

    def _reached(self, stage: Stage) -> None:
        if self._route.reached is not None and stage not in self._told:
            self._told.add(stage)
            self._route.reached(stage)

    def _open(self) -> Line:
        if self._route.proxy is not None:
            sock = self._by_proxy(self._route.proxy)
        else:
            try:
                sock = reach(
                    self._server.host,
                    self._server.port,
                    self._timeout_s,
                    named=lambda: self._reached(Stage.NAME),
                )
            except (OSError, ValueError, OverflowError) as error:
                raise translate(error, self._server) from None
        self._reached(Stage.CONNECTION)
        return Line(sock, self._server, self._timeout_s)

    def _by_proxy(self, by: Proxy) -> socket.socket:
        try:
            sock = reach(by.host, by.port, self._timeout_s, named=lambda: None)
        except (OSError, ValueError, OverflowError) as error:
            raise proxy.lost(error, by) from None
        try:
            proxy.ask(sock, by, self._route.proxy_secret, self._server, self._timeout_s)
        except BaseException:
            sock.close()
            raise
        self._reached(Stage.NAME)
        return sock

    def _private(self, context: ssl.SSLContext) -> Line:
        """A line after its TLS handshake. SSLCertVerificationError is passed on untranslated."""
        line = self._open()
        try:
            if self._server.security is Security.STARTTLS:
                if self._starttls is None:
                    raise ValueError("STARTTLS needs the protocol's dialogue")
                self._starttls(line)
            try:
                line.upgrade(context)
            except ssl.SSLCertVerificationError:
                raise
            except (OSError, ValueError) as error:
                raise translate(error, self._server) from None
        except BaseException:
            line.close()
            raise
        return line

    def _shown(self) -> certificate.Certificate | None:
        """The certificate the server shows, or None when it cannot be had a second time."""
        try:
            line = self._private(tls.unverified_context())
        except MailError:
            return None
        der = line.peer_certificate
        line.close()
        return certificate.describe(der)


def _plain(host: str) -> str:
    return host.lower().rstrip(".")
