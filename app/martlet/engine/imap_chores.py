"""The jobs of an IMAP worker, carried out over its session.

    PassJob ──> FolderJob for each folder that STATUS does not prove unchanged
    FolderJob ──> SummariesJob while headers are left, BodiesJob while bodies are lacking
    BodyJob, TransferJob, GivenJob: what a person asked for
Which folders are looked at is decided by rounds; what one needs is worked out in sync_plan and
carried out by sync_folder; what of a message is fetched, by bodies and transfers; local changes go
out by replay.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from martlet.engine import draft_elsewhere
from martlet.engine.bodies import Bodies
from martlet.engine.events import Announcer
from martlet.engine.jobs import (
    Answer,
    BodiesJob,
    BodyJob,
    FileJob,
    FinishJob,
    FolderJob,
    GivenJob,
    IndexJob,
    Job,
    JobQueue,
    PassJob,
    Priority,
    PropertiesJob,
    SummariesJob,
    TransferJob,
)
from martlet.engine.meter import Meter
from martlet.engine.rounds import VIEWS, Rounds
from martlet.engine.sent_copy import SentCopy
from martlet.engine.sync_folder import FolderSync
from martlet.engine.tally import Tally
from martlet.engine.teller import Teller
from martlet.engine.transfers import Transfers
from martlet.mail.account import Account, SyncReport
from martlet.mail.changes import Unit
from martlet.mail.errors import BadServer, Refused
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.message import MessageId
from martlet.mail.sync import FolderInfo, FolderStatus, Location
from martlet.net.imap import ImapSession
from martlet.store import account_log, folders, mailbox, parts, text_index
from martlet.store.blobs import Blobs
from martlet.store.database import Database

log = logging.getLogger("martlet.imap")

GIVEN_AT_ONCE = 20
# A long job goes on for so long, and looks every so many messages whether it is to make way.
SLICE_S = 10.0
LOOK_EVERY = 50
LOOK_EVERY_BODY = 10
INDEXED_AT_ONCE = 1000
# From here on compressing is worth a round trip, unless there is no network between.
MANY = 200
LOOPBACK = ("localhost", "127.", "::1")
# DESIGN 6: so many unreadable answers in a row about a folder, and it is left alone.
PARK_AFTER = 5
GONE = "This message is not on the server any more."
NOT_GIVEN = "The server did not give this message; it may have been deleted there."


class Chores:
    """Carries out one account's jobs, one after the other, and queues what follows from them.

    tally: of the pass that runs. selected: the folder that is selected and can be relied upon.
    urgent: whether something else should be done first.
    """

    def __init__(
        self,
        account: Account,
        database: Database,
        blobs: Blobs,
        announcer: Announcer,
        queue: JobQueue,
        spool: Path,
        urgent: Callable[[], bool],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._urgent = urgent
        self._account = account
        self._database = database
        self._blobs = blobs
        self._announcer = announcer
        self._queue = queue
        self.tally = Tally()
        self.meter = Meter(account, database, clock)
        self.selected: FolderId | None = None
        self._sync = FolderSync(account.id, database, blobs, self.tally)
        self._transfers = Transfers(account, database, blobs, spool, announcer)
        self._bodies = Bodies(account, database, blobs, self._transfers, clock)
        self._sent_copy = SentCopy(account, database, blobs)
        self._teller = Teller(account.id, announcer.tell)
        self.rounds = Rounds(account, database, queue, self._bodies)
        self._bad: Counter[FolderId] = Counter()
        self._saved_up = False

    def begin(self) -> None:
        """A new connection: what was half done is planned anew."""
        self.selected = None
        self._sync.forget_progress()
        self._bodies.forget_progress()
        self._teller.begin()
        self.meter.begin()

    def settle_sent(self, priority: Priority = Priority.REPLAY) -> None:
        """Sees to the copies of what was sent, or may have been."""
        for entry in self._sent_copy.unsettled():
            self._queue.put(FileJob(entry), priority)

    def opened(self, folder_id: FolderId) -> None:
        """The user looks at this folder: compare it now, also if it was left alone."""
        self.rounds.opened = folder_id
        folder = self._known(folder_id)
        if folder is not None and folder.parked:
            self._bad.pop(folder_id, None)
            with self._database.write() as tx:
                folders.park(tx, folder_id, "")
        self._queue.put(FolderJob(folder_id), Priority.REPLAY)

    def do(self, session: ImapSession, job: Job) -> tuple[bool, Answer]:
        """Does a job, or a slice of it: (whether it is to be queued again, its answer)."""
        match job:
            case PassJob(headers_only):
                self.tally.removed += self.rounds.go(session, headers_only=headers_only)
                self.settle_sent(Priority.FOLDER)
            case FolderJob(folder_id, headers_only):
                self._folder(session, folder_id, headers_only=headers_only)
            case SummariesJob(folder_id):
                return self._summaries(session, folder_id), None
            case IndexJob():
                return self._index(), None
            case BodiesJob(folder_id, everything):
                return self._ahead(session, folder_id, everything=everything), None
            case BodyJob(message_id):
                self._body(session, message_id)
            case TransferJob(message_id, section):
                place = self._place(session, message_id)
                if section == "" and place.blob:
                    return False, None
                return self._transfers.step(session, job), None
            case GivenJob(folder_id, message_ids):
                self._given(session, folder_id, message_ids)
            case FileJob(outbox_id):
                self.selected = None
                self._sent_copy.settle(session, outbox_id)
            case PropertiesJob(folder_id):
                return False, self._properties(session, folder_id)
            case FinishJob():
                return False, self.finish(session)
        return False, None

    def finish(self, session: ImapSession) -> SyncReport:
        """What was done since the last time; it goes to the account's log, with what the server
        wanted told."""
        report = self.tally.report(self._account.name)
        self.tally = self._sync.tally = Tally()
        remarks = session.take_remarks()
        words = said(report)
        if remarks or words:
            with self._database.write() as tx:
                for sentence, detail in remarks:
                    account_log.write(tx, self._account.id, "info", sentence, detail)
                if words:
                    account_log.write(tx, self._account.id, "info", words)
        return report

    def news_of(self, session: ImapSession, inbox: Folder) -> bool:
        """Selects the inbox to wait in it; True when there is something to be done first."""
        self.selected = None
        # What came while another folder was selected shows in the numbers SELECT gives.
        more = self._sync.compare(session, inbox)
        self.selected = inbox.id
        if more:
            self._queue.put(SummariesJob(inbox.id), Priority.INBOX)
            return True
        if self._bodies.lacking(inbox):
            self._queue.put(BodiesJob(inbox.id), Priority.PREFETCH)
        return False

    def bad_answer(self, job: Job, error: BadServer) -> bool:
        """Whether the rest of the work can go on after an unreadable answer to this job.

        True: it was about one folder, over a connection that is of no more use.
        """
        if not isinstance(job, FolderJob | SummariesJob | BodiesJob):
            return False
        self._bad[job.folder_id] += 1
        folder = self._known(job.folder_id)
        if folder is None:
            return False
        words = f"{folder.leaf}: {error.summary}"
        if words not in self.tally.problems:
            self.tally.problems.append(words)
        with self._database.write() as tx:
            account_log.write(tx, self._account.id, error.kind.value, words, error.detail)
            if self._bad[folder.id] >= PARK_AFTER:
                folders.park(tx, folder.id, error.summary)
        return True

    def _folder(self, session: ImapSession, folder_id: FolderId, *, headers_only: bool) -> None:
        folder = self._known(folder_id)
        if folder is None or not self.rounds.wanted(folder):
            return
        self.selected = None
        bodies = self._bodies.wanted(folder) and not headers_only
        more = self._sync.compare(session, folder, preview=not bodies)
        self.selected = folder.id
        self._bad.pop(folder.id, None)
        if folder.role is Role.DRAFTS and draft_elsewhere.look(
            session, self._database, self._blobs, folder
        ):
            more = self._sync.compare(session, folder, preview=not bodies)
            draft_elsewhere.look(session, self._database, self._blobs, folder)
        self._teller.left(folder, Unit.HEADERS, self._sync.left(folder.id))
        if more:
            self._queue.put(SummariesJob(folder.id), Priority.OLDER)
        if not headers_only and folder.role not in VIEWS and self._bodies.lacking(folder):
            self._queue.put(BodiesJob(folder.id), Priority.PREFETCH)
        if folder.id == self.rounds.opened and not folder.rights and "ACL" in session.capabilities:
            with self._database.write() as tx:
                folders.put_rights(tx, folder.id, session.rights(folder.name))

    def _summaries(self, session: ImapSession, folder_id: FolderId) -> bool:
        folder = self._select(session, folder_id)
        if folder is None:
            return False
        self._before_many(session, self._sync.left(folder.id))
        for _ in self._sync.summaries(session, folder, self._enough()):
            self._teller.left(folder, Unit.HEADERS, self._sync.left(folder.id))
        self._queue.put(IndexJob(), Priority.PREFETCH)
        return self._sync.left(folder.id) > 0

    def _index(self) -> bool:
        with self._database.write() as tx:
            return text_index.headers(tx, INDEXED_AT_ONCE) == INDEXED_AT_ONCE

    def _enough(
        self, every: int = LOOK_EVERY, used_up: Callable[[], bool] = lambda: False
    ) -> Callable[[], bool]:
        """Whether a long job is to make way: asked before each message, looked at now and then."""
        end = time.monotonic() + SLICE_S
        asked = 0

        def enough() -> bool:
            nonlocal asked
            asked += 1
            return asked % every == 0 and (time.monotonic() > end or self._urgent() or used_up())

        return enough

    def _ahead(self, session: ImapSession, folder_id: FolderId, *, everything: bool) -> bool:
        """A slice of bodies ahead of need, unless the month's allowance is used up."""
        if not everything and self.meter.used_up(session):
            self._say_saved_up()
            return False
        folder = self._select(session, folder_id)
        if folder is None:
            return False
        lacking = self._bodies.lacking(folder, everything=everything)
        self._teller.left(folder, Unit.BODIES, lacking)
        self._before_many(session, lacking)
        if not lacking:
            return False
        enough = self._enough(
            LOOK_EVERY_BODY, lambda: not everything and self.meter.used_up(session)
        )
        more = self._bodies.slice(session, folder, enough, everything=everything)
        left = self._bodies.lacking(folder, everything=everything) if more else 0
        self._teller.left(folder, Unit.BODIES, left)
        return left > 0

    # --- what a person asked for

    def _body(self, session: ImapSession, message_id: MessageId) -> None:
        place = self._place(session, message_id)
        if place.blob:
            return
        if not self._bodies.readable(session, message_id, place.uid, place.size):
            self._queue.put(TransferJob(message_id, ""), Priority.USER)
            return
        here = mailbox.blob_of(self._database, message_id)
        if not here and not parts.partial_of(self._database, message_id):
            self._queue.put(FolderJob(place.folder_id), Priority.REPLAY)
            raise Refused(NOT_GIVEN)

    def _given(
        self, session: ImapSession, folder_id: FolderId, message_ids: tuple[MessageId, ...]
    ) -> None:
        folder = self._select(session, folder_id)
        places = [p for p in mailbox.locate(self._database, message_ids) if not p.blob and p.uid]
        if folder is None or not places:
            return
        now = [p for p in places if p.folder_id == folder_id and not self._is_large(p)]
        for place in places:
            if self._is_large(place):
                self._queue.put(TransferJob(place.id, ""), Priority.FOLDER)
        self._teller.left(folder, Unit.BODIES, len(now))
        if now:
            self._bodies.whole(session, [(p.id, p.uid) for p in now[:GIVEN_AT_ONCE]])
        rest = tuple(p.id for p in now[GIVEN_AT_ONCE:])
        self._teller.left(folder, Unit.BODIES, len(rest))
        if rest:
            self._queue.put(GivenJob(folder_id, rest), Priority.FOLDER)

    def _properties(self, session: ImapSession, folder_id: FolderId) -> FolderInfo:
        folder = self._known(folder_id)
        if folder is None:
            raise Refused("There is no such folder.")
        status = session.status([folder.name]).get(folder.name, FolderStatus())
        rights = session.rights(folder.name)
        if rights != folder.rights:
            with self._database.write() as tx:
                folders.put_rights(tx, folder.id, rights)
        return FolderInfo(status.messages, status.size, rights, session.quota(folder.name))

    # --- inner

    def is_large(self, message_id: MessageId) -> bool:
        """Whether a message is fetched in part first. From any thread."""
        places = mailbox.locate(self._database, [message_id])
        return bool(places) and self._is_large(places[0])

    def _is_large(self, place: Location) -> bool:
        return place.size > self._account.whole_kb * 1024

    def _place(self, session: ImapSession, message_id: MessageId) -> Location:
        """Where a message is, its folder selected."""
        places = mailbox.locate(self._database, [message_id])
        if not places:
            raise Refused(GONE)
        place = places[0]
        if place.blob:
            return place
        if not place.uid or self._select(session, place.folder_id) is None:
            raise Refused(GONE)
        return place

    def _select(self, session: ImapSession, folder_id: FolderId) -> Folder | None:
        folder = self._known(folder_id)
        # The session's own word counts: uids of one folder must never be used in another.
        if folder is not None and (self.selected != folder.id or session.selected != folder.name):
            self.selected = None
            selected = session.select(folder.name)
            if not self._sync.still_valid(folder.id, selected.uid_validity):
                # What we know as uids names other messages now: compare first.
                self._queue.put(FolderJob(folder.id), Priority.REPLAY)
                return None
            self.selected = folder.id
        return folder

    def _known(self, folder_id: FolderId) -> Folder | None:
        return folders.by_id(self._database, folder_id)

    def _before_many(self, session: ImapSession, count: int) -> None:
        server = self._account.incoming
        if count >= MANY and server is not None and not server.host.startswith(LOOPBACK):
            session.compress()

    def _say_saved_up(self) -> None:
        if not self._saved_up:
            self._saved_up = True
            with self._database.write() as tx:
                account_log.write(
                    tx,
                    self._account.id,
                    "info",
                    f"{self._account.month_mb} MB have come this month, as many as you allow;"
                    " from now on only what you open is fetched.",
                )


def said(report: SyncReport) -> str:
    """What a pass did, as a sentence; "" when that is nothing."""
    words = []
    if report.new:
        words.append(f"{report.new} new message{'s' if report.new > 1 else ''}")
    if report.changed:
        words.append(f"{report.changed} changed")
    if report.removed:
        words.append(f"{report.removed} removed")
    return f"{', '.join(words)}." if words else ""
