"""Letters that go later: when they go, what their Date says, how their time is changed; and that a
letter goes once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource
from martlet.mail.errors import Refused
from martlet.mail.folder import Role
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, OutboxId, OutboxState, SendOptions
from martlet.paths import Profile
from martlet.store import mailbox, outbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from martlet.store.reader import Reader
from support.scripted import Script, Scripted, close, expect, read_to, send


def takes(people: int = 1) -> Script:
    """Takes a letter to so many."""
    return [
        send("220 mx ESMTP\r\n"),
        expect("EHLO"),
        send("250-mx\r\n250 AUTH PLAIN\r\n"),
        expect("AUTH PLAIN"),
        send("235 in\r\n"),
        expect("MAIL FROM"),
        send("250 ok\r\n"),
        *[expect("RCPT TO"), send("250 ok\r\n")] * people,
        expect("DATA"),
        send("354 go on\r\n"),
        read_to(b"\r\n.\r\n"),
        send("250 queued\r\n"),
        expect("QUIT"),
        send("221 bye\r\n"),
    ]


TAKES = takes()
HOUR_S = 3600.0
NEW = DraftId(0)
PLAIN = SendOptions()


class Sender:
    """An engine whose clock the test moves."""

    def __init__(self, root: Path) -> None:
        self.now = 1_800_000_000.0
        self.root = root
        self.engine = Engine(Profile(root), clock=lambda: self.now)
        self.account = AccountId(0)

    def add(self, server: Scripted) -> None:
        account = Account(
            AccountId(0),
            "out",
            "ada@example.org",
            outgoing=server.account(Protocol.SMTP),
            secret=SecretSource.ASK,
        )
        self.account = self.engine.account_add(account, "secret")

    def letter(
        self,
        send_at: float = 0.0,
        number: DraftId = NEW,
        options: SendOptions = PLAIN,
        bcc: tuple[Address, ...] = (),
    ) -> Draft:
        bruno = Address("", "bruno@example.org")
        return Draft(
            number, self.account, (bruno,), bcc=bcc, subject="hi", text="hi\n", options=options,
            send_at=send_at,
        )  # fmt: skip

    def sync(self) -> int:
        return sum(report.sent for report in self.engine.sync([], False))

    @property
    def reader(self) -> Reader:
        return Reader(self.root)

    def sent_copy(self) -> bytes:
        folder = next(f for f in self.reader.folders() if f.role is Role.SENT)
        (row,) = self.reader.page(folder.id, None, 9)
        raw = Blobs(self.root).get(mailbox.blob_of(self.reader, row.id))
        assert raw is not None
        return raw


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    made = Sender(tmp_path)
    yield made
    made.engine.close()


def wire(server: Scripted) -> bytes:
    (heard,) = server.heard
    return next(part for part in heard if b"Message-ID" in part).removesuffix(b".\r\n")


def date_of(raw: bytes) -> float:
    return parsedate_to_datetime(message_from_bytes(raw)["Date"]).timestamp()


def test_it_goes_when_its_time_has_come_dated_then_under_its_name(sender: Sender) -> None:
    with Scripted(takes(2)) as server:
        sender.add(server)
        when = sender.now + 10 * HOUR_S
        eva = Address("", "eva@example.org")
        sender.engine.send(sender.letter(send_at=when, bcc=(eva,)), 10.0)
        (entry,) = sender.reader.outbox()
        assert (entry.not_before, entry.send_at) == (when, when)
        assert sender.sync() == 0
        # The computer was off when it was time.
        sender.now = when + 2 * HOUR_S
        assert sender.sync() == 1
        sent = wire(server)
    assert date_of(sent) == sender.now
    assert message_from_bytes(sent)["Message-ID"] == entry.message_id
    copy = sender.sent_copy()
    assert copy.replace(b"Bcc: eva@example.org\r\n", b"") == sent
    assert sender.reader.outbox() == []


def test_a_letter_sent_at_once_keeps_the_date_of_send(sender: Sender) -> None:
    with Scripted(TAKES) as server:
        sender.add(server)
        pressed = sender.now
        sender.engine.send(sender.letter(), 10.0)
        sender.now += 5 * HOUR_S  # offline all the while
        assert sender.sync() == 1
        assert date_of(wire(server)) == pressed


def test_send_now_is_now(sender: Sender) -> None:
    with Scripted(TAKES) as server:
        sender.add(server)
        number = sender.engine.send(sender.letter(send_at=sender.now + HOUR_S), 0.0)
        sender.now += 60.0
        sender.engine.outbox_retry(number)
        assert sender.sync() == 1 or sender.reader.outbox() == []
        assert date_of(wire(server)) == sender.now


def test_its_time_can_be_changed_and_goes_with_the_draft(sender: Sender) -> None:
    with Scripted([close()]) as server:
        sender.add(server)
        number = sender.engine.send(sender.letter(), 10.0)
        when = sender.now + 3 * HOUR_S
        sender.engine.outbox_delay(number, when)
        (entry,) = sender.reader.outbox()
        assert (entry.not_before, entry.send_at) == (when, when)
        sender.engine.outbox_delay(number, when + HOUR_S)
        draft = sender.reader.draft(sender.engine.outbox_cancel(number))
        assert draft is not None
        assert draft.send_at == when + HOUR_S
        assert sender.sync() == 0
        with pytest.raises(Refused, match="does not wait"):
            sender.engine.outbox_delay(number, when)


def test_what_was_tried_has_no_time_to_change(sender: Sender) -> None:
    with Scripted([close()]) as server:
        sender.add(server)
        number = sender.engine.send(sender.letter(), 0.0)
        sender.sync()
        (entry,) = sender.reader.outbox()
        assert entry.attempts == 1
        with pytest.raises(Refused, match="does not wait"):
            sender.engine.outbox_delay(number, sender.now + HOUR_S)


def test_a_time_that_is_over_is_at_once(sender: Sender) -> None:
    with Scripted(TAKES) as server:
        sender.add(server)
        sender.engine.send(sender.letter(send_at=sender.now - HOUR_S), 0.0)
        (entry,) = sender.reader.outbox()
        assert entry.send_at == 0.0
        assert sender.sync() == 1


def test_one_letter_is_sent_once_from_two_windows(sender: Sender) -> None:
    with Scripted([close()]) as server:
        sender.add(server)
        kept = sender.engine.save_draft(sender.letter())
        held = sender.letter(number=kept)
        number = sender.engine.send(held, 60.0)
        with pytest.raises(Refused, match="in the outbox already"):
            sender.engine.send(held, 60.0)
        assert len(sender.reader.outbox()) == 1
        # Taken back it is a letter of its own again.
        again = sender.engine.outbox_cancel(number)
        sender.engine.send(sender.letter(number=again), 60.0)
        assert len(sender.reader.outbox()) == 1


def test_headers_that_may_not_be_set_keep_the_letter(sender: Sender) -> None:
    with Scripted([close()]) as server:
        sender.add(server)
        evil = SendOptions(headers=(("Bcc", "eve@example.org"),))
        with pytest.raises(Refused, match="Bcc is written by Martlet"):
            sender.engine.send(sender.letter(options=evil), 0.0)
        assert sender.reader.outbox() == []


def test_a_letter_that_is_put_off_as_it_goes_waits(sender: Sender) -> None:
    with Scripted(TAKES) as server:
        sender.add(server)
        number = sender.engine.send(sender.letter(send_at=sender.now + HOUR_S), 0.0)
        when = sender.now + 5 * HOUR_S
        sender.engine.outbox_delay(OutboxId(number), when)
        sender.now += 2 * HOUR_S
        assert sender.sync() == 0
        sender.now = when
        assert sender.sync() == 1
        assert date_of(wire(server)) == when


def test_a_ready_message_keeps_every_byte_whenever_it_goes(sender: Sender) -> None:
    raw = (
        b"Date: Mon, 1 Jan 2024 10:00:00 +0000\r\nFrom: ada@example.org\r\n"
        b"To: bruno@example.org\r\nMessage-ID: <mine@example.org>\r\nSubject: x\r\n\r\nhi\r\n"
    )
    with Scripted(TAKES) as server:
        sender.add(server)
        number = sender.engine.send_raw(sender.account, raw, [], 0.0)
        sender.engine.outbox_delay(number, sender.now + HOUR_S)
        sender.now += 2 * HOUR_S
        assert sender.sync() == 1
        assert wire(server) == raw
    with Database(sender.root).write() as tx:
        entry = outbox.entry(tx, number)
        assert entry is not None
        assert entry.state is OutboxState.FILED


def test_what_is_hurried_says_when_it_went(sender: Sender) -> None:
    with Scripted(TAKES) as server:
        sender.add(server)
        number = sender.engine.send(sender.letter(send_at=sender.now + 72 * HOUR_S), 0.0)
        sender.now += 48 * HOUR_S
        sender.engine.outbox_delay(number, sender.now)
        assert sender.sync() == 1 or sender.reader.outbox() == []
        assert date_of(wire(server)) == sender.now


def test_a_damaged_letter_does_not_hold_up_those_behind_it(sender: Sender) -> None:
    with Scripted(TAKES) as server:
        sender.add(server)
        when = sender.now + HOUR_S
        noise = random.Random(1).randbytes(3 << 20)
        part = sender.engine.attach_bytes("x.bin", "application/octet-stream", noise)
        bad = sender.engine.send(replace(sender.letter(when), parts=(part,)), 0.0)
        sender.engine.send(sender.letter(when + 1.0), 0.0)
        (first, _) = sender.reader.outbox()
        damaged = sender.root / "blobs" / first.blob[:2] / f"{first.blob}.zst"
        data = bytearray(damaged.read_bytes())
        data[len(data) // 2] ^= 0xFF
        damaged.chmod(0o600)
        damaged.write_bytes(bytes(data))
        sender.now += 2 * HOUR_S
        assert sender.sync() == 1
        (left,) = sender.reader.outbox()
    assert (left.id, left.state) == (bad, OutboxState.FAILED)
    assert left.problem


def test_a_letter_does_not_wait_for_a_clock_that_was_ahead(sender: Sender) -> None:
    with Scripted(TAKES) as server:
        sender.add(server)
        sender.now += 10 * 365 * 24 * HOUR_S
        sender.engine.send(sender.letter(), 10.0)
        assert sender.sync() == 0
        sender.now -= 10 * 365 * 24 * HOUR_S
        # It can be taken back for as long as ever.
        assert sender.sync() == 0
        sender.now += 10.0
        assert sender.sync() == 1
