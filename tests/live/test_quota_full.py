"""A mailbox that is full, with a real Dovecot: what is written is sent and kept all the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, SentCopies
from martlet.mail.changes import Change, Notice
from martlet.mail.folder import Role
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, OutboxState
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot
from support.postfix import AUTH_LISTENER, Postfix, unusable

pytestmark = pytest.mark.skipif(unusable() != "", reason=unusable() or "usable")

# What comes in by LMTP is not held to it, so that a mailbox can be filled.
QUOTA = """
protocol imap {
  mail_plugins = $mail_plugins quota imap_quota
}
plugin {
  quota = count:User quota
  quota_rule = *:storage=500K
  quota_vsizes = yes
  quota_grace = 0
}
"""
FILLING = b"From: x@example.net\r\nTo: ada@example.org\r\nSubject: Large\r\n\r\n" + b"x" * 70 * 6000


class Host:
    def __init__(self, engine: Engine, reader: Reader, dovecot: Dovecot, postfix: Postfix) -> None:
        self.engine, self.reader, self.dovecot, self.postfix = engine, reader, dovecot, postfix
        self.account = AccountId(0)
        self.said: list[str] = []
        engine.listen(self._hear)

    def _hear(self, change: Change) -> None:
        if isinstance(change, Notice):
            self.said.append(change.summary)

    def sync(self) -> None:
        self.engine.sync([self.account], False)
        self.postfix.wait_until_delivered()

    def there(self, folder: str) -> int:
        """How many messages the server has in a folder."""
        found = self.dovecot.doveadm("search", "-u", "ada", "mailbox", folder, "all")
        return len(found.splitlines())


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with (
        Dovecot(settings=AUTH_LISTENER + QUOTA, mechanisms="plain login") as dovecot,
        Postfix(dovecot) as postfix,
    ):
        engine = Engine(Profile(tmp_path / "profile"))
        found = Host(engine, Reader(tmp_path / "profile"), dovecot, postfix)
        found.account = engine.account_add(
            Account(
                AccountId(0),
                "ada",
                "ada@example.org",
                incoming=dovecot.server(Protocol.IMAP, "ada"),
                outgoing=postfix.server("ada"),
                secret=SecretSource.ASK,
                ca_file=dovecot.ca_file,
                sent_copies=SentCopies.ALWAYS,
            ),
            "secret",
        )
        dovecot.deliver("ada", FILLING)
        found.sync()
        yield found
        engine.close()


def letter(host: Host) -> Draft:
    part = host.engine.attach_bytes("file.bin", "application/octet-stream", os.urandom(150_000))
    return Draft(
        DraftId(0),
        host.account,
        (Address("", "bruno@example.org"),),
        subject="Into a full mailbox",
        text="Hello",
        parts=(part,),
        key="full1",
    )


def make_room(host: Host) -> None:
    host.dovecot.doveadm("expunge", "-u", "ada", "mailbox", "INBOX", "all")


def test_a_full_sent_folder_stops_no_letter_and_its_copy_follows(host: Host) -> None:
    host.engine.send(letter(host), 0.0)
    for _ in range(3):
        host.sync()
    arrived = list((host.dovecot.maildir("bruno") / "new").iterdir())
    assert len(arrived) == 1
    (entry,) = host.reader.outbox()
    assert entry.state is OutboxState.SENT  # and its copy waits
    assert host.there("Sent") == 0
    said = [each for each in host.said if "copy of a sent message" in each]
    assert len(said) == 1, host.said  # told once, not with every pass
    make_room(host)
    host.sync()
    assert host.reader.outbox() == []
    assert host.there("Sent") == 1
    assert len(list((host.dovecot.maildir("bruno") / "new").iterdir())) == 1


def test_a_full_drafts_folder_loses_no_draft(host: Host) -> None:
    draft_id = host.engine.save_draft(letter(host), closed=True)
    for _ in range(3):
        host.sync()
    assert host.there("Drafts") == 0
    kept = host.reader.draft(draft_id)
    assert kept is not None
    assert kept.text == "Hello"
    drafts = next(one for one in host.reader.folders(host.account) if one.role is Role.DRAFTS)
    assert [row.subject for row in host.reader.page(drafts.id, None, 5)] == ["Into a full mailbox"]
    assert len([each for each in host.said if "draft" in each.lower()]) == 1, host.said
    make_room(host)
    host.sync()
    assert host.there("Drafts") == 1
