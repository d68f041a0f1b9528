"""The browser's way back: the one answer that counts, and all that does not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue

import pytest

from martlet.mail.errors import MailError, Offline, Refused
from martlet.net.oauth_loopback import Loopback
from support.oauth_server import browse

STATE = "the-state"
WAIT_S = 20.0


class Waiting:
    """A listener that a thread waits at. came: the code or the error, once."""

    def __init__(self, timeout_s: float = WAIT_S) -> None:
        self.loopback = Loopback()
        self.base = self.loopback.redirect
        self.port = int(self.base.rpartition(":")[2])
        self._came: SimpleQueue[str | MailError] = SimpleQueue()
        self._timeout_s = timeout_s
        self.thread = threading.Thread(target=self._wait, daemon=True)
        self.thread.start()

    def _wait(self) -> None:
        try:
            self._came.put(self.loopback.wait(STATE, "Testmail", self._timeout_s))
        except MailError as error:
            self._came.put(error)

    def came(self) -> str | MailError:
        return self._came.get(timeout=WAIT_S)

    def raw(self, request: bytes) -> bytes:
        """What is answered to these bytes until the connection ends."""
        with socket.create_connection(("127.0.0.1", self.port), WAIT_S) as caller:
            caller.sendall(request)
            heard = b""
            while data := caller.recv(65_536):
                heard += data
            return heard


@contextmanager
def waiting() -> Iterator[Waiting]:
    one = Waiting()
    try:
        yield one
    finally:
        one.loopback.cancel()
        one.thread.join(WAIT_S)


def test_the_code_comes_once_and_the_page_says_goodbye() -> None:
    with waiting() as one:
        page = browse(f"{one.base}/?code=abc&state={STATE}&scope=mail")
        assert one.came() == "abc"
    assert page.status == 200
    assert "You can close this page." in page.text
    assert "<script" not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert page.headers["Cache-Control"] == "no-store"
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", one.port), 2.0).close()


def test_it_listens_on_loopback_only() -> None:
    loopback = Loopback("localhost")
    assert loopback.redirect.startswith("http://localhost:")
    loopback.close()


def test_a_refusal_is_the_providers_words() -> None:
    with waiting() as one:
        page = browse(
            f"{one.base}/?error=access_denied&error_description=No%0a%3Cb%3Eno&state={STATE}"
        )
        came = one.came()
    assert isinstance(came, Refused)
    assert came.summary == "Testmail did not let you sign in."
    assert came.detail == "No <b>no (access_denied)"
    # The page shows nothing of what came with the request.
    assert "access_denied" not in page.text
    assert "<b>" not in page.text
    assert "Not signed in" in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/favicon.ico", 404),
        ("/other?code=x&state=the-state", 404),
        ("/", 400),
        ("/?code=x", 400),
        ("/?code=x&state=", 400),
        ("/?code=x&state=another", 400),
        ("/?error=access_denied", 400),
        ("/?error=access_denied&state=the-stat%C3%A9", 400),
        ("/?state=the-state", 400),
        ("/?code=" + "x" * 9000 + "&state=the-state", 400),
        ("/?" + "&".join(f"a{i}=b" for i in range(80)), 404),
    ],
)
def test_what_does_not_count_is_answered_and_waited_over(path: str, status: int) -> None:
    with waiting() as one:
        assert browse(one.base + path).status == status
        assert browse(f"{one.base}/?code=good&state={STATE}").status == 200
        assert one.came() == "good"


@pytest.mark.parametrize(
    "request_line",
    [
        b"POST /?code=x&state=the-state HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n",
        b"GET /?code=x&state=the-state HTTP/1.1\r\nHost: evil.example:%d\r\n\r\n",
        b"GET /?code=x&state=the-state HTTP/1.1\r\nX: %d\r\n\r\n",
        b"GET http://evil.example/?code=x&state=the-state HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n",
        b"\x16\x03\x01 hello %d\r\n\r\n",
        b"GET /?code=x&state=the-state HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nHost: b\r\n\r\n",
    ],
)
def test_odd_requests_are_not_found(request_line: bytes) -> None:
    with waiting() as one:
        assert one.raw(request_line % one.port).startswith(b"HTTP/1.1 404")
        browse(f"{one.base}/?code=good&state={STATE}")
        assert one.came() == "good"


def test_silent_and_endless_callers_hold_nobody_up() -> None:
    with waiting() as one:
        silent = [socket.create_connection(("127.0.0.1", one.port), WAIT_S) for _ in range(40)]
        flood = socket.create_connection(("127.0.0.1", one.port), WAIT_S)
        flood.sendall(b"GET / HTTP/1.1\r\nX: " + b"x" * 15_000)
        half = socket.create_connection(("127.0.0.1", one.port), WAIT_S)
        half.sendall(b"GET /?co")
        half.close()
        browse(f"{one.base}/?code=good&state={STATE}")
        assert one.came() == "good"
        for caller in (*silent, flood):
            caller.close()


def test_a_request_in_pieces_is_one() -> None:
    with waiting() as one:
        whole = f"GET /?code=pieces&state={STATE} HTTP/1.1\r\nHost: 127.0.0.1:{one.port}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", one.port), WAIT_S) as caller:
            for letter in whole:
                caller.sendall(letter.encode())
            assert one.came() == "pieces"


def test_cancelling_ends_the_wait() -> None:
    one = Waiting()
    one.loopback.cancel()
    came = one.came()
    assert isinstance(came, Refused)
    assert came.summary == "The sign-in was cancelled."


def test_nobody_came() -> None:
    came = Waiting(0.05).came()
    assert isinstance(came, Offline)
    assert came.summary == "Nobody came back from the sign-in to Testmail."
