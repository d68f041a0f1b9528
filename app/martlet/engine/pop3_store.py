"""Puts what a POP3 server gave into the store: blobs on disk first, then rows and names at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from martlet.engine.estimate import Estimate
from martlet.engine.events import Announcer
from martlet.engine.pop3_plan import mark
from martlet.engine.pop3_stream import Read, read
from martlet.mail.account import AccountId
from martlet.mail.changes import Progress, Unit
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.mail.sync import Arrival
from martlet.net.pop3 import Listed
from martlet.store import mailbox, pop3
from martlet.store.blobs import Blobs
from martlet.store.database import Database, Tx

TOLD_EVERY_S = 0.25

About = Mapping[int, tuple[str, Listed]]


class Pop3Store:
    """Stores for one account."""

    def __init__(
        self,
        account_id: AccountId,
        database: Database,
        blobs: Blobs,
        announcer: Announcer,
        clock: Callable[[], float],
    ) -> None:
        self._account_id = account_id
        self._database = database
        self._blobs = blobs
        self._announcer = announcer
        self._clock = clock

    def is_whole(self, message_id: MessageId) -> bool:
        return bool(mailbox.blob_of(self._database, message_id))

    def whole(
        self,
        inbox: FolderId,
        batch: Sequence[Read],
        about: About,
        known: Mapping[int, MessageId],
    ) -> None:
        """Whole messages. about: (key, listed) by number. known: those whose row is here."""
        blobs = self._blobs.put_many([one.raw for one in batch], durable=True)
        now = self._clock()
        new = [
            (one, blob) for one, blob in zip(batch, blobs, strict=True) if one.number not in known
        ]
        arrivals = [
            Arrival(0, one.head, frozenset(), len(one.raw), now, one.content, blob)
            for one, blob in new
        ]
        with self._database.write() as tx:
            if arrivals:
                ids = mailbox.add_many(tx, inbox, arrivals)
                self._note(tx, [one for one, _ in new], ids, about, now)
            for one, blob in zip(batch, blobs, strict=True):
                if one.number in known:
                    pop3.complete(tx, known[one.number], one.head, one.content, blob, len(one.raw))

    def headers(self, inbox: FolderId, batch: Sequence[Read], about: About) -> None:
        """Messages of which only the header is here."""
        blobs = self._blobs.put_many([one.raw for one in batch], durable=True)
        now = self._clock()
        summaries = [
            (self._by_header(one, about[one.number][1], now), blob)
            for one, blob in zip(batch, blobs, strict=True)
        ]
        with self._database.write() as tx:
            ids = pop3.add_headers(tx, inbox, summaries)
            self._note(tx, batch, ids, about, now)

    def stubs(self, inbox: FolderId, about: About) -> None:
        """Messages of which nothing is known but that they are there."""
        made: list[Read] = []
        for number, (_, one) in about.items():
            size = f"{one.size / 1e6:.0f} MB" if one.size >= 1e6 else f"{one.size / 1e3:.0f} kB"
            raw = f"Subject: (message of {size} on the server)\r\n\r\n"
            made.append(read(number, raw.encode("ascii")))
        self.headers(inbox, made, about)

    def progress(
        self, account_id: AccountId, message_id: MessageId, size: int
    ) -> Callable[[int, bool], None]:
        """Tells how far the download of one message is: (bytes, whether that is all)."""
        head = mailbox.envelope(self._database, message_id)
        name = head.subject if head else ""
        estimate = Estimate()
        told_at = -TOLD_EVERY_S

        def tell(done: int, complete: bool) -> None:
            nonlocal told_at
            left_s = estimate.left_s(done, size) if size else -1.0
            moment = time.monotonic()
            if complete or moment - told_at >= TOLD_EVERY_S:
                told_at = moment
                total = done if complete else max(size, done + 1) if size else 0
                self._announcer.tell(
                    Progress(account_id, name, done, total, Unit.BYTES, left_s, message_id)
                )

        return tell

    @staticmethod
    def _by_header(one: Read, listed: Listed, now: float) -> Arrival:
        size = listed.size or len(one.raw)
        return Arrival(0, one.head, frozenset(), size, now, one.content)

    def _note(
        self, tx: Tx, batch: Sequence[Read], ids: Sequence[MessageId], about: About, now: float
    ) -> None:
        """In the same transaction, or it would be fetched twice."""
        fetched = []
        for one, message_id in zip(batch, ids, strict=True):
            key, listed = about[one.number]
            fetched.append(pop3.Fetched(key, mark(one.head), listed.size, message_id))
        pop3.note_all(tx, self._account_id, fetched, now)
