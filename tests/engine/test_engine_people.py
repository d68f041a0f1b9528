"""People as the engine's verbs keep them: groups, who is offered, who is not any more; limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest

from martlet.engine.engine import Engine
from martlet.engine.housekeeping import Housekeeping
from martlet.engine.people import People
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.errors import Refused
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.mail.recipients import MOST
from martlet.mail.writing import Group
from martlet.paths import Profile
from martlet.store.blobs import Blobs
from martlet.store.reader import Reader
from support.stores import Store

ANNA, BO = Address("Anna Berg", "anna@x.example"), Address("Bo", "bo@x.example")
WAIT_S = 3600.0


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(Profile(tmp_path))
    yield made
    made.close()


@pytest.fixture
def letter(engine: Engine) -> Draft:
    server = Server(Protocol.SMTP, "127.0.0.1", 1, Security.NONE, "ada")
    account = Account(
        AccountId(0), "out", "ada@example.org", outgoing=server, secret=SecretSource.ASK
    )
    account_id = engine.account_add(account, "secret")
    return Draft(DraftId(0), account_id, to=(ANNA,), subject="x", text="x")


def test_groups_are_kept_by_name(engine: Engine, tmp_path: Path) -> None:
    engine.save_group(Group("  The\nteam ", (ANNA,)))
    engine.save_group(Group("The team", (ANNA, BO)))
    reader = Reader(tmp_path)
    assert reader.complete("tea", 8) == [Group("The team", (ANNA, BO))]
    engine.remove_group("The team")
    assert reader.groups() == []
    with pytest.raises(Refused, match="name"):
        engine.save_group(Group(" \n", (ANNA,)))
    with pytest.raises(Refused, match="somebody"):
        engine.save_group(Group("Nobody", ()))
    reader.close()


def test_remembered_and_forgotten_by_hand(engine: Engine, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    engine.remember_address(ANNA)
    assert reader.complete("ber", 8) == [ANNA]
    engine.forget_address("Anna@x.example")
    assert reader.complete("ber", 8) == []
    reader.close()


def test_a_letter_to_too_many_is_refused(engine: Engine, letter: Draft) -> None:
    crowd = tuple(Address("", f"p{n}@x.example") for n in range(MOST + 1))
    with pytest.raises(Refused, match="at most 5000 people at once, and this one names 5001"):
        engine.send(replace(letter, to=(), bcc=crowd), WAIT_S)
    engine.send(replace(letter, to=(), bcc=crowd[1:]), WAIT_S)


@pytest.mark.parametrize(
    "address",
    ["a\nBcc: x@y.z", "a\0@x.org", "a\u202e@x.org", "a\ud800@x.org", "a@x\u2028.org", "a"],
)
def test_no_recipient_that_breaks_a_line(engine: Engine, letter: Draft, address: str) -> None:
    bad = Address("", address)
    for wrong in (
        replace(letter, to=(bad,)),
        replace(letter, bcc=(bad,)),
        replace(letter, reply_to=(bad,)),
    ):
        with pytest.raises(Refused, match="not an e-mail address"):
            engine.send(wrong, WAIT_S)


def test_answers_to_a_local_part_beyond_ascii(engine: Engine, letter: Draft) -> None:
    wide = Address("", "jürgen@x.example")
    with pytest.raises(Refused, match="Answers cannot go to jürgen"):
        engine.send(replace(letter, reply_to=(wide,)), WAIT_S)
    engine.send(replace(letter, reply_to=(wide,), cc=(wide,)), WAIT_S)
    engine.send(replace(letter, reply_to=(Address("", "info@bücher.example"),)), WAIT_S)


def test_what_lies_in_folders_makes_people_known(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for _ in range(3):
        store.put(store.inbox, sender=BO)
    database = store.db
    people = People(database, lambda: 1.8e9)
    people.catch_up()
    people.catch_up()
    reader = Reader(tmp_path)
    assert reader.complete("bo", 8) == [BO]
    assert database.query("SELECT uses, wrote FROM contact") == [(0, 3)]
    reader.close()
    database.close()


def test_who_wrote_is_offered_as_soon_as_their_mail_came(tmp_path: Path) -> None:
    store = Store(tmp_path)
    people, looked, blobs = People(store.db, lambda: 1.8e9), Queue[int](), Blobs(tmp_path)

    def look() -> None:
        people.catch_up()
        looked.put(store.db.query("SELECT count(*) FROM contact")[0][0])

    housekeeping = Housekeeping(store.db, blobs, (), (look,), lent=set)
    housekeeping.start()
    assert looked.get(timeout=30) == 0
    store.put(store.inbox, sender=BO)
    assert looked.get(timeout=30) == 1
    housekeeping.close()
    blobs.close()
    store.db.close()
