"""Whose an address is: one of an account's identities, a plus form of it, or a catch-all name.

ada@example.org           the identity's own
ada+shop@example.org      a plus form of it (RFC 5233): answered from exactly this address
anything@example.org      with Account.catch_all, at the domain of the account's main address
"""

from __future__ import annotations

from dataclasses import replace

from martlet.mail.account import Account
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
    given = folded(address)
    plain = without_plus(given)
    every = account.every_identity()
    own = (one for one in every if folded(one.address) == given)
    plus = (one for one in every if plain != given and folded(one.address) == plain)
    return next(own, None) or next(plus, None)


def caught(account: Account, address: str) -> bool:
    """Whether the address is the account's merely because it takes all names at its domain."""
    local, at, domain = address.rpartition("@")
    own = _domain(account.address.rpartition("@")[2])
    return bool(account.catch_all and local and at and own and _domain(domain) == own)


def folded(address: str) -> str:
    """As addresses are compared: in small letters, the domain as DNS knows it (RFC 5890)."""
    local, at, domain = address.rpartition("@")
    return f"{local.casefold()}{at}{_domain(domain)}"


def _domain(name: str) -> str:
    # What is no domain for its length takes the codec long.
    if name.isascii() or len(name) > 255:
        return name.casefold()
    try:
        return name.encode("idna").decode("ascii").casefold()
    except UnicodeError:
        return name.casefold()


def without_plus(address: str) -> str:
    """ "ada+shop@example.org" as "ada@example.org"; any other address as it is."""
    local, at, domain = address.rpartition("@")
    name, plus, _ = local.partition("+")
    return f"{name}@{domain}" if at and plus and name else address


def sender_of(identity: Identity) -> Address:
    """From, as this identity writes it."""
    return Address(identity.full_name, identity.address)
