"""From whom a stored message is answered: mail of several accounts in one inbox, my own letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.beginnings import Beginnings
from martlet.engine.letters import Letters
from martlet.engine.own_mail import OwnMail
from martlet.mail.account import NO_ACCOUNT, Account, AccountId, Protocol, Security, Server
from martlet.mail.errors import Refused
from martlet.mail.folder import FolderId, Role
from martlet.mail.identity import Identity
from martlet.mail.message import MessageId
from martlet.mail.outgoing import OutgoingPart
from martlet.mail.writing import AnswerTo, ForwardAs
from martlet.store import accounts, contacts, outbox, pop3
from martlet.store.blobs import Blobs
from martlet.store.pop3 import Fetched
from support.stores import Store
from support.stores import pop3 as pop3_account

SMTP = Server(Protocol.SMTP, "smtp.example.org", 465, Security.TLS, "x")


class Writer:
    def __init__(self, root: Path) -> None:
        self.store = Store(root)
        self.blobs = Blobs(root)
        self.raws: dict[MessageId, bytes] = {}
        self.letters = Letters(self.store.db, self.blobs, clock=lambda: 1.0, account=self.account)
        self.begins = Beginnings(
            self.store.db,
            self.blobs,
            account=self.account,
            accounts=lambda: accounts.all_accounts(self.store.db),
            readable=self.raws.__getitem__,
            with_parts=lambda message, _parts: self.raws[message],
            attached=lambda message: OutgoingPart("m.eml", "message/rfc822", 1, str(message)),
            own_mail=OwnMail(self.store.db, lambda: accounts.all_accounts(self.store.db)),
        )

    def put(self, folder: FolderId, raw: bytes, by: AccountId | None = None) -> MessageId:
        message = self.store.put(folder)
        self.raws[message] = raw
        if by is not None:
            with self.store.db.write() as tx:
                pop3.note_all(tx, by, [Fetched(f"u{message}", "", 1, message)], 1.0)
        return message

    def sends(self, account: AccountId, into: AccountId = NO_ACCOUNT) -> None:
        with self.store.db.write() as tx:
            accounts.edit(tx, replace(self.account(account), outgoing=SMTP, into=into))

    def account(self, account: AccountId) -> Account:
        found = accounts.get(self.store.db, account)
        assert found is not None
        return found


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    made = Writer(tmp_path / "profile")
    yield made
    made.store.db.close()
    made.blobs.close()


def test_mail_in_a_shared_inbox_is_answered_by_whom_it_came_to(writer: Writer) -> None:
    store = writer.store
    with store.db.write() as tx:
        shop = accounts.add(tx, pop3_account("shop"))
    writer.sends(store.old)
    writer.sends(shop, into=store.old)

    def answered(raw: bytes, by: AccountId | None) -> tuple[str, AccountId]:
        draft = writer.begins.reply_draft(writer.put(store.local, raw, by), AnswerTo.ALL)
        assert draft.sender is not None
        return draft.sender.address, draft.account_id

    head = b"From: b@x.example\r\n"
    to_shop = head + b"To: shop@example.org\r\n\r\nhi\r\n"
    to_list = head + b"To: all@list.example\r\n\r\nhi\r\n"
    assert answered(to_shop, shop) == ("shop@example.org", shop)
    assert answered(to_list, shop) == ("shop@example.org", shop)
    # Of what left the server long ago it is not known any more who brought it.
    assert answered(to_shop, None) == ("shop@example.org", shop)
    assert answered(to_list, None) == ("old@example.org", store.old)
    # Written to the one, passed on to the other.
    assert answered(head + b"To: old@example.org\r\n\r\nhi\r\n", shop)[1] == store.old


def test_an_account_that_cannot_send_leaves_it_to_the_inbox(writer: Writer) -> None:
    store = writer.store
    with store.db.write() as tx:
        shop = accounts.add(tx, pop3_account("shop"))
    writer.sends(store.old)
    message = writer.put(store.local, b"From: b@x.example\r\n\r\nhi\r\n", shop)
    assert writer.begins.reply_draft(message).account_id == store.old


def test_my_own_letter_from_a_caught_name_stays_with_it(writer: Writer) -> None:
    store = writer.store
    writer.sends(store.old)
    with store.db.write() as tx:
        accounts.edit(tx, replace(writer.account(store.old), catch_all=True))
    raw = b"From: shop@example.org\r\nTo: b@x.example\r\n\r\nhi\r\n"
    sent = writer.put(store.role(store.old, Role.SENT), raw)
    answer = writer.begins.reply_draft(sent)
    assert [one.address for one in answer.to] == ["b@x.example"]
    for draft in (answer, writer.begins.edit_draft(sent)):
        assert draft.sender is not None
        assert draft.sender.address == "shop@example.org"


def test_a_ready_message_is_named_by_whom_it_is_from(writer: Writer) -> None:
    store = writer.store
    writer.sends(store.old)
    shop = Identity(1, "sales@shop.example", "The Shop")
    with store.db.write() as tx:
        accounts.edit(tx, replace(writer.account(store.old), identities=(shop,)))

    def queued(head: bytes) -> tuple[str, str]:
        made = writer.letters.send_raw(store.old, head + b"To: b@x.example\n\nhi\n", [], 0.0)
        entry = outbox.entry(store.db, made)
        assert entry is not None
        return entry.sender, entry.message_id.rpartition("@")[2]

    assert queued(b"From: Sales@shop.example\n") == ("Sales@shop.example", "shop.example>")
    assert queued(b"From: eve@other.example\n") == ("old@example.org", "example.org>")
    assert queued(b"") == ("old@example.org", "example.org>")


def test_a_list_is_answered_only_where_there_is_one(writer: Writer) -> None:
    store = writer.store
    writer.sends(store.old)
    head = b"From: b@x.example\r\nTo: l@x.example\r\nMessage-ID: <m@x>\r\n"
    by_list = writer.put(store.local, head + b"List-Post: <mailto:l@x.example>\r\n\r\nhi\r\n")
    answer = writer.begins.reply_draft(by_list, AnswerTo.LIST)
    assert [one.address for one in answer.to] == ["l@x.example"]
    assert answer.below
    # Whoever writes a letter can say that it came by a list.
    assert answer.lists == ()
    with store.db.write() as tx:
        contacts.used(tx, answer.to)
    assert writer.begins.reply_draft(by_list, AnswerTo.LIST).lists == ("l@x.example",)
    for fields in (b"", b"List-Post: NO\r\n"):
        message = writer.put(store.local, head + fields + b"\r\nhi\r\n")
        with pytest.raises(Refused, match="No mailing list"):
            writer.begins.reply_draft(message, AnswerTo.LIST)


def test_several_messages_go_as_files(writer: Writer) -> None:
    store = writer.store
    writer.sends(store.old)
    two = [
        writer.put(store.local, b"From: b@x.example\r\nSubject: s\r\n\r\n%d\r\n" % number)
        for number in range(2)
    ]
    draft = writer.begins.forward_draft(two, ForwardAs.INLINE)
    assert [part.blob for part in draft.parts] == [str(each) for each in two]
    assert (draft.subject, draft.source, draft.original) == ("", two[0], "")
    with pytest.raises(Refused, match="no message"):
        writer.begins.forward_draft([])


def test_what_cannot_stand_in_a_letter_whole_goes_as_a_file(writer: Writer) -> None:
    store = writer.store
    writer.sends(store.old)
    head = b"From: b@x.example\r\nSubject: s\r\nContent-Type: text/html\r\n\r\n"
    for body in (b"<p>x</p>" * 60_000, b"<div>" * 5_000):
        message = writer.put(store.local, head + body)
        draft = writer.begins.forward_draft([message])
        assert [part.content_type for part in draft.parts] == ["message/rfc822"]
        assert draft.original == ""
    fits = writer.put(store.local, head + b"<p>x</p>")
    assert writer.begins.forward_draft([fits]).original.endswith("<p>x</p>")
