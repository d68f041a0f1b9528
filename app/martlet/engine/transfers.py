"""Large messages: their text at once, the rest by byte range into a spool file, when asked for.

    text:  BODYSTRUCTURE, then in one round trip what is to be read ──► a partial message
    step:  a slice of a part, or of the whole ──► spool file ──► ... ──► blob, row, spool file gone

A spool file is named by folder, UIDVALIDITY, UID and section, and only ever appended to. How far a
transfer has come is the file's length, so that it goes on there after a broken line or a killed
engine. What is left out of a message is worked out in mime.skeleton, when to fetch in imap_worker.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from martlet.engine.estimate import Estimate
from martlet.engine.events import Announcer
from martlet.engine.jobs import TransferJob
from martlet.engine.whole import put_together
from martlet.mail.account import Account
from martlet.mail.changes import Progress, Unit
from martlet.mail.errors import BadServer, Refused
from martlet.mail.message import MessageId
from martlet.mail.sync import BodyPart, Location
from martlet.mime import skeleton
from martlet.mime.content import attachments, summarise
from martlet.mime.parse import parse
from martlet.mime.structure import leaves
from martlet.mime.transfer import decode_body
from martlet.net.imap import ImapSession
from martlet.store import folders, mailbox, parts
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from martlet.store.trouble import translated

log = logging.getLogger("martlet.transfers")

SLICE = 256 << 10
LARGEST_SLICE = 1 << 20
SMALLEST_SLICE = 32 << 10
# Of a message that cannot be read in part: more than this gives way to other jobs.
AT_ONCE = 4 << 20
QUICK_S = 0.5
SLOW_S = 3.0
TOLD_EVERY_S = 0.25
KEPT_S = 7 * 86_400.0
# Whole messages are read in memory; nobody's mail server takes larger ones.
LARGEST = 512 << 20
# Exchange reckons the sizes of messages; of parts at most the line ends are counted otherwise.
# A server that stops halfway is another matter.
_SIZE_SLACK = 64 << 10
_WHOLE_OFF = 10
_PART_OFF = 50
_GONE = "This message is not on the server any more."
_SECTION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,40}")
_SPOOLED = re.compile(r"[0-9]+-[0-9]+-[0-9]+-[0-9.whole]+\.part")


@dataclass(slots=True)
class _Going:
    """A transfer since this program began with it."""

    name: str
    slice: int = SLICE
    told_at: float = -TOLD_EVERY_S
    estimate: Estimate = field(default_factory=Estimate)


class Transfers:
    """Fetches for one account, over a session whose selected folder is the message's.

    spool: the folder of spool files, made when needed. Used by one thread.
    """

    def __init__(
        self,
        account: Account,
        database: Database,
        blobs: Blobs,
        spool: Path,
        announcer: Announcer,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._account = account
        self._database = database
        self._blobs = blobs
        self._spool = spool
        self._announcer = announcer
        self._going: dict[TransferJob, _Going] = {}
        self._sweep(clock() - KEPT_S)

    def text(self, session: ImapSession, message_id: MessageId, uid: int) -> bool:
        """Fetches what is needed to read a message, without its large files.

        One that can only be had whole (it is signed, or the server cannot take it apart) comes
        whole if that is soon done; else the answer is False, and it is `step`'s with section "".
        """
        if mailbox.blob_of(self._database, message_id):
            return True
        if parts.partial_of(self._database, message_id):
            return True
        structure = session.fetch_structure(uid)
        made = self._readable(session, uid, structure)
        if structure is None or made is None:
            return self._whole_at_once(session, message_id)
        encodings = {leaf.section: leaf.part.encoding for leaf in leaves(structure)}
        rows = [
            parts.PartRow(section, size, skeleton.decoded_size(size, encodings[section]))
            for section, size in made.absent.items()
        ]
        key = self._blobs.put(made.raw)
        head, content = summarise(made.raw)
        with self._database.write() as tx:
            parts.set_partial(tx, message_id, head, content, key, rows)
        return True

    def step(self, session: ImapSession, job: TransferJob) -> bool:
        """Fetches the next slice of a part, or of the whole; True when more is left.

        Refused: the message is gone, or the server will not give it. BadServer, StoreError: it
        can be gone on with.
        """
        places = mailbox.locate(self._database, [job.message_id])
        if not places:
            raise Refused(_GONE)
        place = places[0]
        row: parts.PartRow | None = None
        if place.blob:
            return False
        if job.section:
            row = parts.of_message(self._database, job.message_id).get(job.section)
            if row is None or row.blob:
                return False
        if not place.uid:
            raise Refused(_GONE)
        path = self._path(place, job.section)
        total = row.size if row else place.size
        with translated(path):
            start = path.stat().st_size if path.exists() else 0
        going = self._going.get(job) or self._begin(job)
        began = time.monotonic()
        data = session.fetch_range(place.uid, job.section, start, going.slice)
        took = time.monotonic() - began
        asked = going.slice
        self._check(path, start + len(data), total)
        if data:
            _append(path, data)
        if took < QUICK_S and len(data) == asked:
            going.slice = min(LARGEST_SLICE, going.slice * 2)
        elif took > SLOW_S:
            going.slice = max(SMALLEST_SLICE, going.slice // 2)
        done = start + len(data)
        # A server that knows no ranges gives all that is left at once; asked again it would give
        # the whole again.
        if len(data) == asked or (data and done < total and len(data) < asked):
            self._tell(job, going, done, max(total, done + 1) if total else 0)
            return True
        if done < total:
            off = total // _PART_OFF if row else max(_SIZE_SLACK, total // _WHOLE_OFF)
            self._check_short(session, place, path, done, total, off)
        if row is None:
            self._finish_whole(job, path)
        else:
            self._finish_part(session, place, row, path)
        del self._going[job]
        self._tell(job, going, done, done, now=True)
        return False

    # --- the text

    def _whole_at_once(self, session: ImapSession, message_id: MessageId) -> bool:
        places = mailbox.locate(self._database, [message_id])
        if not places or not 0 < places[0].size <= AT_ONCE:
            return False
        try:
            while self.step(session, TransferJob(message_id, "")):
                pass
        except Refused as error:
            log.info("message %s: %s", message_id, error.summary)
            return False
        return True

    def _readable(
        self, session: ImapSession, uid: int, structure: BodyPart | None
    ) -> skeleton.Skeleton | None:
        choice = skeleton.choose(structure)
        if choice is None or structure is None:
            return None
        try:
            given = session.fetch_sections(uid, choice.sections)
            made = skeleton.assemble(structure, choice, given) if "HEADER" in given else None
            if made is None or not made.unread:
                return made
            # The headers make text of what the server took for a file.
            if sum(made.absent[section] for section in made.unread) > skeleton.MAX_TEXT:
                return None
            more = session.fetch_sections(uid, made.unread)
        except Refused as error:
            log.info("message %s cannot be had in parts: %s", uid, error.summary)
            return None
        made = skeleton.assemble(structure, choice, {**given, **more})
        return made if made is not None and not made.unread else None

    # --- the rest

    def _begin(self, job: TransferJob) -> _Going:
        with translated(self._spool):
            self._spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        going = _Going(self._name(job))
        self._going[job] = going
        return going

    def _name(self, job: TransferJob) -> str:
        """What a person calls it: the file's name, else the message's subject."""
        if job.section:
            raw = self._blobs.get(parts.partial_of(self._database, job.message_id))
            for one in attachments(parse(raw)) if raw else ():
                if one.part == job.section:
                    return one.filename
        head = mailbox.envelope(self._database, job.message_id)
        return head.subject if head else ""

    def _path(self, place: Location, section: str) -> Path:
        if section and not _SECTION.fullmatch(section):
            raise Refused(f"The message has no part {section[:20]}.")
        validity = folders.sync_state(self._database, place.folder_id).uid_validity
        name = f"{place.folder_id}-{validity}-{place.uid}-{section or 'whole'}.part"
        return self._spool / name

    def _check(self, path: Path, done: int, total: int) -> None:
        """Against a server that never ends."""
        if done > LARGEST:
            self._drop(path)
            raise Refused("This message is too large to be fetched.")
        if total and done > total + total // 2 + _SIZE_SLACK:
            self._drop(path)
            raise BadServer("The server gives more of a message than it says there is.")

    def _check_short(
        self, session: ImapSession, place: Location, path: Path, done: int, total: int, off: int
    ) -> None:
        """Less came than there should be: told wrongly (by at most `off`), or it is gone by now."""
        if place.uid not in session.fetch_flags(str(place.uid)):
            raise Refused(_GONE)
        if not done or total - done > off:
            self._drop(path)
            raise Refused(
                "The server gave only the beginning of this message.", f"{done} of {total} bytes"
            )

    def _finish_whole(self, job: TransferJob, path: Path) -> None:
        """The spool file is all there is: blob first, row second, then the file goes."""
        self._whole_is(job.message_id, _read(path))
        self._drop(path)

    def _finish_part(
        self, session: ImapSession, place: Location, row: parts.PartRow, path: Path
    ) -> None:
        """The same for a part. With the last one the message may be whole."""
        raw = _read(path)
        shape = self._blobs.get(parts.partial_of(self._database, place.id))
        whole = self._with_last_part(session, place, shape, {row.section: raw}) if shape else None
        if whole is not None:
            self._whole_is(place.id, whole)
        else:
            key = self._blobs.put(raw, durable=True)
            part = parse(shape).part(row.section) if shape else None
            size = len(decode_body(raw, 0, len(raw), part.encoding)) if part else len(raw)
            with self._database.write() as tx:
                parts.arrived(tx, place.id, row.section, key, size)
        self._drop(path)

    def _whole_is(self, message_id: MessageId, raw: bytes) -> None:
        key = self._blobs.put(raw, durable=True)
        head, content = summarise(raw)
        with self._database.write() as tx:
            mailbox.set_body(tx, message_id, head, content, key)

    def _with_last_part(
        self, session: ImapSession, place: Location, shape: bytes, bodies: dict[str, bytes]
    ) -> bytes | None:
        """The server's bytes of the message, if none of it lacks by now and that is certain."""
        for other in parts.of_message(self._database, place.id).values():
            if other.section not in bodies:
                body = self._blobs.get(other.blob) if other.blob else None
                if body is None:
                    return None
                bodies[other.section] = body
        return put_together(session, place, shape, bodies)

    def _drop(self, path: Path) -> None:
        with translated(path):
            path.unlink(missing_ok=True)

    def _tell(
        self, job: TransferJob, going: _Going, done: int, total: int, *, now: bool = False
    ) -> None:
        left_s = going.estimate.left_s(done, total) if total else -1.0
        moment = time.monotonic()
        if not now and moment - going.told_at < TOLD_EVERY_S:
            return
        going.told_at = moment
        told = Progress(self._account.id, going.name, done, total, Unit.BYTES, left_s)
        self._announcer.tell(replace(told, message_id=job.message_id))

    def _sweep(self, before: float) -> None:
        """Transfers nobody has gone on with for long are given up."""
        for path in self._spool.glob("*.part"):
            # Other accounts tidy up the same folder; what cannot be removed is for the next time.
            with suppress(OSError):
                if _SPOOLED.fullmatch(path.name) and path.stat().st_mtime < before:
                    path.unlink()


def _read(path: Path) -> bytes:
    with translated(path):
        return path.read_bytes() if path.exists() else b""


def _append(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    flags |= getattr(os, "O_BINARY", 0)
    with translated(path):
        handle = os.open(path, flags, 0o600)
        try:
            rest = memoryview(data)
            while rest:
                # Unbuffered: after a full disk the length says exactly what is there.
                rest = rest[os.write(handle, rest) :]
        finally:
            os.close(handle)
