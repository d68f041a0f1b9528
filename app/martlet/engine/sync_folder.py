"""Carries out the plan for a folder: slices, newest first, every step repeatable.

UIDVALIDITY, UIDNEXT and MODSEQ are saved only after the last step, so that a pass cut off anywhere
is compared in full the next time. What to do is decided in sync_plan; when, in imap_chores;
bodies are fetched by `bodies`.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice

from martlet.engine.insisting import insist, slices
from martlet.engine.sync_plan import (
    NEW_AT_ONCE,
    NEWEST_FLAGS,
    Local,
    Remote,
    Step,
    adds_up,
    plan,
)
from martlet.engine.tally import Tally
from martlet.mail.account import AccountId
from martlet.mail.errors import BadServer, Refused
from martlet.mail.folder import Folder, FolderId
from martlet.mail.message import Content, MessageId
from martlet.mail.sync import Arrival, SyncState
from martlet.mime.content import summarise
from martlet.mime.headers import envelope, parse_headers
from martlet.net.imap import ImapSession, Selected, Summary
from martlet.store import account_log, folders, journal, mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database, Tx

log = logging.getLogger("martlet.sync")

FIRST_SLICE = 200
SLICE = 1000
ALL_FLAGS_EVERY_S = 600.0
# So long after a refusal what was refused is asked for again: it may not have been for ever.
UNSHOWN_AGAIN_S = 600.0


@dataclass(slots=True)
class Backfill:
    """Uids of a folder still to be fetched, newest first, and what to save when the last has
    come. orphans: rows that had no uid when the folder was compared.
    """

    uids: deque[int]
    state: SyncState
    orphans: frozenset[MessageId]

    def take(self, enough: Callable[[], bool]) -> Iterator[int]:
        """The uids one by one, gone from here once taken, until `enough` says so."""
        while self.uids and not enough():
            yield self.uids.popleft()


class AtMost:
    """Enough when asked so often."""

    def __init__(self, count: int) -> None:
        self._left = count

    def __call__(self) -> bool:
        self._left -= 1
        return self._left < 0


class FolderSync:
    """Folders of one account against one session."""

    def __init__(
        self, account_id: AccountId, database: Database, blobs: Blobs, tally: Tally
    ) -> None:
        self._account_id = account_id
        self._database = database
        self._blobs = blobs
        self.tally = tally
        self._backfills: dict[FolderId, Backfill] = {}
        self._flags_at: dict[FolderId, float] = {}
        # Uids the server would not show: not asked for again for a while, told once.
        self._unshown: dict[FolderId, set[int]] = {}
        self._refused_at: dict[FolderId, float] = {}
        self._told: set[tuple[FolderId, int]] = set()

    def compare(self, session: ImapSession, folder: Folder, *, preview: bool = False) -> bool:
        """Selects the folder, plans and carries the plan out; True when headers are left to
        fetch.

        preview: have the server say how the newest begin, as their bodies are not to come.
        """
        state = folders.sync_state(self._database, folder.id)
        selected = session.select(folder.name, since=state if state.modseq else None)
        self._keep_what_was_said(folder, selected)
        if time.monotonic() - self._refused_at.get(folder.id, 0.0) > UNSHOWN_AGAIN_S:
            self._unshown.pop(folder.id, None)
        known = self._count_known(folder.id)
        flags_due = time.monotonic() - self._flags_at.get(folder.id, -1e9) > ALL_FLAGS_EVERY_S
        remote = Remote(
            selected.exists,
            selected.uid_validity,
            selected.uid_next,
            selected.modseq,
            selected.resynced,
        )
        steps = plan(Local(state, known, flags_due), remote)
        log.info("folder %s: %s", folder.id, " ".join(step.value for step in steps) or "unchanged")
        missing: list[int] | None = None
        for step in steps:
            if not self._step(session, folder, step, state, selected):
                missing = self._compare_uids(session, folder.id)
        # Whatever the steps brought: as many must be known now as the server has.
        if missing is None and not adds_up(self._count_known(folder.id), session.exists):
            missing = self._compare_uids(session, folder.id)
        missing = missing or []
        target = SyncState(remote.uid_validity, remote.uid_next, remote.modseq)
        # Nothing is replayed while it is compared, only between slices.
        orphans = frozenset(mailbox.orphans(self._database, folder.id))
        self._backfills[folder.id] = Backfill(deque(missing), target, orphans)
        if missing and state.uid_validity != target.uid_validity:
            # Whose uids the rows have from now on, though all else is still to be compared.
            with self._database.write() as tx:
                folders.save_sync_state(tx, folder.id, SyncState(target.uid_validity, 0, 0))
        if missing:
            # What fills the first screen comes before anything else is done.
            for _ in self.summaries(session, folder, AtMost(FIRST_SLICE), preview=preview):
                pass
        else:
            self._finish(folder.id, unchanged=target == state)
        return folder.id in self._backfills

    def forget_progress(self) -> None:
        """The connection is gone: what was half done is planned anew."""
        self._backfills.clear()
        self._unshown.clear()

    def still_valid(self, folder_id: FolderId, uid_validity: int) -> bool:
        """Whether the uids stored of this folder are those the server means."""
        known = folders.sync_state(self._database, folder_id).uid_validity
        return known in (0, uid_validity)

    def left(self, folder_id: FolderId) -> int:
        """How many headers are still to be fetched."""
        backfill = self._backfills.get(folder_id)
        return len(backfill.uids) if backfill else 0

    def summaries(
        self,
        session: ImapSession,
        folder: Folder,
        enough: Callable[[], bool],
        *,
        preview: bool = False,
    ) -> Iterator[None]:
        """Fetches headers, newest first, until all are here or `enough` says so; yields each time
        some are stored. The folder must be selected.

        While some are stored the next are on their way already. What the server will not show is
        left out; Refused when that is all.
        """
        backfill = self._backfills.get(folder.id)
        if backfill is None:
            return
        index = isinstance(enough, AtMost)
        asked: list[int] = []
        came: set[int] = set()
        refused: dict[int, Refused] = {}

        def arriving() -> Iterator[Summary]:
            try:
                yield from session.fetch_summaries(
                    _noted(backfill.take(enough), asked), preview=preview
                )
            except Refused:
                rest = [uid for uid in asked if uid not in came]
                fetch = partial(session.fetch_summaries, preview=preview)
                yield from insist(fetch, rest, _uid_of, refused, some_came=bool(came))

        try:
            for some in slices(_ticked(arriving(), came), SLICE):
                self._store(folder.id, some, index=index)
                yield
        except Refused:
            # What was taken and did not come is found again by the next comparison.
            self._backfills.pop(folder.id, None)
            raise
        finally:
            self._note_refused(folder, refused, some_came=bool(came))
        if not backfill.uids:
            self._finish(folder.id)

    def _note_refused(
        self, folder: Folder, refused: Mapping[int, Refused], *, some_came: bool
    ) -> None:
        if not refused:
            return
        if some_came:
            # Otherwise it may be the server, which is asked again by the next pass.
            self._unshown.setdefault(folder.id, set()).update(refused)
            self._refused_at[folder.id] = time.monotonic()
        new = [uid for uid in refused if (folder.id, uid) not in self._told]
        if new:
            self._told.update((folder.id, uid) for uid in new)
            what = account_log.count(len(new), "message")
            words = f"{folder.leaf}: the server would not show {what}."
            self.tally.problems.append(words)
            error = refused[new[0]]
            with self._database.write() as tx:
                account_log.write(tx, self._account_id, error.kind.value, words, error.detail)

    def _count_known(self, folder_id: FolderId) -> int:
        """How many messages there should be, as far as is known here."""
        unshown = len(self._unshown.get(folder_id, ()))
        return mailbox.count_known(self._database, folder_id) + unshown

    def _keep_what_was_said(self, folder: Folder, selected: Selected) -> None:
        if selected.permanent_flags != folders.keywords(self._database, folder.id):
            with self._database.write() as tx:
                folders.put_selected(tx, folder.id, selected.permanent_flags, selected.mailbox_id)

    def _step(
        self,
        session: ImapSession,
        folder: Folder,
        step: Step,
        state: SyncState,
        selected: Selected,
    ) -> bool:
        """Carries a step out. False: all uids are to be compared."""
        match step:
            case Step.FORGET:
                self._unshown.pop(folder.id, None)
                with self._database.write() as tx:
                    folders.forget(tx, folder.id)
            case Step.TAKE_GONE:
                if selected.gone:
                    with self._database.write() as tx:
                        gone = mailbox.remove_ranges(tx, folder.id, selected.gone)
                    self.tally.removed += gone
            case Step.TAKE_FLAGS:
                self._set_flags(folder.id, selected.changed)
            case Step.FLAGS_SINCE:
                changed = session.fetch_flags("1:*", changed_since=state.modseq)
                self._set_flags(folder.id, changed)
            case Step.FLAGS_NEWEST:
                known = sorted(mailbox.local_uids(self._database, folder.id))
                if known:
                    newest = known[-NEWEST_FLAGS:][0]
                    self._set_flags(folder.id, session.fetch_flags(f"{newest}:*"))
            case Step.FLAGS_ALL:
                self._flags_at[folder.id] = time.monotonic()
                self._set_flags(folder.id, session.fetch_flags())
            case Step.FETCH_NEW:
                # A number that UIDNEXT rules out is a lie, or too new: the count will not add up.
                new = (
                    one for one in session.fetch_new(state.uid_next) if one.uid < selected.uid_next
                )
                # More than UIDNEXT promised are found by the count that does not add up.
                try:
                    for some in slices(islice(new, 2 * NEW_AT_ONCE), SLICE):
                        self._store(folder.id, some)
                except Refused:
                    return False
            case Step.COMPARE_UIDS:
                return False
        return True

    def _store(
        self, folder_id: FolderId, summaries: Iterable[Summary], *, index: bool = True
    ) -> None:
        found = sorted(summaries, key=lambda s: -s.uid)
        if not found:
            return
        heads = [envelope(parse_headers(summary.header)) for summary in found]
        arrivals: list[Arrival] = []
        with self._database.write() as tx:
            # A message just moved away here still has its old uid on the server.
            leaving = journal.uids_waiting(tx, folder_id)
            waited_for = mailbox.awaits_uids(tx, folder_id)
            for summary, head in zip(found, heads, strict=True):
                if summary.uid in leaving:
                    continue
                if waited_for and mailbox.adopt(
                    tx, folder_id, summary.uid, head.message_id, summary.size, summary.flags
                ):
                    continue
                arrivals.append(
                    Arrival(
                        summary.uid,
                        head,
                        summary.flags,
                        summary.size,
                        summary.received,
                        Content(summary.preview, "", summary.attachments_hint),
                        email_id=summary.email_id,
                        thread_id=summary.thread_id,
                    )
                )
            before = mailbox.newest(tx)
            ids = mailbox.add_many(tx, folder_id, arrivals, index=index)
            # Those that we moved here ourselves have a row already.
            self.tally.new += sum(message > before for message in ids)
            self._take_known_bodies(tx, list(zip(ids, arrivals, strict=True)))

    def _take_known_bodies(self, tx: Tx, added: list[tuple[MessageId, Arrival]]) -> None:
        """What is here already under another folder, by the server's own word, is not fetched
        again (RFC 8474; Gmail's labels make it the usual case there)."""
        wanted = {one.email_id for _, one in added if one.email_id}
        known = mailbox.same_email(tx, wanted, self._account_id) if wanted else {}
        for message_id, one in added:
            key = known.get(one.email_id, "")
            raw = self._blobs.get(key) if key else None
            if raw is not None:
                mailbox.set_body(tx, message_id, *summarise(raw), key)

    def _compare_uids(self, session: ImapSession, folder_id: FolderId) -> list[int]:
        """Removes what is gone; answers what is new, newest first."""
        known = mailbox.local_uids(self._database, folder_id)
        remote = set(session.uids())
        if 0 in remote:
            raise BadServer("The server gave a message the number 0, which IMAP forbids.")
        gone = [uid for uid in known if uid not in remote]
        if gone:
            with self._database.write() as tx:
                mailbox.remove_uids(tx, folder_id, gone)
            self.tally.removed += len(gone)
        unshown = self._unshown.get(folder_id, set())
        unshown &= remote
        return sorted(remote - known.keys() - unshown, reverse=True)

    def _set_flags(self, folder_id: FolderId, flags: Mapping[int, frozenset[str]]) -> None:
        if flags:
            with self._database.write() as tx:
                self.tally.changed += mailbox.set_server_flags(tx, folder_id, flags)

    def _finish(self, folder_id: FolderId, *, unchanged: bool = False) -> None:
        backfill = self._backfills.pop(folder_id, None)
        if backfill is None or (unchanged and not mailbox.awaits_uids(self._database, folder_id)):
            return
        with self._database.write() as tx:
            mailbox.drop_orphans(tx, folder_id, backfill.orphans)
            folders.save_sync_state(tx, folder_id, backfill.state)


def _noted(uids: Iterable[int], asked: list[int]) -> Iterator[int]:
    """These, written down as they are taken."""
    for uid in uids:
        asked.append(uid)
        yield uid


def _ticked(arriving: Iterable[Summary], came: set[int]) -> Iterator[Summary]:
    """These, ticked off as they come."""
    for one in arriving:
        came.add(one.uid)
        yield one


def _uid_of(one: Summary) -> int:
    return one.uid
