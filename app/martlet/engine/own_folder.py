"""A folder of one process, for copies of what it shows; gone with it, however it ends.

All lie in one folder that only this user may enter. Whose process is gone is seen by its lock,
which the system frees: the next one sweeps it away.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from martlet.mail.errors import StoreError
from martlet.paths import make_private

log = logging.getLogger("martlet.reading")

_PREFIX = "mail-"
_LOCK = ".lock"


@contextlib.contextmanager
def own_folder(parent: Path) -> Iterator[Path]:
    """A new private folder in `parent`, which is made. Raises StoreError: that belongs to another,
    or cannot be written."""
    try:
        folder, held = _make(parent)
    except OSError as error:
        raise StoreError(f"The folder {parent} cannot be used.", str(error)) from error
    try:
        yield folder
    finally:
        with FileLock(parent / "lock", thread_local=False):
            held.release()
            _remove(folder)


def _make(parent: Path) -> tuple[Path, FileLock]:
    make_private(parent.parent)
    make_private(parent)
    # Nobody sweeps between the making of a folder and of its lock
    with FileLock(parent / "lock", thread_local=False):
        _sweep(parent)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        held = FileLock(_lock_of(folder), thread_local=False)
        held.acquire(blocking=False)
    return folder, held


def _sweep(parent: Path) -> None:
    for name in os.listdir(parent):
        folder = parent / name
        if not name.startswith(_PREFIX) or name.endswith(_LOCK):
            continue
        lock = FileLock(_lock_of(folder), thread_local=False)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            continue
        lock.release()
        _remove(folder)


def _remove(folder: Path) -> None:
    """What is no folder, as a link to one, is removed itself: nothing is followed."""
    try:
        if folder.is_symlink() or not folder.is_dir():
            folder.unlink(missing_ok=True)
        else:
            shutil.rmtree(folder)
        _lock_of(folder).unlink(missing_ok=True)
    except OSError as error:
        log.warning("the copies in %s stay: %s", folder.name, error.strerror)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + _LOCK)
