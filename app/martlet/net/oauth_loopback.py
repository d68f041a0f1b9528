"""Where the browser comes back to: a listener on 127.0.0.1 for one sign-in (RFC 8252, 7.3).

    LISTENING ──GET / with our state──► the code, or the provider's refusal ──► closed
        ├─ another path, method or Host ──► 404; another state ──► 400; goes on
        ├─ cancelled ──► Refused
        └─ nobody came in time ──► Offline
Any program of this computer may connect, and browsers open connections that they never use: several
are read beside each other, bounded in bytes and time, and nothing they say is shown in the page.
"""

from __future__ import annotations

import contextlib
import hmac
import selectors
import socket
import time
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from martlet.mail.errors import Offline, Refused
from martlet.net.oauth import said_by
from martlet.net.waker import Waker
from martlet.net.words import server_words

_REQUEST_LIMIT = 16_384
_CONNECTIONS = 16
_CONNECTION_S = 30.0
_WRITE_S = 2.0
_CODE_LIMIT = 8_192

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Martlet</title>
<meta name="viewport" content="width=device-width"><style>
body {{ font: 1.1rem/1.6 sans-serif; max-width: 32rem; margin: 15vh auto; padding: 0 1rem; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #1e1e1e; color: #eee; }} }}
</style></head><body><h1>{title}</h1><p>{text}</p></body></html>
"""


@dataclass(frozen=True, slots=True)
class _Reply:
    status: str
    title: str
    text: str


_DONE = _Reply("200 OK", "Thank you", "Martlet goes on by itself. You can close this page.")
_SAID_NO = _Reply(
    "200 OK", "Not signed in", "Martlet shows what was said. You can close this page."
)
_NOT_OURS = _Reply(
    "400 Bad Request",
    "Not this sign-in",
    "This answer does not belong to the sign-in that Martlet waits for. You can close this page.",
)
_NOTHING = _Reply("404 Not Found", "Nothing here", "You can close this page.")


class Loopback:
    """Listens from the start. redirect: the URI to give to the provider."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        try:
            self._listener = socket.create_server(("127.0.0.1", 0), backlog=_CONNECTIONS)
        except OSError as error:
            raise Refused(
                "This computer does not let Martlet wait for the browser.", type(error).__name__
            ) from None
        self._listener.setblocking(False)
        self._port = int(self._listener.getsockname()[1])
        self._waker = Waker()
        self._cancelled = False
        self.redirect = f"http://{host}:{self._port}"

    def cancel(self) -> None:
        """Ends `wait` with Refused. From any thread."""
        self._cancelled = True
        self._waker.wake()

    def close(self) -> None:
        """Gives the port back. Not while another thread waits."""
        self._listener.close()
        self._waker.close()

    def wait(self, state: str, provider: str, timeout_s: float) -> str:
        """The code the browser brings. Refused: cancelled, or the person or the provider said no;
        Offline: nobody came in time. Whatever happens, the port is closed then.
        """
        visit = _Visit(self._port, state, provider)
        until = time.monotonic() + timeout_s
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._listener, selectors.EVENT_READ)
                selector.register(self._waker, selectors.EVENT_READ)
                try:
                    while not visit.over:
                        if self._cancelled:
                            raise Refused("The sign-in was cancelled.")
                        now = time.monotonic()
                        if now >= until:
                            raise Offline(f"Nobody came back from the sign-in to {provider}.")
                        self._turn(selector, visit, min(until, visit.drop_old(selector)) - now)
                finally:
                    visit.drop_all(selector)
        finally:
            self.close()
        if visit.refusal is not None:
            raise visit.refusal
        return visit.code

    def _turn(self, selector: selectors.BaseSelector, visit: _Visit, timeout_s: float) -> None:
        for key, _ in selector.select(max(0.0, timeout_s)):
            if key.fileobj is self._listener:
                with contextlib.suppress(OSError):
                    visit.welcome(selector, self._listener.accept()[0])
            elif isinstance(key.fileobj, socket.socket):
                visit.read(selector, key.fileobj)


class _Visit:
    """The connections there are, and what came of them. over: the sign-in's own answer came."""

    def __init__(self, port: int, state: str, provider: str) -> None:
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._state = state
        self._provider = provider
        self._open: dict[socket.socket, tuple[float, bytearray]] = {}
        self.over = False
        self.code = ""
        self.refusal: Refused | None = None

    def welcome(self, selector: selectors.BaseSelector, caller: socket.socket) -> None:
        if len(self._open) >= _CONNECTIONS:
            self._drop(selector, next(iter(self._open)))
        caller.setblocking(False)
        self._open[caller] = (time.monotonic() + _CONNECTION_S, bytearray())
        selector.register(caller, selectors.EVENT_READ)

    def drop_old(self, selector: selectors.BaseSelector) -> float:
        """Ends what was silent for too long; when the next one is due."""
        now = time.monotonic()
        for caller in [one for one, (until, _) in self._open.items() if until <= now]:
            self._drop(selector, caller)
        return min((until for until, _ in self._open.values()), default=float("inf"))

    def drop_all(self, selector: selectors.BaseSelector) -> None:
        for caller in list(self._open):
            self._drop(selector, caller)

    def read(self, selector: selectors.BaseSelector, caller: socket.socket) -> None:
        if caller not in self._open:
            return
        _, heard = self._open[caller]
        try:
            data = caller.recv(_REQUEST_LIMIT)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        heard += data
        if data and b"\r\n\r\n" not in heard and len(heard) < _REQUEST_LIMIT:
            return
        if b"\r\n\r\n" in heard and not self.over:
            self._answer(caller, self._judged(bytes(heard)))
        self._drop(selector, caller)

    def _judged(self, request: bytes) -> _Reply:
        head = request.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")
        words = head[0].split(" ")
        hosts = [
            line.partition(":")[2].strip().lower()
            for line in head[1:]
            if line.lower().startswith("host:")
        ]
        # A page of the web that was led here by its name server (DNS rebinding) names itself.
        if len(words) != 3 or words[0] != "GET" or len(hosts) != 1 or hosts[0] not in self._hosts:
            return _NOTHING
        try:
            target = urlsplit(words[1])
            query = parse_qs(target.query, max_num_fields=50)
        except ValueError:
            return _NOTHING
        if target.path not in ("", "/") or target.netloc:
            return _NOTHING
        return self._came_back({name: values[0] for name, values in query.items()})

    def _came_back(self, query: dict[str, str]) -> _Reply:
        state = query.get("state", "").encode("utf-8", "replace")
        if not hmac.compare_digest(state, self._state.encode()):
            return _NOT_OURS
        code, error = query.get("code", ""), query.get("error", "")
        if error:
            said = said_by(query.get("error_description"), server_words(error, 60))
            self.refusal = Refused(f"{self._provider} did not let you sign in.", said)
        elif not code or len(code) > _CODE_LIMIT:
            return _NOT_OURS
        self.code, self.over = code, True
        return _SAID_NO if self.refusal else _DONE

    def _answer(self, caller: socket.socket, reply: _Reply) -> None:
        body = _PAGE.format(title=reply.title, text=reply.text).encode()
        head = (
            f"HTTP/1.1 {reply.status}\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\nCache-Control: no-store\r\n"
            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
            "Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\r\n"
        )
        with contextlib.suppress(OSError):
            caller.settimeout(_WRITE_S)
            caller.sendall(head.encode("ascii") + body)
            # Whatever the browser still says must not turn our page into a reset.
            caller.shutdown(socket.SHUT_WR)

    def _drop(self, selector: selectors.BaseSelector, caller: socket.socket) -> None:
        del self._open[caller]
        with contextlib.suppress(KeyError, ValueError, OSError):
            selector.unregister(caller)
        caller.close()
