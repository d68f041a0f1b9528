"""One form sent to a token endpoint by HTTPS, and its answer; distrustful of what comes back.

By the TLS policy and the proxy of the account's mail. No redirects, no cookies, no compression, one
request a connection (`web_line`, `http_answer`). What the answer means is in `oauth`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from martlet import __version__
from martlet.mail.errors import Refused
from martlet.mail.route import Route
from martlet.net import http_answer
from martlet.net.web_line import web_line

ANSWER_LIMIT = 65_536
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

    timeout_s: for each step and, four times that, for all of it. Raises Refused (URL),
    Offline, TlsRefused, BadServer.
    """
    host = check_url(url)
    parts = urlsplit(url)
    private = parts.scheme == "https"
    port = parts.port or (443 if private else 80)
    until = time.monotonic() + 4 * timeout_s
    with web_line(host, port, private=private, route=route, until=until) as line:
        line.timeout_s = timeout_s
        line.write(_request(parts.netloc, parts.path or "/", parts.query, form))
        answer = http_answer.Answer(line)
        return Answer(answer.status, answer.body(ANSWER_LIMIT))


def _request(place: str, path: str, query: str, form: Mapping[str, str]) -> bytes:
    body = urlencode(form).encode("ascii")
    target = f"{path}?{query}" if query else path
    head = (
        f"POST {target} HTTP/1.1\r\nHost: {place}\r\nUser-Agent: Martlet/{__version__}\r\n"
        "Accept: application/json\r\nAccept-Encoding: identity\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body
