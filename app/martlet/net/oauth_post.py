"""One form sent to a token endpoint by HTTPS, and its answer; distrustful of what comes back.

HTTP/1.1 (RFC 9112) over the same lines as mail, so that the TLS policy, the proxy and the words for
what goes wrong are theirs. No redirects, no cookies, no compression, one request a connection. What
the answer means is in `oauth`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from martlet import __version__
from martlet.mail.errors import BadServer, Offline, Refused, TlsRefused
from martlet.mail.route import Route
from martlet.mail.server import Protocol, Security, Server
from martlet.net.connect import connect
from martlet.net.line import Line
from martlet.net.trouble import where

ANSWER_LIMIT = 65_536
_HEAD_LINE = 16_384
_HEAD_LINES = 100
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Answer:
    """status: of HTTP. body: at most ANSWER_LIMIT bytes; no repr shows it: it may hold tokens."""

    status: int
    body: bytes

    def __repr__(self) -> str:
        return f"<Answer {self.status}>"


def check_url(url: str) -> str:
    """The URL's host. Refused unless it is https with a host, or http on loopback."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    safe = host and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))
    odd = not url.isascii() or any(not 32 < ord(c) < 127 for c in url) or "@" in url.split("?")[0]
    if not safe or odd or port == 0 or len(url) > 2000:
        raise Refused("The address of a sign-in page must begin with https://.", url[:100])
    return host


def post(url: str, form: Mapping[str, str], *, route: Route, timeout_s: float) -> Answer:
    """Sends a form and answers what came back, whatever its status.

    timeout_s: for each step and, four times that, for all of it. Raises Refused (URL), Offline,
    TlsRefused, BadServer.
    """
    host = check_url(url)
    parts = urlsplit(url)
    private = parts.scheme == "https"
    port = parts.port or (443 if private else 80)
    # Only `connect` reads the protocol, and that for advice about ports.
    server = Server(Protocol.IMAP, host, port, Security.TLS if private else Security.NONE, user="")
    # A pin and a certificate are for a mail server; who gives out tokens must prove itself.
    route = replace(route, pins=(), certificate="", certificate_secret="", reached=None)
    try:
        line = connect(server, route=route, timeout_s=timeout_s, starttls=None)
    except TlsRefused as error:
        raise TlsRefused(error.summary, error.detail) from None
    try:
        line.write(_request(parts.netloc, parts.path or "/", parts.query, form))
        return _Reader(line, time.monotonic() + 4 * timeout_s).answer()
    finally:
        line.close()


def _request(place: str, path: str, query: str, form: Mapping[str, str]) -> bytes:
    body = urlencode(form).encode("ascii")
    target = f"{path}?{query}" if query else path
    head = (
        f"POST {target} HTTP/1.1\r\nHost: {place}\r\nUser-Agent: Martlet/{__version__}\r\n"
        "Accept: application/json\r\nAccept-Encoding: identity\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


class _Reader:
    """Reads one answer from a line, within its limits of size and time."""

    def __init__(self, line: Line, until: float) -> None:
        self._line = line
        self._until = until

    def answer(self) -> Answer:
        for _ in range(5):
            status = self._status()
            headers = self._headers()
            if status >= 200:  # 1xx come before the answer
                break
        else:
            raise self._broken("more than five interim answers")
        if status in (204, 304):
            return Answer(status, b"")
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return Answer(status, self._chunks())
        length = headers.get("content-length")
        if length is not None:
            return Answer(status, self._exact(self._number(length, 10)))
        return Answer(status, self._rest())

    def _text(self) -> str:
        if time.monotonic() > self._until:
            raise Offline(f"{where(self._line.server)} did not answer in time.")
        return self._line.read_line(_HEAD_LINE).decode("latin-1").rstrip("\r\n")

    def _status(self) -> int:
        version, _, rest = self._text().partition(" ")
        status = rest[:3]
        if not version.startswith("HTTP/1.") or not (status.isascii() and status.isdecimal()):
            raise self._broken("no status line")
        return int(status)

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        for _ in range(_HEAD_LINES):
            text = self._text()
            if not text:
                return headers
            name, _, value = text.partition(":")
            headers[name.strip().lower()] = value.strip()
        raise self._broken("too many header lines")

    def _number(self, text: str, base: int) -> int:
        digits = "0123456789abcdef"[:base]
        if not text or len(text) > 12 or set(text.lower()) - set(digits):
            raise self._broken("no length")
        if int(text, base) > ANSWER_LIMIT:
            raise self._broken("too long")
        return int(text, base)

    def _exact(self, count: int) -> bytes:
        body = bytearray()
        while len(body) < count:
            if time.monotonic() > self._until:
                raise Offline(f"{where(self._line.server)} did not answer in time.")
            body += self._line.read_some()
        return bytes(body[:count])

    def _chunks(self) -> bytes:
        body = bytearray()
        while True:
            size = self._number(self._text().partition(";")[0].strip(), 16)
            if not size:
                return bytes(body)
            if len(body) + size > ANSWER_LIMIT:
                raise self._broken("too long")
            body += self._line.read_exact(size)
            if self._text():
                raise self._broken("a chunk without its end")

    def _rest(self) -> bytes:
        body = bytearray()
        while len(body) <= ANSWER_LIMIT:
            if time.monotonic() > self._until:
                raise Offline(f"{where(self._line.server)} did not answer in time.")
            try:
                body += self._line.read_some()
            except Offline:
                # Without a length the end of the line is the end of the answer.
                return bytes(body)
        raise self._broken("too long")

    def _broken(self, why: str) -> BadServer:
        host = self._line.server.host
        return BadServer(f"The sign-in server {host} sent an answer that cannot be read.", why)
