"""Clears up while nothing else happens: raw mail that nobody needs, bodies not yet searchable."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from threading import Event, Thread

from martlet.mail.changes import Change, MessagesChanged
from martlet.mail.errors import MailError, StoreError
from martlet.mail.message import MessageId
from martlet.mime.content import summarise
from martlet.store import mailbox, text_index
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from martlet.store.living import living_blobs

log = logging.getLogger("martlet.housekeeping")

FIRST_S = 120.0
EVERY_S = 6 * 3600.0
OFTEN_S = 60.0
SOON_S = 1.0
INDEX_SLICE = 100


class Housekeeping:
    """A thread that collects now and then, from two minutes after the start on.

    often: what else is done in the background, every minute. soon: what is done a moment after mail
    came, and after the start: people wait for it. lent: blobs that open letters may still name.
    """

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        often: Sequence[Callable[[], None]],
        soon: Sequence[Callable[[], None]] = (),
        *,
        lent: Callable[[], set[str]],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._often = often
        self._soon = soon
        self._lent = lent
        self._ended = Event()
        self._stirred = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        self._stirred.set()
        self._database.listen(self._heard)
        self._thread = Thread(target=self._run, name="housekeeping", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._stirred.set()
        if self._thread is not None:
            self._thread.join()

    def collect(self) -> int:
        """Throws away blobs nobody needs; answers how many."""
        return self._blobs.collect(living_blobs(self._database) | self._lent())

    def index(self) -> int:
        """Puts stored bodies into the index that are not in it (copies of messages); how many."""
        count = self._index_headers()
        seen: set[MessageId] = set()
        while todo := [
            (message_id, key)
            for message_id, key in mailbox.unindexed(self._database, INDEX_SLICE + len(seen))
            if message_id not in seen
        ]:
            for message_id, key in todo:
                if self._ended.is_set():
                    return count
                # One that stays unindexed (its blob is damaged) is not tried for ever.
                seen.add(message_id)
                try:
                    raw = self._blobs.get(key)
                except StoreError as error:
                    log.warning("message %s: %s", message_id, error.summary)
                    continue
                if raw is None:
                    continue
                head, content = summarise(raw)
                with self._database.write() as tx:
                    mailbox.set_body(tx, message_id, head, content, key)
                count += 1
        return count

    def _index_headers(self) -> int:
        """Those of a first synchronisation that was cut off."""
        count = 0
        while not self._ended.is_set():
            with self._database.write() as tx:
                some = text_index.headers(tx, INDEX_SLICE)
            count += some
            if some < INDEX_SLICE:
                break
        return count

    def _heard(self, change: Change) -> None:
        if isinstance(change, MessagesChanged):
            self._stirred.set()

    def _run(self) -> None:
        wait_s, often_at = FIRST_S, time.monotonic() + OFTEN_S
        while True:
            stirred = self._stirred.wait(max(0.0, often_at - time.monotonic()))
            # Much mail that comes at once is looked at once.
            if self._ended.wait(SOON_S if stirred else 0.0):
                return
            try:
                if stirred:
                    self._stirred.clear()
                    for one in self._soon:
                        one()
                if time.monotonic() < often_at:
                    continue
                often_at = time.monotonic() + OFTEN_S
                wait_s -= OFTEN_S
                for one in self._often:
                    one()
                if wait_s > 0:
                    continue
                wait_s = EVERY_S
                gone, indexed = self.collect(), self.index()
            except MailError as error:
                log.warning("%s %s", error.summary, error.detail)
            else:
                log.info("%s unneeded blobs removed, %s messages indexed", gone, indexed)
