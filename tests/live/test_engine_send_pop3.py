"""The engine with real servers: letters out by Postfix, copies filed once, POP3 read offline."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource
from martlet.mail.folder import Role
from martlet.mail.message import ANSWERED, Address
from martlet.mail.outgoing import Draft, DraftId, OutboxState
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot
from support.postfix import Postfix, mail_host, unusable

pytestmark = pytest.mark.skipif(unusable() != "", reason=unusable() or "usable")

Host = tuple[Dovecot, Postfix]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with mail_host() as servers:
        yield servers


@pytest.fixture
def clean(host: Host) -> Host:
    for user in ("ada", "bruno"):
        for name in host[0].doveadm("mailbox", "list", "-u", user).split("\n"):
            if name:
                host[0].doveadm("expunge", "-u", user, "mailbox", name, "all")
    return host


def account(host: Host, user: str, protocol: Protocol = Protocol.IMAP) -> Account:
    return Account(
        AccountId(0),
        user,
        f"{user}@example.org",
        full_name=user.title(),
        incoming=host[0].server(protocol, user),
        outgoing=host[1].server(user),
        secret=SecretSource.ASK,
        ca_file=host[0].ca_file,
    )


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(Profile(tmp_path / "profile"))
    yield made
    made.close()


@pytest.fixture
def reader(tmp_path: Path, engine: Engine) -> Reader:
    return Reader(tmp_path / "profile")


def pass_over(engine: Engine, *accounts: AccountId) -> int:
    reports = engine.sync(list(accounts), False)
    assert [r.error for r in reports] == ["" for _ in reports]
    return sum(r.new for r in reports)


def send_out(engine: Engine, host: Host, account_id: AccountId) -> None:
    """A pass that sends, and everything it sent delivered: Postfix delivers after it answered."""
    pass_over(engine, account_id)
    host[1].wait_until_delivered()


def subjects(reader: Reader, account_id: AccountId, role: Role) -> list[str]:
    folder = next(f for f in reader.folders(account_id) if f.role is role)
    return [row.subject for row in reader.page(folder.id, None, 100)]


def test_a_letter_with_ten_megabytes_arrives_byte_for_byte(
    engine: Engine, reader: Reader, clean: Host, tmp_path: Path
) -> None:
    ada = engine.account_add(account(clean, "ada"), "secret")
    bruno = engine.account_add(account(clean, "bruno"), "secret")
    data = random.Random(7).randbytes(10 * 1024 * 1024)
    file = tmp_path / "预算 2024 – Übersicht.bin"
    file.write_bytes(data)
    part = engine.attach_file(str(file))
    file.unlink()
    draft = Draft(
        DraftId(0),
        ada,
        to=(Address("Bruno", "bruno@example.org"),),
        bcc=(Address("", "ada@example.org"),),
        subject="季度预算",
        text="Here it is.\n",
        parts=(part,),
    )
    engine.send(draft, 0.0)
    send_out(engine, clean, ada)
    pass_over(engine, bruno)
    assert reader.outbox() == []
    (row,) = reader.page(
        next(f for f in reader.folders(bruno) if f.role is Role.INBOX).id, None, 10
    )
    rendered = engine.render(row.id)
    (attachment,) = rendered.attachments
    assert attachment.filename == "预算 2024 – Übersicht.bin"
    got = engine.part_bytes(row.id, attachment.part)
    assert hashlib.sha256(got).digest() == hashlib.sha256(data).digest()
    raw = engine.raw_message(row.id)
    assert b"Bcc:" not in raw.split(b"\r\n\r\n", 1)[0]
    # Another parser agrees on the bytes.
    other = [p for p in message_from_bytes(raw).walk() if p.get_filename()]
    assert other[0].get_payload(decode=True) == data
    saved = engine.save_part(row.id, attachment.part, str(tmp_path))
    assert Path(saved).read_bytes() == data
    pass_over(engine, ada)
    assert subjects(reader, ada, Role.SENT) == ["季度预算"]
    said = clean[0].doveadm("fetch", "-u", "ada", "hdr.bcc", "mailbox", "Sent")
    assert "ada@example.org" in said


def test_a_reply_marks_the_original_here_and_there(
    engine: Engine, reader: Reader, clean: Host
) -> None:
    ada = engine.account_add(account(clean, "ada"), "secret")
    bruno = engine.account_add(account(clean, "bruno"), "secret")
    engine.send(
        Draft(DraftId(0), ada, (Address("", "bruno@example.org"),), subject="Question", text="?"),
        0.0,
    )
    send_out(engine, clean, ada)
    pass_over(engine, bruno)
    inbox = next(f for f in reader.folders(bruno) if f.role is Role.INBOX)
    (row,) = reader.page(inbox.id, None, 10)
    reply = engine.reply_draft(row.id)
    assert reply.account_id == bruno
    engine.send(reply, 0.0)
    send_out(engine, clean, bruno)
    assert ANSWERED in reader.page(inbox.id, None, 10)[0].flags
    said = clean[0].doveadm("fetch", "-u", "bruno", "flags", "mailbox", "INBOX")
    assert "\\Answered" in said
    pass_over(engine, ada)
    assert subjects(reader, ada, Role.INBOX) == ["Re: Question"]


def test_refused_recipient_is_told_and_the_others_get_it(
    engine: Engine, reader: Reader, clean: Host
) -> None:
    ada = engine.account_add(account(clean, "ada"), "secret")
    people = (Address("", "nobody@example.org"), Address("", "ada@example.org"))
    engine.send(Draft(DraftId(0), ada, people, subject="Two", text="x"), 0.0)
    send_out(engine, clean, ada)
    pass_over(engine, ada)
    assert subjects(reader, ada, Role.INBOX) == ["Two"]


def test_without_network_it_waits_in_the_outbox(
    engine: Engine, reader: Reader, clean: Host
) -> None:
    ada = engine.account_add(account(clean, "ada"), "secret")
    pass_over(engine, ada)
    clean[1].stop()
    try:
        sent = engine.send(
            Draft(DraftId(0), ada, (Address("", "ada@example.org"),), subject="Later", text="x"),
            0.0,
        )
        engine.sync([ada], False)
        (entry,) = reader.outbox()
        assert entry.state is OutboxState.QUEUED
        assert entry.problem != ""
    finally:
        clean[1].start()
    engine.outbox_retry(sent)
    send_out(engine, clean, ada)
    pass_over(engine, ada)
    assert subjects(reader, ada, Role.INBOX) == ["Later"]


def test_sending_can_be_taken_back_while_it_waits(
    engine: Engine, reader: Reader, clean: Host
) -> None:
    ada = engine.account_add(account(clean, "ada"), "secret")
    queued = engine.send(
        Draft(DraftId(0), ada, (Address("", "ada@example.org"),), subject="No", text="oops"), 3600.0
    )
    pass_over(engine, ada)
    draft_id = engine.outbox_cancel(queued)
    assert reader.outbox() == []
    draft = reader.draft(draft_id)
    assert draft is not None
    assert draft.text == "oops"


def test_a_ready_message_taken_back_is_a_draft_with_its_files(
    engine: Engine, reader: Reader, clean: Host
) -> None:
    ada = engine.account_add(account(clean, "ada"), "secret")
    raw = (
        b"To: bruno@example.org\nSubject: Ready\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nThe text\n--x\n"
        b"Content-Disposition: attachment; filename=a.txt\n\nfile\n--x--\n"
    )
    clean[1].stop()
    try:
        queued = engine.send_raw(ada, raw, [])
        engine.sync([ada], False)
        draft = reader.draft(engine.outbox_cancel(queued))
    finally:
        clean[1].start()
    assert draft is not None
    assert draft.subject == "Ready"
    assert draft.text.strip() == "The text"
    assert [part.name for part in draft.parts] == ["a.txt"]


def test_pop3_reads_everything_with_the_server_stopped(
    engine: Engine, reader: Reader, clean: Host
) -> None:
    dovecot = clean[0]
    dovecot.deliver_many(
        "bruno",
        [
            b"From: a@example.org\r\nSubject: Pop %d\r\nDate: Mon, 01 Jan 2024 00:%02d:00 +0000\r\n"
            b"Message-ID: <pop-%d@example.org>\r\n\r\nBody %d\r\n" % (n, n % 60, n, n)
            for n in range(1, 51)
        ],
    )
    made = engine.account_add(account(clean, "bruno", Protocol.POP3), "secret")
    assert pass_over(engine, made) == 50
    # Left on the server, and not fetched again.
    assert pass_over(engine, made) == 0
    assert "50" in dovecot.doveadm("mailbox", "status", "-u", "bruno", "messages", "INBOX")
    dovecot.stop()
    try:
        inbox = next(f for f in reader.folders(made) if f.role is Role.INBOX)
        rows = reader.page(inbox.id, None, 100)
        assert len(rows) == 50
        assert all(
            engine.render(row.id).text.strip() == row.subject.replace("Pop", "Body") for row in rows
        )
    finally:
        dovecot.start()


def test_pop3_deletes_there_only_what_is_here(engine: Engine, reader: Reader, clean: Host) -> None:
    dovecot = clean[0]
    dovecot.deliver("bruno", b"From: a@example.org\r\nSubject: Keep me\r\n\r\nHello\r\n")
    settings = replace(account(clean, "bruno", Protocol.POP3), leave_on_server=False)
    made = engine.account_add(settings, "secret")
    pass_over(engine, made)
    assert "=0" in dovecot.doveadm("mailbox", "status", "-u", "bruno", "messages", "INBOX")
    assert subjects(reader, made, Role.INBOX) == ["Keep me"]
    assert pass_over(engine, made) == 0
