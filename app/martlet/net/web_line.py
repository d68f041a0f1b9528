"""A line to a web server that ends when its time is over, however slowly the other side speaks.

TLS as everywhere (`tls`), straight or by a proxy; what is said on it is HTTP's (`http_answer`). Who
is at the other end nobody has chosen, so that no certificate is ever asked a person about.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from martlet.mail.account import Protocol, Security, Server
from martlet.mail.errors import MailError, Offline, TlsRefused
from martlet.mail.route import Route
from martlet.net import proxy, tls
from martlet.net.certificate import now
from martlet.net.line import Line
from martlet.net.reach import LookUp, look_up, reach
from martlet.net.words import server_words


@contextmanager
def web_line(
    host: str,
    port: int,
    *,
    private: bool,
    route: Route,
    until: float,
    look_up: LookUp = look_up,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Line]:
    """A line that is closed at the end of the block, or when its time is over.

    private: by TLS. until: of the clock; also for looking up the name. route: its CA file
    and its proxy; its pins and its certificate are for a mail server and not shown to others.
    Raises, from the block too, Offline ("did not answer in time" when it was late), TlsRefused and
    what `proxy.ask` raises.
    """
    # Only what the line has for words reads the protocol and the user.
    security = Security.TLS if private else Security.NONE
    server = Server(Protocol.IMAP, host, port, security, user="")
    late = threading.Event()
    line: Line | None = None
    timer: threading.Timer | None = None

    def left() -> float:
        left_s = until - clock()
        if left_s <= 0:
            raise TimeoutError
        return left_s

    try:
        context = tls.verified_context(Route(route.ca_file)) if private else None
        at_most_s = left()
        # Its time may be over by now; but who has a socket closes it.
        line = Line(_socket(server, route, left, look_up), server, at_most_s)
        timer = threading.Timer(left(), _hang_up, (line, late))
        timer.daemon = True
        timer.start()
        if context is not None:
            line.upgrade(context)
        yield line
        if late.is_set():
            raise Offline(_in_time(host))
    except MailError as error:
        if late.is_set():
            raise Offline(_in_time(host), error.detail) from None
        raise
    except (OSError, ValueError, OverflowError) as error:
        raise _trouble(error, host, late=late.is_set()) from None
    finally:
        if timer is not None:
            timer.cancel()
        if line is not None:
            line.close()


def _socket(
    server: Server, route: Route, left: Callable[[], float], look_up: LookUp
) -> socket.socket:
    by = route.proxy
    if by is None:
        return reach(server.host, server.port, left(), named=lambda: None, look_up=look_up)
    try:
        sock = reach(by.host, by.port, left(), named=lambda: None)
    except (OSError, ValueError, OverflowError) as error:
        raise proxy.lost(error, by) from None
    try:
        proxy.ask(sock, by, route.proxy_secret, server, left())
    except BaseException:
        sock.close()
        raise
    return sock


def _hang_up(line: Line, late: threading.Event) -> None:
    late.set()
    line.close()


def _in_time(host: str) -> str:
    return f"{host} did not answer in time."


def _trouble(error: Exception, host: str, *, late: bool) -> MailError:
    detail = server_words(f"{type(error).__name__}: {error}")
    if late or isinstance(error, TimeoutError):
        return Offline(_in_time(host), detail)
    if isinstance(error, ssl.SSLCertVerificationError):
        found = tls.refusal(error, host, None, False, now())
        return TlsRefused(found.summary, found.detail)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Offline(f"{host} closed the connection.", detail)
    if isinstance(error, ssl.SSLError):
        return TlsRefused(f"{host} and this computer could not agree on TLS.", detail)
    if isinstance(error, socket.gaierror | ValueError):
        if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
            return Offline(f"The name {host} cannot be looked up now.", detail)
        return Offline(f"There is no host named {host}.", detail)
    if isinstance(error, ConnectionRefusedError):
        return Offline(f"{host} has no web server.", detail)
    if isinstance(error, ConnectionError):
        return Offline(f"{host} closed the connection.", detail)
    return Offline(f"{host} cannot be reached.", detail)
