"""One account's POP3 mailbox: what is new comes here, and only then may anything go there.

UIDL -> new ones, oldest first, pipelined -> blobs on disk (fsync) -> one transaction with the
messages and what was seen -> only then DELE, if the account says so -> QUIT, whose +OK alone makes
deletion real (RFC 1939, 6).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from itertools import islice
from threading import Event

from martlet.engine.events import Announcer
from martlet.engine.jobs import (
    Answer,
    FinishJob,
    Job,
    JobQueue,
    PassJob,
    Priority,
    answer,
    answering,
)
from martlet.engine.secrets import Secrets
from martlet.engine.signing_in import signed_in
from martlet.engine.tally import Tally
from martlet.mail.account import Account, Protocol, Server
from martlet.mail.changes import Progress
from martlet.mail.errors import MailError, Offline, Refused
from martlet.mail.folder import Folder, Role
from martlet.mime.content import summarise
from martlet.net.pop3 import Pop3Session
from martlet.store import folders, mailbox, pop3
from martlet.store.blobs import Blobs
from martlet.store.database import Database

log = logging.getLogger("martlet.pop3")

TIMEOUT_S = 60.0
POLL_S = 10 * 60.0
DAY_S = 86400.0
BATCH = 100
BATCH_BYTES = 8 * 1024 * 1024


class Pop3Driver:
    """Drives POP3 sessions of one account. See worker.Driver."""

    protocol = Protocol.POP3

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
        session_factory: Callable[..., Pop3Session] = Pop3Session.open,
    ) -> None:
        self.stopping = Event()
        self._account = account
        self._server = server
        self._database = database
        self._blobs = blobs
        self._secrets = secrets
        self._announcer = announcer
        self._clock = clock
        self._open = session_factory
        self._queue = JobQueue()
        self._tally = Tally()
        self._nudge = Event()
        self._session: Pop3Session | None = None
        self._next_poll = 0.0

    def put(self, job: Job, priority: Priority) -> Future[Answer]:
        future: Future[Answer] = Future()
        self._queue.put(job, priority, future)
        return future

    def whole_pass(self, *, headers_only: bool) -> Future[Answer]:
        """Queues a pass; the future is done when everything new is here."""
        self._queue.put(PassJob(headers_only), Priority.INBOX)
        return self.put(FinishJob(), Priority.FINISH)

    def wake(self) -> None:
        self._nudge.set()

    def wanted(self) -> bool:
        return len(self._queue) > 0

    def connect(self) -> None:
        if time.monotonic() >= self._next_poll:
            self._queue.put(PassJob(), Priority.INBOX)

    def work(self) -> None:
        self._nudge.clear()
        while not self.stopping.is_set() and (entry := self._queue.pop()) is not None:
            job, futures = entry
            with answering(futures):
                if isinstance(job, PassJob):
                    self._pass()
                if isinstance(job, FinishJob):
                    report = self._tally.report(self._account.name)
                    self._tally = Tally()
                    answer(futures, report)
                else:
                    answer(futures, None)

    def wait(self) -> None:
        self._nudge.wait(max(1.0, self._next_poll - time.monotonic()))

    def disconnect(self) -> None:
        if self._session is not None:
            # Not QUIT: a session cut off must not make deletions real.
            self._session.close()
            self._session = None

    def abort(self) -> None:
        session = self._session
        if session is not None:
            session.close()

    def close(self, error: MailError) -> None:
        self._queue.close(error)

    def failed(self, error: MailError) -> None:
        self._queue.fail(error)

    def _pass(self) -> None:
        # The mailbox is locked while a session lasts (RFC 1939, 3): each pass opens and ends one.
        self._next_poll = time.monotonic() + POLL_S
        session = self._session = signed_in(
            self._secrets,
            self._account,
            self._server,
            lambda secret, route: self._open(
                self._server, secret, route=route, timeout_s=TIMEOUT_S
            ),
        )
        inbox = folders.by_role(self._database, self._account.id, Role.INBOX)
        if inbox is None:
            raise Refused("This account has no inbox to put mail in.", "", self._account.name)
        listed = session.uidls()
        seen = pop3.seen(self._database, self._account.id)
        new = [number for number in sorted(listed) if listed[number] not in seen]
        self._fetch(session, inbox, listed, new)
        gone = self._delete(session, listed)
        session.quit()
        self._session = None
        if gone:
            with self._database.write() as tx:
                pop3.forget(tx, self._account.id, gone)

    def _fetch(
        self, session: Pop3Session, inbox: Folder, listed: dict[int, str], new: list[int]
    ) -> None:
        done = 0
        for batch in batches(session.retrieve(new)):
            if self.stopping.is_set():
                raise Offline("The pass was ended before everything was here.")
            keys = self._blobs.put_many([raw for _, raw in batch], durable=True)
            prepared = [
                (listed[number], len(raw), *summarise(raw), key)
                for (number, raw), key in zip(batch, keys, strict=True)
            ]
            now = self._clock()
            with self._database.write() as tx:
                # The rows must survive a power cut before the originals may go (DESIGN 4).
                tx.must_last()
                for uidl, size, head, content, key in prepared:
                    message_id = mailbox.add(
                        tx,
                        inbox.id,
                        0,
                        head,
                        flags=frozenset(),
                        size=size,
                        received=now,
                        content=content,
                        blob=key,
                    )
                    pop3.note_seen(tx, self._account.id, uidl, message_id)
            done += len(batch)
            self._tally.new += len(batch)
            self._announcer.tell(Progress(self._account.id, inbox.name, done, len(new)))

    def _delete(self, session: Pop3Session, listed: dict[int, str]) -> list[str]:
        """DELE for what need not stay there; the UIDLs, real only after QUIT's +OK."""
        here = set(pop3.wanted_gone(self._database, self._account.id))
        if not self._account.leave_on_server:
            here |= pop3.seen(self._database, self._account.id)
        elif self._account.leave_days:
            limit = self._clock() - self._account.leave_days * DAY_S
            here |= set(pop3.seen_before(self._database, self._account.id, limit))
        numbers = [number for number, uidl in sorted(listed.items()) if uidl in here]
        if numbers:
            session.delete(numbers)
        return [listed[number] for number in numbers]


def batches(retrieved: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    """Cuts a stream of messages into what one transaction takes."""
    stream = iter(retrieved)
    for first in stream:
        batch = [first]
        volume = len(first[1])
        for number, raw in islice(stream, BATCH - 1):
            batch.append((number, raw))
            volume += len(raw)
            if volume >= BATCH_BYTES:
                break
        yield batch
