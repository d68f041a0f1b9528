"""The one place where errors of SQLite and of the file system become StoreErrors.

Mistakes of ours (wrong SQL, a broken constraint) pass through: they are bugs and want a stack.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from martlet.mail.errors import StoreError

_FULL = "The disk is full: the mail store cannot be written."
_READ_ONLY = "The mail store cannot be written, because it or its disk is read-only."
_DAMAGED = "The mail store is damaged and cannot be read."
_DENIED = "The mail store cannot be opened: permission denied."
_BUSY = "The mail store is in use by another program and could not be reached in time."
_BROKEN_DISK = "The disk reported an error while the mail store was in use."
_CANNOT_OPEN = "The mail store cannot be opened."
_CLOSED = "The mail store is closed."
_NO_MEMORY = "There is not enough memory for the mail store to work."

_SENTENCES: tuple[tuple[type[apsw.Error], str], ...] = (
    (apsw.FullError, _FULL),
    (apsw.ReadOnlyError, _READ_ONLY),
    (apsw.CorruptError, _DAMAGED),
    (apsw.NotADBError, _DAMAGED),
    (apsw.PermissionsError, _DENIED),
    (apsw.AuthError, _DENIED),
    (apsw.CantOpenError, _CANNOT_OPEN),
    (apsw.BusyError, _BUSY),
    (apsw.LockedError, _BUSY),
    (apsw.IOError, _BROKEN_DISK),
    (apsw.ProtocolError, _BROKEN_DISK),
    (apsw.NoMemError, _NO_MEMORY),
    # Only closing interrupts.
    (apsw.InterruptError, _CLOSED),
    (apsw.ConnectionClosedError, _CLOSED),
)

_ERRNO_SENTENCES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EIO: _BROKEN_DISK,
}


def translate(error: apsw.Error | OSError, path: Path) -> StoreError | None:
    """The StoreError a person can be told, or None when the error is a mistake of ours."""
    detail = f"{path}: {error}"
    if isinstance(error, OSError):
        sentence = _ERRNO_SENTENCES.get(error.errno or 0, _CANNOT_OPEN)
        return StoreError(sentence, detail)
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            # SQLite says "I/O error" when a file system has no room for its shared memory.
            return StoreError(sentence, detail)
    return None


def damaged(path: Path, detail: str) -> StoreError:
    """What is stored is not what was stored."""
    return StoreError(_DAMAGED, f"{path}: {detail}")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raises StoreError in place of what SQLite or the file system raised within."""
    try:
        yield
    except (apsw.Error, OSError) as error:
        told = translate(error, path)
        if told is None:
            raise
        raise told from error
