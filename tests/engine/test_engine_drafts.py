"""Drafts in the engine: when they are shown, where, and that a late save makes no second one."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.draft_mirror import AGAIN_S, QUIET_S
from martlet.engine.engine import Engine
from martlet.link.frames import decode_request, encode_request
from martlet.link.messages import SaveDraft
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.errors import Refused, StoreError
from martlet.mail.folder import Role
from martlet.mail.message import DRAFT, Address, MessageRow
from martlet.mail.outgoing import Draft, DraftId, OutboxId, OutgoingPart, SendOptions
from martlet.paths import Profile
from martlet.store import outbox
from martlet.store.database import Database
from martlet.store.reader import Reader

BEA = Address("Bea", "bea@example.org")


class Desk:
    """A profile with an account whose folders are all here, and a clock that stands."""

    def __init__(self, root: Path, protocol: Protocol | None = Protocol.POP3) -> None:
        self.root = root
        self.root = root
        self.now = 1_700_000_000.0
        self.engine = Engine(Profile(root), clock=lambda: self.now)
        server = Server(protocol, "127.0.0.1", 9, Security.NONE, "a") if protocol else None
        smtp = Server(Protocol.SMTP, "127.0.0.1", 9, Security.NONE, "a")
        made = Account(
            AccountId(0), "a", "a@example.org", incoming=server, outgoing=smtp,
            secret=SecretSource.COMMAND, password_command="echo x",
        )  # fmt: skip
        self.account = self.engine.account_add(made, "")
        self.reader = Reader(root)

    def rows(self, role: Role = Role.DRAFTS) -> list[MessageRow]:
        folder = next(f for f in self.reader.folders() if f.role is role)
        return self.reader.page(folder.id, None, 100)

    def letter(self, text: str = "one") -> Draft:
        return Draft(DraftId(0), self.account, to=(BEA,), subject="Plan", text=text)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.reader.close()
    made.engine.close()


def test_folders_of_this_computer_show_drafts_the_same_way(desk: Desk) -> None:
    number = desk.engine.save_draft(desk.letter(), True)
    (row,) = desk.rows()
    assert (row.subject, row.to, DRAFT in row.flags) == ("Plan", "Bea", True)
    assert desk.reader.draft_shown_in(row.id) == number
    assert desk.reader.drafts_only_here() == []
    draft = desk.engine.open_draft(row.id)
    assert (draft.id, draft.text) == (number, "one")
    desk.engine.save_draft(replace(draft, text="two"), True)
    (row,) = desk.rows()
    assert row.preview == "two"
    desk.engine.delete([row.id], False)
    assert desk.rows() == []
    desk.engine.undo()
    assert [row.preview for row in desk.rows()] == ["two"]
    desk.engine.discard_draft(number)
    assert desk.rows() == []
    assert desk.reader.drafts() == []


def test_an_open_letter_is_shown_once_after_quiet_minutes(desk: Desk) -> None:
    number = desk.engine.save_draft(desk.letter())
    desk.now += QUIET_S - 1
    desk.engine.save_draft(replace(desk.letter("two"), id=number))
    desk.now += QUIET_S - 1
    desk.engine.save_draft(desk.letter())  # another letter, which has them looked at
    assert desk.rows() == []
    desk.now += 1
    desk.engine.save_draft(desk.letter())
    (row,) = desk.rows()
    assert row.preview == "two"
    desk.now += 10 * QUIET_S
    desk.engine.save_draft(replace(desk.letter("two"), id=number))  # nothing new in it
    assert row in desk.rows()


def test_an_account_without_a_folder_keeps_them_apart(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Protocol.IMAP)
    number = desk.engine.save_draft(desk.letter(), True)
    assert [draft.id for draft in desk.reader.drafts_only_here()] == [number]
    desk.engine.discard_draft(number)
    assert desk.reader.drafts_only_here() == []
    desk.reader.close()
    desk.engine.close()


def test_saves_under_one_key_are_one_letter(desk: Desk) -> None:
    first = desk.engine.save_draft(replace(desk.letter(), key="k" * 24))
    # The answer never came: the window asks again, and does not know the number.
    assert desk.engine.save_draft(replace(desk.letter("two"), key="k" * 24)) == first
    assert [draft.text for draft in desk.reader.drafts()] == ["two"]


@pytest.mark.parametrize("known", [True, False], ids=["by number", "by key"])
def test_no_order_of_saving_and_sending_leaves_a_draft(desk: Desk, known: bool) -> None:
    letter = replace(desk.letter(), key="k" * 24)
    number = desk.engine.save_draft(letter, True)
    letter = replace(letter, id=number if known else DraftId(0))
    outbox = desk.engine.send(letter, 3600)
    assert desk.rows() == []
    desk.engine.save_draft(letter)
    desk.engine.save_draft(letter, True)
    assert desk.reader.drafts() == []
    assert desk.rows() == []
    back = desk.engine.outbox_cancel(outbox)
    (draft,) = desk.reader.drafts()
    assert (draft.id, draft.key) == (back, "k" * 24)


@pytest.mark.parametrize("known", [True, False], ids=["by number", "by key"])
def test_what_is_written_after_sending_is_a_draft_of_its_own(desk: Desk, known: bool) -> None:
    letter = replace(desk.letter(), key="k" * 24)
    number = desk.engine.save_draft(letter, True)
    outbox = desk.engine.send(replace(letter, id=number), 3600)
    # Its answer was lost, and its writer goes on.
    letter = replace(letter, id=number if known else DraftId(0))
    more = desk.engine.save_draft(replace(letter, text="two"))
    assert desk.engine.save_draft(replace(letter, id=more, text="three")) == more
    assert [(one.id, one.text) for one in desk.reader.drafts()] == [(more, "three")]
    back = desk.engine.outbox_cancel(outbox)
    assert {one.id: one.text for one in desk.reader.drafts()} == {more: "three", back: "one"}


def test_what_is_written_after_it_has_gone_is_kept_too(desk: Desk) -> None:
    letter = replace(desk.letter(), key="k" * 24)
    number = desk.engine.save_draft(letter, True)
    outbox = desk.engine.send(replace(letter, id=number), 3600)
    filed(desk, outbox)
    more = desk.engine.save_draft(replace(letter, id=number, text="two"))
    (draft,) = desk.reader.drafts()
    assert (draft.id, draft.text) == (more, "two")
    assert draft.key != letter.key
    desk.engine.send(draft, 3600)


def filed(desk: Desk, outbox_id: OutboxId) -> None:
    database = Database(desk.root)
    with database.write() as tx:
        entry = outbox.entry(tx, outbox_id)
        assert entry is not None
        outbox.file(tx, entry, desk.now)
    database.close()


def test_only_what_lies_in_a_folder_of_drafts_is_opened_as_one(desk: Desk) -> None:
    desk.engine.save_draft(desk.letter(), True)
    (row,) = desk.rows()
    inbox = next(f for f in desk.reader.folders() if f.role is Role.INBOX)
    desk.engine.move([row.id], inbox.id)
    (row,) = desk.rows(Role.INBOX)
    desk.engine.copy([row.id], inbox.id)
    for row in desk.rows(Role.INBOX):
        if desk.reader.draft_shown_in(row.id) is None:
            with pytest.raises(Refused, match="folder of drafts"):
                desk.engine.open_draft(row.id)


def test_letters_that_were_open_are_known_with_their_places(desk: Desk) -> None:
    here = desk.engine.save_draft(desk.letter("open"), place="over there")
    desk.engine.save_draft(desk.letter("closed"), True)
    quit_ = desk.engine.save_draft(desk.letter("quit"), True, "in the corner")
    found = {draft.id: place for draft, place in desk.reader.letters_to_restore()}
    assert found == {here: "over there", quit_: "in the corner"}
    assert sorted(row.preview for row in desk.rows()) == ["closed", "quit"]
    desk.engine.close_draft(here)
    desk.engine.close_draft(quit_)
    assert desk.reader.letters_to_restore() == []
    assert len(desk.rows()) == 3


BAD = "a\ud83d b\x00c\r\nX-Evil: 1"
BAD_ADDRESS = Address(BAD, BAD)


@pytest.mark.parametrize(
    "letter",
    [
        Draft(DraftId(0), AccountId(1), text=BAD),
        Draft(DraftId(0), AccountId(1), subject=BAD),
        Draft(DraftId(0), AccountId(1), html=BAD, original=BAD),
        Draft(DraftId(0), AccountId(1), to=(BAD_ADDRESS, Address("", "no at")), sender=BAD_ADDRESS),
        Draft(DraftId(0), AccountId(1), options=SendOptions(headers=((BAD, BAD),))),
        Draft(DraftId(0), AccountId(1), in_reply_to=BAD, references=(BAD,)),
        Draft(DraftId(0), AccountId(1), key=BAD),
    ],
)
def test_whatever_is_in_a_letter_is_kept_and_injects_nothing(desk: Desk, letter: Draft) -> None:
    number, asked = decode_request(encode_request(7, SaveDraft(letter, True)))
    assert isinstance(asked, SaveDraft)
    assert number == 7
    desk.engine.save_draft(asked.draft, True)
    desk.engine.save_draft(letter, True)  # as a process of its own would hand it over
    for row in desk.rows():
        head = desk.engine.raw_message(row.id).partition(b"\r\n\r\n")[0]
        assert b"\nX-Evil" not in head
    assert len(desk.rows()) == 2
    assert desk.reader.drafts_only_here() == []


def test_a_full_disk_costs_nothing_that_was_saved(desk: Desk) -> None:
    number = desk.engine.save_draft(desk.letter(), True)
    draft = desk.engine.open_draft(desk.rows()[0].id)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(StoreError):
            desk.engine.save_draft(replace(draft, text="two" * 10_000), True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [(one.id, one.text) for one in desk.reader.drafts()] == [(number, "one")]
    assert [row.preview for row in desk.rows()] == ["one"]
    desk.engine.save_draft(replace(draft, text="two"), True)
    assert [row.preview for row in desk.rows()] == ["two"]


def test_a_letter_that_is_open_outlives_its_account(desk: Desk) -> None:
    closed = desk.engine.save_draft(replace(desk.letter("closed"), key="c" * 24), True)
    letter = replace(desk.letter(), key="k" * 24)
    number = desk.engine.save_draft(letter, True)
    (row,) = [one for one in desk.rows() if desk.reader.draft_shown_in(one.id) == number]
    desk.engine.open_draft(row.id)
    desk.engine.account_remove(desk.account)
    assert desk.reader.draft(closed) is None
    assert [draft.text for draft, _ in desk.reader.letters_to_restore()] == ["one"]
    desk.engine.close_draft(number)  # nothing was typed since
    assert [draft.text for draft in desk.reader.drafts_only_here()] == ["one"]
    desk.engine.save_draft(replace(letter, id=number, text="two"), True)
    assert [draft.text for draft in desk.reader.drafts_only_here()] == ["two"]


def test_attachments_of_drafts_outlive_the_tidying(desk: Desk) -> None:
    part = desk.engine.attach_bytes("a.txt", "text/plain", b"kept")
    number = desk.engine.save_draft(replace(desk.letter(), parts=(part,)), True)
    desk.engine.tidy()
    (row,) = desk.rows()
    assert row.attachments == 1
    assert desk.engine.part_bytes(row.id, "2") == b"kept"
    assert desk.reader.part_bytes(desk.engine.open_draft(row.id).parts[0]) == b"kept"
    assert number


def test_a_letter_is_sent_once_by_whatever_name(desk: Desk) -> None:
    letter = replace(desk.letter(), key="k" * 24)
    desk.engine.send(letter, 3600)
    with pytest.raises(Refused, match="outbox already"):
        desk.engine.send(letter, 3600)  # the answer was lost before it was ever saved
    other = replace(desk.letter(), key="l" * 24)
    number = desk.engine.save_draft(other)
    first = desk.engine.send(other, 3600)
    with pytest.raises(Refused, match="outbox already"):
        desk.engine.send(replace(other, id=number), 3600)
    with Database(desk.root).write() as tx:
        entry = outbox.entry(tx, first)
        assert entry is not None
        outbox.file(tx, entry, desk.now)
    with pytest.raises(Refused, match="been sent"):
        desk.engine.send(other, 3600)
    assert len(desk.reader.outbox()) == 1


def test_a_letter_taken_back_is_among_the_drafts_at_once(desk: Desk) -> None:
    number = desk.engine.send(desk.letter("one"), 3600)
    desk.engine.outbox_cancel(number)
    assert [row.preview for row in desk.rows()] == ["one"]
    merged = desk.letter("two")
    numbers = desk.engine.merge(merged, [{"mail": "x@example.org"}], "mail", 3600, 1.0, {}, "")
    desk.engine.take_back_merge(numbers, merged)
    assert sorted(row.preview for row in desk.rows()) == ["one", "two"]


def test_one_that_cannot_be_built_is_not_built_with_every_save(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    gone = OutgoingPart("gone.bin", "application/octet-stream", 5, "e" * 64)
    broken = replace(desk.letter("broken"), parts=(gone,), key="k" * 24)
    number = desk.engine.save_draft(broken, True)

    def tried() -> int:
        return sum("is not shown" in one.getMessage() for one in caplog.records)

    assert tried() == 1
    other = desk.engine.save_draft(desk.letter("a"))
    for text in "bcd":
        desk.engine.save_draft(replace(desk.letter(text), id=other))
    assert tried() == 1
    desk.now += AGAIN_S
    desk.engine.save_draft(replace(desk.letter("e"), id=other))
    assert tried() == 2
    # Changed, it is tried at once.
    desk.engine.save_draft(replace(broken, id=number, parts=()), True)
    assert [row.preview for row in desk.rows()] == ["broken"]
