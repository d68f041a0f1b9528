"""An engine with a handful of verbs, for the link's tests; as a program it serves a profile."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from martlet import log
from martlet.link.host import serve
from martlet.link.start import RUNNING
from martlet.mail.account import Account, AccountId, AccountState, SyncReport, WorkerState
from martlet.mail.changes import Change, FoldersChanged, MessagesChanged
from martlet.mail.errors import Offline, TlsRefused
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.mail.reading import Picture
from martlet.paths import Profile


class FakeEngine:
    """Remembers the order of its quick verbs; `sync` waits until `go` is set."""

    def __init__(self, profile: Profile) -> None:
        self.asked: list[str] = []
        self.go = threading.Event()
        self.started = self.closed = False
        self._listeners: list[Callable[[Change], None]] = []

    def listen(self, callback: Callable[[Change], None]) -> None:
        self._listeners.append(callback)

    def start(self) -> None:
        self.started = True

    def close(self) -> None:
        self.closed = True
        self.go.set()

    def announce(self, change: Change) -> None:
        for listener in self._listeners:
            listener(change)

    def account_add(
        self, account: Account, password: str, secrets: Mapping[str, str], grant: str
    ) -> AccountId:
        self.asked.append(f"add {account.name}")
        raise TlsRefused("No.", "detail", account.name, host="h", fingerprint="ab", certificate="c")

    def account_states(self) -> list[AccountState]:
        return [AccountState(AccountId(1), WorkerState.IDLE)]

    def set_flags(
        self,
        message_ids: list[MessageId],
        add: list[str],
        remove: list[str],
        by_hand: bool = True,
    ) -> int:
        self.asked.append("set_flags")
        self.announce(MessagesChanged(FolderId(7), changed=tuple(message_ids)))
        return len(message_ids)

    def check_mail(self, account_ids: list[AccountId]) -> None:
        self.asked.append(f"check_mail {account_ids}")
        self.announce(FoldersChanged(AccountId(1)))

    def undo(self) -> str:
        raise ValueError("a bug with password='hunter2'")

    def archive(self, message_ids: list[MessageId]) -> object:
        return object()  # cannot be encoded

    def move(self, message_ids: list[MessageId], folder_id: FolderId) -> int:
        raise Offline("The server cannot be reached.", "refused", "work")

    def raw_message(self, message_id: MessageId) -> bytes:
        return bytes(message_id)

    def remote_picture(self, message_id: MessageId, url: str) -> Picture:
        self.go.wait()
        return Picture("image/png", url.encode())

    def sync(self, account_ids: list[AccountId], headers_only: bool) -> list[SyncReport]:
        self.go.wait()
        return [SyncReport("work", new=3, problems=("one",))]


if __name__ == "__main__":
    mine = Profile(Path(sys.argv[1]))
    log.setup(mine)
    if "fail" in sys.argv:
        print("martlet: The profile is too new.", file=sys.stderr)
        sys.exit(1)
    grace_s = 0.05 if "brief" in sys.argv else 2.0
    if not serve(mine, FakeEngine, grace_s=grace_s, lock_wait_s=1.0):
        print(f"martlet: {RUNNING}", file=sys.stderr)
        sys.exit(1)
