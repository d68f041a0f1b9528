"""Messages made ready for people: rendering, parts, saving and opening attachments."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from martlet.mail.errors import MailError, Offline, Refused, StoreError
from martlet.mail.message import Attachment, MessageId
from martlet.mail.reading import AS_SENT, PartNode, View
from martlet.mail.rendered import Rendered
from martlet.mime import skeleton
from martlet.mime.content import Apart, safe_filename
from martlet.mime.content import attachments as attachments_of
from martlet.mime.parse import Message, Part, parse
from martlet.mime.render import render
from martlet.mime.tree import tree
from martlet.store import mailbox, parts, pictures, pop3
from martlet.store.blobs import Blobs
from martlet.store.database import Database

NO_MESSAGE = "This message is not here any more."


class Reading:
    """Reads stored messages; asks `fetch` for what is not here.

    fetch(id, section, wait): has it fetched; with wait it returns when it is stored, or raises.
    section: None for what is needed to read the message, "" for the whole, else that part.
    spool: where what has come of a large fetch lies.
    """

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        open_folder: Path,
        fetch: Callable[[MessageId, str | None, bool], None],
        spool: Path,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._open_folder = open_folder
        self._fetch = fetch
        self._spool = spool

    def render(self, message_id: MessageId, wait: bool = False, view: View = AS_SENT) -> Rendered:
        """wait: until it can be read; else what is not here follows, and BodyArrived tells."""
        if wait:
            self.readable(message_id)
        raw = self._stored(message_id)
        if raw is not None:
            return render(message_id, raw, view=view)
        raw = self._partial(message_id)
        if raw is not None:
            return self._render_partial(message_id, raw, view)
        head = mailbox.envelope(self._database, message_id)
        if head is None:
            raise Refused(NO_MESSAGE)
        problems: tuple[str, ...] = ()
        try:
            self._fetch(message_id, None, False)
        except MailError as error:
            problems = (error.summary,)
        return Rendered(message_id, head, complete=False, problems=problems, view=view)

    def structure(self, message_id: MessageId) -> PartNode:
        """The entities of a message as they are written there; fetched first if need be."""
        return tree(parse(self.readable(message_id)))

    def allow_pictures(self, who: str, allowed: bool) -> None:
        """Pictures of this address, or of this domain ("@example.org"), from now on."""
        with self._database.write() as tx:
            pictures.allow(tx, who, allowed)

    def raw(self, message_id: MessageId) -> bytes:
        """Every byte of it, fetched first if need be."""
        raw = self._stored(message_id)
        if raw is None:
            self._wait_for(message_id, "")
            raw = self._stored(message_id)
        if raw is None:
            raise Refused(NO_MESSAGE)
        return raw

    def whole(self, message_ids: Sequence[MessageId]) -> int:
        """Returns when these are here whole, or all their parts; how many could not be had."""
        left = 0
        for message_id in message_ids:
            here = mailbox.blob_of(self._database, message_id)
            if not here and not mailbox.is_complete(self._database, message_id):
                try:
                    self._wait_for(message_id, "")
                except Refused:
                    left += 1
        return left

    def readable(self, message_id: MessageId) -> bytes:
        """The message, maybe without the bodies of large files."""
        for section in (None, ""):
            raw = self._stored(message_id) or self._partial(message_id)
            if raw is not None:
                return raw
            self._wait_for(message_id, section)
        return self.raw(message_id)

    def to_answer(self, message_id: MessageId) -> bytes:
        """As `readable`, for what quotes it or passes it on: of a message that POP3 has shown the
        header of, the whole."""
        if self._stored(message_id) is None and pop3.place(self._database, message_id) is not None:
            return self.raw(message_id)
        return self.readable(message_id)

    def with_parts(self, message_id: MessageId, paths: Iterable[str]) -> bytes:
        """The message with the bodies of these parts, whatever else it lacks; fetched first if
        need be.
        """
        raw = self.readable(message_id)
        rows = parts.of_message(self._database, message_id)
        wanted = {skeleton.apart_in(path, rows) for path in paths} - {""}
        for section in sorted(wanted):
            if not rows[section].blob:
                self._wait_for(message_id, section)
        # The whole may have come since, and the rows with it gone.
        whole = self._stored(message_id)
        if whole is not None or not wanted:
            return whole or raw
        rows = parts.of_message(self._database, message_id)
        bodies: dict[str, bytes] = {}
        for section in wanted:
            body = self._blobs.get(rows[section].blob) if section in rows else None
            if body is None:
                raise Refused("This part of the message could not be fetched.")
            bodies[section] = body
        return skeleton.fill(raw, bodies)

    def part_bytes(self, message_id: MessageId, part: str) -> bytes:
        _, found = self._part(message_id, part)
        return found.data()

    def save_part(self, message_id: MessageId, part: str, directory: str) -> str:
        path = self._write(message_id, part, Path(directory).expanduser())
        return str(path)

    def open_part(self, message_id: MessageId, part: str) -> str:
        self._open_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = self._open_folder / str(message_id)
        folder.mkdir(mode=0o700, exist_ok=True)
        path = self._write(message_id, part, folder)
        path.chmod(stat.S_IRUSR)
        return str(path)

    def clear_opened(self) -> None:
        """Removes the private copies of an earlier run."""
        for path in sorted(self._open_folder.rglob("*"), reverse=True):
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.unlink()

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

    def _stored(self, message_id: MessageId) -> bytes | None:
        key = mailbox.blob_of(self._database, message_id)
        return self._blobs.get(key) if key else None

    def _partial(self, message_id: MessageId) -> bytes | None:
        key = parts.partial_of(self._database, message_id)
        return self._blobs.get(key) if key else None

    def _render_partial(self, message_id: MessageId, raw: bytes, view: View) -> Rendered:
        rows = parts.of_message(self._database, message_id)
        apart = {section: Apart(row.decoded, bool(row.blob)) for section, row in rows.items()}
        shown = render(message_id, raw, apart, view)
        not_here = sum(row.size for row in rows.values() if not row.blob)
        places = mailbox.locate(self._database, [message_id])
        size = places[0].size if places else shown.raw_size
        return replace(shown, raw_size=size, not_here=not_here)

    def _part(self, message_id: MessageId, part: str) -> tuple[Message, Part]:
        """A part with its bytes, fetched first if need be, and the message it is of."""
        message = parse(self.with_parts(message_id, [part]))
        found = message.part(part)
        if found is None:
            raise Refused(f"The message has no part {part[:20]}.")
        return message, found

    def _write(self, message_id: MessageId, part: str, folder: Path) -> Path:
        message, found = self._part(message_id, part)
        listed = {a.part: a for a in attachments_of(message)}
        known: Attachment | None = listed.get(part)
        name = known.filename if known else safe_filename(found.filename, found.content_type)
        data = found.data()
        try:
            return write_new(folder, name, data)
        except OSError as error:
            raise StoreError(
                f"{name} could not be saved in {folder}.", error.strerror or ""
            ) from error


def write_new(folder: Path, name: str, data: bytes) -> Path:
    """Writes to `name` in `folder`, or `name (2)` ... when that exists; never over anything."""
    stem, dot, suffix = name.rpartition(".")
    if not dot or not stem:
        stem, suffix = name, ""
    number = 1
    while True:
        tail = f".{suffix}" if suffix else ""
        path = folder / (name if number == 1 else f"{stem} ({number}){tail}")
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            number += 1
            continue
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path
