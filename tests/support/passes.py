"""A profile with one IMAP account against any server, pass by pass, and what it holds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from threading import Event

from martlet.engine.engine import Engine
from martlet.mail.account import (
    Account,
    AccountId,
    Keep,
    Protocol,
    SecretSource,
    Server,
    SyncReport,
    WorkerState,
)
from martlet.mail.changes import Change, Notice, StateChanged
from martlet.mail.folder import Folder, Role
from martlet.mail.message import MessageRow
from martlet.paths import Profile
from martlet.store import journal
from martlet.store.database import Database
from martlet.store.reader import Reader

World = Counter[tuple[str, str, frozenset[str]]]


def letter(number: int, text: str = "body") -> bytes:
    """A message whose subject is its number."""
    return (
        f"From: Anna <a@example.org>\r\nTo: ada@example.org\r\nSubject: {number}\r\n"
        f"Date: Mon, 01 Jan 2024 {number // 60 % 24:02}:{number % 60:02}:00 +0000\r\n"
        f"Message-ID: <{number}@example.org>\r\n\r\n{text} {number}\r\n"
    ).encode()


def account(server: Server, password: str = "secret", ca_file: str = "") -> Account:
    """An account that asks nobody for its password."""
    return Account(
        AccountId(0),
        "ada",
        "ada@example.org",
        incoming=server,
        secret=SecretSource.COMMAND,
        password_command=f"echo {password}",
        ca_file=ca_file,
        keep=Keep.ALL,
    )


class Here:
    """An engine without workers that stay, and what it knows. notices: what it told so far.

    still: no worker for IMAP is at work, which may go on for a moment after a pass was answered.
    """

    def __init__(self, root: Path, account: Account | None = None) -> None:
        self.root = root
        self.notices: list[Notice] = []
        self.still = Event()
        self.still.set()
        self.engine = Engine(Profile(root))
        self.engine.listen(self._heard)
        if account is not None:
            self.engine.account_add(account, "")
        self.reader = Reader(root)

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.engine.close()

    def restart(self) -> None:
        """As after the end of the program."""
        self.engine.close()
        self.engine = Engine(Profile(self.root))
        self.engine.listen(self._heard)

    def sync(self) -> SyncReport:
        (report,) = self.engine.sync([], False)
        return report

    def said(self) -> str:
        """All sentences of the account's log so far, newest first."""
        (one,) = self.reader.accounts()
        return "\n".join(f"{e.sentence} {e.detail}" for e in self.reader.log(one.id, 100))

    def folder(self, name: str) -> Folder:
        return next(f for f in self.reader.folders() if f.name == name)

    def role(self, role: Role) -> Folder:
        return next(f for f in self.reader.folders() if f.role is role)

    def rows(self, name: str = "INBOX") -> list[MessageRow]:
        """Messages of a folder in the order of their subjects, as numbers."""
        rows = self.reader.page(self.folder(name).id, None, 100_000)
        return sorted(rows, key=lambda row: int(row.subject) if row.subject.isdigit() else -1)

    def row(self, subject: int, name: str = "INBOX") -> MessageRow:
        return next(row for row in self.rows(name) if row.subject == str(subject))

    def subjects(self, name: str = "INBOX") -> list[str]:
        return [row.subject for row in self.rows(name)]

    def names(self) -> list[str]:
        return sorted(f.name for f in self.reader.folders() if f.selectable)

    def pending(self) -> int:
        """How many changes have not reached the server."""
        database = Database(self.root)
        try:
            (one,) = self.reader.accounts()
            return len(journal.pending(database, one.id))
        finally:
            database.close()

    def world(self) -> World:
        """Every message by folder, subject and flags."""
        return Counter(
            (folder.name, row.subject, row.flags | row.tags)
            for folder in self.reader.folders()
            if folder.selectable
            for row in self.reader.page(folder.id, None, 100_000)
        )

    def bodies(self) -> dict[str, int]:
        """Subjects to how often the whole message is here."""
        return dict(
            Counter(
                row.subject
                for folder in self.reader.folders()
                if folder.selectable
                for row in self.reader.page(folder.id, None, 100_000)
                if self.reader.raw(row.id)
            )
        )

    def _heard(self, change: Change) -> None:
        if isinstance(change, Notice):
            self.notices.append(change)
        if isinstance(change, StateChanged) and change.state.protocol is Protocol.IMAP:
            if change.state.state is WorkerState.STOPPED:
                self.still.set()
            else:
                self.still.clear()
