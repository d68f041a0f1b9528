"""Taking files into a letter: of the disk, a whole folder, a stored message, or given bytes.

What is large is read once, in pieces, straight into the store: it is never in memory, and what
changes or vanishes meanwhile leaves nothing behind. How a folder becomes one file is in `zipping`.
"""

from __future__ import annotations

import io
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from martlet.engine import stored_letter
from martlet.engine.file_address import is_address, is_far, located, shown
from martlet.engine.patient import NoAnswer, PatientThread
from martlet.engine.saving import write_new
from martlet.engine.stops import Stops
from martlet.engine.zipping import Zipped
from martlet.mail.changes import Change, TakingIn
from martlet.mail.errors import Refused, StoreError
from martlet.mail.message import MessageId
from martlet.mail.outgoing import OutgoingPart
from martlet.mail.reading import Picture
from martlet.mime.content import safe_filename
from martlet.mime.headers import Headers, envelope
from martlet.mime.writing.compose import strip_bcc
from martlet.mime.writing.file_type import type_of_name
from martlet.store.blobs import PIECE, Blobs

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST = 2 << 30
"""Bytes of one file. No server takes as much; what is larger is a slip, or has no end."""
TELL_EVERY_S = 0.1
ANSWER_S = 10.0
"""For so long a camera or a share is asked for a file: one that was unplugged may never answer."""


class Attaching:
    """blob: the key of every byte of a stored message. own: whether one with this head may be a
    letter of ours. tell: announces how far a file is.

    open_folder: for copies that other programs open. mounts: see `file_address`; answer_s: how
    long they may keep silent.
    """

    def __init__(
        self,
        blobs: Blobs,
        blob: Callable[[MessageId], str],
        tell: Callable[[Change], None],
        open_folder: Path,
        *,
        own: Callable[[MessageId, Headers], bool],
        largest: int = LARGEST,
        mounts: Path | None = None,
        answer_s: float = ANSWER_S,
    ) -> None:
        self._blobs = blobs
        self._blob = blob
        self._tell = tell
        self._open_folder = open_folder
        self._own = own
        self._largest = largest
        self._mounts = mounts
        self._answer_s = answer_s
        self._far = PatientThread("mounts")
        self._stopped = Stops()

    def file(self, path: str, ticket: str = "") -> OutgoingPart:
        """A file as it is on the disk now; Refused with one sentence for what is none."""
        file = self._located(path)
        if is_address(path) and os.path.isdir(file):
            # Whoever gives an address does not know what it is.
            return self.folder(path, ticket)
        with _opened(file) as (stream, before):
            if before.st_size > self._largest:
                raise Refused(f"{shown(file)} is too large to be sent by mail.")
            told = self._telling(ticket, before.st_size)
            pieces = _pieces(stream, shown(file), before, told)
            key, size = self._blobs.put_pieces(pieces, durable=True)
        kind = type_of_name(file.name)
        return OutgoingPart(_called(file, kind), kind, size, key)

    def folder(self, path: str, ticket: str = "") -> OutgoingPart:
        """All files of a folder as one zip; see `zipping`."""
        folder = self._located(path)
        zipped = Zipped(folder, self._largest)
        told = self._telling(ticket, zipped.size)
        key, size = self._blobs.put_pieces(zipped.pieces(told), durable=True)
        if ticket and zipped.left_out:
            self._tell(TakingIn(ticket, zipped.size, zipped.size, zipped.left_out))
        name = _called(Path(f"{folder.name or 'folder'}.zip"), "application/zip")
        return OutgoingPart(name, "application/zip", size, key)

    def bytes(self, name: str, content_type: str, data: bytes) -> OutgoingPart:
        key = self._blobs.put(data, durable=True)
        return OutgoingPart(safe_filename(name, content_type), content_type, len(data), key)

    def picture(self, picture: Picture) -> OutgoingPart:
        """One that was fetched, called by its kind."""
        kind = picture.content_type
        return self.bytes(f"picture.{kind.partition('/')[2]}", kind, picture.data)

    def message(self, message_id: MessageId) -> OutgoingPart:
        """A stored message, byte for byte, called by its subject; fetched first if need be. What
        only its writer may see of a letter of ours (Bcc) does not go along."""
        key = self._blob(message_id)
        size = self._blobs.refresh(key)
        headers = stored_letter.headers(self._blobs, key)
        if size is None or self._own(message_id, headers):
            key, size = stored_letter.with_head(self._blobs, key, strip_bcc)
        subject = envelope(headers).subject.strip()
        flat = subject.replace("/", "_").replace("\\", "_")[:120]
        name = safe_filename(f"{flat or 'message'}.eml", "message/rfc822")
        return OutgoingPart(name, "message/rfc822", size, key)

    def stop(self, ticket: str) -> None:
        """Whoever takes a file in under this ticket stops, and leaves nothing behind."""
        self._stopped.add(ticket)

    def opened(self, part: OutgoingPart) -> str:
        """A private copy that its owner may read, and nobody may change or run; its path."""
        folder = self._open_folder / "letters"
        try:
            for one in (self._open_folder, folder):
                one.mkdir(mode=0o700, parents=True, exist_ok=True)
                one.chmod(stat.S_IRWXU)
            name = safe_filename(part.name, part.content_type)
            with attached(self._blobs, part) as stream:
                return str(write_new(folder, name, stream, stat.S_IRUSR))
        except OSError as error:
            raise StoreError("The attachment could not be opened.", str(error)) from error

    def _located(self, path: str) -> Path:
        if not is_far(path):
            return located(path, self._mounts)
        try:
            return self._far.run(lambda: located(path, self._mounts), self._answer_s)
        except NoAnswer:
            raise Refused(
                "The device or share that holds this file does not answer. Is it still connected?",
                path[:200],
            ) from None

    def _telling(self, ticket: str, total: int) -> Callable[[int], None]:
        last = 0.0

        def told(done: int) -> None:
            nonlocal last
            if not ticket:
                return
            if ticket in self._stopped:
                self._stopped.forget(ticket)
                raise Refused("The file was taken out again.")
            now = time.monotonic()
            if now - last >= TELL_EVERY_S:
                last = now
                self._tell(TakingIn(ticket, done, total))

        return told


