"""For whose mail pictures are always shown: an address or a domain, and nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.mail.errors import Refused
from martlet.store import pictures
from support.stores import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def allow(store: Store, who: str, allowed: bool = True) -> None:
    with store.db.write() as tx:
        pictures.allow(tx, who, allowed)


@pytest.mark.parametrize(
    ("who", "entry", "sender", "stranger"),
    [
        ("@straße.de", "@straße.de", "a@xn--strae-oqa.de", "a@strasse.de"),
        ("@XN--STRAE-OQA.DE", "@straße.de", "a@STRAẞE.de", "a@strasse.de"),
        ("groß@example.org", "groß@example.org", "GROẞ@example.org", "gross@example.org"),
        (" @EXAMPLE.org ", "@example.org", "eve@example.org", "eve@news.example.org"),
        ("Eve@Example.org", "eve@example.org", "EVE@example.org", "adam@example.org"),
        ("a..b@example.org", "a..b@example.org", "A..b@example.org", "a.b@example.org"),
        ("root@server", "root@server", "root@server", "eve@server"),
    ],
)
def test_entries(store: Store, who: str, entry: str, sender: str, stranger: str) -> None:
    allow(store, who)
    assert pictures.all_allowed(store.db) == [entry]
    assert pictures.allowed_by(store.db, sender) == entry
    assert pictures.allowed_by(store.db, stranger) == ""
    allow(store, entry, False)
    assert pictures.all_allowed(store.db) == []


def test_an_address_comes_before_its_domain(store: Store) -> None:
    allow(store, "@example.org")
    allow(store, "eve@example.org")
    assert pictures.allowed_by(store.db, "eve@example.org") == "eve@example.org"
    assert pictures.allowed_by(store.db, "adam@example.org") == "@example.org"


@pytest.mark.parametrize(
    "who",
    ["", "@", "nonsense", "example.org", "@org", "eve@", "eve@news.example.org, x", "@a@b.example",
     "a b@example.org", "@exa mple.org", "eve@example.org\x00", "\ud800@x\ud800"],
)  # fmt: skip
def test_what_is_nobody(store: Store, who: str) -> None:
    for allowed in (True, False):
        with pytest.raises(Refused):
            allow(store, who, allowed)
    assert pictures.allowed_by(store.db, who) == ""
