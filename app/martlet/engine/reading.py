"""Messages made ready for people: rendering, parts, saving and opening attachments."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from martlet.mail.errors import MailError, Refused, StoreError
from martlet.mail.message import Attachment, MessageId, Rendered
from martlet.mime.content import attachments as attachments_of
from martlet.mime.content import safe_filename
from martlet.mime.parse import parse
from martlet.mime.render import render
from martlet.store import mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database

NO_MESSAGE = "This message is not here any more."


class Reading:
    """Reads stored messages; asks `fetch` for bodies that are not here.

    fetch(id, wait): has the body fetched; with wait it returns when the body is stored, or raises.
    """

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        open_folder: Path,
        fetch: Callable[[MessageId, bool], None],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._open_folder = open_folder
        self._fetch = fetch

    def render(self, message_id: MessageId) -> Rendered:
        raw = self._stored(message_id)
        if raw is not None:
            return render(message_id, raw)
        head = mailbox.envelope(self._database, message_id)
        if head is None:
            raise Refused(NO_MESSAGE)
        problems: tuple[str, ...] = ()
        try:
            self._fetch(message_id, False)
        except MailError as error:
            problems = (error.summary,)
        return Rendered(message_id, head, complete=False, problems=problems)

    def raw(self, message_id: MessageId) -> bytes:
        raw = self._stored(message_id)
        if raw is None:
            self._fetch(message_id, True)
            raw = self._stored(message_id)
        if raw is None:
            raise Refused(NO_MESSAGE)
        return raw

    def part_bytes(self, message_id: MessageId, part: str) -> bytes:
        message = parse(self.raw(message_id))
        found = message.part(part)
        if found is None:
            raise Refused(f"The message has no part {part[:20]}.")
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

    def _stored(self, message_id: MessageId) -> bytes | None:
        key = mailbox.blob_of(self._database, message_id)
        return self._blobs.get(key) if key else None

    def _write(self, message_id: MessageId, part: str, folder: Path) -> Path:
        message = parse(self.raw(message_id))
        found = message.part(part)
        if found is None:
            raise Refused(f"The message has no part {part[:20]}.")
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
