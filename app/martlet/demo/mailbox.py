"""The demo's mailbox, in memory: folders of letters, and a bell that rings when they change.

Knows nothing of protocols; `imap`, `pop3` and `smtp` serve it side by side.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

INBOX = "INBOX"
DELIMITER = "/"


@dataclass(slots=True, eq=False)
class Letter:
    """One message in one folder. raw: CRLF line ends, never changed. received: aware."""

    uid: int
    raw: bytes
    received: datetime
    flags: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Folder:
    """A folder; letters in the order of their UIDs. use: RFC 6154 attribute or ""."""

    name: str
    uid_validity: int
    use: str = ""
    subscribed: bool = True
    uid_next: int = 1
    letters: list[Letter] = field(default_factory=list)

    def by_uid(self, uid: int) -> Letter | None:
        return next((letter for letter in self.letters if letter.uid == uid), None)


class Mailbox:
    """All folders of the one demo user. Used from one asyncio loop only."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.folders: dict[str, Folder] = {}
        # UIDs begin anew with every run, and say so to a client that remembers the last one.
        self._validity = count(int(time.time()))
        self._bells: set[asyncio.Event] = set()
        self.create(INBOX)

    def listen(self, bell: asyncio.Event) -> None:
        """`bell` is set after every change until `unlisten`."""
        self._bells.add(bell)

    def unlisten(self, bell: asyncio.Event) -> None:
        self._bells.discard(bell)

    def _ring(self) -> None:
        for bell in self._bells:
            bell.set()

    def get(self, name: str) -> Folder | None:
        """The folder of that name; INBOX in any case (RFC 9051, 5.1)."""
        return self.folders.get(_canonical(name))

    def create(self, name: str, use: str = "") -> Folder:
        """A new folder, and the ones above it. Raises ValueError if the name is taken or bad."""
        name = _canonical(name.rstrip(DELIMITER))
        if not name or name in self.folders or "" in name.split(DELIMITER):
            raise ValueError(f"cannot create {name!r}")
        parent = name.rpartition(DELIMITER)[0]
        if parent and parent not in self.folders:
            self.create(parent)
        self.folders[name] = Folder(name, next(self._validity), use)
        return self.folders[name]

    def rename(self, name: str, new: str) -> None:
        """Moves a folder and all below it. Raises ValueError where that cannot be."""
        name, new = _canonical(name), _canonical(new)
        if name not in self.folders or name == INBOX or new.startswith(name + DELIMITER):
            raise ValueError(f"cannot rename {name!r}")
        old_names = [n for n in self.folders if n == name or n.startswith(name + DELIMITER)]
        self.create(new)
        for old in old_names:
            folder = self.folders.pop(old)
            folder.name = new + old[len(name) :]
            self.folders[folder.name] = folder
        self._ring()

    def delete(self, name: str) -> None:
        """Deletes one folder. Raises ValueError for INBOX, none, or one with folders below."""
        name = _canonical(name)
        below = any(other.startswith(name + DELIMITER) for other in self.folders)
        if name == INBOX or name not in self.folders or below:
            raise ValueError(f"cannot delete {name!r}")
        del self.folders[name]
        self._ring()

    def add(
        self, folder: Folder, raw: bytes, received: datetime, flags: Iterable[str] = ()
    ) -> Letter:
        """Files a message and gives it its UID."""
        letter = Letter(folder.uid_next, raw, received, frozenset(flags))
        folder.uid_next += 1
        folder.letters.append(letter)
        self._ring()
        return letter

    def set_flags(self, letter: Letter, flags: frozenset[str]) -> None:
        if letter.flags != flags:
            letter.flags = flags
            self._ring()

    def remove(self, folder: Folder, letters: Iterable[Letter]) -> None:
        """Takes letters out of a folder; those that are gone already are passed over."""
        gone = set(letters)
        folder.letters = [letter for letter in folder.letters if letter not in gone]
        self._ring()


def _canonical(name: str) -> str:
    return INBOX if name.upper() == INBOX else name