def attached(blobs: Blobs, part: OutgoingPart) -> BinaryIO:
    """What was taken in, to be read in pieces. StoreError that names it, now or while it is read,
    when it is not there or damaged."""
    try:
        found = blobs.open(part.blob)
    except StoreError as error:
        raise _lost(part, error.detail) from error
    if found is None:
        raise _lost(part, "")
    return io.BufferedReader(_Attached(found, part))


def _lost(part: OutgoingPart, detail: str) -> StoreError:
    return StoreError(
        f"{part.name} cannot be read from the store any more. "
        "Take it out of the letter and attach it again.",
        detail,
    )


class _Attached(io.RawIOBase):
    def __init__(self, stream: BinaryIO, part: OutgoingPart) -> None:
        self._stream = stream
        self._part = part

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        room = memoryview(buffer).cast("B")
        try:
            data = self._stream.read(len(room))
        except StoreError as error:
            raise _lost(self._part, error.detail) from error
        room[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _called(file: Path, kind: str) -> str:
    """What it is called in the letter. A backslash is a character of the name here, and what is no
    text becomes a sign that says so."""
    name = os.fsencode(file.name).decode("utf-8", "replace")
    return safe_filename(name.replace("\\", "_").replace("\ufffd", "_"), kind)


@contextmanager
def _opened(file: Path) -> Iterator[tuple[BinaryIO, os.stat_result]]:
    """A regular file, opened; a pipe or a device is told apart without waiting for it."""
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise Refused(_why_not(file, error), error.strerror or "") from error
    except ValueError as error:
        raise Refused("This file name cannot be.", str(error)) from error
    try:
        found = os.fstat(handle)
        if stat.S_ISDIR(found.st_mode):
            raise Refused(_why_not(file))
        if not stat.S_ISREG(found.st_mode):
            raise Refused(f"{shown(file)} is no file but a device or a pipe.")
        with os.fdopen(handle, "rb", buffering=0, closefd=False) as stream:
            yield stream, found
    finally:
        os.close(handle)


def _why_not(file: Path, error: OSError | None = None) -> str:
    if os.path.isdir(file):
        return f"{shown(file)} is a folder. Attach it as a zip file instead."
    if os.path.islink(file) and not os.path.exists(file):
        return f"{shown(file)} is a link to a file that is not there."
    # In a folder that may not be entered nobody knows what is there.
    if not isinstance(error, PermissionError) and not os.path.lexists(file):
        return f"The file {shown(file)} is not there any more."
    return f"The file {shown(file)} could not be read."


def _pieces(
    stream: BinaryIO, name: str, before: os.stat_result, told: Callable[[int], None]
) -> Iterator[bytes]:
    """A file in pieces; Refused unless it is in the end what it was when it was opened.

    What goes wrong with it is its own, and no trouble of the store.
    """
    done = 0
    while done <= before.st_size:
        try:
            data = stream.read(PIECE)
        except OSError as error:
            raise Refused(f"The file {name} could not be read.", error.strerror or "") from error
        if not data:
            break
        done += len(data)
        told(done)
        yield data
    after = os.fstat(stream.fileno())
    if done != before.st_size or after.st_mtime_ns != before.st_mtime_ns:
        raise Refused(f"{name} changed while it was read. Attach it again when it is finished.")
