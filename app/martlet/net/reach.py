"""A TCP connection to a name: every address it has is tried, none may use up all the time.

What is said on the connection, and by whom a proxy is asked instead, is in `connect` and `proxy`.
"""

from __future__ import annotations

import contextlib
import errno
import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from martlet.mail.host_name import ascii_name

ADDRESSES_LIMIT = 8
# An address that does not answer, IPv6 through a broken tunnel most of all, leaves the rest of the
# time to the others.
SHARE_S = 5.0
_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


@dataclass(frozen=True, slots=True)
class Address:
    """family: AF_INET or AF_INET6. place: as `socket.connect` takes it."""

    family: int
    place: tuple[Any, ...]


LookUp = Callable[[str, int], Sequence[Address]]


def look_up(host: str, port: int) -> Sequence[Address]:
    """The addresses of a name, in the system's order (RFC 6724). Raises OSError, ValueError."""
    known = host if host.isascii() else ascii_name(host)
    found = socket.getaddrinfo(known, port, type=socket.SOCK_STREAM)
    return [Address(family, place) for family, _, _, _, place in found]


def reach(
    host: str,
    port: int,
    timeout_s: float,
    *,
    named: Callable[[], object],
    look_up: LookUp = look_up,
) -> socket.socket:
    """A connected socket, its timeout what is left of timeout_s for one step.

    timeout_s: for the lookup, and once more for all addresses together.
    named: called when the name has an address.
    Raises OSError, ValueError or OverflowError untranslated: the error that tells most.
    """
    found = _within(timeout_s, lambda: look_up(host, port))
    addresses = _alternating(found)[:ADDRESSES_LIMIT]
    if not addresses:
        raise socket.gaierror(socket.EAI_NONAME, "no address")
    named()
    until = time.monotonic() + timeout_s
    told: OSError | None = None
    for number, address in enumerate(addresses, 1):
        left = max(0.001, until - time.monotonic())
        if number < len(addresses):
            left = min(left / (len(addresses) - number + 1), SHARE_S)
        try:
            return _dial(address, left, timeout_s)
        except OSError as error:
            if told is None or _tells(error) >= _tells(told):
                told = error
    assert told is not None
    raise told


def _within(timeout_s: float, ask: Callable[[], Sequence[Address]]) -> Sequence[Address]:
    """The answer, if it comes in time. Where no name server answers, the system waits for half a
    minute and cannot be interrupted: it is left to a thread of its own.
    """
    answers: queue.SimpleQueue[Sequence[Address] | BaseException] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put(ask())
        except BaseException as error:
            answers.put(error)

    threading.Thread(target=run, name="net:name", daemon=True).start()
    try:
        answer = answers.get(timeout=timeout_s)
    except queue.Empty:
        raise socket.gaierror(socket.EAI_AGAIN, "no name server answers") from None
    if isinstance(answer, BaseException):
        raise answer
    return answer


def _dial(address: Address, share_s: float, timeout_s: float) -> socket.socket:
    sock = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        sock.settimeout(share_s)
        sock.connect(address.place)
        sock.settimeout(timeout_s)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Finds out that the other side is gone while we wait in IDLE.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    except BaseException:
        with contextlib.suppress(OSError):
            sock.close()
        raise
    return sock


def _alternating(addresses: Sequence[Address]) -> list[Address]:
    """The families take turns, beginning with the one the system prefers (RFC 8305, 4)."""
    if not addresses:
        return []
    first = [one for one in addresses if one.family == addresses[0].family]
    others = [one for one in addresses if one.family != addresses[0].family]
    return [one for one in chain(*zip_longest(first, others)) if one is not None]


def _tells(error: OSError) -> int:
    """How much an error says about the server, and not about this computer's network."""
    if error.errno in _UNREACHABLE:
        return 0
    return 1 if isinstance(error, TimeoutError) else 2
