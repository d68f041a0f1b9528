"""People that are written to together, by one name."""

from __future__ import annotations

from martlet.mail.message import Address
from martlet.mail.person_words import typed_words, words_of
from martlet.mail.writing import Group
from martlet.store.codec import addresses, addresses_json, clean
from martlet.store.database import Source, Tx


def save(tx: Tx, group: Group) -> None:
    """Keeps it in place of the one of that name."""
    tx.execute(
        "INSERT INTO recipient_group (name, members) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET members = excluded.members",
        (clean(group.name), addresses_json(group.members)),
    )


def remove(tx: Tx, name: str) -> None:
    tx.execute("DELETE FROM recipient_group WHERE name = ?", (clean(name),))


def all_groups(source: Source) -> list[Group]:
    """By name."""
    rows = source.query("SELECT name, members FROM recipient_group ORDER BY name")
    return [Group(name, addresses(members)) for name, members in rows]


def complete(source: Source, typed: str, limit: int) -> list[Group]:
    """Groups of whose name each typed word begins a word."""
    wanted = typed_words(typed)
    found = []
    for group in all_groups(source) if wanted else []:
        words = words_of(Address(group.name, ""))
        if all(any(word.startswith(each) for word in words) for each in wanted):
            found.append(group)
    return found[:limit]
