"""Fetches a page by HTTPS from a host that nobody knows yet; distrustful of what comes back.

HTTPS with a certificate that verifies, and nothing else: redirects too, which are few and stay on
the usual port of named hosts. No cookies, no compression, no sign-in, no proxy of the environment;
all of it within one time and one size. It is Python's own http.client: app/decisions/0014.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from martlet.mail.errors import BadServer, MailError, Offline, Refused, TlsRefused
from martlet.mail.route import Route
from martlet.mail.typed import is_host
from martlet.net import tls
from martlet.net.certificate import now
from martlet.net.reach import LookUp, look_up, reach
from martlet.net.words import server_words

PORT = 443
REDIRECTS = 3
URL_LIMIT = 2000
_MOVED = (301, 302, 303, 307, 308)
_HEADERS = {"User-Agent": "Martlet", "Accept": "text/xml, application/xml, */*;q=0.5"}


@dataclass(frozen=True, slots=True)
class Page:
    """host: who gave it in the end."""

    host: str
    body: bytes


class Web:
    """ca_file: certificates (PEM) trusted besides the system's, or "".

    timeout_s: for a whole page, redirects and all; looking up names has the system's own limit.
    """

    def __init__(self, *, ca_file: str = "", look_up: LookUp = look_up, timeout_s: float = 5.0):
        self._context = tls.verified_context(Route(ca_file))
        self._look_up = look_up
        self._timeout_s = timeout_s

    def get(self, url: str, *, limit: int, visited: Callable[[str], object]) -> Page:
        """The page of that https URL. limit: bytes of it. visited: told each host first.

        Raises Refused (no such page), Offline, TlsRefused, BadServer (no HTTP, too large, sent on
        too often or to where we do not go).
        """
        until = time.monotonic() + self._timeout_s
        for _ in range(REDIRECTS + 1):
            host, target = _parts(url)
            visited(host)
            moved, body = self._ask(host, target, limit, until)
            if not moved:
                return Page(host, body)
            try:
                url = urljoin(url, moved)
            except ValueError:
                raise BadServer(f"{host} sends us on to no address.") from None
        raise BadServer(f"{host} sends us on too often.")

    def _ask(self, host: str, target: str, limit: int, until: float) -> tuple[str, bytes]:
        """Where we are sent on to, or "", and the body."""
        line = _Line(host, self._context, self._look_up, until)
        try:
            line.request("GET", target, headers=_HEADERS)
            with contextlib.closing(line.getresponse()) as answer:
                if answer.status in _MOVED:
                    return _location(host, answer.getheader("Location", "")), b""
                if answer.status != 200:
                    raise Refused(f"{host} has no such page.", f"HTTP {answer.status}")
                return "", self._body(line, answer, limit)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _trouble(error, host, late=line.late) from None
        finally:
            line.end()

    def _body(self, line: _Line, answer: http.client.HTTPResponse, limit: int) -> bytes:
        body = answer.read(limit + 1)
        if len(body) > limit:
            raise BadServer(f"{line.host} sends a page larger than {limit} bytes.")
        # What has no length ends with the line, whoever ended it.
        line.check_time()
        if answer.length:
            raise http.client.IncompleteRead(b"", answer.length)
        return body


class _Line(http.client.HTTPSConnection):
    """A connection that ends when its time is over, however slowly the other side speaks."""

    def __init__(self, host: str, context: ssl.SSLContext, look_up: LookUp, until: float) -> None:
        super().__init__(host, PORT, context=context)
        self._verifying = context
        self._looking_up = look_up
        self._until = until
        self._clock: threading.Timer | None = None
        self.late = False

    def connect(self) -> None:
        raw = reach(
            self.host,
            PORT,
            self._left(),
            named=lambda: None,
            look_up=self._looking_up,
        )
        try:
            private = self._verifying.wrap_socket(
                raw, server_hostname=self.host, do_handshake_on_connect=False
            )
        except BaseException:
            raw.close()
            raise
        self.sock = private
        self._clock = threading.Timer(self._left(), self._hang_up, (private,))
        self._clock.daemon = True
        self._clock.start()
        private.do_handshake()

    def check_time(self) -> None:
        if self.late:
            raise TimeoutError

    def end(self) -> None:
        """Gives all of it back. `close` is also called while a page without a length still comes:
        the time for it goes on.
        """
        if self._clock is not None:
            self._clock.cancel()
        self.close()

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            self.late = True
            raise TimeoutError
        return left

    def _hang_up(self, sock: socket.socket) -> None:
        self.late = True
        with contextlib.suppress(OSError):
            # Not SSLSocket.shutdown, which would pull the TLS state from under a reader.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _parts(url: str) -> tuple[str, str]:
    """Host and target of a URL that we may go to. Raises BadServer."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        host, port = "", None
    safe = len(url) <= URL_LIMIT and all(32 < ord(c) < 127 for c in url)
    if not safe or not host or not is_host(host) or _is_number(host) or "@" in parts.netloc:
        raise BadServer("We are sent on to no address of a web page.", server_words(url, 200))
    if parts.scheme != "https":
        raise BadServer(f"{host} would be asked without encryption, so it is not asked.")
    if port not in (None, PORT):
        raise BadServer(f"{host} would be asked on an unusual port, so it is not asked.")
    return host, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _location(host: str, text: str) -> str:
    if not text:
        raise BadServer(f"{host} sends us on to no address.")
    return text


def _trouble(error: Exception, host: str, *, late: bool) -> MailError:
    detail = server_words(f"{type(error).__name__}: {error}")
    if late or isinstance(error, TimeoutError):
        return Offline(f"{host} did not answer in time.", detail)
    if isinstance(error, ssl.SSLCertVerificationError):
        found = tls.refusal(error, host, None, False, now())
        return TlsRefused(found.summary, found.detail)
    if isinstance(error, ssl.SSLError):
        return TlsRefused(f"{host} and this computer could not agree on TLS.", detail)
    if isinstance(error, socket.gaierror | UnicodeError):
        return Offline(f"There is no host named {host}.", detail)
    if isinstance(error, ConnectionRefusedError):
        return Offline(f"{host} has no web server.", detail)
    if isinstance(error, http.client.RemoteDisconnected | ConnectionError):
        return Offline(f"{host} closed the connection.", detail)
    if isinstance(error, OSError):
        return Offline(f"{host} cannot be reached.", detail)
    return BadServer(f"{host} does not speak HTTP as it should.", detail)
