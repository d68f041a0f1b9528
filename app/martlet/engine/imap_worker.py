"""One account's IMAP connection: passes over the folders, news as they come, what the user waits
for first.

    work: replay, then jobs by priority ──> wait: inbox in IDLE, other folders by NOTIFY or
    watchers, until news, a wake-up or the poll's time
The jobs are carried out by `imap_chores`. This file keeps the connection and the queue.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Event

from martlet.engine.events import Announcer
from martlet.engine.imap_chores import Chores
from martlet.engine.jobs import (
    AHEAD,
    ASKED,
    Answer,
    BodiesJob,
    FinishJob,
    FolderJob,
    GivenJob,
    IndexJob,
    Job,
    JobQueue,
    PassJob,
    Priority,
    SummariesJob,
    TransferJob,
    answer,
    answering,
    is_asked_for,
    refuse,
)
from martlet.engine.replay import Replay
from martlet.engine.secrets import Secrets
from martlet.engine.signing_in import signed_in
from martlet.engine.watch import Watch
from martlet.mail.account import Account, Protocol, Server
from martlet.mail.changes import Notice
from martlet.mail.errors import BadServer, Busy, MailError, Offline, Refused
from martlet.mail.folder import FolderId, Role
from martlet.net.connect import Waker
from martlet.net.imap import ImapSession, Selected
from martlet.store import account_log, folders
from martlet.store.blobs import Blobs
from martlet.store.database import Database

log = logging.getLogger("martlet.imap")

TIMEOUT_S = 60.0
IDLE_S = 25 * 60.0
POLL_S = 10 * 60.0
STOPPED = "This was stopped."
# New connections in one stretch of work, for folders whose answers cannot be read.
CONNECTED_AGAIN = 5
# So many lines may break in a row over one job that a person asked for.
TRIED_AGAIN = 3
# What a job that is only a slice so far waits for again.
AGAIN = {
    SummariesJob: Priority.OLDER,
    BodiesJob: Priority.PREFETCH,
    IndexJob: Priority.PREFETCH,
    TransferJob: Priority.USER,
    GivenJob: Priority.FOLDER,
}


class ImapDriver:
    """Drives one ImapSession for an account. See worker.Driver.

    spool: where parts of large messages lie until they are whole.
    replayed: told when changes have gone out; another account's may have waited for them.
    """

    protocol = Protocol.IMAP

    def __init__(
        self,
        account: Account,
        server: Server,
        database: Database,
        blobs: Blobs,
        secrets: Secrets,
        announcer: Announcer,
        *,
        stay: bool,
        spool: Path,
        replayed: Callable[[], None],
        session_factory: Callable[..., ImapSession] = ImapSession.open,
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
        self._stay = stay
        self._replayed = replayed
        self._open = session_factory
        self._timeout_s = timeout_s
        self._waker = Waker()
        self._queue = JobQueue()
        self._held: deque[tuple[Job, list[Future[Answer]]]] = deque()
        self._broken_off: dict[Job, int] = {}
        self._stops = 0
        self._replay = Replay(account, database, blobs, announcer)
        self._chores = Chores(account, database, blobs, announcer, self._queue, spool, self._urgent)
        self._watch = Watch(account.connections - 1, self._connection, self._news)
        self._session: ImapSession | None = None
        self._notified = False
        self._inbox_closed = False
        self._next_poll = 0.0
        self._postponed_due = False

    # --- asked by the engine, from other threads

    def put(self, job: Job, priority: Priority) -> Future[Answer]:
        """Queues a job; the future is done when it has been carried out."""
        future: Future[Answer] = Future()
        self._queue.put(job, priority, future)
        return future

    def whole_pass(self, *, headers_only: bool) -> Future[Answer]:
        """Queues a pass; the future is done when everything it found has been fetched."""
        self._queue.put(PassJob(headers_only), Priority.REPLAY)
        return self.put(FinishJob(), Priority.FINISH)

    def settle_sent(self) -> None:
        """A message was sent, or may have been: see to its copy in Sent."""
        self._chores.settle_sent()

    def opened(self, folder_id: FolderId) -> None:
        """The user looks at this folder: compare it now."""
        self._chores.opened(folder_id)

    def pause(self, *, paused: bool) -> None:
        """Holds back what is fetched ahead of need and large downloads, or goes on with them.

        What it takes to read a message that is opened still comes.
        """
        if paused:
            self._paused.set()
        else:
            self._paused.clear()
            self._let_go()

    def stop_downloads(self) -> None:
        """Forgets what is still to be fetched ahead of need, or was asked for; a pass finds the
        former again.
        """
        self._stops += 1
        for _, futures in self._taken_from_held():
            refuse(futures, Refused(STOPPED))
        self._broken_off.clear()
        self._queue.take_out((*AHEAD, *ASKED))

    def wake(self) -> None:
        self._waker.wake()

    # --- worker.Driver, in the worker's thread

    def wanted(self) -> bool:
        return len(self._queue) > 0

    def connect(self) -> None:
        if self._session is not None:
            return
        self._session = self._connection()
        self._notified = self._inbox_closed = False
        self._chores.begin()
        if self._stay:
            self._queue.put(PassJob(), Priority.REPLAY)

    def work(self) -> None:
        again = 0
        while not self.stopping.is_set():
            session = self._live()
            if self._replay.wanted():
                self._chores.selected = None
                try:
                    self._replay.run(session, self._chores.tally, self.stopping)
                finally:
                    # Also what went out before a line was lost: another account may wait for it.
                    self._replayed()
            entry = self._queue.pop()
            if entry is None:
                if self._try_postponed():
                    continue
                break
            job, futures = entry
            if self._paused.is_set() and self._waits_for_the_end_of_a_pause(job):
                self._held.append((job, futures))
                if not self._paused.is_set():
                    # It ended between the two lines above.
                    self._let_go()
                continue
            if isinstance(job, PassJob):
                self._next_poll = time.monotonic() + POLL_S
                self._postponed_due = True
            broken = self._broken_off.pop(job, 0)
            stops = self._stops
            with answering(futures):
                try:
                    if isinstance(job, FinishJob) and self._try_postponed():
                        session = self._live()
                    more, result = self._chores.do(session, job)
                    if more and stops != self._stops and isinstance(job, (*AHEAD, *ASKED)):
                        refuse(futures, Refused(STOPPED))
                    elif more:
                        self._queue.again(job, AGAIN[type(job)], futures)
                    else:
                        answer(futures, result)
                except Refused as error:
                    # One folder or message the server says no to does not stop the rest.
                    self._said_no(error)
                    refuse(futures, error)
                except Offline:
                    # One that ends every line is not tried for ever: it would keep all else
                    # from its turn.
                    if is_asked_for(job) and broken < TRIED_AGAIN:
                        self._broken_off[job] = broken + 1
                    raise
                except BadServer as error:
                    again += 1
                    if again > CONNECTED_AGAIN or not self._chores.bad_answer(job, error):
                        raise
                    log.warning("%s (%s); connecting again", error.summary, error.detail)
                    self._connect_again()
        if self._session is not None:
            self._chores.meter.note(self._session)
            if self._stay:
                self._chores.finish(self._session)

    def wait(self) -> None:
        session = self._live()
        if time.monotonic() >= self._next_poll:
            self._next_poll = time.monotonic() + POLL_S
            self._queue.put(PassJob(), Priority.FOLDER)
            return
        inbox = folders.by_role(self._database, self._account.id, Role.INBOX)
        # A server may keep its inbox to itself; then only the poll and wake-ups end the wait.
        if (
            inbox is not None
            and self._chores.selected != inbox.id
            and not inbox.parked
            and not self._inbox_closed
        ):
            try:
                if self._chores.news_of(session, inbox):
                    return
            except Refused as error:
                self._inbox_closed = True
                self._said_no(error)
        self._watch_others(session)
        timeout_s = min(IDLE_S, max(1.0, self._next_poll - time.monotonic()))
        if self.wanted():
            return
        news = session.idle(self._waker, timeout_s)
        if news.changed and inbox is not None:
            self._queue.put(FolderJob(inbox.id), Priority.INBOX)
        if news.listed:
            self._queue.put(PassJob(), Priority.FOLDER)
        self._chores.rounds.told(news.folders)

    def disconnect(self) -> None:
        session = self._session
        if session is None:
            return
        self._chores.selected = None
        self._watch.stop()
        # Until it has ended: `abort` must be able to cut a goodbye that is not answered.
        try:
            session.logout()
        finally:
            session.close()
            self._session = None
        try:
            self._chores.meter.note(session)
        except MailError as error:
            log.warning("bytes not written down: %s", error.summary)

    def abort(self) -> None:
        session = self._session
        if session is not None:
            session.close()

    def close(self, error: MailError) -> None:
        for _, futures in self._taken_from_held():
            refuse(futures, error)
        self._queue.close(error)
        self._waker.close()

    def failed(self, error: MailError) -> None:
        asked: set[Job] = set()
        if self._stay and isinstance(error, Offline):
            asked = {*self._queue.asked_for(), *self._broken_off}
        self._queue.fail(error)
        for job in asked:
            self._queue.put(job, AGAIN[type(job)])

    # --- inner

    def _try_postponed(self) -> bool:
        """Gives what was put off its turn, once after each pass; whether there was any.

        A line that is lost over it does not end the stretch of work.
        """
        due, self._postponed_due = self._postponed_due, False
        if not due or not self._replay.has_postponed:
            return False
        self._chores.selected = None
        try:
            self._replay.run_postponed(self._live(), self._chores.tally, self.stopping)
            # What has waited for them.
            self._replay.run(self._live(), self._chores.tally, self.stopping)
        except (Offline, BadServer) as error:
            if self.stopping.is_set():
                raise
            log.warning("%s (%s); connecting again", error.summary, error.detail)
            self._connect_again()
            # Or another pass would follow, and all this again.
            self._notified = False
        finally:
            self._replayed()
        return True

    def _connect_again(self) -> None:
        self.abort()
        self.disconnect()
        self._session = self._connection()
        self._chores.begin()

    def _let_go(self) -> None:
        """Queues what a pause held back."""
        for job, futures in self._taken_from_held():
            self._queue.again(job, AGAIN[type(job)], futures)

    def _taken_from_held(self) -> Iterator[tuple[Job, list[Future[Answer]]]]:
        """One by one: another thread may add to them meanwhile."""
        while self._held:
            try:
                yield self._held.popleft()
            except IndexError:
                return

    def _waits_for_the_end_of_a_pause(self, job: Job) -> bool:
        if isinstance(job, TransferJob):
            return self._chores.is_large(job.message_id)
        return isinstance(job, (*AHEAD, GivenJob))

    def _urgent(self) -> bool:
        """Whether what is fetched ahead is to make way."""
        return (
            self._paused.is_set()
            or self.stopping.is_set()
            or self._queue.most_urgent() < Priority.OLDER
            or self._replay.wanted()
        )

    def _connection(self) -> ImapSession:
        return signed_in(
            self._secrets,
            self._account,
            self._server,
            lambda secret, route: self._open(
                self._server, secret, route=route, timeout_s=self._timeout_s
            ),
        )

    def _live(self) -> ImapSession:
        if self._session is None:
            raise Refused("Not connected.")
        return self._session

    def _said_no(self, error: Refused) -> None:
        self._chores.tally.problems.append(error.summary)
        self._chores.selected = None
        with self._database.write() as tx:
            account_log.write(tx, self._account.id, error.kind.value, error.summary, error.detail)
        if isinstance(error, Busy):
            # It is over by the next pass; nobody need do anything.
            return
        self._announcer.tell(Notice(self._account.name, error.kind, error.summary, error.detail))

    def _watch_others(self, session: ImapSession) -> None:
        """News of other folders than the inbox: by NOTIFY, else by a connection for each."""
        if session.notifying:
            return
        if session.notify():
            if self._notified:
                # The server had given up telling: nobody knows what it did not say.
                self._queue.put(PassJob(), Priority.FOLDER)
            self._notified = True
            return
        if "IDLE" in session.capabilities:
            lively = folders.liveliest(self._database, self._account.id)
            looked_at = [f for f in lively if f.id == self._chores.rounds.opened]
            self._watch.watch([*looked_at, *(f for f in lively if f not in looked_at)])

    def _news(self, folder_id: FolderId, selected: Selected | None) -> None:
        """A watcher saw that something happened in its folder, or what it is like to begin with."""
        if selected is None or not self._chores.rounds.is_as(folder_id, selected):
            self._queue.put(FolderJob(folder_id), Priority.FOLDER)
            self.wake()
