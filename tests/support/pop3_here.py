"""A profile with one POP3 account, pass by pass in the test's own thread, and what it holds."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from martlet.engine.events import Announcer
from martlet.engine.jobs import GivenJob, Priority
from martlet.engine.pop3_turns import Turns
from martlet.engine.pop3_worker import Pop3Driver
from martlet.engine.secrets import Secrets
from martlet.mail.account import Account, AccountId, SecretSource, Server
from martlet.mail.changes import Change, Notice
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import MessageId, MessageRow
from martlet.store import accounts, folders, journal, pop3
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from martlet.store.reader import Reader


def letter(number: int, size: int = 40) -> bytes:
    """A message whose subject is its number; some lines of it begin with dots."""
    text = ".dot\r\n..two dots\r\n" + "x" * size
    return (
        f"From: a@example.org\r\nSubject: {number}\r\nMessage-ID: <{number}@example.org>\r\n"
        f"Date: Mon, 01 Jan 2024 00:{number % 60:02}:00 +0000\r\n\r\n{text}\r\n"
    ).encode()


class Pop3Here:
    """changes: all that was told. now: Unix time, for a test to set."""

    def __init__(self, root: Path, server: Server, **settings: Any) -> None:
        self.root = root
        self.now = time.time()
        self.changes: list[Change] = []
        self.database = Database(root)
        self.blobs = Blobs(root)
        self.reader = Reader(root)
        self.announcer = Announcer()
        self.announcer.listen(self.changes.append)
        self._database_listens()
        account = Account(
            AccountId(0),
            "ada",
            "ada@example.org",
            incoming=server,
            secret=SecretSource.ASK,
        )
        with self.database.write() as tx:
            account_id = accounts.add(tx, replace(account, **settings))
        self.account = replace(account, id=account_id, **settings)
        self._secrets = Secrets(root)
        self._secrets.keep(self.account, "secret")

    def _database_listens(self) -> None:
        self.database.listen(self.announcer.tell)

    def __enter__(self) -> Pop3Here:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.reader.close()
        self.database.close()
        self.blobs.close()

    def driver(self, timeout_s: float = 30.0) -> Pop3Driver:
        assert self.account.incoming is not None
        return Pop3Driver(
            self.account,
            self.account.incoming,
            self.database,
            self.blobs,
            self._secrets,
            self.announcer,
            clock=lambda: self.now,
            turns=Turns(),
            stay=False,
            timeout_s=timeout_s,
        )

    def change(self, **settings: Any) -> None:
        """Changes the account's settings."""
        self.account = replace(self.account, **settings)
        with self.database.write() as tx:
            accounts.edit(tx, self.account)

    def pass_over(self, timeout_s: float = 30.0, driver: Pop3Driver | None = None) -> int:
        """A whole pass; answers how many messages were new. Raises what ends it."""
        driver = driver or self.driver(timeout_s)
        done = driver.whole_pass(headers_only=False)
        try:
            driver.work()
        finally:
            driver.disconnect()
        report = done.result(0)
        assert report is not None
        return int(getattr(report, "new", 0))

    def download(self, *ids: MessageId) -> None:
        """Has these fetched whole; raises what their asker would get."""
        driver = self.driver()
        done = driver.put(GivenJob(FolderId(0), ids), Priority.FOLDER)
        try:
            driver.work()
        finally:
            driver.disconnect()
        done.result(0)

    def delete(self, *ids: MessageId) -> None:
        with self.database.write() as tx:
            journal.delete(tx, ids)

    def rows(self, role: Role = Role.INBOX) -> list[MessageRow]:
        """Messages of a folder, in the order of their subjects."""
        found = folders.by_role(self.database, self.account.id, role)
        assert found is not None
        return sorted(
            self.reader.page(found.id, None, 10_000), key=lambda row: row.subject.zfill(6)
        )

    def subjects(self) -> list[str]:
        return [row.subject for row in self.rows()]

    def raws(self) -> Counter[bytes]:
        """What is here whole, byte for byte."""
        return Counter(self.reader.raw(row.id) or b"" for row in self.rows() if row.has_body)

    def gone(self) -> set[str]:
        """The names of what has left the server, as far as is known here."""
        seen = pop3.all_seen(self.database, self.account.id)
        return {key for key, one in seen.items() if one.gone_at}

    def log(self) -> str:
        return "\n".join(e.sentence for e in self.reader.log(self.account.id, 100))

    def notices(self) -> list[str]:
        return [one.summary for one in self.changes if isinstance(one, Notice)]
