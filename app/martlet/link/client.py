"""The asker's end: numbers its requests, hands the answers to whoever waits.

One thread reads. It calls `done` callbacks, `on_change` and `on_lost`; none of them may
wait for an answer.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, TypeVar

import msgspec

from martlet.link.frames import Answer, decode_answer, decode_incoming, encode_request
from martlet.link.messages import Hello, Request
from martlet.link.transport import TOO_LONG, Line, LineLost, dial
from martlet.mail.changes import Change
from martlet.mail.errors import BadServer, MailError, Offline, Refused
from martlet.paths import Profile

R = TypeVar("R")
_log = logging.getLogger("martlet.link")

STOPPED = "The mail engine stopped."
_HELLO_S = 10.0


class Asker(Protocol):
    """What a window or command needs of a client, wherever the engine is."""

    on_change: Callable[[Change], None] | None
    on_lost: Callable[[], None] | None

    def call(self, request: Request[R], timeout_s: float | None = None) -> R: ...
    def submit(self, request: Request[R], done: Callable[[R | MailError], None]) -> None: ...
    def close(self) -> None: ...


class _Waiting(NamedTuple):
    request: Request[Any]
    done: Callable[[Any], None]


class Client:
    """A line to a running engine. Made by `connect`."""

    def __init__(self, line: Line) -> None:
        self.on_change: Callable[[Change], None] | None = None
        self._on_lost: Callable[[], None] | None = None
        self._line = line
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._waiting: dict[int, _Waiting] = {}
        self._lost = False
        self._closing = False
        self._reader = threading.Thread(target=self._read, name="link:client", daemon=True)
        self._reader.start()

    @property
    def on_lost(self) -> Callable[[], None] | None:
        """Called once when the engine is gone, before those who wait are told; at once if it is
        gone already; not after `close`."""
        return self._on_lost

    @on_lost.setter
    def on_lost(self, callback: Callable[[], None] | None) -> None:
        with self._lock:
            self._on_lost = callback
            late = self._lost and not self._closing
        if late and callback is not None:
            callback()

    def call(self, request: Request[R], timeout_s: float | None = None) -> R:
        """Asks and waits. Raises the verb's MailError, or Offline: no engine, or too late."""
        if threading.current_thread() is self._reader:
            raise RuntimeError("a callback of the link cannot wait for the link")
        answered = threading.Event()
        answers: list[R | MailError] = []

        def done(answer: R | MailError) -> None:
            answers.append(answer)
            answered.set()

        number = self._ask(request, done)
        if not answered.wait(timeout_s):
            with self._lock:
                self._waiting.pop(number, None)
            raise Offline("The mail engine does not answer.", type(request).__name__)
        (answer,) = answers
        if isinstance(answer, MailError):
            raise answer
        return answer

    def submit(self, request: Request[R], done: Callable[[R | MailError], None]) -> None:
        """Asks; `done` is called once with the answer or the error, from the reading thread
        (or from this one when the engine is gone)."""
        self._ask(request, done)

    def close(self) -> None:
        """Leaves the engine; whoever still waits gets Offline."""
        self._closing = True
        self._line.stop()
        if threading.current_thread() is not self._reader:
            self._reader.join(2.0)

    def _ask(self, request: Request[Any], done: Callable[[Any], None]) -> int:
        number = next(self._numbers)
        frame = encode_request(number, request)
        if len(frame) > self._line.limit:
            done(Refused(TOO_LONG))
            return number
        with self._lock:
            lost = self._lost
            if not lost:
                self._waiting[number] = _Waiting(request, done)
        if lost:
            done(Offline(STOPPED))
            return number
        try:
            self._line.send(frame)
        except LineLost:
            self._line.stop()  # the reader tells everybody
        return number

    def _read(self) -> None:
        try:
            while (frame := self._line.receive()) is not None:
                self._take(frame)
        except msgspec.DecodeError:
            _log.exception("the engine sent what is not a frame")
        with self._lock:
            self._lost = True
            waiting, self._waiting = list(self._waiting.values()), {}
            tell = None if self._closing else self._on_lost
        # First of all: whoever asks again when his request fails must not ask this one.
        if tell is not None:
            self._run(lambda _: tell(), None)
        for one in waiting:
            self._run(one.done, Offline(STOPPED))
        self._line.close()

    def _take(self, frame: bytes) -> None:
        incoming = decode_incoming(frame)
        if not isinstance(incoming, Answer):
            if incoming is not None and self.on_change is not None:
                self._run(self.on_change, incoming)
            return
        with self._lock:
            waiting = self._waiting.pop(incoming.number, None)
        if waiting is None:
            return  # gave up before
        answer: object
        try:
            answer = decode_answer(waiting.request, incoming)
        except MailError as error:
            answer = error
        except msgspec.DecodeError as error:
            _log.exception("the answer to %r cannot be read", waiting.request)
            answer = BadServer("The mail engine's answer cannot be read.", str(error))
        self._run(waiting.done, answer)

    @staticmethod
    def _run(callback: Callable[[Any], None], value: object) -> None:
        """A callback that fails is a bug of its owner; the line goes on for the others."""
        try:
            callback(value)
        except Exception:
            _log.exception("a callback of the link failed")


def greet(profile: Profile, *, lasting: bool) -> Client:
    """A client of the engine that runs now.

    Raises Offline: none does (or it was just ending); Refused: it is of another version.
    """
    try:
        client = Client(dial(profile.socket))
    except OSError as error:
        raise Offline("The mail engine is not running.", str(error)) from error
    try:
        client.call(Hello(lasting=lasting), _HELLO_S)
    except MailError:
        client.close()
        raise
    return client
