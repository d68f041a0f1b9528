"""Parts of messages as files: saved where a person says, or opened from a private folder.

Names are made safe (`mime.filenames`), nothing is ever written over or followed, nothing is made to
run. Copies for other programs lie read-only in a folder that only we may enter, and are gone at the
next start.
"""

from __future__ import annotations

import logging
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from martlet.mail.errors import StoreError
from martlet.mail.message import MessageId
from martlet.mime.content import attachments, safe_filename
from martlet.mime.part import Message, Part
from martlet.paths import expanded

log = logging.getLogger("martlet.saving")

_NAME_BYTES = 255  # what a file system takes


class Saving:
    """part(id, section): the message and the part, with its bytes. open_folder: for the copies
    that other programs open."""

    def __init__(
        self, part: Callable[[MessageId, str], tuple[Message, Part]], open_folder: Path
    ) -> None:
        self._part = part
        self._open_folder = open_folder

    def part_bytes(self, message_id: MessageId, part: str) -> bytes:
        return self._part(message_id, part)[1].data()

    def save_part(self, message_id: MessageId, part: str, directory: str) -> str:
        return str(self._write(message_id, part, expanded(directory), 0o600))

    def open_part(self, message_id: MessageId, part: str) -> str:
        """A copy that its owner may read, and nobody may change or run."""
        folder = self._open_folder / str(message_id)
        try:
            for one in (self._open_folder, folder):
                one.mkdir(mode=0o700, parents=True, exist_ok=True)
                one.chmod(stat.S_IRWXU)
        except OSError as error:
            raise StoreError("The attachment could not be opened.", str(error)) from error
        return str(self._write(message_id, part, folder, stat.S_IRUSR))

    def clear_opened(self) -> None:
        """Removes the private copies of an earlier run, but for what a program still holds."""
        for path in sorted(self._open_folder.rglob("*"), reverse=True):
            try:
                if path.is_dir() and not path.is_symlink():
                    path.rmdir()
                else:
                    if not path.is_symlink():
                        path.chmod(stat.S_IRUSR | stat.S_IWUSR)  # Windows keeps what is read-only
                    path.unlink()
            except OSError as error:
                log.warning("the copy %s stays: %s", path.name, error.strerror)

    def _write(self, message_id: MessageId, part: str, folder: Path, mode: int) -> Path:
        message, found = self._part(message_id, part)
        name = _name(message, found, part)
        data = found.data()
        try:
            return write_new(folder, name, data, mode)
        except OSError as error:
            raise StoreError(
                f"{name} could not be saved in {folder}.", error.strerror or ""
            ) from error


def _name(message: Message, part: Part, path: str) -> str:
    """As the list of attachments calls it: also what is in an attached message."""
    for one in attachments(message):
        if one.part == path:
            return one.filename
        if path.startswith(f"{one.part}."):
            holder = message.part(one.part)
            if holder is not None and holder.embedded is not None:
                return _name(holder.embedded, part, path)
    return safe_filename(part.filename, part.content_type)


def write_new(folder: Path, name: str, data: bytes | BinaryIO, mode: int = 0o600) -> Path:
    """Writes to `name` in `folder`, or `name (2)` ... when that exists; never over anything.

    mode: of the file from the moment it has its bytes; never more than 0o600 before.
    """
    stem, dot, suffix = name.rpartition(".")
    if not dot or not stem:
        stem, suffix = name, ""
    number = 1
    while True:
        tail = f".{suffix}" if suffix else ""
        if number > 1:
            tail = f" ({number}){tail}"
            stem = _cut(stem, _NAME_BYTES - len(os.fsencode(tail)))
        path = folder / (name if number == 1 else stem + tail)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            number += 1
            continue
        try:
            with os.fdopen(handle, "wb") as file:
                if isinstance(data, bytes):
                    file.write(data)
                else:
                    shutil.copyfileobj(data, file)
            path.chmod(mode)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path


def _cut(text: str, room: int) -> str:
    """The beginning of a name that takes so many bytes at most."""
    return os.fsencode(text)[:room].decode("utf-8", "ignore") if room > 0 else ""
