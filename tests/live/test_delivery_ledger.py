"""What became of letters, with real servers: bounces of Postfix, reports of success, answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, SentCopies
from martlet.mail.folder import Role
from martlet.mail.identity import Identity
from martlet.mail.message import Address, MessageRow
from martlet.mail.outgoing import Delivery, DeliveryKind, Draft, DraftId, OutboxState, SendOptions
from martlet.mail.writing import AnswerTo
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot
from support.postfix import AUTH_LISTENER, Postfix, unusable
from support.scripted import Scripted, close, expect, read_to, send

pytestmark = pytest.mark.skipif(unusable() != "", reason=unusable() or "usable")

PLAIN = SendOptions()


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Dovecot, Postfix]]:
    """Who is not there is found out only by Dovecot, so that Postfix has to write a bounce."""
    settings = "smtpd_reject_unlisted_recipient = no"
    with (
        Dovecot(settings=AUTH_LISTENER, mechanisms="plain login") as dovecot,
        Postfix(dovecot, settings=settings) as postfix,
    ):
        yield dovecot, postfix


@dataclass
class Host:
    engine: Engine
    reader: Reader
    dovecot: Dovecot
    postfix: Postfix

    def account(self, user: str, protocol: Protocol = Protocol.IMAP) -> Account:
        return Account(
            AccountId(0),
            user,
            f"{user}@example.org",
            full_name=user.title(),
            incoming=self.dovecot.server(protocol, user),
            outgoing=self.postfix.server(user),
            secret=SecretSource.ASK,
            ca_file=self.dovecot.ca_file,
        )

    def add(self, account: Account) -> AccountId:
        return self.engine.account_add(account, "secret")

    def sync(self, *accounts: AccountId) -> None:
        self.postfix.wait_until_delivered()
        reports = self.engine.sync(list(accounts), False)
        assert [one.error for one in reports] == ["" for _ in reports]
        self.postfix.wait_until_delivered()

    def write(
        self,
        account: AccountId,
        *to: str,
        subject: str = "Letter",
        options: SendOptions = PLAIN,
        sender: Address | None = None,
    ) -> str:
        """Sends it; answers its Message-ID."""
        people = tuple(Address("", one) for one in to)
        draft = Draft(DraftId(0), account, people, subject=subject, text="Hello\n")
        outbox_id = self.engine.send(replace(draft, options=options, sender=sender), 0.0)
        message_id = next(one.message_id for one in self.reader.outbox() if one.id == outbox_id)
        self.sync(account)
        return message_id

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        """Into Ada's folder. Its index is brought up to date: Dovecot takes a Maildir that changed
        twice within a second for unchanged."""
        self.dovecot.deliver("ada", raw, folder)
        self.dovecot.doveadm("index", "-u", "ada", folder)

    def rows(self, account: AccountId, role: Role) -> list[MessageRow]:
        folder = next(one for one in self.reader.folders(account) if one.role is role)
        return self.reader.page(folder.id, None, 50)

    def kinds(self, message_id: str) -> list[tuple[str, DeliveryKind]]:
        return [(one.recipient, one.kind) for one in self.reader.deliveries(message_id)]

    def line(self, message_id: str, kind: DeliveryKind) -> Delivery:
        (found,) = [one for one in self.reader.deliveries(message_id) if one.kind is kind]
        return found


@pytest.fixture
def host(servers: tuple[Dovecot, Postfix], tmp_path: Path) -> Iterator[Host]:
    dovecot, postfix = servers
    for user in ("ada", "bruno"):
        for name in dovecot.doveadm("mailbox", "list", "-u", user).split("\n"):
            if name:
                dovecot.doveadm("expunge", "-u", user, "mailbox", name, "all")
    engine = Engine(Profile(tmp_path / "profile"))
    reader = Reader(tmp_path / "profile")
    yield Host(engine, reader, dovecot, postfix)
    engine.close()
    reader.close()


@pytest.mark.parametrize("protocol", [Protocol.IMAP, Protocol.POP3])
def test_a_bounce_is_in_the_ledger(host: Host, protocol: Protocol) -> None:
    ada = host.add(host.account("ada", protocol))
    letter = host.write(ada, "ghost@example.org", "bruno@example.org")
    host.sync(ada)
    assert ("ghost@example.org", DeliveryKind.ACCEPTED) in host.kinds(letter)
    failed = host.line(letter, DeliveryKind.FAILED)
    assert (failed.recipient, failed.status) == ("ghost@example.org", "5.1.1")
    assert failed.said.startswith("A report from mail.example.org says: There is no such address.")
    bounce = host.reader.row(failed.source)
    assert bounce is not None
    assert "Undelivered" in bounce.subject
    (sent,) = host.rows(ada, Role.SENT)
    assert host.reader.delivery_summary([sent.id, bounce.id]) == {sent.id: DeliveryKind.FAILED}


def test_a_forged_bounce_marks_nothing(host: Host) -> None:
    ada = host.add(host.account("ada"))
    letter = host.write(ada, "ghost@example.org")
    host.sync(ada)
    bounce = host.line(letter, DeliveryKind.FAILED).source
    raw = host.engine.raw_message(bounce)
    forged = raw.replace(letter.encode(), b"<another@example.org>")
    forged = re.sub(rb"Original-Envelope-Id: \S+", b"Original-Envelope-Id: guess", forged)
    host.deliver(forged)
    host.sync(ada)
    assert len(host.rows(ada, Role.INBOX)) == 2
    assert len([kind for _, kind in host.kinds(letter) if kind is DeliveryKind.FAILED]) == 1
    assert host.kinds("<another@example.org>") == []


def test_a_report_of_success(host: Host) -> None:
    ada = host.add(host.account("ada"))
    letter = host.write(ada, "bruno@example.org", options=SendOptions(dsn=True))
    host.sync(ada)
    arrived = {DeliveryKind.DELIVERED, DeliveryKind.RELAYED}
    (line,) = [one for one in host.reader.deliveries(letter) if one.kind in arrived]
    assert line.recipient == "bruno@example.org"
    assert line.status.startswith("2.")


def test_each_recipient_has_an_answer(host: Host) -> None:
    ada = host.add(host.account("ada"))
    letter = host.write(ada, "bruno@example.org", "nobody@far.example")
    assert host.kinds(letter) == [
        ("bruno@example.org", DeliveryKind.ACCEPTED),
        ("nobody@far.example", DeliveryKind.REFUSED),
        ("", DeliveryKind.FILED),
    ]
    refused = host.line(letter, DeliveryKind.REFUSED)
    assert refused.status == "5.7.1"
    assert "Relay access denied" in refused.said


def test_an_answer_is_in_the_ledger(host: Host) -> None:
    ada, bruno = host.add(host.account("ada")), host.add(host.account("bruno"))
    letter = host.write(ada, "bruno@example.org")
    host.sync(bruno)
    (row,) = host.rows(bruno, Role.INBOX)
    host.engine.send(host.engine.reply_draft(row.id), 0.0)
    host.sync(bruno)
    host.sync(ada)
    # Both accounts are mine here, so this is talking to oneself.
    assert DeliveryKind.ANSWERED not in dict(host.kinds(letter)).values()
    raw = f"From: carla@far.example\r\nIn-Reply-To: {letter}\r\nSubject: Re\r\n\r\nyes\r\n"
    host.deliver(raw.encode())
    host.sync(ada)
    assert host.line(letter, DeliveryKind.ANSWERED).recipient == "carla@far.example"


def test_answered_from_the_address_written_to(host: Host) -> None:
    shop = Identity(1, "shop@example.org", "The Shop", "ada@example.org")
    ada = host.add(replace(host.account("ada"), identities=(shop,)))
    bruno = host.add(host.account("bruno"))
    raw = (
        b"From: Bruno <bruno@example.org>\r\nTo: Shop <shop+5@example.org>, ada@example.org\r\n"
        b"Cc: carla@far.example\r\nSubject: Price?\r\nMessage-ID: <ask@x>\r\n\r\nHow much?\r\n"
    )
    host.deliver(raw)
    host.sync(ada)
    (row,) = host.rows(ada, Role.INBOX)
    draft = host.engine.reply_draft(row.id, AnswerTo.ALL)
    assert draft.sender == Address("The Shop", "shop+5@example.org")
    assert [one.address for one in (*draft.to, *draft.cc)] == [
        "bruno@example.org", "carla@far.example",
    ]  # fmt: skip
    host.engine.send(replace(draft, cc=()), 0.0)
    host.sync(ada)
    host.sync(bruno)
    (got,) = host.rows(bruno, Role.INBOX)
    head = host.engine.raw_message(got.id).split(b"\r\n\r\n")[0]
    assert "from=<shop+5@example.org>" in host.postfix.log.read_text()
    assert b"From: The Shop <shop+5@example.org>" in head
    assert b"Reply-To: ada@example.org" in head


def test_an_identity_has_its_own_sent_folder(host: Host) -> None:
    shop = Identity(1, "shop@example.org", sent="Shop")
    ada = host.add(replace(host.account("ada"), identities=(shop,)))
    host.engine.folder_create(ada, "Shop")
    host.sync(ada)
    letter = host.write(ada, "bruno@example.org", sender=Address("", "shop@example.org"))
    host.sync(ada)
    assert host.line(letter, DeliveryKind.FILED).said == "A copy was put into Shop."
    assert host.rows(ada, Role.SENT) == []
    folder = next(one for one in host.reader.folders(ada) if one.name == "Shop")
    assert len(host.reader.page(folder.id, None, 9)) == 1


def test_nobody_files_where_nobody_is_to(host: Host) -> None:
    ada = host.add(replace(host.account("ada"), sent_copies=SentCopies.NEVER))
    letter = host.write(ada, "bruno@example.org")
    host.sync(ada)
    assert host.reader.outbox() == []
    assert host.rows(ada, Role.SENT) == []
    assert host.kinds(letter) == [("bruno@example.org", DeliveryKind.ACCEPTED)]


def test_a_server_that_files_later_is_waited_for_once_it_is_known(host: Host) -> None:
    """Its copy came after ours the first time; from then on its own is waited for."""
    ada = host.add(host.account("ada"))
    first = host.write(ada, "bruno@example.org", subject="first")
    (sent,) = host.rows(ada, Role.SENT)
    host.deliver(host.engine.raw_message(sent.id), "Sent")
    second = host.write(ada, "bruno@example.org", subject="second")
    host.sync(ada)
    (entry,) = host.reader.outbox()
    assert (entry.message_id, entry.state) == (second, OutboxState.SENT)
    assert host.kinds(first)[-1] == ("", DeliveryKind.FILED)
    raw = f"Message-ID: {second}\r\nSubject: second\r\n\r\nHello\r\n".encode()
    host.deliver(raw, "Sent")
    host.sync(ada)
    assert host.reader.outbox() == []
    filed = host.line(second, DeliveryKind.FILED)
    assert filed.said == "The server put a copy into Sent by itself."
    assert len([row for row in host.rows(ada, Role.SENT) if row.subject == "second"]) == 1


def test_cut_off_after_the_dot_and_found_in_sent(host: Host) -> None:
    script = [
        send("220 mx ESMTP\r\n"), expect("EHLO"), send("250-mx\r\n250 AUTH PLAIN\r\n"),
        expect("AUTH PLAIN"), send("235 in\r\n"), expect("MAIL"), send("250 ok\r\n"),
        expect("RCPT"), send("250 ok\r\n"), expect("DATA"), send("354 go\r\n"),
        read_to(b"\r\n.\r\n"), close(),
    ]  # fmt: skip
    with Scripted(script) as server:
        ada = host.add(replace(host.account("ada"), outgoing=server.account(Protocol.SMTP)))
        letter = host.write(ada, "bruno@example.org")
        (entry,) = host.reader.outbox()
        assert entry.state is OutboxState.UNKNOWN
        assert host.kinds(letter) == [("", DeliveryKind.UNKNOWN)]
        raw = f"Message-ID: {letter}\r\nSubject: Letter\r\n\r\nHello\r\n".encode()
        host.deliver(raw, "Sent")
        host.sync(ada)
        assert server.connections == 1
    assert host.reader.outbox() == []
    assert host.line(letter, DeliveryKind.FILED).said == "It was found in Sent."
    assert len(host.rows(ada, Role.SENT)) == 1
