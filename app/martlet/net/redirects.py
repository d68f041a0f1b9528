"""Follows answers of HTTP that send us on, a few times. Where we may go, each visit says itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urljoin

from martlet.mail.errors import BadServer
from martlet.net.http_answer import Answer

_MOVED = (301, 302, 303, 307, 308)

T = TypeVar("T")


def sent_on(answer: Answer, host: str) -> str:
    """Where this answer sends us on to, "" if it does not. BadServer where that is no address."""
    if answer.status not in _MOVED:
        return ""
    where = answer.headers.get("location", "")
    if not where:
        raise _nowhere(host)
    # A header's bytes came as Latin-1; what is not ASCII was UTF-8.
    return where.encode("latin-1").decode("utf-8", "replace")


def follow(url: str, most: int, visit: Callable[[str], tuple[str, str | T]]) -> T:
    """What is there in the end. visit(url): the host that was asked, and where it sends us on to
    or what it has. Raises BadServer for more than `most` redirects."""
    host = ""
    for _ in range(most + 1):
        host, found = visit(url)
        if not isinstance(found, str):
            return found
        try:
            url = urljoin(url, found)
        except ValueError:
            raise _nowhere(host) from None
    raise BadServer(f"{host} sends us on too often.")


def _nowhere(host: str) -> BadServer:
    return BadServer(f"{host} sends us on to no address.")
