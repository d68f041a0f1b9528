"""The engine's end: lets clients in, carries their requests to the engine, tells all of them
what changed.

Threads: one accepts; each client has one that reads and one that writes; quick verbs run on
one thread in the order asked, slow ones on a small pool beside it, those that wait for strangers
`aside`. Ends when the last client has gone, unless it is told to stay.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from martlet.link.aside import Aside
from martlet.link.dispatch import BUG, Verbs, perform
from martlet.link.frames import decode_request, encode_answer, encode_change, encode_error
from martlet.link.lock import ProfileLock
from martlet.link.messages import PROTOCOL, Hello, Request, Shutdown, Stay
from martlet.link.transport import TOO_LONG, Door, Line, LineLost, dial
from martlet.mail.changes import Change
from martlet.mail.errors import MailError, Refused
from martlet.paths import Profile
from martlet.pool import Pool

_log = logging.getLogger("martlet.link")

_QUEUED_FRAMES = 4096
_SLOW_THREADS = 8
_LOOK_S = 0.1


class _Guest:
    """One client: its line, and the frames that wait to be written to it."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.greeted = False
        self.lasting = False
        self._gone = False
        self._frames: queue.Queue[bytes | None] = queue.Queue(_QUEUED_FRAMES)
        self._writer = threading.Thread(target=self._write, name="link:writer", daemon=True)
        self._writer.start()

    def tell(self, frame: bytes) -> None:
        """Queues a frame. A client that does not read is dropped, not waited for."""
        try:
            self._frames.put_nowait(frame)
        except queue.Full:
            _log.warning("a client does not read; dropped")
            self.drop()

    def drop(self) -> None:
        self._gone = True
        self.line.stop()

    def end(self) -> None:
        """After the last receive: what is queued is still written, then the line is closed."""
        try:
            self._frames.put_nowait(None)
        except queue.Full:
            self._gone = True

    def join(self, timeout_s: float) -> None:
        self._writer.join(timeout_s)

    def _write(self) -> None:
        try:
            while not self._gone and (frame := self._frames.get()) is not None:
                self.line.send(frame)
        except LineLost:
            self.line.stop()
        self.line.close()


