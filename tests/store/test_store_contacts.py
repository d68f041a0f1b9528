"""Who is offered while an address is typed, by what, and in which order."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.account import Account, AccountId
from martlet.mail.folder import Role
from martlet.mail.message import Address
from martlet.mail.person_words import folded, typed_words, words_of
from martlet.mail.writing import Group
from martlet.store import accounts, acquaintance, contacts, folders, groups
from martlet.store.correspondents import contacts_since
from martlet.store.reader import Reader
from support.stores import Store

DAY = 86_400.0
NOW = 1.8e9


def offered(store: Store, typed: str, limit: int = 9) -> list[str]:
    return [one.address for one in contacts.complete(store.db, typed, limit)]


def use(store: Store, *people: Address, when: float = NOW) -> None:
    with store.db.write() as tx:
        contacts.used(tx, people, when=when)


def test_every_way_to_begin_finds_somebody(store: Store) -> None:
    use(store, Address("Berg, Zoë Ångström", "z.berg-post@Example.org"))
    use(store, Address("王小明", "wxm@example.cn"), Address("Seán O’Brien", "sob@example.ie"))
    for typed in ("be", "zoe", "Zoë", "ANG", "z.be", "post", "@example.o", "ba", "ab", "zoe ber",
                  "Berg, Z", '"Berg, Zo', "angstrom z"):  # fmt: skip
        assert offered(store, typed) == ["z.berg-post@example.org"], typed
    for typed in ("王", "小", "明", "小明", "王小明"):
        assert offered(store, typed) == ["wxm@example.cn"], typed
    for typed in ("brien", "o’br", "sean", "so"):
        assert offered(store, typed) == ["sob@example.ie"], typed
    assert offered(store, "erg") == offered(store, "xample") == offered(store, "zoe x") == []


def test_often_and_lately_count_together(store: Store) -> None:
    often, lately, once = (Address("Ann", f"{name}@x.example") for name in ("often", "late", "old"))
    for day in range(8):
        use(store, often, when=NOW - 60 * DAY + day)
    use(store, once, when=NOW - 50 * DAY)
    use(store, lately, when=NOW)
    assert offered(store, "ann") == [f"{name}@x.example" for name in ("often", "late", "old")]
    use(store, lately, when=NOW + 60 * DAY)
    assert offered(store, "ann", 1) == ["late@x.example"]


def test_another_name_is_what_one_is_found_by(store: Store) -> None:
    use(store, Address("Anna Berg", "a@x.example"))
    use(store, Address("", "A@x.example"))
    assert offered(store, "berg") == ["a@x.example"]
    use(store, Address("Anna Dahl", "a@x.example"))
    assert (offered(store, "berg"), offered(store, "dahl")) == ([], ["a@x.example"])


def test_forgotten_until_written_to_again(store: Store) -> None:
    use(store, Address("Anna", "a@x.example"))
    with store.db.write() as tx:
        contacts.forget(tx, "A@X.example")
        contacts.forget(tx, "never@x.example")
        contacts.seen(
            tx, [(Address("", "a@x.example"), NOW)], [(Address("", "never@x.example"), 1, NOW)]
        )
    assert offered(store, "a") == offered(store, "never") == []
    use(store, Address("", "a@x.example"))
    assert offered(store, "a") == ["a@x.example"]


def test_those_who_wrote_come_after_those_written_to(store: Store) -> None:
    with store.db.write() as tx:
        sent = folders.create(tx, store.work, "Sent", "/", Role.SENT)
    me = Address("Me", "work@example.org")
    store.put(sent, sender=me, date=1.0e9)  # to Bob
    for _ in range(3):
        store.put(store.inbox, sender=Address("Bo New", "bo@x.example"), date=NOW)
    store.put(store.inbox, sender=Address("Bok", "no-reply@x.example"), date=NOW)
    store.put(store.trash, sender=Address("Bot", "bot@x.example"), date=NOW)
    with store.db.write() as tx:
        while acquaintance.read(tx, 2, NOW):
            pass
    assert offered(store, "bo") == ["bob@example.net", "bo@x.example"]
    # Who only wrote is nobody that one knows.
    assert [row[0] for row in contacts_since(store.db, 0.0)] == ["bob@example.net"]
    with store.db.write() as tx:
        assert not acquaintance.read(tx, 2, NOW)
    assert store.db.query("SELECT uses, wrote FROM contact ORDER BY address")[:2] == [
        (0, 3),
        (1, 0),
    ]


def test_who_only_wrote_what_was_thrown_away_is_not_offered(store: Store) -> None:
    letter = store.put(store.inbox, sender=Address("Spammer", "win@x.example"), date=NOW)
    with store.db.write() as tx:
        acquaintance.read(tx, 9, NOW)
    assert offered(store, "win") == ["win@x.example"]
    store.move(store.trash, letter)
    assert offered(store, "win") == []


def test_a_name_from_outside_changes_nobody_that_is_known(store: Store) -> None:
    use(store, Address("Anna", "a@x.example"))
    with store.db.write() as tx:
        contacts.seen(tx, [], [(Address("Bank", "a@x.example"), 5, NOW)])
    assert contacts.complete(store.db, "a@x", 1) == [Address("Anna", "a@x.example")]
    assert offered(store, "bank") == []


def test_more_than_can_be_sorted_come_in_the_same_order(store: Store) -> None:
    people = [Address(f"Anna {n}", f"p{n}@x.example") for n in range(700)]
    for start in range(0, 700, 100):
        use(store, *people[start : start + 100], when=NOW + start)
    first = offered(store, "anna", 5)
    assert all(address in {p.address for p in people[600:]} for address in first)
    with store.db.write() as tx:
        contacts.forget(tx, first[0])
    assert first[0] not in offered(store, "anna", 700)
    assert len(offered(store, "anna", 700)) == 699


def test_groups_are_offered_by_their_names(store: Store) -> None:
    anna = Address("Anna", "a@x.example")
    with store.db.write() as tx:
        groups.save(tx, Group("The Tëam", (anna,)))
        groups.save(tx, Group("The Tëam", (anna, anna)))
        groups.save(tx, Group("Other", (anna,)))
    use(store, Address("Ted", "te@x.example"))
    reader = Reader(store.root)
    assert reader.complete("te", 8) == [
        Group("The Tëam", (anna, anna)),
        Address("Ted", "te@x.example"),
    ]
    assert [group.name for group in reader.groups()] == ["Other", "The Tëam"]
    with store.db.write() as tx:
        groups.remove(tx, "Other")
    assert [group.name for group in reader.groups()] == ["The Tëam"]
    reader.close()


@given(
    st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=4), st.text(max_size=5)
)
def test_words_are_found_as_they_are_typed(people: list[tuple[str, str]], more: str) -> None:
    for name, local in people:
        one = Address(name, f"{local}@x.example")
        words = words_of(one)
        assert all(words)
        assert not any("\n" in word or "\r" in word for word in words)
        assert len(set(words)) == len(words)
        # Whatever is typed of the name or address, none of it asks for what no word can begin with
        for text in (name, one.address, name + more):
            assert not any(" " in word or not word for word in typed_words(text))
    assert folded(folded(more)) == folded(more)


def test_ranks_grow_with_each_use() -> None:
    grown = [contacts.rank(uses, NOW) for uses in range(1, 50)]
    assert all(a < b for a, b in pairwise(grown))
    assert contacts.rank(1, 1.0) > contacts.rank(0, 0.0, 10**6, NOW)


def test_ones_own_address_is_offered_last_and_by_ones_own_name(store: Store) -> None:
    own = Account(AccountId(0), "me", "robin@example.org", full_name="Robin Martin")
    with store.db.write() as tx:
        accounts.add(tx, own)
    use(store, Address("Anna, robin@example.org", "Robin@example.org"))
    use(store, Address("Robert", "rob@example.org"), when=NOW - 300 * DAY)
    reader = Reader(store.root)
    me = Address("Robin Martin", "robin@example.org")
    assert reader.complete("rob", 8) == [Address("Robert", "rob@example.org"), me]
    assert reader.complete("mart", 8) == [me]
    assert reader.complete("rob", 1) == [Address("Robert", "rob@example.org")]
    reader.close()
