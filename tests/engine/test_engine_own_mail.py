"""What others are not to see of letters of ours, and what strangers are not to have us do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, SecretSource, Security, Server
from martlet.mail.account import Protocol as By
from martlet.mail.errors import Refused
from martlet.mail.folder import Role
from martlet.mail.message import Address, MessageId
from martlet.mail.outgoing import Draft, DraftId
from martlet.mail.writing import ForwardAs
from martlet.mime.content import summarise
from martlet.paths import Profile
from martlet.store import mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from martlet.store.reader import Reader

EVE = (Address("", "eve@example.net"),)
OWN = (
    b"From: a@example.org\r\nTo: bea@example.org\r\nBcc: Secret <secret@example.org>\r\n"
    b"Subject: s\r\nMessage-ID: <1@x>\r\nX-Martlet-Draft-Info: abc\r\n"
)
BOUNCE = (
    b"From: MAILER-DAEMON@example.org\r\nTo: a@example.org\r\nSubject: failed\r\n"
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n"
    b"--B\r\nContent-Type: text/plain\r\n\r\nno\r\n"
    b"--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
    b"%b"
    b"--B\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@example.org\r\nTo: bea@example.org\r\n"
    b"Subject: s\r\nMessage-ID: <nope@x>\r\nReply-To: eve@example.net\r\n\r\nbody\r\n--B--\r\n"
)
FATE = b"Final-Recipient: rfc822; %b\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"


class Desk:
    def __init__(self, root: Path) -> None:
        self.engine = Engine(Profile(root), clock=lambda: 1_700_000_000.0)
        self.account = self.engine.account_add(
            Account(
                AccountId(0), "a", "a@example.org",
                incoming=Server(By.POP3, "127.0.0.1", 9, Security.NONE, "a"),
                outgoing=Server(By.SMTP, "127.0.0.1", 9, Security.NONE, "a"),
                secret=SecretSource.COMMAND, password_command="echo x",
            ),
            "",
        )  # fmt: skip
        self.reader = Reader(root)
        self.blobs = Blobs(root)
        self.database = Database(root)

    def put(self, raw: bytes, role: Role = Role.INBOX) -> MessageId:
        folder = next(one for one in self.reader.folders() if one.role is role)
        head, content = summarise(raw)
        key = self.blobs.put(raw, durable=True)
        with self.database.write() as tx:
            return mailbox.add(
                tx, folder.id, 0, head,
                flags=frozenset(), size=len(raw), received=1.7e9, content=content, blob=key,
            )  # fmt: skip

    def wire(self, draft: Draft) -> bytes:
        sent = self.engine.send(replace(draft, to=EVE), 3600.0)
        (entry,) = (one for one in self.reader.outbox() if one.id == sent)
        data = self.blobs.get(entry.blob)
        assert data is not None
        return data


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.reader.close()
    made.engine.close()


@pytest.mark.parametrize("role", [Role.SENT, Role.DRAFTS, Role.ARCHIVE, Role.INBOX])
def test_whom_a_letter_went_to_unseen_is_not_forwarded(desk: Desk, role: Role) -> None:
    message = desk.put(OWN + b"\r\nhi\r\nBcc: said\r\n", role)
    wire = desk.wire(desk.engine.forward_draft([message], ForwardAs.ATTACHED))
    assert b"To: bea@example.org\r\n" in wire
    assert b"hi\r\nBcc: said\r\n" in wire
    assert b"secret@" not in wire
    assert b"X-Martlet" not in wire


def test_what_strangers_wrote_is_attached_byte_for_byte(desk: Desk) -> None:
    raw = OWN.replace(b"From: a@", b"From: bob@") + b"\r\nhi\r\n"
    part = desk.engine.attach_message(desk.put(raw))
    assert desk.blobs.get(part.blob) == raw


def test_those_in_no_returned_header_are_written_to_unseen(desk: Desk) -> None:
    both = FATE % b"bea@example.org" + FATE % b"secret@example.org"
    draft = desk.engine.resend_draft(desk.put(BOUNCE % both))
    assert [one.address for one in draft.to] == ["bea@example.org"]
    assert [one.address for one in draft.bcc] == ["secret@example.org"]
    # What a report says was asked for may be anybody's word.
    assert draft.reply_to == ()
    alone = desk.engine.resend_draft(desk.put(BOUNCE % (FATE % b"secret@example.org")))
    assert [one.address for one in (*alone.to, *alone.bcc)] == ["secret@example.org"]
    assert alone.bcc == ()
    hidden = FATE % b"one@example.org" + FATE % b"two@example.org"
    several = desk.engine.resend_draft(desk.put(BOUNCE % hidden))
    assert several.to == ()
    assert [one.address for one in several.bcc] == ["one@example.org", "two@example.org"]


@pytest.mark.parametrize("who", ["eve@example.net", "a@example.org"])
def test_a_strangers_letter_edited_as_new_asks_for_nothing(desk: Desk, who: str) -> None:
    raw = (
        b"Received: from x by y; Mon, 1 Jan 2024 00:00:00 +0000\r\nFrom: " + who.encode()
        + b"\r\nTo: a@example.org\r\nBcc: eve@example.net\r\nReply-To: eve@example.net\r\n"
        b"Disposition-Notification-To: eve@example.net\r\nX-Priority: 1\r\n"
        b"Subject: {{salary}}\r\nMessage-ID: <2@x>\r\nContent-Type: text/html\r\n\r\n"
        b"<p>&#123;<b>{salary}}</b></p>\r\n"
    )  # fmt: skip
    draft = desk.engine.edit_draft(desk.put(raw))
    assert (draft.bcc, draft.reply_to) == ((), ())
    assert not draft.options.receipt
    assert "{{" not in draft.subject + draft.text
    assert "{ <b>{salary" in (draft.html or "")


@pytest.mark.parametrize("role", [Role.SENT, Role.ARCHIVE])
def test_a_letter_of_ours_edited_as_new_is_as_it_was(desk: Desk, role: Role) -> None:
    raw = OWN.replace(b"Subject: s", b"Subject: {{name}}\r\nReply-To: desk@example.org")
    draft = desk.engine.edit_draft(desk.put(raw + b"\r\nhi\r\n", role))
    assert [one.address for one in draft.bcc] == ["secret@example.org"]
    assert [one.address for one in draft.reply_to] == ["desk@example.org"]
    assert draft.subject == "{{name}}"


def test_an_address_is_as_long_as_a_server_takes_it(desk: Desk) -> None:
    made = "reply+" + "0" * 100 + "@reply.example.com"
    for address, fits in ((made, True), ("a" * 243 + "@example.org", False)):
        draft = Draft(DraftId(0), desk.account, (Address("", address),), text="x")
        if fits:
            desk.engine.send(draft, 3600.0)
            continue
        with pytest.raises(Refused, match="too long"):
            desk.engine.send(draft, 3600.0)
        with pytest.raises(Refused, match="too long"):
            desk.engine.send_raw(desk.account, b"Subject: x\n\nx", [address], 3600.0)
