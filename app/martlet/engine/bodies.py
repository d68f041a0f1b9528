"""Which bodies are fetched ahead of need, and fetching them: blobs first, rows second.

Newest first, in slices; how far back and how large is the account's and the folder's choice
(mail.account.Keep). Large messages come as text with `transfers`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from martlet.engine.insisting import insist
from martlet.engine.transfers import Transfers
from martlet.mail.account import Account, Keep
from martlet.mail.errors import Refused
from martlet.mail.folder import Folder
from martlet.mail.message import MessageId
from martlet.mime.content import summarise
from martlet.net.imap import ImapSession
from martlet.store import account_log, mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database

log = logging.getLogger("martlet.sync")

SLICE = 500
SLICE_BYTES = 16 * 1024 * 1024
LARGE_AT_ONCE = 10
# What has come is written so often: a lost line loses little.
STORED_AT_ONCE = 100
STORED_BYTES = 2 * 1024 * 1024
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Policy:
    """What is kept of a folder. since: only newer mail than this Unix time; None: all."""

    bodies: bool
    since: float | None = None


def policy(account: Account, folder: Folder, now: float) -> Policy:
    """What is fetched ahead of need of this folder."""
    keep, days = folder.keep, folder.keep_days
    if keep is None:
        keep, days = account.keep, account.keep_days
    match keep:
        case Keep.OFF | Keep.HEADERS:
            return Policy(bodies=False)
        case Keep.RECENT:
            return Policy(bodies=True, since=now - days * DAY_S)
        case Keep.ALL:
            return Policy(bodies=True)


class Bodies:
    """Bodies of one account's messages over one session, whose folder is selected."""

    def __init__(
        self,
        account: Account,
        database: Database,
        blobs: Blobs,
        transfers: Transfers,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._account = account
        self._database = database
        self._blobs = blobs
        self._transfers = transfers
        self._clock = clock
        self._unfetchable: set[MessageId] = set()
        # What was refused and is in the account's log already.
        self._told: set[MessageId] = set()

    def forget_progress(self) -> None:
        """The connection is gone: what could not be had is asked for again."""
        self._unfetchable.clear()

    def wanted(self, folder: Folder) -> bool:
        """Whether new mail of this folder is fetched ahead of need."""
        return self._policy(folder).bodies

    def lacking(self, folder: Folder, *, everything: bool = False) -> int:
        """How many bodies are still to be fetched ahead of need."""
        wanted = Policy(bodies=True) if everything else self._policy(folder)
        if not wanted.bodies:
            return 0
        count, _ = mailbox.count_missing(
            self._database, folder.id, since=wanted.since, largest=self._largest(everything)
        )
        return max(0, count - len(self._unfetchable))

    def slice(
        self,
        session: ImapSession,
        folder: Folder,
        enough: Callable[[], bool],
        *,
        everything: bool = False,
    ) -> bool:
        """Fetches the next slice, newest first, until `enough` says so; True when there may be
        more.
        """
        wanted = Policy(bodies=True) if everything else self._policy(folder)
        if not wanted.bodies:
            return False
        missing = mailbox.missing(
            self._database,
            folder.id,
            SLICE + len(self._unfetchable),
            since=wanted.since,
            largest=self._largest(everything),
        )
        small: list[tuple[MessageId, int]] = []
        large: list[tuple[MessageId, int]] = []
        volume = 0
        for message_id, uid, size in missing:
            if message_id in self._unfetchable or uid == 0:
                continue
            if size > self._account.whole_kb * 1024:
                large.append((message_id, uid))
                if len(large) >= LARGE_AT_ONCE:
                    break
                continue
            if small and volume + size > SLICE_BYTES:
                break
            small.append((message_id, uid))
            volume += size
            if len(small) >= SLICE:
                break
        for message_id, uid in large:
            if enough():
                return True
            # One that can only be had whole waits until somebody opens it.
            if not self._transfers.text(session, message_id, uid):
                self._unfetchable.add(message_id)
        if small:
            self.whole(session, small, enough)
        return bool(small or large)

    def readable(self, session: ImapSession, message_id: MessageId, uid: int, size: int) -> bool:
        """Fetches what is needed to read a message; False: it can only be had whole."""
        if size > self._account.whole_kb * 1024:
            return self._transfers.text(session, message_id, uid)
        self.whole(session, [(message_id, uid)])
        return True

    def whole(
        self,
        session: ImapSession,
        wanted: Sequence[tuple[MessageId, int]],
        enough: Callable[[], bool] = lambda: False,
    ) -> None:
        """Fetches these (message, uid) of the selected folder, until `enough` says so.

        What has come is stored also if the line is lost. What the server refuses singly too is
        not asked for again over this connection.
        """
        by_uid = {uid: message_id for message_id, uid in wanted}
        asked: set[int] = set()
        came: set[int] = set()

        def asking() -> Iterator[int]:
            for uid in by_uid:
                if enough():
                    return
                asked.add(uid)
                yield uid

        refused: dict[int, Refused] = {}

        def arriving() -> Iterator[tuple[int, bytes]]:
            try:
                yield from session.fetch_raw(asking())
            except Refused:
                rest = [uid for uid in by_uid if uid in asked - came]
                yield from insist(session.fetch_raw, rest, _uid_of, refused, some_came=bool(came))

        raws: dict[int, bytes] = {}
        volume = 0
        try:
            for uid, raw in arriving():
                if uid not in by_uid or uid in came:
                    continue
                came.add(uid)
                raws[uid] = raw
                volume += len(raw)
                if len(raws) >= STORED_AT_ONCE or volume >= STORED_BYTES:
                    self._store({by_uid[u]: data for u, data in raws.items()})
                    raws, volume = {}, 0
        finally:
            self._store({by_uid[u]: data for u, data in raws.items()})
            self._note_refused({by_uid[u]: error for u, error in refused.items()})
        # Not given though listed: gone meanwhile, or the server cannot read it. Not asked again
        # until the next connection.
        self._unfetchable.update(by_uid[uid] for uid in asked - came)

    def _note_refused(self, refused: Mapping[MessageId, Refused]) -> None:
        self._unfetchable.update(refused)
        new = [message_id for message_id in refused if message_id not in self._told]
        if not new:
            return
        self._told.update(new)
        head = mailbox.envelope(self._database, new[0])
        what = account_log.named(head.subject if head else "", len(new))
        error = refused[new[0]]
        with self._database.write() as tx:
            words = f"The server would not give {what}."
            account_log.write(tx, self._account.id, error.kind.value, words, error.detail)

    def _store(self, raws: Mapping[MessageId, bytes]) -> None:
        if not raws:
            return
        keys = self._blobs.put_many(list(raws.values()))
        prepared = [
            (message_id, *summarise(raw), key)
            for (message_id, raw), key in zip(raws.items(), keys, strict=True)
        ]
        with self._database.write() as tx:
            # Gmail's labels: what came under one of them is here under all.
            same = mailbox.twins(tx, raws)
            for message_id, head, content, key in prepared:
                for each in (message_id, *same.get(message_id, ())):
                    mailbox.set_body(tx, each, head, content, key)

    def _largest(self, everything: bool) -> int | None:
        """Where all is wanted, large messages have jobs of their own, which go slice by slice."""
        return self._account.whole_kb * 1024 if everything else None

    def _policy(self, folder: Folder) -> Policy:
        return policy(self._account, folder, self._clock())


def _uid_of(given: tuple[int, bytes]) -> int:
    return given[0]
