"""Sending an account's outbox: which letters go now, by which server.

    queued -> sending -> sent -> filed
    sending -> queued   the server said 4xx, or was not reached: again later
    sending -> failed   the server said 5xx; each recipient's reason is kept
    sending -> unknown  the line was lost after the final dot: never resent by itself

What is found in `sending` at start was cut off and becomes `unknown`. How a letter is handed over
is in `postman`, what follows from it in `verdict`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Event, Lock

from martlet.engine.events import Announcer
from martlet.engine.postman import Postman
from martlet.engine.secrets import Secrets
from martlet.engine.send_desk import Desk, Unwritten
from martlet.mail.account import Account, AccountId, Protocol, Server
from martlet.mail.errors import AuthFailed, MailError, TlsRefused
from martlet.mail.outgoing import OutboxEntry, OutboxId
from martlet.store import outbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database

LONGEST_WAIT_S = 3600.0
# At start, whoever pressed Undo while no engine was there is heard first.
UNDO_FIRST_S = 2.0


class SendDriver:
    """Drives submissions of one account. See worker.Driver."""

    protocol = Protocol.SMTP

    def __init__(
        self,
        account: Account,
        server: Server,
        database: Database,
        blobs: Blobs,
        secrets: Secrets,
        announcer: Announcer,
        *,
        clock: Callable[[], float],
        sent: Callable[[AccountId], None],
    ) -> None:
        self.stopping = Event()
        self._account = account
        self._server = server
        self._database = database
        self._blobs = blobs
        self._secrets = secrets
        self._announcer = announcer
        self._clock = clock
        self._sent = sent
        self._nudge = Event()
        self._seen = float("inf")
        # Whether letters from before the start wait for that; None: it has not worked yet.
        self._held: bool | None = None
        self._jitter = random.Random()
        self._unwritten: list[Unwritten] = []
        # By identity: what waits because its server was not there.
        self._unreached: dict[int, set[OutboxId]] = {}
        self._asked: list[Future[int]] = []
        self._closed: MailError | None = None
        self._lock = Lock()

    def flush(self) -> Future[int]:
        """Sends what is due now, and what waits after a failure; the future tells how many went
        out."""
        future: Future[int] = Future()
        with self._lock:
            if self._closed is None:
                self._asked.append(future)
                return future
        future.set_exception(self._closed)
        return future

    def wake(self) -> None:
        self._nudge.set()

    def wanted(self) -> bool:
        with self._lock:
            return bool(self._asked)

    def connect(self) -> None:
        """A submission opens its own connection: letters are rare, idle connections are dropped."""

    def work(self) -> None:
        self._nudge.clear()
        with self._lock:
            asked, self._asked = self._asked, []
        try:
            if self._holds(asked=bool(asked)):
                return
            count = self._rounds(hurry=bool(asked))
        except BaseException:
            # `failed` answers them, once the worker knows of it: whoever is answered may ask again.
            with self._lock:
                self._asked = asked + self._asked
            raise
        for future in asked:
            if future.set_running_or_notify_cancel():
                future.set_result(count)

    def _holds(self, *, asked: bool) -> bool:
        """Whether nothing goes yet. asked: somebody wants it to, and has no Undo in mind."""
        if asked:
            self._held = False
        if self._held is None:
            # What is due in a moment, too: the undo of it is on its way just as well.
            until = self._clock() + UNDO_FIRST_S
            self._held = bool(outbox.due(self._database, self._account.id, until))
        return self._held

    def wait(self) -> None:
        if self._held:
            # Only who asks for a pass, and the end, come before its time.
            until = time.monotonic() + UNDO_FIRST_S
            while not self.stopping.is_set() and not self.wanted():
                left = until - time.monotonic()
                if left <= 0:
                    break
                self._nudge.wait(left)
                self._nudge.clear()
            self._held = False
            return
        due = outbox.next_due(self._database, self._account.id)
        timeout_s = None
        if due is not None:
            timeout_s = min(max(0.0, due - self._clock()), LONGEST_WAIT_S)
        self._nudge.wait(timeout_s)

    def disconnect(self) -> None:
        """Nothing stays open."""

    def abort(self) -> None:
        """A submission ends by itself, between two pieces of an upload (`postman.Stopped`); after
        the final dot it is left to: cut off, its fate would be unknown."""

    def close(self, error: MailError) -> None:
        with self._lock:
            self._closed = error
        self.failed(error)

    def failed(self, error: MailError) -> None:
        with self._lock:
            asked, self._asked = self._asked, []
        for future in asked:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)

    def _rounds(self, *, hurry: bool) -> int:
        """Sends all there is to send. hurry: also what waits after a failure, once."""
        desk = self._desk()
        desk.write_down()
        desk.file_left()
        self._mind_the_clock()
        count = 0
        unfit: MailError | None = None
        tried: set[OutboxId] = set()
        while True:
            now = self._clock()
            due = outbox.due(self._database, self._account.id, now, waiting=hurry)
            hurry = False
            rounds = self._by_identity([one for one in due if one.id not in tried])
            if not rounds or self.stopping.is_set():
                break
            for identity, letters in rounds.items():
                tried.update(one.id for one in letters)
                postman = Postman(desk, self._server_of(identity), identity)
                try:
                    count += postman.take(letters)
                except (AuthFailed, TlsRefused) as error:
                    # Letters that go another way are not to wait for this.
                    unfit = error
                self._remember(identity, postman, letters)
        if unfit is not None:
            raise unfit
        return count

    def _mind_the_clock(self) -> None:
        """At start, and when the clock was set back: nothing waits for a time that never was."""
        now, before = self._clock(), self._seen
        self._seen = now
        if now >= before:
            return
        ahead = outbox.ahead_of(self._database, self._account.id, now)
        if ahead:
            with self._database.write() as tx:
                outbox.set_right(tx, ahead, now)

    def _remember(self, identity: int, postman: Postman, tried: list[OutboxEntry]) -> None:
        waiting = self._unreached.setdefault(identity, set())
        # What was tried just now has a time to wait of its own.
        waiting.difference_update(one.id for one in tried)
        if postman.reached and waiting:
            with self._database.write() as tx:
                outbox.hasten(tx, waiting)
            waiting.clear()
        waiting.update(postman.not_reached)

    def _by_identity(self, letters: list[OutboxEntry]) -> dict[int, list[OutboxEntry]]:
        """By whose server they go, 0 for the account's; each in the order they were written."""
        own = {one.id for one in self._account.identities if one.outgoing is not None}
        rounds: dict[int, list[OutboxEntry]] = {}
        for letter in letters:
            key = letter.identity if letter.identity in own else 0
            rounds.setdefault(key, []).append(letter)
        return rounds

    def _server_of(self, identity: int) -> Server:
        found = (one.outgoing for one in self._account.identities if one.id == identity)
        return next(found, None) or self._server

    def _desk(self) -> Desk:
        return Desk(
            self._account,
            self._database,
            self._blobs,
            self._secrets,
            self._announcer,
            self._clock,
            # Asked anew each time: the worker puts its own in place.
            self.stopping,
            self._sent,
            self._unwritten,
            self._jitter,
        )
