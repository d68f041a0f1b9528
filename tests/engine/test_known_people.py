"""Who looks like somebody one knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.engine.known_people import Alike, KnownPeople, distance
from martlet.mail.folder import Role
from martlet.mail.message import Address
from martlet.mail.registrable import registrable
from martlet.store import contacts
from martlet.store.database import Row, Value
from support.stores import Store

PEOPLE = [
    Address("Anna Berg", "anna.berg@gmail.com"),
    Address("Bob", "bob@microsoft.com"),
    Address("李小明", "xm.li@example.cn"),
    Address("Kundenservice", "service@sparkasse.de"),
    Address("", "info@bücher.de"),
    Address("Q", "123456789@qq.com"),
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path)
    with made.db.write() as tx:
        contacts.used(tx, PEOPLE, when=1.0)
    return made


@pytest.fixture
def people(store: Store) -> KnownPeople:
    known = KnownPeople(store.db)
    known.refresh()
    return known


@pytest.mark.parametrize(
    ("site", "like"),
    [
        ("rnicrosoft.com", Alike("microsoft.com", True)),
        ("micr0soft.com", Alike("microsoft.com", True)),
        ("micr0soft.net", Alike("microsoft.com", True)),
        (registrable("m\u0456crosoft.com"), Alike("microsoft.com", True)),
        ("microsfot.com", Alike("microsoft.com", False)),
        ("micosoft.com", Alike("microsoft.com", False)),
        ("microsoft.co", Alike("microsoft.com", False)),
        ("sparkase.de", Alike("sparkasse.de", False)),
        ("buecher.de", None),
        ("microsoft.com", None),
        ("microsoft.de", None),
        ("macrosoft24.com", None),
        ("example.org", None),
        ("qq.cn", None),
        ("x", None),
        ("", None),
    ],
)
def test_sites(people: KnownPeople, site: str, like: Alike | None) -> None:
    assert people.like_site(site) == like


@pytest.mark.parametrize(
    ("address", "like"),
    [
        ("anna.borg@gmail.com", Alike("anna.berg@gmail.com", False)),
        ("аnna.berg@gmail.com", Alike("anna.berg@gmail.com", True)),
        ("anna.berg@gmail.com", None),
        ("ANNA.BERG@gmail.com", None),
        ("anna.borg@example.org", None),
        # Colleagues have names alike, and so do numbers.
        ("rob@microsoft.com", None),
        ("123456780@qq.com", None),
    ],
)
def test_addresses(people: KnownPeople, address: str, like: Alike | None) -> None:
    assert people.like_address(address) == like


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("Anna Berg", ("anna.berg@gmail.com",)),
        ("Berg, Anna", ("anna.berg@gmail.com",)),
        ("ANNA  BERG", ("anna.berg@gmail.com",)),
        ("Аnna Веrg", ("anna.berg@gmail.com",)),
        ("李小明", ("xm.li@example.cn",)),
        ("Anna", ()),
        ("Bob", ()),
        ("Kundenservice", ()),
        ("", ()),
    ],
)
def test_names(people: KnownPeople, name: str, whose: tuple[str, ...]) -> None:
    assert people.namesakes(name) == whose


def test_what_comes_later_is_learnt(store: Store, people: KnownPeople) -> None:
    assert people.like_site("thunderbrid.net") is None
    for _ in range(3):
        store.put(store.inbox, sender=Address("T", "news@Thunderbird.net"))
    people.refresh()
    assert people.like_site("thunderbrid.net") == Alike("thunderbird.net", False)
    assert people.often("NEWS@thunderbird.net", 3)
    assert not people.often("news@thunderbird.net", 4)
    with store.db.write() as tx:
        contacts.used(tx, [Address("Carl Dahl", "carl@dahl.example")], when=2.0)
    people.changed()
    people.refresh()
    assert people.wrote_to("Carl@dahl.example")
    assert people.namesakes("Carl Dahl") == ("carl@dahl.example",)


class Meanwhile:
    """The store, with something that happens just after a query that holds these words."""

    def __init__(self, store: Store, words: str, then: Callable[[], None]) -> None:
        self._store = store
        self._words = words
        self._then: Callable[[], None] | None = then

    def query(self, sql: str, args: Sequence[Value] = ()) -> list[Row]:
        rows = self._store.db.query(sql, args)
        if self._then is not None and self._words in sql:
            then, self._then = self._then, None
            then()
        return rows


def test_whom_one_writes_to_while_contacts_are_read_is_learnt_next(store: Store) -> None:
    def written() -> None:
        with store.db.write() as tx:
            contacts.used(tx, [Address("Carl Dahl", "carl@dahl.example")], when=2.0)
        known.changed()

    known = KnownPeople(Meanwhile(store, "FROM contact", written))
    known.refresh()
    assert not known.wrote_to("carl@dahl.example")
    known.refresh()
    assert known.wrote_to("carl@dahl.example")


def test_of_many_that_came_some_are_read_at_a_time(store: Store) -> None:
    store.put(store.inbox)
    people = KnownPeople(store.db, 3)
    assert people.refresh()
    writer = Address("T", "news@thunderbird.net")
    for _ in range(7):
        store.put(store.inbox, sender=writer)
    sent = store.role(store.old, Role.SENT)
    store.put(sent)  # for Bob <bob@example.net>
    told = []
    for times in (3, 6, 7):
        told.append(people.refresh())
        assert people.often(writer.address, times)
        assert not people.often(writer.address, times + 1)
        assert people.wrote_to("bob@example.net") == (times == 7)
    assert told == [False, False, True]
    assert people.refresh()
    with store.db.write() as tx:
        tx.execute("DELETE FROM message")
    assert people.refresh()


def test_whom_sent_mail_is_for_is_known(store: Store) -> None:
    sent = store.role(store.old, Role.SENT)
    store.put(sent)  # for Bob <bob@example.net>
    people = KnownPeople(store.db)
    people.refresh()
    assert people.wrote_to("BOB@example.net")
    with store.db.write() as tx:
        tx.execute("UPDATE message SET to_list = ?", ('[["Eve Frost","Eve@frost.example"]]',))
    people.refresh()
    assert not people.wrote_to("eve@frost.example")  # each message is read once
    store.put(sent)
    store.put(store.inbox)
    with store.db.write() as tx:
        tx.execute("UPDATE message SET cc_list = ?", ('[["Eve Frost","Eve@frost.example"]]',))
    people.refresh()
    assert people.namesakes("Frost, Eve") == ("eve@frost.example",)


def test_distance() -> None:
    assert distance("microsoft", "microsfot", 2) == 1
    assert distance("paypal", "paypal", 1) == 0
    assert distance("paypal", "paypall", 1) == 1
    assert distance("paypal", "aypal", 1) == 1
    assert distance("abcdef", "ghijkl", 2) == 3


def _plain_distance(one: str, other: str) -> int:
    rows = [[i + j if not i * j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i, a in enumerate(one, 1):
        for j, b in enumerate(other, 1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("abc", max_size=9), st.text("abc", max_size=9), st.integers(1, 2))
def test_distance_within_its_band(one: str, other: str, most: int) -> None:
    assert distance(one, other, most) == min(most + 1, _plain_distance(one, other))