class Host:
    """Serves one engine to any number of clients. The caller holds the profile's lock."""

    def __init__(self, profile: Profile, engine: Verbs) -> None:
        self._engine = engine
        self._door = Door(profile.socket)
        self._crowd = threading.Condition()
        self._guests: set[_Guest] = set()
        self._stay = False
        self._ending = False
        self._quick: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._slow = Pool(_SLOW_THREADS, "link:slow")
        self._aside = Aside()
        engine.listen(self._announce)
        self._threads = [
            threading.Thread(target=self._accept, name="link:accept", daemon=True),
            threading.Thread(target=self._work, name="link:verbs", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def wait(self, *, stay: bool, first_s: float, grace_s: float) -> None:
        """Returns when the engine shall end: asked to, or nobody came within first_s, or the
        last client has been gone for grace_s."""
        until = time.monotonic() + first_s
        with self._crowd:
            self._stay = self._stay or stay
            while not self._ending:
                if self._guests or self._stay:
                    self._crowd.wait()
                    until = time.monotonic() + grace_s
                elif (left := until - time.monotonic()) > 0:
                    self._crowd.wait(left)
                else:
                    return

    def stop(self) -> None:
        """Ends `wait`, from any thread."""
        with self._crowd:
            self._ending = True
            self._crowd.notify_all()

    def close(self, patience_s: float = 0.0) -> None:
        """Lets no one else in, gives commands (not windows) patience_s to finish, and drops
        the rest. Answers that are ready are still written."""
        self._door.close()
        with self._crowd:
            self._crowd.wait_for(lambda: all(g.lasting for g in self._guests), patience_s)
            guests = list(self._guests)
        self._quick.put(None)
        for guest in guests:
            guest.line.stop()
        for thread in self._threads:
            thread.join(2.0)
        for guest in guests:
            guest.join(1.0)

    def _accept(self) -> None:
        while (line := self._door.accept()) is not None:
            guest = _Guest(line)
            with self._crowd:
                self._guests.add(guest)
                self._crowd.notify_all()
            threading.Thread(
                target=self._read, args=(guest,), name="link:reader", daemon=True
            ).start()

    def _read(self, guest: _Guest) -> None:
        try:
            while (frame := guest.line.receive()) is not None:
                self._take(guest, *decode_request(frame))
        except msgspec.DecodeError:
            _log.warning("a client sent what is not a frame; dropped")
        guest.end()
        with self._crowd:
            self._guests.discard(guest)
            self._crowd.notify_all()

    def _take(self, guest: _Guest, number: int, request: Request[object] | MailError) -> None:
        if isinstance(request, MailError):
            guest.tell(encode_error(number, request))
        elif isinstance(request, Hello):
            if request.protocol != PROTOCOL:
                guest.tell(encode_error(number, _other_version(request.protocol)))
            else:
                guest.lasting = request.lasting
                guest.greeted = True
                guest.tell(encode_answer(number, os.getpid()))
        elif not guest.greeted:
            guest.tell(encode_error(number, Refused("The mail engine was not greeted.")))
        elif isinstance(request, Stay):
            with self._crowd:
                self._stay = True
            guest.tell(encode_answer(number, None))
        elif isinstance(request, Shutdown):
            guest.tell(encode_answer(number, None))
            self.stop()
        elif request.slow:
            where = self._aside.of(request) if request.aside else self._slow
            where.submit(lambda: self._answer(guest, number, request), request.whose)
        else:
            self._quick.put(lambda: self._answer(guest, number, request))

    def _answer(self, guest: _Guest, number: int, request: Request[object]) -> None:
        try:
            frame = encode_answer(number, perform(self._engine, request))
        except MailError as error:
            frame = encode_error(number, error)
        except Exception as error:
            _log.exception("the answer of %r cannot be sent", request)
            frame = encode_error(number, Refused(BUG, type(error).__name__))
        if len(frame) > guest.line.limit:
            frame = encode_error(number, Refused(TOO_LONG))
        guest.tell(frame)

    def _work(self) -> None:
        while (job := self._quick.get()) is not None:
            job()

    def _announce(self, change: Change) -> None:
        with self._crowd:
            guests = [guest for guest in self._guests if guest.greeted]
        if guests:
            frame = encode_change(change)
            for guest in guests:
                guest.tell(frame)


def serve(
    profile: Profile,
    make_engine: Callable[[Profile], Verbs],
    *,
    stay: bool = False,
    lock_wait_s: float = 10.0,
    first_s: float = 20.0,
    grace_s: float = 2.0,
) -> bool:
    """Runs the engine of a profile in this thread until it shall end; the main thread also
    heeds SIGTERM and SIGINT. False: another process hosts it. Raises StoreError.

    An engine may be just ending, or a command be hosting one for a moment: while the lock's
    holder lets nobody in, it is waited for, for lock_wait_s.
    """
    lock = ProfileLock(profile)
    if not lock.acquire():
        until = time.monotonic() + lock_wait_s
        while not lock.acquire(_LOOK_S):
            if time.monotonic() > until or _answers(profile):
                return False
        # Whoever wanted this one has long been asking, or found the other one.
        first_s = grace_s
    try:
        engine = make_engine(profile)
        try:
            host = Host(profile, engine)
            with _signals(host.stop):
                engine.start()
                _log.info("engine ready, process %d", os.getpid())
                host.wait(stay=stay, first_s=first_s, grace_s=grace_s)
            host.close()
        finally:
            engine.close()
        _log.info("engine ended")
    finally:
        lock.release()
    return True


def _answers(profile: Profile) -> bool:
    """Whether somebody lets clients in: the one with the lock is not just ending."""
    try:
        line = dial(profile.socket)
    except OSError:
        return False
    line.close()
    return True


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    """Turns SIGTERM and SIGINT into a clean end. The handler only starts a thread: it may
    interrupt whoever holds the very lock that `stop` needs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def heed(number: int, frame: object) -> None:
        threading.Thread(target=stop, name="link:signal", daemon=True).start()

    before = {number: signal.signal(number, heed) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _other_version(protocol: int) -> Refused:
    return Refused(
        "This profile is in use by another version of Martlet; close that one, then try again.",
        f"protocol {protocol} met {PROTOCOL}",
    )
