"""Mail that goes once more, with real servers: sent on byte for byte, letters sent again after a
bounce; a folder of sent mail that takes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, SentCopies
from martlet.mail.errors import Refused
from martlet.mail.folder import Role
from martlet.mail.message import FORWARDED, Address, MessageRow
from martlet.mail.outgoing import DeliveryKind, Draft, DraftId, OutboxState
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot
from support.postfix import AUTH_LISTENER, Postfix, unusable

pytestmark = pytest.mark.skipif(unusable() != "", reason=unusable() or "usable")

SIGNED = (
    b"DKIM-Signature: v=1; a=rsa-sha256; d=example.net; s=x; h=from:to:subject;\r\n b=Zm9v\r\n"
    b"From: Carla <carla@example.net>\r\nTo: ada@example.org\r\nBcc: hidden@example.net\r\n"
    b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=  with   odd spaces\r\nMessage-ID: <c@example.net>\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    b"Gr\xc3\xbc\xc3\x9fe,\r\n.dots\r\n..\r\nFrom here on  \r\n"
)


@dataclass
class Host:
    engine: Engine
    reader: Reader
    dovecot: Dovecot
    postfix: Postfix
    account: AccountId

    def sync(self) -> None:
        self.postfix.wait_until_delivered()
        self.engine.sync([self.account], False)
        self.postfix.wait_until_delivered()

    def rows(self, role: Role) -> list[MessageRow]:
        folder = next(one for one in self.reader.folders(self.account) if one.role is role)
        return self.reader.page(folder.id, None, 50)

    def came(self, user: str) -> list[bytes]:
        folder = self.dovecot.maildir(user)
        files = [p for place in ("new", "cur") for p in (folder / place).glob("*") if p.is_file()]
        return [file.read_bytes() for file in sorted(files)]


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Dovecot, Postfix]]:
    settings = "smtpd_reject_unlisted_recipient = no"
    with (
        Dovecot(settings=AUTH_LISTENER, mechanisms="plain login") as dovecot,
        Postfix(dovecot, settings=settings) as postfix,
    ):
        yield dovecot, postfix


@pytest.fixture
def host(servers: tuple[Dovecot, Postfix], tmp_path: Path) -> Iterator[Host]:
    dovecot, postfix = servers
    for user in ("ada", "bruno"):
        for name in dovecot.doveadm("mailbox", "list", "-u", user).split("\n"):
            if name:
                dovecot.doveadm("expunge", "-u", user, "mailbox", name, "all")
    engine = Engine(Profile(tmp_path / "profile"))
    account = Account(
        AccountId(0),
        "ada",
        "ada@example.org",
        full_name="Ada Lovelace",
        incoming=dovecot.server(Protocol.IMAP, "ada"),
        outgoing=postfix.server("ada"),
        secret=SecretSource.ASK,
        ca_file=dovecot.ca_file,
        sent_copies=SentCopies.ALWAYS,
    )
    number = engine.account_add(account, "secret")
    yield Host(engine, Reader(tmp_path / "profile"), dovecot, postfix, number)
    engine.close()


def test_mail_is_sent_on_as_it_was(host: Host) -> None:
    host.dovecot.deliver("ada", SIGNED)
    host.sync()
    (row,) = host.rows(Role.INBOX)
    host.engine.redirect(row.id, [Address("Bruno", "bruno@example.org")], 0.0)
    (entry,) = host.reader.outbox()
    assert entry.resent
    assert entry.recipients == ("bruno@example.org",)
    host.sync()

    (got,) = host.came("bruno")
    unix = got.replace(b"\r\n", b"\n")
    # Byte for byte below the fields that say who sent it on; Bcc is nobody's business.
    whole = SIGNED.replace(b"Bcc: hidden@example.net\r\n", b"").replace(b"\r\n", b"\n")
    assert unix.endswith(whole)
    head = message_from_bytes(got)
    assert head["Resent-From"] == "Ada Lovelace <ada@example.org>"
    assert head["Resent-To"] == "Bruno <bruno@example.org>"

    # It is marked, its ledger tells whom it went to, and no copy lies in Sent.
    host.sync()
    (row,) = host.rows(Role.INBOX)
    assert FORWARDED in row.tags
    told = host.reader.deliveries("<c@example.net>")
    assert [(d.recipient, d.kind) for d in told] == [("bruno@example.org", DeliveryKind.ACCEPTED)]
    assert host.rows(Role.SENT) == []
    assert host.reader.outbox() == []


def test_sending_on_can_be_taken_back(host: Host) -> None:
    host.dovecot.deliver("ada", SIGNED)
    host.sync()
    (row,) = host.rows(Role.INBOX)
    number = host.engine.redirect(row.id, [Address("", "bruno@example.org")], 60.0)
    assert host.engine.outbox_cancel(number) == 0
    host.sync()
    assert host.came("bruno") == []
    assert host.reader.drafts() == []
    assert FORWARDED not in host.rows(Role.INBOX)[0].tags


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nBcc: eve@example.org", "<x>@y"])
def test_nothing_is_sent_on_to_what_is_no_address(host: Host, address: str) -> None:
    host.dovecot.deliver("ada", SIGNED)
    host.sync()
    with pytest.raises(Refused):
        host.engine.redirect(host.rows(Role.INBOX)[0].id, [Address("", address)], 0.0)
    with pytest.raises(Refused):
        host.engine.redirect(host.rows(Role.INBOX)[0].id, [], 0.0)
    assert host.reader.outbox() == []


def test_a_bounced_letter_is_sent_again_to_those_it_did_not_reach(host: Host) -> None:
    people = (Address("Bruno", "bruno@example.org"), Address("Nobody", "nobody@example.org"))
    host.engine.send(Draft(DraftId(0), host.account, people, subject="Twice", text="Hello\n"), 0.0)
    host.sync()
    host.sync()
    bounce = next(row for row in host.rows(Role.INBOX) if "Undelivered" in row.subject)
    draft = host.engine.resend_draft(bounce.id)
    assert draft.to == (Address("Nobody", "nobody@example.org"),)
    assert (draft.subject, draft.text.strip()) == ("Twice", "Hello")
    assert draft.sender is not None
    assert draft.sender.address == "ada@example.org"

    # Where Sent has no copy, this server's report is not enough, and that is said.
    (sent,) = host.rows(Role.SENT)
    host.engine.delete([sent.id], True)
    host.sync()
    with pytest.raises(Refused, match="only the header"):
        host.engine.resend_draft(bounce.id)


BOUNCE = b"""From: MAILER-DAEMON@mx.example.net
To: ada@example.org
Subject: Undelivered
Message-ID: <bounce@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; eva@example.org
Action: failed
Status: 5.2.2

