"""What an open letter may still name is not thrown away under its writer's hands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from martlet.engine.engine import Engine
from martlet.engine.lent import KEPT_S, Lent
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, OutgoingPart
from martlet.paths import Profile
from martlet.store.database import Database
from martlet.store.reader import Reader

NOISE = bytes(range(256)) * 40


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    made = Engine(Profile(tmp_path), clock=clock)
    made.account_add(
        Account(
            AccountId(0),
            "out",
            "ada@example.org",
            outgoing=Server(Protocol.SMTP, "127.0.0.1", 1, Security.NONE, "a"),
            secret=SecretSource.ASK,
        ),
        "secret",
    )
    yield made
    made.close()


def aged(profile: Path) -> None:
    """Every blob is old, as those of a letter that was begun yesterday."""
    store = apsw.Connection(str(profile / "blobs.db"))
    store.execute("UPDATE blob SET added = 0")
    store.close()


def letter(profile: Path, *parts: OutgoingPart) -> Draft:
    (account,) = Reader(profile).accounts()
    return Draft(
        DraftId(0), account.id, (Address("", "b@example.org"),), subject="x", parts=parts, key="k"
    )


def test_what_was_taken_out_can_be_put_back(engine: Engine, tmp_path: Path, clock: Clock) -> None:
    """A letter of another day, as its window finds it again: nobody was given its parts since."""
    part = engine.attach_bytes("a.png", "image/png", NOISE)
    draft = letter(tmp_path, part)
    draft = replace(draft, id=engine.save_draft(draft))
    clock.now += KEPT_S
    engine.tidy()
    engine.save_draft(replace(draft, parts=()))
    aged(tmp_path)
    engine.tidy()
    assert Reader(tmp_path).part_bytes(part) == NOISE
    engine.send(draft, 60.0)
    clock.now += KEPT_S
    engine.tidy()
    assert Reader(tmp_path).part_bytes(part) == NOISE


def test_files_of_a_letter_that_was_not_saved_yet_stay(
    engine: Engine, tmp_path: Path, clock: Clock
) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(NOISE)
    part = engine.attach_file(str(file))
    aged(tmp_path)
    engine.tidy()
    assert Reader(tmp_path).part_bytes(part) == NOISE
    clock.now += KEPT_S
    engine.tidy()
    assert Reader(tmp_path).part_bytes(part) is None


def test_what_was_taken_out_outlasts_the_engine(
    engine: Engine, tmp_path: Path, clock: Clock
) -> None:
    """Its window stays open while the engine ends and comes back; undo there puts it back."""
    part = engine.attach_bytes("a.png", "image/png", NOISE)
    unsaved = engine.attach_bytes("b.png", "image/png", NOISE[1:])
    draft = letter(tmp_path, part)
    draft = replace(draft, id=engine.save_draft(draft))
    engine.save_draft(replace(draft, parts=()))
    engine.close()
    aged(tmp_path)
    again = Engine(Profile(tmp_path), clock=clock)
    again.tidy()
    draft = replace(draft, parts=(part, unsaved))
    assert again.save_draft(draft) == draft.id
    assert again.send(draft, 60.0)
    assert Reader(tmp_path).part_bytes(part) == NOISE
    assert Reader(tmp_path).part_bytes(unsaved) == NOISE[1:]
    again.close()


def test_what_is_lent_anew_is_kept_anew(tmp_path: Path, clock: Clock) -> None:
    database = Database(tmp_path)
    lent = Lent(database, clock)
    one, two = (OutgoingPart(key, "text/plain", 1, key) for key in ("one", "two"))
    assert lent.part(one) is one
    assert lent.part(two) is two
    clock.now += KEPT_S / 2
    draft = Draft(DraftId(0), AccountId(1), parts=(two,))
    assert lent.draft(draft) is draft
    clock.now += KEPT_S / 2
    assert lent.keys() == {"two"}
    assert Lent(database, clock).keys() == {"two"}
    clock.now -= KEPT_S / 2
    assert lent.keys() == {"two"}, "what is too old was forgotten"
    database.close()
