"""One account's POP3 mailbox, driven: when it is looked at, and what is asked for meanwhile.

    due, asked for, or something to be deleted there ─► a turn at the mailbox (pop3_turns)
      ─► sign in ─► a visit (pop3_visit): downloads somebody waits for, the pass ─► QUIT

The mailbox is locked while a session lasts (RFC 1939, 3): none is kept open, and there is never
a second one. What is done in one is the visit's.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from threading import Event

from martlet.engine.events import Announcer
from martlet.engine.jobs import (
    ASKED,
    Answer,
    BodyJob,
    FinishJob,
    GivenJob,
    Job,
    JobQueue,
    PassJob,
    Priority,
    TransferJob,
    answer,
    answering,
    refuse,
)
from martlet.engine.meter import Meter
from martlet.engine.pop3_store import Pop3Store
from martlet.engine.pop3_telling import Telling
from martlet.engine.pop3_turns import Turns
from martlet.engine.pop3_visit import Memory, Visit
from martlet.engine.secrets import Secrets
from martlet.engine.signing_in import signed_in
from martlet.engine.tally import Tally
from martlet.mail.account import Account, Protocol, Server
from martlet.mail.errors import MailError, Offline, Refused
from martlet.net.pop3 import Pop3Session
from martlet.store import pop3
from martlet.store.blobs import Blobs
from martlet.store.database import Database

log = logging.getLogger("martlet.pop3")

TIMEOUT_S = 60.0
POLL_S = 10 * 60.0
# Between two sessions that nobody waits for: what is deleted here one by one goes there together.
APART_S = 5.0
# A download at which the line is lost is begun again so often by itself.
TRIED_AGAIN = 2
TOO_SOON = "The server wants to be asked less often."
ENDING = "The pass was ended before everything was here."


class Pop3Driver:
    """Drives POP3 sessions of one account. See worker.Driver.

    stay: the mailbox is looked at now and then; else only when somebody asks.
    turns: shared by all accounts of the profile.
    """

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
        turns: Turns,
        stay: bool,
        session_factory: Callable[..., Pop3Session] = Pop3Session.open,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self.stopping = Event()
        self._paused = Event()
        if announcer.is_paused(account.id):
            self._paused.set()
        self._account = account
        self._server = server
        self._database = database
        self._secrets = secrets
        self._announcer = announcer
        self._clock = clock
        self._turns = turns
        self._stay = stay
        self._open = session_factory
        self._timeout_s = timeout_s
        self._queue = JobQueue()
        self._store = Pop3Store(account.id, database, blobs, announcer, clock)
        self._meter = Meter(account, database, clock)
        self._memory = Memory()
        self._tally, self._told_of = Tally(), 0
        self._nudge = Event()
        # A pass is under way that has not listed the mailbox yet.
        self._beginning = Event()
        self._looking = False
        self._stops = 0
        self._broken_off: dict[Job, int] = {}
        self._turn = ExitStack()
        self._session: Pop3Session | None = None
        self._tried: set[str] = set()
        self._next_poll = self._last_at = self._not_before = 0.0

    # --- asked by the engine, from other threads

    def put(self, job: Job, priority: Priority) -> Future[Answer]:
        """Queues a job; the future is done when it has been carried out."""
        future: Future[Answer] = Future()
        self._queue.put(job, priority, future)
        return future

    def whole_pass(self, *, headers_only: bool) -> Future[Answer]:
        """Queues a pass; the future is done when everything new is here. One that is just
        beginning will do."""
        if not self._beginning.is_set():
            self._queue.put(PassJob(headers_only), Priority.INBOX)
        return self.put(FinishJob(), Priority.FINISH)

    def pause(self, *, paused: bool) -> None:
        """Holds back what comes by itself, or goes on with it. What is asked for still comes."""
        if paused:
            self._paused.set()
        else:
            self._paused.clear()
            self._queue.put(PassJob(), Priority.INBOX)

    def stop_downloads(self) -> None:
        """Forgets what was asked for and ends what comes; a pass finds the latter again."""
        self._stops += 1
        self._broken_off.clear()
        self._queue.take_out(ASKED)

    def wake(self) -> None:
        self._nudge.set()

    # --- worker.Driver, in the worker's thread

    def wanted(self) -> bool:
        return len(self._queue) > 0

    def connect(self) -> None:
        now = time.monotonic()
        if self._stay and now >= max(self._next_poll, self._not_before):
            self._poll_later(now)
            if not self._paused.is_set():
                self._queue.put(PassJob(), Priority.INBOX)
        elif self._stay and now >= self._deletions_from and self._has_deletions():
            self._queue.put(PassJob(), Priority.INBOX)
        if self.wanted() and now < self._not_before:
            raise Offline(TOO_SOON, f"Once in {self._not_before - self._last_at:.0f} seconds.")

    def work(self) -> None:
        self._nudge.clear()
        visit: Visit | None = None
        while not self.stopping.is_set() and (entry := self._queue.pop()) is not None:
            job, futures = entry
            with answering(futures):
                result: Answer = None
                if isinstance(job, FinishJob):
                    self._leave(visit)
                    visit = None
                    result = self._tally.report(self._account.name)
                    self._tally, self._told_of = Tally(), 0
                elif isinstance(job, PassJob):
                    visit = self._pass(visit, job)
                else:
                    visit = visit if visit is not None and not visit.ended else self._visit()
                    try:
                        self._download(visit, job)
                    except Refused as error:
                        # One message the server says no to does not stop the rest.
                        self._tally.problems.append(error.summary)
                        refuse(futures, error)
                        futures = []
                answer(futures, result)
        self._leave(visit)

    def wait(self) -> None:
        now = time.monotonic()
        until = max(self._next_poll, self._not_before)
        if self._has_deletions():
            until = min(until, self._deletions_from)
        self._nudge.wait(max(0.05, until - now))

    def disconnect(self) -> None:
        session, self._session = self._session, None
        try:
            if session is not None:
                # Not QUIT: a session cut off must not make deletions real.
                session.close()
                self._count(session)
                self._tell_of_new()
                self._last_at = time.monotonic()
        finally:
            self._turn.close()

    def abort(self) -> None:
        session = self._session
        if session is not None:
            session.close()

    def close(self, error: MailError) -> None:
        self._queue.close(error)

    def failed(self, error: MailError) -> None:
        asked: set[Job] = set()
        if self._stay and isinstance(error, Offline):
            asked = {*self._queue.asked_for(), *self._broken_off}
        # What a pass was to do is still to be done.
        self._next_poll = 0.0
        self._queue.fail(error)
        for job in asked:
            self._queue.put(job, Priority.FOLDER)

    # --- inner

    def _pass(self, visit: Visit | None, job: PassJob) -> Visit:
        self._beginning.set()
        try:
            self._poll_later(time.monotonic())
            if visit is not None and (visit.looked or visit.ended):
                self._leave(visit)
                visit = None
            visit = visit or self._visit()
        finally:
            self._beginning.clear()
        if self._paused.is_set():
            return visit
        session = self._session
        spent = session is not None and self._meter.used_up(session)
        self._looking = True
        try:
            visit.fetch_new(headers=job.headers_only or spent)
        finally:
            self._looking = False
        if self.stopping.is_set():
            raise Offline(ENDING)
        return visit

    def _download(self, visit: Visit, job: Job) -> None:
        broken = self._broken_off.pop(job, 0)
        if isinstance(job, GivenJob):
            wanted = job.message_ids
        elif isinstance(job, (TransferJob, BodyJob)):
            wanted = (job.message_id,)
        else:
            raise Refused("This account has no folders on a server.")
        try:
            visit.download(wanted)
        except Offline:
            if broken < TRIED_AGAIN:
                self._broken_off[job] = broken + 1
            raise

    def _visit(self) -> Visit:
        """Signs in and begins, when it is this account's turn."""
        if self._session is not None:
            self.disconnect()
        if not self._turn.enter_context(self._turns.taken(self._server, self.stopping)):
            raise Offline(ENDING)
        session = self._session = signed_in(
            self._secrets,
            self._account,
            self._server,
            lambda secret, route: self._open(
                self._server, secret, route=route, timeout_s=self._timeout_s
            ),
        )
        self._meter.begin()
        stops = self._stops

        def halted() -> bool:
            # What somebody asked for goes on while the rest is held back.
            held = self._paused.is_set() and self._looking
            return held or self.stopping.is_set() or self._stops != stops

        visit = Visit(
            session,
            self._account,
            self._database,
            self._store,
            self._announcer,
            self._memory,
            self._tally,
            clock=self._clock,
            halted=halted,
            stored=lambda: self._meter.note(session),
        )
        visit.begin()
        return visit

    def _leave(self, visit: Visit | None) -> None:
        """Ends a visit in good order; deletions are real then."""
        session = self._session
        if visit is None or session is None:
            return
        self._tried |= set(self._deletions())
        visit.end()
        delay_s = session.login_delay_s
        self.disconnect()
        self._not_before = self._last_at + delay_s if delay_s else 0.0

    def _count(self, session: Pop3Session) -> None:
        try:
            self._meter.note(session)
        except MailError as error:
            log.warning("bytes not written down: %s", error.summary)

    def _tell_of_new(self) -> None:
        """Notes in the account's log what has come since it was noted last."""
        new, self._told_of = self._tally.new - self._told_of, self._tally.new
        if new:
            Telling(self._account, self._database, self._announcer, self._memory.told).came(new)

    def _poll_later(self, now: float) -> None:
        self._next_poll = now + POLL_S

    @property
    def _deletions_from(self) -> float:
        return max(self._last_at + APART_S, self._not_before)

    def _has_deletions(self) -> bool:
        """Whether something is to be deleted there for which no session was begun yet."""
        return not self._tried.issuperset(self._deletions())

    def _deletions(self) -> list[str]:
        least = pop3.Wanted.WITH_IT if self._account.delete_there else pop3.Wanted.PLAINLY
        return pop3.wanted_gone(self._database, self._account.id, least)
