"""An answer to a list is nothing to ask about only where the list is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from martlet.engine.known_lists import believed
from martlet.mail.folder import FolderId
from martlet.mail.message import Address, Envelope
from martlet.mime.headers import parse_headers
from martlet.store import contacts, mailbox
from support.stores import Store

POST = "dev@lists.example.org"
DAY = 86_400.0
NOW = 100 * DAY
HEAD = parse_headers(b"List-Id: <dev.lists.example.org>\n")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "profile")
    yield made
    made.db.close()


def came(
    store: Store,
    folder: FolderId,
    writer: str,
    to: str = POST,
    *,
    uid: int,
    received: float = 9 * DAY,
) -> None:
    head = Envelope("s", Address("", writer), (Address("", to),), date=1.0)
    with store.db.write() as tx:
        mailbox.add(
            tx, folder, uid, head, flags=frozenset(), size=9, received=received, content=None
        )  # fmt: skip


def test_one_that_nobody_knows(store: Store) -> None:
    assert believed(store.db, HEAD, [POST], NOW) == ()


def test_one_that_was_written_to(store: Store) -> None:
    with store.db.write() as tx:
        contacts.used(tx, [Address("", POST.upper())], when=5.0)
    assert believed(store.db, HEAD, [POST, "other@lists.example.org"], NOW) == (POST,)
    elsewhere = parse_headers(b"List-Id: <dev.swindler.example>\n")
    assert believed(store.db, elsewhere, [POST], NOW) == ()


def test_one_that_people_of_several_places_wrote_to(store: Store) -> None:
    for at, writer in enumerate(("a@one.org", "b@two.org", "b2@www.two.org", "x@example.org")):
        came(store, store.inbox, writer, uid=at + 1)
    assert believed(store.db, HEAD, [POST], NOW) == ()
    came(store, store.trash, "c@three.org", uid=50)
    came(store, store.inbox, "c@three.org", to=f"x{POST}", uid=51)
    assert believed(store.db, HEAD, [POST], NOW) == ()
    came(store, store.archive, "c@three.org", to=POST.upper(), uid=52)
    assert believed(store.db, HEAD, [POST], NOW) == (POST,)


def test_mail_that_has_just_come_proves_nothing(store: Store) -> None:
    for at, writer in enumerate(("a@one.org", "b@two.org", "c@three.org")):
        came(store, store.inbox, writer, uid=at + 1, received=NOW - 2 * DAY)
    assert believed(store.db, HEAD, [POST], NOW) == ()
    assert believed(store.db, HEAD, [POST], NOW + 2 * DAY) == (POST,)


def test_names_that_cost_nothing_are_one_place(store: Store) -> None:
    for at in range(9):
        came(store, store.inbox, f"a@n{at}.duckdns.org", uid=at + 1)
    assert believed(store.db, HEAD, [POST], NOW) == ()


@pytest.mark.parametrize("said", ["", "List-Id: Dev <>\n", f"List-Id: {'x' * 1998} <a.b>\n"])
def test_a_list_without_a_name_is_known_by_own_letters_alone(store: Store, said: str) -> None:
    nameless = parse_headers(f"List-Post: <mailto:{POST}>\n{said}".encode())
    for at, writer in enumerate(("a@one.org", "b@two.org", "c@three.org")):
        came(store, store.inbox, writer, uid=at + 1)
    assert believed(store.db, nameless, [POST], NOW) == ()
    with store.db.write() as tx:
        contacts.used(tx, [Address("", POST)], when=5.0)
    assert believed(store.db, nameless, [POST], NOW) == (POST,)


@pytest.mark.parametrize("post", ['a" OR from:"b@x.org', "a b@x.org", "", "@x.org", "é@x.org"])
def test_what_is_no_plain_address_is_no_known_list(store: Store, post: str) -> None:
    assert believed(store.db, parse_headers(b""), [post], NOW) == ()
