"""One order for many letters of the outbox: in one go, and without those it came too late for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.errors import Refused
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, OutboxId, OutboxState
from martlet.paths import Profile
from martlet.store import outbox
from martlet.store.database import Database
from martlet.store.reader import Reader

NOW = 1_800_000_000.0
BOB = (Address("", "bob@example.org"),)
GONE = OutboxId(999)


class Office:
    """An engine whose server is not there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.engine = Engine(Profile(root), clock=lambda: NOW)
        nowhere = Server(Protocol.SMTP, "127.0.0.1", 1, Security.NONE, "a")
        self.account = self.engine.account_add(
            Account(
                AccountId(0), "out", "ada@example.org", outgoing=nowhere, secret=SecretSource.ASK
            ),
            "secret",
        )

    def letter(self, send_at: float = 0.0) -> OutboxId:
        return self.engine.send(
            Draft(DraftId(0), self.account, BOB, subject="hi", text="hi\n", send_at=send_at), 3600.0
        )

    def merged(self, count: int) -> list[OutboxId]:
        draft = Draft(DraftId(0), self.account, BOB, subject="hi", text="hi\n")
        rows = [{"mail": f"p{n}@example.org"} for n in range(count)]
        return self.engine.merge(draft, rows, "mail", 3600.0, 60.0, {}, "")

    def becomes(self, number: OutboxId, state: OutboxState) -> None:
        with Database(self.root).write() as tx:
            outbox.set_state(tx, number, state, not_before=NOW + 3600)

    @property
    def states(self) -> dict[OutboxId, OutboxState]:
        return dict(Reader(self.root).outbox_standing())

    def times(self) -> list[float]:
        return [each.not_before - NOW for each in Reader(self.root).outbox()]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.engine.close()


def test_those_on_their_way_stay_and_are_counted(office: Office) -> None:
    waits, going, unsure = office.letter(), office.letter(), office.letter()
    office.becomes(going, OutboxState.SENDING)
    office.becomes(unsure, OutboxState.UNKNOWN)
    everything = [waits, going, unsure, GONE]
    assert office.engine.outbox_delay_all(everything, NOW + 7200) == 3
    assert office.engine.outbox_discard_all(everything) == 3
    assert office.states == {going: OutboxState.SENDING, unsure: OutboxState.UNKNOWN}
    assert Reader(office.root).drafts() == []


def test_sent_now_are_those_that_wait_or_failed(office: Office) -> None:
    office.becomes(failed := office.letter(), OutboxState.FAILED)
    office.becomes(unsure := office.letter(), OutboxState.UNKNOWN)
    before = {each.id: each.envelope_id for each in Reader(office.root).outbox()}
    assert office.engine.outbox_retry_all([failed, unsure]) == 1
    entries = {each.id: each for each in Reader(office.root).outbox()}
    assert entries[failed].not_before != NOW + 3600
    assert entries[failed].envelope_id != before[failed]
    assert entries[unsure].state is OutboxState.UNKNOWN


def test_put_off_together_merged_letters_keep_their_distances(office: Office) -> None:
    numbers = office.merged(3)
    assert office.engine.outbox_delay_all(numbers[1:], NOW + 86_400) == 0
    assert office.times() == [3600.0, 86_400.0, 86_460.0]


@pytest.mark.parametrize("first", ["hurried", "failed", "sending", "tried"])
def test_one_that_has_no_time_any_more_puts_nothing_off_further(office: Office, first: str) -> None:
    numbers = office.merged(3)
    with Database(office.root).write() as tx:
        match first:
            case "hurried":
                # What "send now" leaves, while nobody has taken it up.
                outbox.set_state(tx, numbers[0], OutboxState.QUEUED, not_before=0.0)
            case "tried":
                outbox.set_state(tx, numbers[0], OutboxState.QUEUED, not_before=1.0, attempts=1)
            case _:
                outbox.set_state(tx, numbers[0], OutboxState(first), not_before=0.0)
    taken = first == "hurried"
    assert office.engine.outbox_delay_all(numbers, NOW + 86_400) == (0 if taken else 1)
    found = {each.id: each.not_before - NOW for each in Reader(office.root).outbox()}
    assert [found[number] for number in numbers[1:]] == [86_400.0, 86_460.0]
    assert (found[numbers[0]] == 86_400.0) == taken


@pytest.mark.parametrize("when", [math.inf, -math.inf, math.nan, NOW * 3, 4e12])
def test_a_time_nobody_means_is_refused(office: Office, when: float) -> None:
    number = office.letter()
    with pytest.raises(Refused, match="ten years"):
        office.engine.outbox_delay(number, when)
    with pytest.raises(Refused, match="ten years"):
        office.engine.outbox_delay_all([number], when)
    assert office.times() == [3600.0]


def test_what_needs_a_person_stands_first(office: Office) -> None:
    numbers = [office.letter() for _ in range(4)]
    office.becomes(numbers[2], OutboxState.UNKNOWN)
    office.becomes(numbers[3], OutboxState.FAILED)
    assert list(office.states) == [numbers[2], numbers[3], numbers[0], numbers[1]]
    found = Reader(office.root).outbox_some([numbers[1], GONE, numbers[3]])
    assert {each.id for each in found} == {numbers[1], numbers[3]}
