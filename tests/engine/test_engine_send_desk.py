"""Verdicts that come late: the letter was taken back, hurried, or has its verdict already."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import apsw
import pytest

from martlet.engine import verdict
from martlet.engine.events import Announcer
from martlet.engine.going_out import GoingOut
from martlet.engine.secrets import Secrets
from martlet.engine.send_desk import Desk
from martlet.engine.sent_copy import after_sent, looked_at
from martlet.engine.verdict import Try, Verdict
from martlet.mail.account import AccountId
from martlet.mail.changes import Change, Notice
from martlet.mail.errors import Offline
from martlet.mail.folder import Role
from martlet.mail.outgoing import (
    Delivery,
    DeliveryKind,
    OutboxEntry,
    OutboxId,
    OutboxState,
    RecipientResult,
)
from martlet.store import accounts, deliveries, drafts, folders, outbox
from martlet.store.blobs import Blobs
from support.queued import queued
from support.stores import Store
from support.vaults import DictVault

NOW = 1_760_000_000.0
LATER = NOW + 900
GOT = (RecipientResult("b@example.org", 250, "ok"),)
PUT_OFF = (RecipientResult("b@example.org", 450, "4.2.1 later"),)


@dataclass
class Office:
    store: Store
    blobs: Blobs
    desk: Desk
    sent: list[AccountId]

    def letter(self, state: OutboxState) -> OutboxEntry:
        made = queued(self.store, self.blobs, self.store.old, state, attempts=1)
        found = self.now(made)
        assert found is not None
        return found

    def now(self, letter: OutboxId) -> OutboxEntry | None:
        return outbox.entry(self.store.db, letter)

    def ledger(self) -> list[Delivery]:
        return deliveries.of_message(self.store.db, "<sent@x>")

    def copies(self) -> int:
        sent = self.store.role(self.store.old, Role.SENT)
        return len(self.store.db.query("SELECT 1 FROM message WHERE folder_id = ?", (sent,)))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    store = Store(tmp_path / "profile")
    blobs = Blobs(tmp_path / "profile")
    account = accounts.get(store.db, store.old)
    assert account is not None
    sent: list[AccountId] = []
    desk = Desk(
        account,
        store.db,
        blobs,
        Secrets(tmp_path, DictVault()),
        Announcer(),
        lambda: NOW,
        Event(),
        sent.append,
        [],
        random.Random(1),
    )
    yield Office(store, blobs, desk, sent)
    store.db.close()
    blobs.close()


def later(letter: OutboxEntry) -> Verdict:
    return verdict.put_off(Try(letter, NOW, LATER), Offline("Not now."), PUT_OFF)


def test_a_verdict_written_twice_counts_once(office: Office) -> None:
    """The commit was done, only that it lasts could not be made sure: it is written again."""
    letter = office.letter(OutboxState.SENDING)
    found = verdict.taken(Try(letter, NOW, LATER), GOT, "queued")
    office.desk.note(letter, found)
    once = office.ledger()
    office.desk.note(letter, found)
    assert office.ledger() == once
    assert office.copies() == 1
    now = office.now(letter.id)
    assert now is not None
    assert now.state is OutboxState.FILED
    assert office.sent == [office.store.old]


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        (1, 1, "not accepted for bad0@x.example; the other has it."),
        (2, 3, "not accepted for bad0@x.example, bad1@x.example, bad2@x.example; the others"),
        (2, 5, "bad2@x.example and 2 others; the others have it."),
    ],
)
def test_who_did_not_get_which_letter_is_told(
    office: Office, good: int, bad: int, said: str
) -> None:
    told: list[Change] = []
    office.desk.announcer.listen(told.append)
    letter = office.letter(OutboxState.SENDING)
    results = [RecipientResult(f"good{n}@x.example", 250, "ok") for n in range(good)]
    results += [RecipientResult(f"bad{n}@x.example", 550, "5.1.1 No") for n in range(bad)]
    office.desk.note(letter, verdict.taken(Try(letter, NOW, LATER), tuple(results), "queued"))
    (notice,) = [one for one in told if isinstance(one, Notice)]
    assert notice.summary.startswith(f"“{letter.subject or '(no subject)'}”: ")
    assert said in notice.summary
    assert "bad0@x.example: 5.1.1 No" in notice.detail


def test_what_was_taken_back_meanwhile_has_no_ledger(office: Office) -> None:
    letter = office.letter(OutboxState.QUEUED)
    with office.store.db.write() as tx:
        outbox.remove(tx, letter.id)
    office.desk.note(letter, later(letter))
    assert office.ledger() == []


def test_what_was_hurried_meanwhile_does_not_wait(office: Office) -> None:
    letter = office.letter(OutboxState.QUEUED)
    with office.store.db.write() as tx:
        outbox.set_state(tx, letter.id, OutboxState.QUEUED, attempts=0, envelope_id="newer")
    office.desk.note(letter, later(letter))
    now = office.now(letter.id)
    assert now is not None
    assert (now.attempts, now.not_before) == (0, 0.0)


def test_a_copy_without_a_place_is_filed_when_there_is_one(office: Office) -> None:
    store = office.store
    sent = store.role(store.old, Role.SENT)
    with store.db.write() as tx:
        folders.set_role(tx, sent, Role.NONE)
    letter = office.letter(OutboxState.SENDING)
    office.desk.note(letter, verdict.taken(Try(letter, NOW, LATER), GOT, "queued"))
    office.desk.file_left()
    waiting = office.now(letter.id)
    assert waiting is not None
    assert waiting.state is OutboxState.SENT
    with store.db.write() as tx:
        folders.set_role(tx, sent, Role.SENT)
    office.desk.file_left()
    office.desk.file_left()
    filed = office.now(letter.id)
    assert filed is not None
    assert filed.state is OutboxState.FILED
    assert office.copies() == 1


def test_a_copy_that_is_lost_is_not_waited_for(office: Office) -> None:
    letter = office.letter(OutboxState.SENDING)
    office.blobs.collect(set(), older_than_s=-1.0)
    office.desk.note(letter, verdict.taken(Try(letter, NOW, LATER), GOT, "queued"))
    now = office.now(letter.id)
    assert now is not None
    assert now.state is OutboxState.FILED
    assert office.copies() == 0


def test_a_damaged_copy_does_not_stop_all_sending(office: Office) -> None:
    letter = office.letter(OutboxState.SENDING)
    blobs = apsw.Connection(str(office.store.root / "blobs.db"))
    blobs.execute("UPDATE blob SET data = x'00'")
    blobs.close()
    office.desk.note(letter, verdict.taken(Try(letter, NOW, LATER), GOT, "queued"))
    office.desk.file_left()
    now = office.now(letter.id)
    assert now is not None
    assert now.state is OutboxState.SENT
    assert [one.kind for one in office.ledger()] == [DeliveryKind.ACCEPTED]


def test_who_stands_in_no_header_is_kept_when_a_letter_is_taken_back(office: Office) -> None:
    letter = office.letter(OutboxState.QUEUED)
    with office.store.db.write() as tx:
        hidden = ("b@example.org", "hidden@example.org")
        outbox.set_state(tx, letter.id, OutboxState.QUEUED, recipients=hidden)
    going = GoingOut(office.store.db, office.blobs, lambda: NOW)
    draft = drafts.get(office.store.db, going.cancel(letter.id))
    assert draft is not None
    assert [one.address for one in draft.to] == ["b@example.org"]
    assert [one.address for one in draft.bcc] == ["hidden@example.org"]


def test_a_copy_is_read_before_it_is_written_down(office: Office) -> None:
    """Nothing of a large one is read while nobody else can write."""
    letter = office.letter(OutboxState.SENT)
    copy = looked_at(office.store.db, office.blobs, letter.id)
    assert copy.content is not None
    office.blobs.collect(set(), older_than_s=-1.0)
    with office.store.db.write() as tx:
        after_sent(tx, copy, letter.id, NOW)
    filed = office.now(letter.id)
    assert filed is not None
    assert filed.state is OutboxState.FILED
    assert office.copies() == 1
