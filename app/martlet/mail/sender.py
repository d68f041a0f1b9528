"""Whose an address is: one of an account's identities, a plus form of it, or a catch-all name.

ada@example.org           the identity's own
ada+shop@example.org      a plus form of it (RFC 5233): answered from exactly this address
anything@example.org      with Account.catch_all, at the domain of the account's main address
"""

from __future__ import annotations

from dataclasses import replace

from martlet.mail.account import Account
from martlet.mail.address_key import address_key
from martlet.mail.identity import Identity
from martlet.mail.message import Address


def identity_of(account: Account, address: str) -> Identity | None:
    """The account's identity that mail to and from this address is a matter of; None for none."""
    found = named(account, address)
    if found is None and caught(account, address):
        # Whoever writes to such a name is not told by Reply-To which address is behind it.
        return replace(account.every_identity()[0], reply_to="")
    return found


def named(account: Account, address: str) -> Identity | None:
    """The same without catch-all names: an identity's own address, or a plus form of it."""
    given = address_key(address)
    plain = without_plus(given)
    every = account.every_identity()
    own = (one for one in every if address_key(one.address) == given)
    plus = (one for one in every if plain != given and address_key(one.address) == plain)
    return next(own, None) or next(plus, None)


def caught(account: Account, address: str) -> bool:
    """Whether the address is the account's merely because it takes all names at its domain."""
    local, at, domain = address.rpartition("@")
    own = account.address.rpartition("@")[2]
    same = bool(own) and address_key(f"@{domain}") == address_key(f"@{own}")
    return bool(account.catch_all and local and at and same)


def without_plus(address: str) -> str:
    """ "ada+shop@example.org" as "ada@example.org"; any other address as it is."""
    local, at, domain = address.rpartition("@")
    name, plus, _ = local.partition("+")
    return f"{name}@{domain}" if at and plus and name else address


def sender_of(identity: Identity) -> Address:
    """From, as this identity writes it."""
    return Address(identity.full_name, identity.address)
