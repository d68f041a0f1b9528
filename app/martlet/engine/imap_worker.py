"""One account's IMAP connection: passes over the folders, news by IDLE, what the user waits for
first.

What a folder needs is worked out in sync_plan and carried out by sync_folder; local changes go out
by replay. This file decides the order of things and keeps the one connection.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Event

from martlet.engine.events import Announcer
from martlet.engine.jobs import (
    BodiesJob,
    BodyJob,
    FileJob,
    FinishJob,
    FolderJob,
    Job,
    JobQueue,
    PassJob,
    Priority,
    SummariesJob,
    answer,
    answering,
    refuse,
)
from martlet.engine.replay import Replay
from martlet.engine.secrets import Secrets
from martlet.engine.sent_copy import SentCopy
from martlet.engine.sync_folder import FolderSync
from martlet.engine.tally import Tally
from martlet.mail.account import Account, Protocol, Server, SyncReport
from martlet.mail.changes import Notice, Progress
from martlet.mail.errors import MailError, Refused
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.message import MessageId
from martlet.net.connect import Waker
from martlet.net.imap import ImapSession
from martlet.store import folders, mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database

log = logging.getLogger("martlet.imap")

TIMEOUT_S = 60.0
IDLE_S = 25 * 60.0
POLL_S = 10 * 60.0
# Views of messages that are in other folders too; their bodies would come twice (PRODUCT 4.3).
VIEWS = (Role.ALL, Role.FLAGGED, Role.IMPORTANT)


class ImapDriver:
    """Drives one ImapSession for an account. See worker.Driver.

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
        replayed: Callable[[], None],
        session_factory: Callable[..., ImapSession] = ImapSession.open,
    ) -> None:
        self.stopping = Event()
        self._account = account
        self._server = server
        self._database = database
        self._secrets = secrets
        self._announcer = announcer
        self._stay = stay
        self._replayed = replayed
        self._open = session_factory
        self._waker = Waker()
        self._queue = JobQueue()
        self._tally = Tally()
        self._sync = FolderSync(account.id, database, blobs, self._tally)
        self._replay = Replay(account, database, blobs, announcer)
        self._sent_copy = SentCopy(account, database, blobs)
        self._session: ImapSession | None = None
        self._selected: FolderId | None = None
        self._opened: FolderId | None = None
        self._next_poll = 0.0

    # --- asked by the engine, from other threads

    def put(self, job: Job, priority: Priority) -> Future[SyncReport | None]:
        """Queues a job; the future is done when it has been carried out."""
        future: Future[SyncReport | None] = Future()
        self._queue.put(job, priority, future)
        return future

    def whole_pass(self, *, headers_only: bool) -> Future[SyncReport | None]:
        """Queues a pass; the future is done when everything it found has been fetched."""
        self._queue.put(PassJob(headers_only), Priority.REPLAY)
        return self.put(FinishJob(), Priority.FINISH)

    def settle_sent(self) -> None:
        """A message was sent, or may have been: see to its copy in Sent."""
        for entry in self._sent_copy.unsettled():
            self._queue.put(FileJob(entry), Priority.REPLAY)

    def wake(self) -> None:
        self._waker.wake()

    # --- worker.Driver, in the worker's thread

    def wanted(self) -> bool:
        return len(self._queue) > 0

    def connect(self) -> None:
        if self._session is not None:
            return
        self._session = self._open(
            self._server,
            self._secrets.password(self._account),
            ca_file=self._account.ca_file,
            pins=self._account.pins,
            timeout_s=TIMEOUT_S,
        )
        self._selected = None
        self._sync.forget_progress()
        if self._stay:
            self._queue.put(PassJob(), Priority.REPLAY)

    def work(self) -> None:
        session = self._live()
        while not self.stopping.is_set():
            if self._replay.wanted():
                self._selected = None
                try:
                    self._replay.run(session, self._tally, self.stopping)
                finally:
                    # Also what went out before a line was lost: another account may wait for it.
                    self._replayed()
            entry = self._queue.pop()
            if entry is None:
                return
            job, futures = entry
            with answering(futures):
                try:
                    answer(futures, self._do(session, job))
                except Refused as error:
                    # One folder or message the server says no to does not stop the rest.
                    self._tally.problems.append(error.summary)
                    self._selected = None
                    self._announcer.tell(
                        Notice(self._account.name, error.kind, error.summary, error.detail)
                    )
                    refuse(futures, error)

    def wait(self) -> None:
        session = self._live()
        if time.monotonic() >= self._next_poll:
            self._queue.put(PassJob(), Priority.FOLDER)
            return
        inbox = folders.by_role(self._database, self._account.id, Role.INBOX)
        # A server may keep its inbox to itself; then only the poll and wake-ups end the wait.
        if inbox is not None and self._selected != inbox.id:
            # What came while another folder was selected shows in the numbers SELECT gives.
            if self._sync.compare(session, inbox):
                self._queue.put(SummariesJob(inbox.id), Priority.INBOX)
                return
            self._selected = inbox.id
            if mailbox.missing(self._database, inbox.id, 1):
                self._queue.put(BodiesJob(inbox.id), Priority.PREFETCH)
        timeout_s = min(IDLE_S, max(1.0, self._next_poll - time.monotonic()))
        if self.wanted():
            return
        news = session.idle(self._waker, timeout_s)
        if news.changed and inbox is not None:
            self._queue.put(FolderJob(inbox.id), Priority.INBOX)

    def disconnect(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            self._selected = None
            try:
                session.logout()
            except MailError as error:
                log.debug("logout: %s", error.summary)
            session.close()

    def abort(self) -> None:
        session = self._session
        if session is not None:
            session.close()

    def close(self, error: MailError) -> None:
        self._queue.close(error)
        self._waker.close()

    def failed(self, error: MailError) -> None:
        self._queue.fail(error)

    # --- the jobs

    def _live(self) -> ImapSession:
        if self._session is None:
            raise Refused("Not connected.")
        return self._session

    def _do(self, session: ImapSession, job: Job) -> SyncReport | None:
        match job:
            case PassJob(headers_only):
                self._pass(session, headers_only=headers_only)
            case FolderJob(folder_id, headers_only):
                self._folder(session, folder_id, headers_only=headers_only)
            case SummariesJob(folder_id):
                self._summaries(session, folder_id)
            case BodiesJob(folder_id):
                self._bodies(session, folder_id)
            case BodyJob(message_id):
                self._body(session, message_id)
            case FileJob(outbox_id):
                self._selected = None
                self._sent_copy.settle(session, outbox_id)
            case FinishJob():
                report = self._tally.report(self._account.name)
                self._tally = self._sync.tally = Tally()
                return report
        return None

    def _pass(self, session: ImapSession, *, headers_only: bool) -> None:
        self._next_poll = time.monotonic() + POLL_S
        listed = session.list_folders()
        with self._database.write() as tx:
            folders.put_listed(tx, self._account.id, listed)
        for entry in self._sent_copy.unsettled():
            self._queue.put(FileJob(entry), Priority.FOLDER)
        for item in listed:
            folder = folders.by_name(self._database, self._account.id, item.name)
            if folder is None or not folder.selectable:
                continue
            if folder.role in VIEWS and folder.id != self._opened:
                continue
            inbox = folder.role is Role.INBOX
            self._queue.put(
                FolderJob(folder.id, headers_only), Priority.INBOX if inbox else Priority.FOLDER
            )

    def _folder(self, session: ImapSession, folder_id: FolderId, *, headers_only: bool) -> None:
        folder = self._known(folder_id)
        if folder is None:
            return
        self._selected = None
        more = self._sync.compare(session, folder)
        self._selected = folder.id
        self._told_progress(folder)
        if more:
            self._queue.put(SummariesJob(folder.id), Priority.OLDER)
        if not headers_only and folder.role not in VIEWS:
            self._queue.put(BodiesJob(folder.id), Priority.PREFETCH)

    def _summaries(self, session: ImapSession, folder_id: FolderId) -> None:
        folder = self._select(session, folder_id)
        if folder is None:
            return
        if self._sync.summaries(session, folder):
            self._queue.put(SummariesJob(folder.id), Priority.OLDER)
        self._told_progress(folder)

    def _bodies(self, session: ImapSession, folder_id: FolderId) -> None:
        folder = self._select(session, folder_id)
        if folder is not None and self._sync.bodies(session, folder):
            self._queue.put(BodiesJob(folder.id), Priority.PREFETCH)

    def _body(self, session: ImapSession, message_id: MessageId) -> None:
        places = mailbox.locate(self._database, [message_id])
        if not places or places[0].blob:
            return
        place = places[0]
        folder = self._select(session, place.folder_id)
        if folder is None or not place.uid:
            raise Refused("This message is not on the server any more.")
        self._sync.fetch_bodies(session, [(message_id, place.uid)])
        if not mailbox.blob_of(self._database, message_id):
            self._queue.put(FolderJob(place.folder_id), Priority.REPLAY)
            raise Refused("The server did not give this message; it may have been deleted there.")

    def opened(self, folder_id: FolderId) -> None:
        """The user looks at this folder: compare it now."""
        self._opened = folder_id
        self._queue.put(FolderJob(folder_id), Priority.REPLAY)

    def _select(self, session: ImapSession, folder_id: FolderId) -> Folder | None:
        folder = self._known(folder_id)
        if folder is not None and self._selected != folder.id:
            self._selected = None
            selected = session.select(folder.name)
            if not self._sync.still_valid(folder.id, selected.uid_validity):
                # What we know as uids names other messages now: compare first.
                self._queue.put(FolderJob(folder.id), Priority.REPLAY)
                return None
            self._selected = folder.id
        return folder

    def _known(self, folder_id: FolderId) -> Folder | None:
        return folders.by_id(self._database, folder_id)

    def _told_progress(self, folder: Folder) -> None:
        done, total = self._sync.left(folder.id)
        if total:
            self._announcer.tell(Progress(self._account.id, folder.name, done, total))
        else:
            self._announcer.tell(Progress(self._account.id, folder.name, 0, 0))
