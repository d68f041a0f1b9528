"""The profile's database: one writer at a time, a read connection for each thread that reads.

A transaction gathers what it changed; listeners are told after the commit, or never. What the
tables mean is left to the other files of this package, the wording of errors to `trouble`.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import apsw

from martlet.mail.changes import Change
from martlet.mail.errors import StoreError
from martlet.store.merging import merge
from martlet.store.migrate import migrate
from martlet.store.trouble import translated

Row = tuple[Any, ...]
Value = None | int | float | str | bytes

FILE_NAME = "martlet.db"
_BUSY_MS = 10_000
_READERS_S = 2.0


class Source(Protocol):
    """Anything that can be asked: the database, a transaction, the window's connection."""

    def query(self, sql: str, params: Sequence[Value] = ()) -> list[Row]: ...


class Tx:
    """A transaction being written. Used by the thread that began it, until it ends."""

    def __init__(self, connection: apsw.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self.notes: list[Change] = []
        self.durable = False

    def execute(self, sql: str, params: Sequence[Value] = ()) -> list[Row]:
        """Runs one statement; answers its rows."""
        with translated(self._path):
            return self._connection.execute(sql, params).fetchall()

    query = execute

    def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Runs one statement for each row of parameters."""
        with translated(self._path):
            self._connection.executemany(sql, rows)

    @property
    def inserted(self) -> int:
        """The rowid of the last INSERT."""
        return self._connection.last_insert_rowid()

    @property
    def touched(self) -> int:
        """How many rows the last statement changed, triggers not counted."""
        return self._connection.changes()

    def note(self, change: Change) -> None:
        """To be told to listeners once this is committed."""
        self.notes.append(change)

    def must_last(self) -> None:
        """Has the commit survive a power cut, not only a crash of ours."""
        self.durable = True


class Database:
    """Opens the database below `profile_root`, makes it if need be, brings it up to date.

    Raises StoreError when it cannot be opened, is damaged, or is newer than this program.
    """

    def __init__(self, profile_root: Path) -> None:
        self._path = profile_root / FILE_NAME
        self._lock = threading.Lock()
        self._owner: int | None = None
        self._listeners: list[Callable[[Change], None]] = []
        self._local = threading.local()
        self._readers: list[apsw.Connection] = []
        self._readers_lock = threading.Lock()
        self._closed = False
        with translated(self._path):
            profile_root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._writer = _open(self._path)
            try:
                self._writer.pragma("journal_mode", "wal")
                # 8 MiB of log before it is folded back: fewer syncs during a first synchronisation.
                self._writer.wal_autocheckpoint(2000)
                migrate(self._writer, self._path)
                sync_folder(profile_root)
            except BaseException:
                self._writer.close()
                raise

    def query(self, sql: str, params: Sequence[Value] = ()) -> list[Row]:
        """Reads what is committed, through this thread's own connection."""
        with translated(self._path):
            return self._reader().execute(sql, params).fetchall()

    read = query

    def listen(self, callback: Callable[[Change], None]) -> None:
        """`callback` is called after commits, in the thread that wrote; it must not raise."""
        self._listeners.append(callback)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """One transaction: committed at the end, rolled back whole if anything is raised."""
        if self._owner == threading.get_ident():
            raise RuntimeError("a transaction is open in this thread already")
        with self._lock:
            self._check_open()
            self._owner = threading.get_ident()
            try:
                tx = Tx(self._writer, self._path)
                with translated(self._path):
                    self._writer.execute("BEGIN IMMEDIATE")
                try:
                    yield tx
                    with translated(self._path):
                        self._writer.execute("COMMIT")
                except BaseException:
                    # After a full disk SQLite has rolled back already.
                    if self._writer.in_transaction:
                        self._writer.execute("ROLLBACK")
                    raise
                if tx.durable:
                    with translated(self._path):
                        sync_log(self._path)
            finally:
                self._owner = None
        for change in merge(tx.notes):
            for listener in tuple(self._listeners):
                listener(change)

    def close(self) -> None:
        """Closes every connection. Reads and writes afterwards raise StoreError."""
        with self._lock:
            self._closed = True
            with self._readers_lock:
                close_readers(self._readers)
            with translated(self._path):
                self._writer.close()

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError("The mail store is closed.")

    def _reader(self) -> apsw.Connection:
        found: apsw.Connection | None = getattr(self._local, "connection", None)
        self._check_open()
        if found is None:
            found = _open(self._path)
            found.pragma("query_only", True)
            self._local.connection = found
            with self._readers_lock:
                self._readers.append(found)
        return found


def _open(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(_BUSY_MS)
    connection.pragma("synchronous", "normal")
    connection.pragma("foreign_keys", True)
    connection.pragma("cache_size", -16_000)
    connection.pragma("temp_store", "memory")
    return connection


def close_readers(readers: list[apsw.Connection]) -> None:
    """Closes and forgets them. One that another thread is reading with is interrupted; if that
    does not end in time it is left to the thread."""
    until = time.monotonic() + _READERS_S
    for reader in readers:
        while True:
            try:
                reader.interrupt()
                reader.close()
            except apsw.ThreadingViolationError:
                if time.monotonic() < until:
                    time.sleep(0.01)
                    continue
            break
    readers.clear()


def sync_log(path: Path) -> None:
    """Waits until the write-ahead log is on the disk. SQLite holds no lock on that file, so
    opening and closing it does not drop one (which it would on the database itself)."""
    log = path.with_name(path.name + "-wal")
    if log.exists():
        with log.open("r+b") as file:
            os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Waits until the names in a folder are on the disk, where the system can do that."""
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
