"""A blob that comes or goes in pieces: hashed and compressed as it grows, checked as it is read.

Where it belongs in the end is `blobs`' to say.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import zstandard

from martlet.store.database import sync_folder
from martlet.store.trouble import damaged, translated

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGE = 1 << 20
LEVEL = 3
_NUMBERS = itertools.count()


class Growing:
    """What has come so far. Packed, it is in memory up to LARGE, then in a file that has no name
    of its own yet. Used by one thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hash = hashlib.sha256()
        self._packer = zstandard.ZstdCompressor(level=LEVEL).compressobj()
        self._size = 0
        self._held = bytearray()
        self._part: Path | None = None
        self._file: BinaryIO | None = None

    def add(self, piece: bytes) -> None:
        self._hash.update(piece)
        self._size += len(piece)
        self._keep(self._packer.compress(piece))

    def finish(self) -> tuple[str, int, bytes | None]:
        """Key, size and packed bytes of a small one; None of one that is in a file, on the disk."""
        self._keep(self._packer.flush())
        key = self._hash.hexdigest()
        if self._file is None:
            return key, self._size, bytes(self._held)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return key, self._size, None

    def place(self, target: Path) -> None:
        """Gives the file its name. One of that name has the same bytes, or is damaged and made
        whole by this."""
        if self._part is None:
            return
        if not target.parent.exists():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            sync_folder(self._folder)
        self._part.replace(target)
        self._part = None
        sync_folder(target.parent)

    def drop(self) -> None:
        """Nothing of it stays."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        if self._part is not None:
            with suppress(OSError):
                self._part.unlink(missing_ok=True)

    def _keep(self, packed: bytes) -> None:
        if self._file is not None:
            self._file.write(packed)
            return
        self._held += packed
        if len(self._held) > LARGE:
            self._part = self._folder / f"{os.getpid()}-{next(_NUMBERS)}.part"
            self._file = self._part.open("wb")
            self._file.write(self._held)
            self._held = bytearray()


class _Checked(io.RawIOBase):
    """Unpacked as it is read; its end is only told of when all of it was right."""

    def __init__(self, path: Path, file: BinaryIO, key: str) -> None:
        self._path = path
        self._file = file
        self._key = key
        self._hash = hashlib.sha256()
        self._reader = zstandard.ZstdDecompressor().stream_reader(file)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        room = memoryview(buffer).cast("B")
        try:
            with translated(self._path):
                data = self._reader.read(len(room))
        except zstandard.ZstdError as error:
            raise damaged(self._path, f"blob {self._key}: {error}") from error
        self._hash.update(data)
        if not data and len(room) and self._hash.hexdigest() != self._key:
            raise damaged(self._path, f"blob {self._key} does not match its checksum")
        room[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def opened(path: Path, key: str) -> BinaryIO:
    """A large blob to be read from its beginning to its end."""
    with translated(path):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            raise damaged(path, "the file is gone") from None
    return io.BufferedReader(_Checked(path, file, key), 1 << 18)
