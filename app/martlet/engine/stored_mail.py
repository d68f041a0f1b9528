"""Messages as they lie in the store, whole, in part or in pieces; what is not here is fetched.

What is shown of them is `reading`'s, what is saved `saving`'s.

    stored under one key ──► it; as the first of pieces that are all here ──► the pieces joined
    here in part ──► its skeleton, with the bodies of those parts that somebody wants
    not here ──► asked for: what is needed to read it, or the whole
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from martlet.engine.parsed import KEPT_BYTES, Parsed
from martlet.mail.errors import Offline, Refused
from martlet.mail.message import MessageId
from martlet.mime import partial, skeleton
from martlet.mime.parse import parse
from martlet.mime.part import Message, Part
from martlet.store import mailbox, parts, pieces, pop3
from martlet.store.blobs import Blobs
from martlet.store.database import Database

NO_MESSAGE = "This message is not here any more."
# Pieces that are more than this together stay pieces: what is not kept would be joined each time.
JOINED_BYTES = KEPT_BYTES


@dataclass(frozen=True, slots=True)
class Here:
    """What is here of a message. keys: of its blobs. whole: nothing of it is left on the server.
    joined: it came in pieces, all of which are here."""

    keys: tuple[str, ...]
    whole: bool
    joined: bool = False

    @property
    def name(self) -> str:
        """What it is called among parsed ones."""
        return " ".join(("joined", *self.keys) if self.joined else self.keys)


class StoredMail:
    """Reads stored messages; asks `fetch` for what is not here.

    fetch(id, section, wait): has it fetched; with wait it returns when it is stored, or raises.
    section: None for what is needed to read the message, "" for the whole, else that part.
    spool: where what has come of a large fetch lies. joined_bytes: pieces that are more together
    stay pieces.
    """

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        fetch: Callable[[MessageId, str | None, bool], None],
        spool: Path,
        *,
        joined_bytes: int = JOINED_BYTES,
    ) -> None:
        self.database = database
        self._blobs = blobs
        self._fetch = fetch
        self._spool = spool
        self._joined_bytes = joined_bytes
        self._parsed = Parsed()

    def here(self, message_id: MessageId) -> Here | None:
        """What is here of it to be read, None if that is nothing."""
        key = mailbox.blob_of(self.database, message_id)
        if key:
            return self._joined(message_id, key) or Here((key,), whole=True)
        key = parts.partial_of(self.database, message_id)
        return Here((key,), whole=False) if key else None

    def ask(self, message_id: MessageId) -> None:
        """Has it fetched, as far as it takes to read it, while nobody waits."""
        self._fetch(message_id, None, False)

    def fetched(self, message_id: MessageId) -> Here:
        """The same, fetched first if need be: the message, maybe without the bodies of files."""
        for section in (None, ""):
            found = self.here(message_id)
            if found is not None:
                return found
            self._wait_for(message_id, section)
        found = self.here(message_id)
        if found is None:
            raise Refused(NO_MESSAGE)
        return found

    def parsed(self, here: Here, charset: str = "") -> Message:
        """It as a message, read as `charset` whatever it says of itself."""
        return self._parsed.get(here.name, charset, lambda: self._bytes(here))

    def tidy(self) -> None:
        """Lets go of what was parsed and is not wanted any more."""
        self._parsed.tidy()

    def why_apart(self, message_id: MessageId) -> str:
        """Why this first piece stays one though all others are here."""
        key = mailbox.blob_of(self.database, message_id)
        keys = self._all_pieces(message_id, key) if key else ()
        if not keys:
            return "The pieces are too large to be put together."
        return partial.why_not([raw for raw in map(self._blobs.get, keys) if raw is not None])

    def raw(self, message_id: MessageId) -> bytes:
        """Every byte of it as it came, a piece being a piece; fetched first if need be."""
        raw = self._blobs.get(self.blob(message_id))
        if raw is None:
            raise Refused(NO_MESSAGE)
        return raw

    def blob(self, message_id: MessageId) -> str:
        """The key of those bytes; what is large need not be in memory."""
        key = self._stored(message_id)
        if not key:
            self._wait_for(message_id, "")
            key = self._stored(message_id)
        if not key:
            raise Refused(NO_MESSAGE)
        return key

    def whole(self, message_ids: Sequence[MessageId]) -> int:
        """Returns when these are here whole, or all their parts; how many could not be had."""
        left = 0
        for message_id in message_ids:
            here = mailbox.blob_of(self.database, message_id)
            if not here and not mailbox.is_complete(self.database, message_id):
                try:
                    self._wait_for(message_id, "")
                except Refused:
                    left += 1
        return left

    def to_answer(self, message_id: MessageId) -> bytes:
        """It for what quotes it or passes it on: of a message that POP3 has shown the header of,
        the whole."""
        if (
            not mailbox.blob_of(self.database, message_id)
            and pop3.place(self.database, message_id) is not None
        ):
            return self.raw(message_id)
        return self._bytes(self.fetched(message_id))

    def with_parts(self, message_id: MessageId, paths: Iterable[str]) -> bytes:
        """It with the bodies of these parts, whatever else it lacks; fetched first if need be."""
        return self.message_with(message_id, paths).raw

    def message_with(
        self, message_id: MessageId, paths: Iterable[str], charset: str = ""
    ) -> Message:
        """The same as a message."""
        found = self.fetched(message_id)
        if found.whole:
            return self.parsed(found, charset)
        rows = parts.of_message(self.database, message_id)
        wanted = {skeleton.apart_in(path, rows) for path in paths} - {""}
        for section in sorted(wanted):
            if not rows[section].blob:
                self._wait_for(message_id, section)
        # The whole may have come since, and the rows with it gone.
        found = self.fetched(message_id)
        if found.whole or not wanted:
            return self.parsed(found, charset)
        rows = parts.of_message(self.database, message_id)
        bodies: dict[str, bytes] = {}
        for section in wanted:
            body = self._blobs.get(rows[section].blob) if section in rows else None
            if body is None:
                raise Refused("This part of the message could not be fetched.")
            bodies[section] = body
        return parse(skeleton.fill(self._bytes(found), bodies), charset)

    def part(self, message_id: MessageId, path: str) -> tuple[Message, Part]:
        """A part with its bytes, fetched first if need be, and the message it is of."""
        message = self.message_with(message_id, [path])
        found = message.part(path)
        if found is None:
            raise Refused(f"The message has no part {path[:20]}.")
        return message, found

    def _wait_for(self, message_id: MessageId, section: str | None) -> None:
        """A line that breaks while bytes come is made anew, and the rest asked for."""
        again = False
        while True:
            before = self._spooled()
            try:
                self._fetch(message_id, section, True)
                return
            except Offline:
                came = self._spooled() > before
                # Asked at once, the worker may still be telling everybody of the line it lost:
                # nothing came by then, and once more is not too often.
                if not came and not again:
                    raise
                again = came

    def _spooled(self) -> int:
        """Bytes that have come and wait for the rest."""
        found = 0
        for path in self._spool.iterdir() if self._spool.is_dir() else ():
            with suppress(FileNotFoundError):  # it was done with just now
                found += path.stat().st_size
        return found

    def _stored(self, message_id: MessageId) -> str:
        key = mailbox.blob_of(self.database, message_id)
        return key if key and self._blobs.size(key) is not None else ""

    def _joined(self, message_id: MessageId, own: str) -> Here | None:
        """The message of which this is the first piece, if all are here and fit together."""
        keys = self._all_pieces(message_id, own)
        if not keys:
            return None
        found = Here(keys, whole=True, joined=True)
        return found if self.parsed(found).raw else None

    def _all_pieces(self, message_id: MessageId, own: str) -> tuple[str, ...]:
        """The blobs of all pieces of which this is the first, if all are here; else none."""
        rows = pieces.together(self.database, message_id)
        mine = next((row for row in rows if row.message == message_id), None)
        if mine is None or mine.number != 1:
            return ()
        total = max(row.total for row in rows)
        numbers = {row.number for row in rows if row.blob}
        if not total or not numbers.issuperset(range(1, total + 1)):
            return ()
        # What several copies of one piece have in common is their blob.
        keys = tuple(dict.fromkeys([own, *(row.blob for row in rows if row.blob)]))
        size = sum(self._blobs.sizes(keys).values())
        return keys if size <= self._joined_bytes else ()

    def _join(self, keys: Sequence[str]) -> bytes:
        found = [raw for raw in map(self._blobs.get, keys) if raw is not None]
        return partial.join(found) if len(found) == len(keys) else b""

    def _bytes(self, here: Here) -> bytes:
        if here.joined:
            return self._join(here.keys)
        raw = self._blobs.get(here.keys[0])
        if raw is None:
            raise Refused(NO_MESSAGE)
        return raw
