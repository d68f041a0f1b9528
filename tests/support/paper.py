"""A server on paper: what an ImapSession does, done to lists. For tests of what is sent when.

`cut` names a command whose answer never comes: it is carried out, then the line is gone. `lost`
names one that does not arrive: the line is gone before. `no` are refused; for `busy` the server has
no time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from martlet.mail.errors import Busy, Offline, Refused
from martlet.mail.folder import Role
from martlet.mail.sync import FolderStatus, ListedFolder
from martlet.net.imap_fetch import Summary
from martlet.net.imap_select import Selected


@dataclass(slots=True)
class Letter:
    """A message there."""

    header: bytes
    flags: frozenset[str] = frozenset()
    size: int = 100
    received: float = 1_700_000_000.0

    @property
    def message_id(self) -> str:
        name, _, value = self.header.partition(b":")
        return value.strip().decode() if name == b"Message-ID" else ""


class Paper:
    """Folders of letters by uid."""

    def __init__(self, *names: str) -> None:
        self.folders: dict[str, dict[int, Letter]] = {name: {} for name in names}
        self.validity = dict.fromkeys(names, 1)
        self.capabilities = frozenset({"MOVE", "UIDPLUS"})
        self.permanent: frozenset[str] = frozenset()
        self.read_only = False
        self.selected = ""
        self.commands: list[str] = []
        self.cut = self.lost = ""
        self.no: set[str] = set()
        self.busy: set[str] = set()
        self._next = 1

    def put(self, folder: str, letter: Letter) -> int:
        uid, self._next = self._next, self._next + 1
        self.folders[folder][uid] = letter
        return uid

    # --- what replay asks

    @property
    def exists(self) -> int:
        return len(self.folders[self.selected]) if self.selected else 0

    def select(self, name: str) -> Selected:
        self._begin("SELECT", name)
        self.selected = name
        return Selected(
            exists=self.exists,
            uid_validity=self.validity[name],
            uid_next=self._next,
            modseq=0,
            permanent_flags=self.permanent,
            read_only=self.read_only,
        )

    def status(self, names: Iterable[str]) -> dict[str, FolderStatus]:
        self._begin("STATUS")
        return {
            name: FolderStatus(
                len(self.folders[name]), self._next, uid_validity=self.validity[name]
            )
            for name in names
            if name in self.folders
        }

    def list_folders(self) -> list[ListedFolder]:
        return [ListedFolder(name, "/") for name in self.folders]

    def fetch_flags(self, uids: str) -> dict[int, frozenset[str]]:
        self._begin("FETCH FLAGS")
        wanted = _expanded(uids)
        return {uid: one.flags for uid, one in self._here.items() if uid in wanted}

    def fetch_new(self, first_uid: int) -> Iterator[Summary]:
        self._begin("FETCH")
        return self._summaries(uid for uid in self._here if uid >= first_uid)

    def fetch_summaries(self, uids: Sequence[int]) -> Iterator[Summary]:
        self._begin("FETCH")
        return self._summaries(uid for uid in uids if uid in self._here)

    def search_message_id(self, message_id: str) -> list[int]:
        self._begin("SEARCH")
        return [uid for uid, one in self._here.items() if one.message_id == message_id]

    def store(self, uids: Sequence[int], add: Iterable[str], remove: Iterable[str]) -> None:
        self._begin("STORE")
        add, remove = frozenset(add), frozenset(remove)
        assert not self.permanent or add <= self.permanent
        for uid in uids:
            if uid in self._here:
                self._here[uid].flags = (self._here[uid].flags - remove) | add
        self._end("STORE")

    def copy(self, uids: Sequence[int], target: str) -> dict[int, int]:
        self._begin("COPY", target)
        new = {uid: self._copy(uid, target) for uid in uids if uid in self._here}
        self._end("COPY")
        return new if "UIDPLUS" in self.capabilities else {}

    def move(self, uids: Sequence[int], target: str) -> dict[int, int]:
        self._begin("MOVE", target)
        new = {uid: self._copy(uid, target) for uid in uids if uid in self._here}
        for uid in new:
            del self._here[uid]
        self._end("MOVE")
        return new if "UIDPLUS" in self.capabilities else {}

    def expunge(self, uids: Sequence[int]) -> bool:
        self._begin("EXPUNGE")
        for uid in uids:
            if uid in self._here and "UIDPLUS" in self.capabilities:
                del self._here[uid]
            elif uid in self._here:
                self._here[uid].flags |= {"\\Deleted"}
        self._end("EXPUNGE")
        return "UIDPLUS" in self.capabilities

    def append(
        self,
        folder: str,
        raw: bytes | Callable[[], BinaryIO],
        flags: Iterable[str] = (),
        date: float | None = None,
    ) -> int:
        self._begin("APPEND", folder)
        if not isinstance(raw, bytes):
            with raw() as stream:
                raw = stream.read()
        header = raw.partition(b"\r\n")[0]
        uid = self.put(folder, Letter(header, frozenset(flags), len(raw), date or 0.0))
        self._end("APPEND")
        return uid

    def create(self, name: str, role: Role = Role.NONE) -> None:
        self._begin("CREATE")
        self.folders[name], self.validity[name] = {}, 1

    def rename(self, name: str, new: str) -> None:
        self._begin("RENAME", name)
        for one in [n for n in self.folders if n == name or n.startswith(name + "/")]:
            self.folders[new + one[len(name) :]] = self.folders.pop(one)
            self.validity[new + one[len(name) :]] = self.validity.pop(one)

    def delete(self, name: str) -> None:
        self._begin("DELETE", name)
        del self.folders[name]

    def subscribe(self, name: str) -> None:
        self._begin("SUBSCRIBE")

    def unsubscribe(self, name: str) -> None:
        self._begin("UNSUBSCRIBE")

    # --- inner

    @property
    def _here(self) -> dict[int, Letter]:
        return self.folders[self.selected]

    def _begin(self, command: str, folder: str | None = None) -> None:
        self.commands.append(command)
        if command in self.no or (folder is not None and folder not in self.folders):
            raise Refused("The server would not.", f"NO to {command}")
        if command in self.busy:
            raise Busy("The server has no time.", f"NO [INUSE] to {command}")
        if self.lost == command:
            self.lost = ""
            raise Offline("The line is gone.")

    def _end(self, command: str) -> None:
        if self.cut == command:
            self.cut = ""
            raise Offline("The line is gone.")

    def _copy(self, uid: int, target: str) -> int:
        one = self._here[uid]
        return self.put(target, Letter(one.header, one.flags, one.size, one.received))

    def _summaries(self, uids: Iterable[int]) -> Iterator[Summary]:
        for uid in list(uids):
            one = self._here[uid]
            yield Summary(uid, one.flags, one.size, one.received, one.header, 0)


def _expanded(uids: str) -> set[int]:
    found: set[int] = set()
    for part in uids.split(","):
        first, _, last = part.partition(":")
        found.update(range(int(first), int(last or first) + 1))
    return found
