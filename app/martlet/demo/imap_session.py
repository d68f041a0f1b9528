"""One IMAP connection's state: who is signed in, what is selected, and what it has been told.

The view of the selected folder is a list of (uid, flags) as the client knows it; `news` compares it
with the folder and tells the difference, so no event can be lost or told twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

from martlet.demo.imap_fetch import flag_list
from martlet.demo.imap_words import uid_set
from martlet.demo.mailbox import Folder, Letter, Mailbox


class No(Exception):
    """The command is understood and refused; its text becomes the NO."""


@dataclass(slots=True)
class Session:
    """bell: rings when the mailbox changed. view: what the client has been told, in order."""

    mailbox: Mailbox
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    signed_in: bool = False
    folder: Folder | None = None
    read_only: bool = False
    view: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    ended: bool = False

    def say(self, line: bytes) -> None:
        """An untagged answer."""
        self.writer.write(b"* " + line + b"\r\n")

    def select(self, folder: Folder, *, read_only: bool) -> None:
        self.folder, self.read_only = folder, read_only
        self.view = [(letter.uid, letter.flags) for letter in folder.letters]

    def unselect(self) -> None:
        self.folder, self.view = None, []

    def selected(self) -> Folder:
        """The open folder; refuses when there is none."""
        if self.folder is None:
            raise No("no folder is open")
        return self.folder

    def writable(self) -> Folder:
        folder = self.selected()
        if self.read_only:
            raise No("the folder is open for reading only")
        return folder

    def named(self, name: str) -> Folder:
        folder = self.mailbox.get(name)
        if folder is None:
            raise No("[NONEXISTENT] there is no such folder")
        return folder

    def numbered(self, text: bytes, *, by_uid: bool) -> list[tuple[int, Letter]]:
        """(sequence number, letter) of a set; letters that are gone are left out."""
        folder = self.selected()
        letters = {letter.uid: letter for letter in folder.letters}
        last = (self.view[-1][0] if self.view else 0) if by_uid else len(self.view)
        ranges = uid_set(text, last)
        found = []
        for number, (uid, _) in enumerate(self.view, 1):
            probe = uid if by_uid else number
            if uid in letters and any(a <= probe <= b for a, b in ranges):
                found.append((number, letters[uid]))
        return found

    def told(self, number: int, letter: Letter) -> None:
        """The client has just been told this letter's flags."""
        self.view[number - 1] = (letter.uid, letter.flags)

    def news(self, *, expunges: bool) -> None:
        """Says what changed since the view was made. No EXPUNGE where numbers must stay."""
        if self.folder is None:
            return
        for line in self._news(self.folder, expunges):
            self.say(line)

    def _news(self, folder: Folder, expunges: bool) -> Iterator[bytes]:
        letters = {letter.uid: letter for letter in folder.letters}
        if expunges:
            for number in range(len(self.view), 0, -1):
                if self.view[number - 1][0] not in letters:
                    del self.view[number - 1]
                    yield b"%d EXPUNGE" % number
        known = {uid for uid, _ in self.view}
        fresh = [letter for letter in folder.letters if letter.uid not in known]
        for number, (uid, flags) in enumerate(self.view, 1):
            letter = letters.get(uid)
            if letter is not None and letter.flags != flags:
                self.told(number, letter)
                yield b"%d FETCH (UID %d FLAGS %b)" % (number, uid, flag_list(letter.flags))
        if fresh:
            self.view += [(letter.uid, letter.flags) for letter in fresh]
            yield b"%d EXISTS" % len(self.view)
