"""A folder as one zip file, made in pieces: nothing of it lies in memory or beside the folder.

What is in it is listed first. Links that lead to a file within it are taken as that file; other
links, pipes and devices are left out and counted. A folder that is another in the end is refused:
half of what somebody is just writing there helps nobody.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from martlet.engine.file_address import shown
from martlet.mail.errors import Refused

MOST_FILES = 50_000
MOST_DEEP = 200
PIECE = 1 << 20
# Packed already: to pack them again takes time and saves nothing.
_PACKED = re.compile(
    r"\.(7z|apk|avif|bz2|docx|epub|flac|gif|gz|heic|jpe?g|m4a|mkv|mov|mp[34]|od[pst]|ogg|opus|png"
    r"|pptx|rar|tgz|webm|webp|xlsx|xz|zip|zst)\Z",
    re.IGNORECASE,
)
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of zip's calendar, which ends in 2107
_LAST_DAY = (2107, 12, 31, 23, 59, 58)


_Who = tuple[int, int]  # device and number


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file. name: in the zip, with slashes. size: -1 for an empty folder. who: which file of
    the disk it is, by whatever path it is reached."""

    path: Path
    name: str
    size: int
    changed_ns: int
    who: _Who = (0, 0)


class Zipped:
    """Lists the folder; Refused when it cannot be sent. size: of all its files, unpacked."""

    def __init__(self, folder: Path, largest: int) -> None:
        self._folder = folder
        self._largest = largest
        self._entries, self.left_out = self._listed()
        self.size = sum(max(0, each.size) for each in self._entries)
        if not self._entries:
            raise Refused(f"There is no file in the folder {shown(folder)}.")
        if self.size > largest:
            raise Refused(f"The folder {shown(folder)} is too large to be sent by mail.")

    def pieces(self, told: Callable[[int], None]) -> Iterator[bytes]:
        """The zip. told: how many bytes of the files were read so far."""
        sink = _Sink()
        done = 0
        with zipfile.ZipFile(sink, "w") as archive:
            for each in self._entries:
                entry = _info(each)
                if each.size < 0:
                    archive.writestr(entry, b"")
                    continue
                with (
                    self._opened(each) as source,
                    archive.open(entry, "w", force_zip64=each.size > 1 << 30) as target,
                ):
                    read = 0
                    while piece := self._read(source):
                        read += len(piece)
                        if read > each.size:
                            break
                        target.write(piece)
                        told(done + read)
                        yield from sink.taken()
                    found = os.fstat(source.fileno())
                    if read != each.size or found.st_mtime_ns != each.changed_ns:
                        raise self._changed()
                done += each.size
                yield from sink.taken()
        yield from sink.taken()
        if self._listed() != (self._entries, self.left_out):
            raise self._changed()

    def _listed(self) -> tuple[list[_Entry], int]:
        root = self._folder
        entries: list[_Entry] = []
        links: list[Path] = []
        left_out = 0
        try:
            if not root.is_dir():
                raise Refused(f"The folder {shown(root)} is not there any more.")
            waiting: list[tuple[Path, int, _Who | None]] = [(root, 1, None)]
            while waiting:
                folder, depth, who = waiting.pop()
                things = _things(folder, who)
                if not things and folder != root:
                    entries.append(_Entry(folder, f"{_name(root, folder)}/", -1, 0))
                for name, about in things:
                    path = folder / name
                    if stat.S_ISDIR(about.st_mode):
                        if depth >= MOST_DEEP:
                            raise Refused(f"The folder {shown(root)} is nested too deeply.")
                        waiting.append((path, depth + 1, _who(about)))
                    elif stat.S_ISLNK(about.st_mode):
                        links.append(path)
                    elif stat.S_ISREG(about.st_mode):
                        entries.append(
                            _Entry(
                                path,
                                _name(root, path),
                                about.st_size,
                                about.st_mtime_ns,
                                _who(about),
                            )
                        )
                    else:
                        left_out += 1
                    if len(entries) + len(links) > MOST_FILES:
                        raise Refused(
                            f"The folder {shown(root)} has more than {MOST_FILES} files; "
                            "zip it yourself if it really is to be sent."
                        )
        except FileNotFoundError as error:
            raise self._changed() from error
        except OSError as error:
            raise self._unreadable(Path(str(error.filename or root)), error) from error
        known = {each.who: each for each in entries if each.size >= 0}
        for link in links:
            where = _led_to(link)
            meant = known.get(where) if where is not None else None
            if meant is None:
                left_out += 1
            else:
                entries.append(replace(meant, name=_name(root, link)))
        return sorted(entries, key=lambda each: each.name), left_out

    def _opened(self, each: _Entry) -> BinaryIO:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            source = os.fdopen(os.open(each.path, flags), "rb", buffering=0)
        except FileNotFoundError as error:
            raise self._changed() from error
        except OSError as error:
            raise self._unreadable(each.path, error) from error
        # A folder on its path may be a link by now, and lead out of here.
        if _who(os.fstat(source.fileno())) != each.who:
            source.close()
            raise self._changed()
        return source

    def _read(self, source: BinaryIO) -> bytes:
        try:
            return source.read(PIECE)
        except OSError as error:
            raise self._unreadable(self._folder, error) from error

    def _unreadable(self, path: Path, error: OSError) -> Refused:
        folder = f"folder {shown(self._folder)}"
        which = f"The {folder}" if path == self._folder else f"{shown(path)} in the {folder}"
        return Refused(f"{which} could not be read.", error.strerror or "")

    def _changed(self) -> Refused:
        return Refused(
            f"The folder {shown(self._folder)} changed while it was packed. "
            "Attach it again when it is finished."
        )


def _who(about: os.stat_result) -> _Who:
    return about.st_dev, about.st_ino


def _things(folder: Path, who: _Who | None) -> list[tuple[str, os.stat_result]]:
    """What is in a folder, by name. who: it must be this one still, and no link to another."""
    if os.scandir not in os.supports_fd:
        return [(name, (folder / name).lstat()) for name in sorted(os.listdir(folder))]
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if who is not None and _who(os.fstat(handle)) != who:
            raise FileNotFoundError(errno.ENOENT, "It is another folder now.", str(folder))
        with os.scandir(handle) as found:
            things = [(each.name, each.stat(follow_symlinks=False)) for each in found]
    finally:
        os.close(handle)
    return sorted(things, key=lambda thing: thing[0])


def _led_to(link: Path) -> _Who | None:
    """What a link leads to."""
    try:
        return _who(link.stat())
    except (OSError, RuntimeError):  # broken, or a circle
        return None


def _name(root: Path, path: Path) -> str:
    """In the zip, the folder itself first; what is no text becomes a sign that says so."""
    name = "/".join([root.name or "folder", *path.relative_to(root).parts])
    return name.encode("utf-8", "replace").decode("utf-8").replace("\\", "_")


def _info(each: _Entry) -> zipfile.ZipInfo:
    when = time.localtime(max(0, each.changed_ns // 1_000_000_000))[:6]
    info = zipfile.ZipInfo(each.name, min(max(when, _FIRST_DAY), _LAST_DAY))
    packed = _PACKED.search(each.name) is not None or each.size < 0
    info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    info.external_attr = (0o40755 << 16 | 0x10) if each.size < 0 else 0o100644 << 16
    return info


class _Sink:
    """What zipfile writes to; it cannot be gone back in."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing stays open."""

    def taken(self) -> list[bytes]:
        """What was written since."""
        found, self._waiting = self._waiting, []
        return found
