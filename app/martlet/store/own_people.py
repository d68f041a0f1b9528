"""The writer's own addresses, as people to whom a letter may go, too."""

from __future__ import annotations

from martlet.mail.message import Address
from martlet.mail.person_words import typed_words, words_of
from martlet.store import accounts
from martlet.store.database import Source


def complete(source: Source, typed: str) -> dict[str, Address]:
    """Those of whom each typed word begins a word, by their address in small letters; under the
    names of their identities, whatever name a letter to them gave. None for nothing typed."""
    wanted = typed_words(typed)
    found: dict[str, Address] = {}
    for account in accounts.all_accounts(source) if wanted else ():
        for identity in account.every_identity():
            one = Address(identity.full_name, identity.address)
            words = words_of(one)
            if all(any(word.startswith(each) for word in words) for each in wanted):
                found.setdefault(one.address.lower(), one)
    return found
