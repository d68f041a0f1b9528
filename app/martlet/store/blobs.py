"""Raw messages and attachments byte for byte, by SHA-256, each once.

Small ones lie compressed in a SQLite file of their own, larger ones as files: a large row would
hold the write lock too long. Nobody outside knows which. Who still needs a blob, others say.

    pieces --compressed--> in memory, to 1 MiB --more--> blobs/….part --synced--> blobs/ab/….zst
                                └--> the table                             row --> it is there
A .part is what a kill left behind: `drop_unfinished` takes it away, at the next start. So is a .zst
without its row: `collect`.
"""

from __future__ import annotations

import hashlib
import io
import os
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

import apsw
import zstandard

from martlet.store.blob_stream import LARGE, LEVEL, Growing, opened
from martlet.store.codec import to_json
from martlet.store.database import Row, Value, close_readers, sync_folder, sync_log
from martlet.store.trouble import damaged, translated

FILE_NAME = "blobs.db"
FOLDER_NAME = "blobs"
PIECE = 1 << 20
"""Bytes of the pieces in which streams are read."""
_BUSY_MS = 10_000
_YOUNG_S = 3600.0

# data is NULL for those that are files.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS blob (
    key     TEXT PRIMARY KEY,
    size    INTEGER NOT NULL,
    added   REAL NOT NULL,
    data    BLOB
) STRICT
"""


class _Packed(NamedTuple):
    key: str
    size: int
    data: bytes


class Blobs:
    """The blobs of a profile. Any thread may use it.

    read_only: never writes and makes nothing; before anything was stored it is empty.
    """

    def __init__(self, profile_root: Path, *, read_only: bool = False) -> None:
        self._path = profile_root / FILE_NAME
        self._folder = profile_root / FOLDER_NAME
        self._read_only = read_only
        self._lock = threading.Lock()
        self._local = threading.local()
        self._readers: list[apsw.Connection] = []
        self._readers_lock = threading.Lock()
        self._writer: apsw.Connection | None = None
        if not read_only:
            with translated(self._path):
                profile_root.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._folder.mkdir(mode=0o700, exist_ok=True)
                self._writer = _open(self._path)
                self._writer.pragma("journal_mode", "wal")
                self._writer.execute(_SCHEMA)
                sync_folder(profile_root)

    def put(self, data: bytes, *, durable: bool = False) -> str:
        """Stores the bytes, unless they are there; answers their SHA-256 in hex."""
        return self.put_many([data], durable=durable)[0]

    def put_many(self, datas: Sequence[bytes], *, durable: bool = False) -> list[str]:
        """Stores all or none; answers the keys in the same order.

        durable: returns once they will survive a power cut.
        """
        with translated(self._path):
            packed = [_pack(data) for data in datas]
            now = time.time()
            rows: list[tuple[Value, ...]] = []
            for one in packed:
                large = len(one.data) > LARGE
                if large:
                    self._write_file(one)
                rows.append((one.key, one.size, now, None if large else one.data))
            with self._lock:
                self._insert(rows)
            for one in packed:
                # Another may have thrown it away before it had its row again.
                if len(one.data) > LARGE:
                    self._write_file(one)
        if durable:
            self.sync()
        return [one.key for one in packed]

    def put_stream(self, stream: BinaryIO, *, durable: bool = False) -> tuple[str, int]:
        """Stores what is left of the stream, read once and in pieces; its key and its size."""
        return self.put_pieces(iter(lambda: stream.read(PIECE), b""), durable=durable)

    def put_pieces(self, pieces: Iterable[bytes], *, durable: bool = False) -> tuple[str, int]:
        """The same of pieces that follow one another; none of them is kept in memory.

        What the pieces themselves raise passes through, OSError as StoreError; nothing stays then.
        """
        with translated(self._path):
            growing = Growing(self._folder)
            try:
                for piece in pieces:
                    growing.add(piece)
                key, size, packed = growing.finish()
                with self._lock:
                    if packed is None:
                        growing.place(self._file(key))
                    self._insert([(key, size, time.time(), packed)])
            except BaseException:
                growing.drop()
                raise
        if durable:
            self.sync()
        return key, size

    def get(self, key: str) -> bytes | None:
        """The bytes, or None if they are not here. Raises StoreError when they are damaged."""
        found = self._find("SELECT size, data FROM blob WHERE key = ?", key)
        if found is None:
            return None
        size, packed = found
        with translated(self._path):
            if packed is None:
                file = self._file(key)
                if not file.exists():
                    raise damaged(file, "the file is gone")
                packed = file.read_bytes()
        try:
            data = _unpack(packed, size)
        except zstandard.ZstdError as error:
            raise damaged(self._path, f"blob {key}: {error}") from error
        if hashlib.sha256(data).hexdigest() != key:
            raise damaged(self._path, f"blob {key} does not match its checksum")
        return data

    def open(self, key: str) -> BinaryIO | None:
        """Like `get` as a stream. Large ones are read as they are consumed; where they are damaged
        StoreError is raised at the latest in place of their end."""
        found = self._find("SELECT data IS NULL FROM blob WHERE key = ?", key)
        if found is None:
            return None
        if found[0]:
            return opened(self._file(key), key)
        data = self.get(key)
        return None if data is None else io.BytesIO(data)

    def refresh(self, key: str) -> int | None:
        """As if it was put now: what is young is not thrown away, whoever else lets go of it. Its
        size, or None if it is not here."""
        with translated(self._path), self._lock:
            self._writing().execute("UPDATE blob SET added = ? WHERE key = ?", (time.time(), key))
        return self.size(key)

    def size(self, key: str) -> int | None:
        """Bytes of the whole, or None if it is not here."""
        return self.sizes([key]).get(key)

    def sizes(self, keys: Sequence[str]) -> dict[str, int]:
        """Bytes of each whole; of those that are here."""
        sql = "SELECT key, size FROM blob WHERE key IN (SELECT value FROM json_each(?))"
        return {str(key): int(size) for key, size in self._query(sql, to_json(keys))}

    def sync(self) -> None:
        """Returns once everything put so far will survive a power cut."""
        with translated(self._path):
            sync_log(self._path)

    def collect(self, alive: set[str], *, older_than_s: float = _YOUNG_S) -> int:
        """Throws away what nobody needs; answers how many.

        Young ones stay: their message may be about to be written.
        """
        before = time.time() - older_than_s
        with translated(self._path), self._lock:
            writer = self._writing()
            rows = writer.execute("SELECT key, data IS NULL FROM blob WHERE added <= ?", (before,))
            gone = [(str(key), bool(large)) for key, large in rows if key not in alive]
            with writer:
                writer.executemany("DELETE FROM blob WHERE key = ?", [(key,) for key, _ in gone])
            for key, large in gone:
                if large:
                    self._file(key).unlink(missing_ok=True)
            self._sweep(before)
        return len(gone)

    def drop_unfinished(self) -> None:
        """Takes away what a kill cut off, large as it may be. Only before anything is put: it
        cannot be told from what is on its way."""
        for path in (*self._folder.glob("*.part"), *self._folder.glob("??/*.part")):
            with suppress(OSError):  # one that cannot go now is tried again by `collect`
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Closes every connection."""
        with self._lock, self._readers_lock:
            close_readers(self._readers)
            self._local = threading.local()
            if self._writer is not None:
                self._writer.close()

    def _insert(self, rows: Sequence[tuple[Value, ...]]) -> None:
        """All of them or none. Only with the lock."""
        writer = self._writing()
        writer.execute("BEGIN IMMEDIATE")
        try:
            writer.executemany(
                "INSERT INTO blob (key, size, added, data) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (key) DO UPDATE SET added = excluded.added",
                rows,
            )
            writer.execute("COMMIT")
        except BaseException:
            if writer.in_transaction:
                writer.execute("ROLLBACK")
            raise

    def _find(self, sql: str, key: str) -> Row | None:
        rows = self._query(sql, key) if key else []
        return rows[0] if rows else None

    def _query(self, sql: str, param: str) -> list[Row]:
        with translated(self._path):
            reader = self._reader()
            return [] if reader is None else reader.execute(sql, (param,)).fetchall()

    def _reader(self) -> apsw.Connection | None:
        found: apsw.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            if not self._path.exists():
                return None
            found = _open(self._path)
            if self._read_only and not found.execute("PRAGMA table_info(blob)").fetchall():
                found.close()
                return None
            found.pragma("query_only", True)
            self._local.connection = found
            with self._readers_lock:
                self._readers.append(found)
        return found

    def _writing(self) -> apsw.Connection:
        if self._writer is None:
            raise RuntimeError("these blobs were opened for reading only")
        return self._writer

    def _file(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.zst"

    def _sweep(self, before: float) -> None:
        """Files that a kill left without their row. Young ones may be about to get theirs."""
        rows = self._writing().execute("SELECT key FROM blob WHERE data IS NULL")
        known = {str(key) for (key,) in rows}
        for path in (*self._folder.glob("*.part"), *self._folder.glob("??/*")):
            with suppress(FileNotFoundError):
                if path.stem not in known and path.stat().st_mtime <= before:
                    path.unlink()

    def _write_file(self, one: _Packed) -> None:
        """Whole and on the disk under its name, or not there. Always synced: large and rare."""
        target = self._file(one.key)
        # One that came in pieces is packed a little differently.
        if target.exists() and abs(target.stat().st_size - len(one.data)) < 1024:
            return
        if not target.parent.exists():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            sync_folder(self._folder)
        partial = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        try:
            with partial.open("wb") as file:
                file.write(one.data)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
        except OSError:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            raise
        sync_folder(target.parent)


def _pack(data: bytes) -> _Packed:
    packed = zstandard.ZstdCompressor(level=LEVEL).compress(data)
    return _Packed(hashlib.sha256(data).hexdigest(), len(data), packed)


def _unpack(packed: bytes, size: int) -> bytes:
    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=size)


def _open(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(_BUSY_MS)
    connection.pragma("synchronous", "normal")
    return connection