Final-Recipient: rfc822; blind@example.org
Action: failed
Status: 5.2.2

--b
Content-Type: message/rfc822

From: Ada <ada@example.org>
To: Eva <eva@example.org>, Bruno <bruno@example.org>
Subject: Carried back
Message-ID: <gone@example.org>

as it was

--b--
"""


def test_a_bounce_that_carries_the_letter_brings_it_back(host: Host) -> None:
    host.dovecot.deliver("ada", BOUNCE.replace(b"\n", b"\r\n"))
    host.sync()
    (row,) = host.rows(Role.INBOX)
    draft = host.engine.resend_draft(row.id)
    assert draft.to == (Address("Eva", "eva@example.org"),)
    assert draft.bcc == (Address("", "blind@example.org"),)
    assert (draft.subject, draft.text.strip()) == ("Carried back", "as it was")


def test_a_report_does_not_say_who_gets_a_letter_of_mine(host: Host) -> None:
    """Anybody can write a report, and name himself in it."""
    bruno = Address("", "bruno@example.org")
    host.engine.send(
        Draft(DraftId(0), host.account, (bruno,), subject="Private", text="Hello\n"), 0.0
    )
    (entry,) = host.reader.outbox()
    host.sync()
    forged = BOUNCE.replace(b"<gone@example.org>", entry.message_id.encode())
    host.dovecot.deliver("ada", forged.replace(b"\n", b"\r\n"))
    host.sync()
    row = next(row for row in host.rows(Role.INBOX) if row.subject == "Undelivered")
    draft = host.engine.resend_draft(row.id)
    assert draft.to == (bruno,)
    assert draft.subject == "Private"


def test_one_of_mine_is_sent_again_to_the_same(host: Host) -> None:
    bruno = Address("Bruno", "bruno@example.org")
    host.engine.send(Draft(DraftId(0), host.account, (bruno,), subject="Once", text="Hello\n"), 0.0)
    host.sync()
    (sent,) = host.rows(Role.SENT)
    draft = host.engine.resend_draft(sent.id)
    assert (draft.to, draft.subject, draft.in_reply_to) == ((bruno,), "Once", "")
    host.engine.send(draft, 0.0)
    host.sync()
    first, second = (message_from_bytes(raw)["Message-ID"] for raw in host.came("bruno"))
    assert first != second


def test_where_sent_takes_nothing_the_letter_is_out_and_its_copy_waits(host: Host) -> None:
    host.sync()
    (folder,) = [f for f in host.reader.folders(host.account) if f.role is Role.SENT]
    place = host.dovecot.maildir("ada", folder.name)
    place.chmod(0o500)
    try:
        host.engine.send(
            Draft(DraftId(0), host.account, (Address("", "bruno@example.org"),), subject="Full"),
            0.0,
        )
        host.sync()
        assert len(host.came("bruno")) == 1
        (entry,) = host.reader.outbox()
        assert entry.state is OutboxState.SENT
    finally:
        place.chmod(0o700)
    host.sync()
    host.sync()
    assert host.reader.outbox() == []
    assert [row.subject for row in host.rows(Role.SENT)] == ["Full"]
