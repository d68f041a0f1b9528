"""Fetches a page by HTTPS from a host that nobody knows yet; distrustful of what comes back.

HTTPS with a certificate that verifies, and nothing else: redirects too, which are few and stay on
the usual port of named hosts. No cookies, no compression, no sign-in, no proxy of the environment;
all of it within one time and one size. Why it is no library's: app/decisions/0014.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from martlet.mail.errors import BadServer, Refused
from martlet.mail.route import Route
from martlet.mail.typed import is_host
from martlet.net.http_answer import Answer
from martlet.net.reach import LookUp, look_up
from martlet.net.redirects import follow, sent_on
from martlet.net.web_line import web_line
from martlet.net.words import server_words

PORT = 443
REDIRECTS = 3
URL_LIMIT = 2000
_ACCEPT = "text/xml, application/xml, */*;q=0.5"


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
        self._route = Route(ca_file)
        self._look_up = look_up
        self._timeout_s = timeout_s

    def get(self, url: str, *, limit: int, visited: Callable[[str], object]) -> Page:
        """The page of that https URL. limit: bytes of it. visited: told each host first.

        Raises Refused (no such page), Offline, TlsRefused, BadServer (no HTTP, too large, sent on
        too often or to where we do not go).
        """
        until = time.monotonic() + self._timeout_s

        def visit(url: str) -> tuple[str, str | Page]:
            host, target = _parts(url)
            visited(host)
            return host, self._ask(host, target, limit, until)

        return follow(url, REDIRECTS, visit)

    def _ask(self, host: str, target: str, limit: int, until: float) -> str | Page:
        """Where we are sent on to, or the page."""
        with web_line(
            host, PORT, private=True, route=self._route, until=until, look_up=self._look_up
        ) as line:
            line.write(get_request(host, target, _ACCEPT, "Martlet"))
            answer = Answer(line)
            where = sent_on(answer, host)
            if where:
                return where
            if answer.status != 200:
                raise Refused(f"{host} has no such page.", f"HTTP {answer.status}")
            return Page(host, answer.body(limit))


def get_request(place: str, target: str, accept: str, agent: str) -> bytes:
    """A GET that tells nothing of who asks. place: host, with the port where it is unusual.
    agent: the program."""
    return (
        f"GET {target} HTTP/1.1\r\nHost: {place}\r\nUser-Agent: {agent}\r\n"
        f"Accept: {accept}\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"
    ).encode("ascii")


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
