"""Carries out a folder's plan: slices, newest first, every step repeatable.

UIDVALIDITY, UIDNEXT and MODSEQ are saved only after the last step, so that a pass cut off anywhere
is compared in full the next time. What to do is decided in sync_plan; when, in imap_worker.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from martlet.engine.sync_plan import NEWEST_FLAGS, Local, Remote, Step, plan
from martlet.engine.tally import Tally
from martlet.mail.account import AccountId
from martlet.mail.errors import BadServer
from martlet.mail.folder import Folder, FolderId
from martlet.mail.message import Content, MessageId
from martlet.mail.sync import SyncState
from martlet.mime.content import summarise
from martlet.mime.headers import envelope, parse_headers
from martlet.net.imap import ImapSession
from martlet.store import folders, journal, mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database

log = logging.getLogger("martlet.sync")

FIRST_SLICE = 200
SLICE = 500
BODY_SLICE = 100
BODY_SLICE_BYTES = 8 * 1024 * 1024
ALL_FLAGS_EVERY_S = 600.0


@dataclass(slots=True)
class Backfill:
    """Uids of a folder still to be fetched, newest first, and what to save when the last has
    come.
    """

    uids: list[int]
    state: SyncState
    total: int


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
        self._unfetchable: set[MessageId] = set()

    def compare(self, session: ImapSession, folder: Folder) -> bool:
        """Selects the folder, plans and carries the plan out; True when headers are left to
        fetch.
        """
        selected = session.select(folder.name)
        condstore = "CONDSTORE" in session.capabilities or "QRESYNC" in session.capabilities
        state = folders.sync_state(self._database, folder.id)
        known = mailbox.local_uids(self._database, folder.id)
        flags_due = time.monotonic() - self._flags_at.get(folder.id, -1e9) > ALL_FLAGS_EVERY_S
        remote = Remote(selected.exists, selected.uid_validity, selected.uid_next, selected.modseq)
        steps = plan(Local(state, len(known), flags_due), remote, condstore=condstore)
        target = SyncState(remote.uid_validity, remote.uid_next, remote.modseq)
        log.info("folder %s: %s", folder.id, " ".join(step.value for step in steps) or "unchanged")
        missing: list[int] = []
        for step in steps:
            if step is Step.FORGET:
                with self._database.write() as tx:
                    folders.forget(tx, folder.id)
                known = {}
            elif step is Step.COMPARE_UIDS:
                missing = self._compare_uids(session, folder.id, known)
            elif step is Step.FLAGS_SINCE:
                changed = session.fetch_flags("1:*", changed_since=state.modseq)
                self._set_flags(folder.id, changed, known)
            elif known:
                wanted = "1:*"
                if step is Step.FLAGS_NEWEST:
                    wanted = f"{sorted(known)[-NEWEST_FLAGS:][0]}:*"
                else:
                    self._flags_at[folder.id] = time.monotonic()
                self._set_flags(folder.id, session.fetch_flags(wanted), known)
        self._backfills[folder.id] = Backfill(missing, target, len(missing))
        if missing and state.uid_validity != target.uid_validity:
            # Whose uids the rows have from now on, though all else is still to be compared.
            with self._database.write() as tx:
                folders.save_sync_state(tx, folder.id, SyncState(target.uid_validity, 0, 0))
        if missing:
            return self.summaries(session, folder, FIRST_SLICE)
        self._finish(folder.id)
        return False

    def forget_progress(self) -> None:
        """The connection is gone: what was half done is planned anew."""
        self._backfills.clear()
        self._unfetchable.clear()

    def still_valid(self, folder_id: FolderId, uid_validity: int) -> bool:
        """Whether the uids stored of this folder are those the server means."""
        known = folders.sync_state(self._database, folder_id).uid_validity
        return known in (0, uid_validity)

    def left(self, folder_id: FolderId) -> tuple[int, int]:
        """(done, total) of the headers being fetched; (0, 0) when none are."""
        backfill = self._backfills.get(folder_id)
        if backfill is None:
            return 0, 0
        return backfill.total - len(backfill.uids), backfill.total

    def summaries(self, session: ImapSession, folder: Folder, limit: int = SLICE) -> bool:
        """Fetches the next slice of headers; True when there are more. The folder must be
        selected.
        """
        backfill = self._backfills.get(folder.id)
        if backfill is None:
            return False
        uids, backfill.uids = backfill.uids[:limit], backfill.uids[limit:]
        if uids:
            found = list(session.fetch_summaries(uids))
            with self._database.write() as tx:
                # A message just moved away here still has its old uid on the server.
                leaving = {
                    op.uid
                    for op in journal.pending(self._database, self._account_id)
                    if op.folder_id == folder.id
                }
                for summary in sorted(found, key=lambda s: -s.uid):
                    if summary.uid in leaving:
                        continue
                    head = envelope(parse_headers(summary.header))
                    if mailbox.adopt(
                        tx, folder.id, summary.uid, head.message_id, summary.size, summary.flags
                    ):
                        continue
                    mailbox.add(
                        tx,
                        folder.id,
                        summary.uid,
                        head,
                        flags=summary.flags,
                        size=summary.size,
                        received=summary.received,
                        content=Content(attachments=summary.attachments_hint),
                    )
                    self.tally.new += 1
        if not backfill.uids:
            self._finish(folder.id)
        return bool(backfill.uids)

    def bodies(self, session: ImapSession, folder: Folder) -> bool:
        """Fetches the next slice of bodies, newest first; True when there are more."""
        skip = len(self._unfetchable)
        missing = mailbox.missing(self._database, folder.id, BODY_SLICE + skip)
        wanted: list[tuple[MessageId, int]] = []
        volume = 0
        for message_id, uid, size in missing:
            if message_id in self._unfetchable or uid == 0:
                continue
            if wanted and volume + size > BODY_SLICE_BYTES:
                break
            wanted.append((message_id, uid))
            volume += size
            if len(wanted) >= BODY_SLICE:
                break
        if not wanted:
            return False
        self.fetch_bodies(session, wanted)
        return True

    def fetch_bodies(self, session: ImapSession, wanted: Sequence[tuple[MessageId, int]]) -> None:
        """Fetches these bodies of the selected folder: blobs first, rows second."""
        by_uid = {uid: message_id for message_id, uid in wanted}
        raws: dict[int, bytes] = {}
        for uid, raw in session.fetch_raw(list(by_uid)):
            if uid in by_uid:
                raws[uid] = raw
        keys = self._blobs.put_many(list(raws.values()))
        prepared = [
            (by_uid[uid], *summarise(raw), key)
            for (uid, raw), key in zip(raws.items(), keys, strict=True)
        ]
        with self._database.write() as tx:
            for message_id, head, content, key in prepared:
                mailbox.set_body(tx, message_id, head, content, key)
        # Not given though listed: gone meanwhile, or the server cannot read it. Not asked again
        # until the next connection.
        self._unfetchable.update(by_uid[uid] for uid in by_uid.keys() - raws.keys())

    def _compare_uids(
        self, session: ImapSession, folder_id: FolderId, known: Mapping[int, frozenset[str]]
    ) -> list[int]:
        remote = set(session.uids())
        if 0 in remote:
            raise BadServer("The server gave a message the number 0, which IMAP forbids.")
        gone = [uid for uid in known if uid not in remote]
        if gone:
            with self._database.write() as tx:
                mailbox.remove_uids(tx, folder_id, gone)
            self.tally.removed += len(gone)
        return sorted(remote - known.keys(), reverse=True)

    def _set_flags(
        self,
        folder_id: FolderId,
        flags: Mapping[int, frozenset[str]],
        known: Mapping[int, frozenset[str]],
    ) -> None:
        changed = {uid: new for uid, new in flags.items() if uid in known and known[uid] != new}
        if changed:
            with self._database.write() as tx:
                mailbox.set_server_flags(tx, folder_id, changed)
            self.tally.changed += len(changed)

    def _finish(self, folder_id: FolderId) -> None:
        backfill = self._backfills.pop(folder_id, None)
        if backfill is None:
            return
        with self._database.write() as tx:
            mailbox.drop_orphans(tx, folder_id)
            folders.save_sync_state(tx, folder_id, backfill.state)
