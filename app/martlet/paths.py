"""Where things of a profile lie. Everything of one profile is below its root, but for a
socket whose path would be too long. Creates folders only when asked to."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

# sun_path holds 108 bytes on Linux and 104 on macOS and the BSDs, the final NUL included.
_LONGEST_SOCKET_PATH = 103


def expanded(given: str) -> Path:
    """The path of what a person gave, `~` for a home as shells read it: where nobody has that name
    it is a name like others. Never raises."""
    try:
        return Path(os.path.expanduser(given))
    except ValueError:  # signs that no name has
        return Path(given)


class Profile:
    """The folder that holds accounts, mail and settings of one person's Martlet."""

    def __init__(self, root: Path) -> None:
        # Real paths, so that one profile reached by two names has one lock and one socket.
        self._root = Path(os.path.realpath(root.expanduser()))

    def __repr__(self) -> str:
        return f"Profile({str(self._root)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Profile) and self._root == other._root

    def __hash__(self) -> int:
        return hash(self._root)

    @property
    def root(self) -> Path:
        return self._root

    @property
    def database(self) -> Path:
        return self._root / "martlet.db"

    @property
    def blobs(self) -> Path:
        return self._root / "blobs.db"

    @property
    def blob_files(self) -> Path:
        return self._root / "blobs"

    @property
    def lock(self) -> Path:
        """Held by the one process in which the engine of this profile runs."""
        return self._root / "engine.lock"

    @property
    def log_file(self) -> Path:
        return self._root / "log" / "martlet.log"

    @property
    def open_folder(self) -> Path:
        """Copies of attachments that other programs were asked to open."""
        return self._root / "open"

    @property
    def spool(self) -> Path:
        """Parts of large messages until they are whole."""
        return self._root / "spool"

    @property
    def settings(self) -> Path:
        return self._root / "settings.json"

    @property
    def socket(self) -> str:
        """The engine's address: a Unix socket's path, or a named pipe on Windows."""
        import hashlib  # here, because every command starts with this module

        name = hashlib.sha256(os.fsencode(self._root)).hexdigest()[:24]
        if sys.platform == "win32":
            return rf"\\.\pipe\martlet-{name}"
        near = str(self._root / "engine.sock")
        if len(os.fsencode(near)) <= _LONGEST_SOCKET_PATH:
            return near
        return str(_runtime_folder() / f"{name}.sock")

    def create(self) -> None:
        """Makes the root, and a far socket's folder, for this user alone.

        Raises OSError: not to be written there, or a folder of that name belongs to another.
        """
        make_private(self._root)
        (self._root / "log").mkdir(mode=0o700, exist_ok=True)
        if sys.platform != "win32":
            make_private(Path(self.socket).parent)


def default_profile() -> Profile:
    """$MARTLET_PROFILE, or the usual place for a user's data on this system."""
    chosen = os.environ.get("MARTLET_PROFILE", "")
    if chosen:
        return Profile(Path(chosen))
    import platformdirs

    return Profile(Path(platformdirs.user_data_dir("martlet", appauthor=False)) / "default")


def opened_files() -> Path:
    """Where `martlet open`, which has no profile, puts copies for other programs."""
    return _runtime_folder() / "open"


def make_private(folder: Path) -> None:
    """Makes a folder that only this user may enter. Raises OSError if it is another's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform == "win32":
        return
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    if found.st_mode & 0o077:
        folder.chmod(0o700)


def mounts() -> Path | None:
    """Where this session shows file systems that are elsewhere (gvfs, kio-fuse)."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return Path(runtime) if runtime else None


def _runtime_folder() -> Path:
    """A short private folder; $XDG_RUNTIME_DIR is one, else one of ours below the temporary."""
    import tempfile

    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and len(os.fsencode(runtime)) <= 50 and os.path.isdir(runtime):
        return Path(runtime) / "martlet"
    uid = os.getuid() if sys.platform != "win32" else 0
    short = Path(tempfile.gettempdir())
    if len(os.fsencode(short)) > 50:
        short = Path("/tmp")
    return short / f"martlet-{uid}"
