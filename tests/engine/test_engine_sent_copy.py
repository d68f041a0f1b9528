"""Copies of sent mail on an account without a Sent folder: they wait, and it is asked once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from martlet.engine.actions import Actions
from martlet.engine.sent_copy import SentCopy
from martlet.mail.account import Account, Protocol, Security, Server
from martlet.mail.changes import Notice
from martlet.mail.folder import Role
from martlet.mail.outgoing import DraftKind, OutboxId, OutboxState
from martlet.net.imap import ImapSession
from martlet.store import account_log, accounts, folders, outbox
from martlet.store.blobs import Blobs
from support.paper import Paper
from support.stores import Store

RAW = b"Message-ID: <sent@x>\r\nSubject: hello\r\nTo: b@example.org\r\n\r\ntext\r\n"


class Desk:
    def __init__(self, root: Path) -> None:
        self.store = Store(root)
        self.blobs = Blobs(root)
        self.server = Paper("INBOX", "Archive", "Trash")

    @property
    def account(self) -> Account:
        found = accounts.get(self.store.db, self.store.home)
        assert found is not None
        return found

    def sent(self) -> OutboxId:
        (key,) = self.blobs.put_many([RAW])
        with self.store.db.write() as tx:
            made = outbox.queue(
                tx,
                self.store.home,
                message_id="<sent@x>",
                subject="hello",
                sender="a@example.org",
                recipients=["b@example.org"],
                blob=key,
                sent_blob="",
                size=len(RAW),
                not_before=0.0,
                draft=None,
                source=None,
                kind=DraftKind.NEW,
            )
            outbox.set_state(tx, made, OutboxState.SENT)
        return made

    def settle(self, copy: SentCopy, letter: OutboxId) -> OutboxState:
        copy.settle(cast(ImapSession, self.server), letter)
        entry = outbox.entry(self.store.db, letter)
        assert entry is not None
        return entry.state


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "profile")
    yield made
    made.store.db.close()
    made.blobs.close()


def test_the_letter_waits_until_its_folder_is_named(desk: Desk) -> None:
    letter = desk.sent()
    copy = SentCopy(desk.account, desk.store.db, desk.blobs)
    for _ in range(3):
        assert desk.settle(copy, letter) is OutboxState.SENT
    assert desk.server.commands == []
    assert list(desk.server.folders) == ["INBOX", "Archive", "Trash"]
    notices = [one for one in desk.store.changes if isinstance(one, Notice)]
    assert [(one.summary, one.detail) for one in notices] == [
        ("home has no folder for sent mail: say which one.", "role:sent")
    ]
    assert len(account_log.newest(desk.store.db, desk.store.home, 9)) == 1
    Actions(desk.store.db, lambda _: None).set_role(desk.store.archive, Role.SENT)
    assert desk.settle(copy, letter) is OutboxState.FILED
    assert [one.message_id for one in desk.server.folders["Archive"].values()] == ["<sent@x>"]


def test_where_the_server_files_by_itself_nothing_is_asked(desk: Desk) -> None:
    smtp = Server(Protocol.SMTP, "smtp.gmail.com", 465, Security.TLS, "a")
    copy = SentCopy(replace(desk.account, outgoing=smtp), desk.store.db, desk.blobs)
    letter = desk.sent()
    assert desk.settle(copy, letter) is OutboxState.FILED
    assert [one for one in desk.store.changes if isinstance(one, Notice)] == []
    assert folders.by_role(desk.store.db, desk.store.home, Role.SENT) is None
