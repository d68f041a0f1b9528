"""Who answers, and who sends: the identity a letter is written from. Pure.

Mail is answered from the address it was written to, as it was written (a plus form, a catch-all
name), with the name of the identity that is. Where it was not written to one of mine (a mailing
list, a blind copy), what the servers noted on the way says whom they delivered it to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from martlet.mail.account import Account, Protocol
from martlet.mail.address_key import address_key
from martlet.mail.errors import Refused
from martlet.mail.identity import Identity
from martlet.mail.message import Address
from martlet.mail.sender import caught, identity_of, named, sender_of
from martlet.mail.typed import is_address, is_host, parse_typed
from martlet.mime.addresses import parse_addresses
from martlet.mime.headers import Headers

_WRITTEN = ("to", "cc")
# X-Original-To is Postfix's word for what the letter was addressed to, Envelope-To Exim's.
_NOTED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


def written_to(accounts: Sequence[Account], headers: Headers) -> Account:
    """Who answers of the accounts that a message came by or lies with, the likeliest first: the one
    of these that it was written to by name.
    """
    for names in (_WRITTEN, _NOTED):
        people = _people(headers, names)
        for account in accounts:
            if any(named(account, address) for address in people):
                return account
    return accounts[0]


def answering(account: Account, headers: Headers, *, own: bool = False) -> Address:
    """From, of an answer to a message with these headers that this account has.

    own: it lies among what is written here (Sent, Drafts), so that a catch-all name in From is one
    of mine; elsewhere that may be somebody else at my domain.
    """
    writer = _people(headers, ("from",))
    for address in writer[:1]:
        # My own letter, answered once more: from whom it was.
        if named(account, address) or (own and caught(account, address)):
            return _as(account, address)
    written, noted = _people(headers, _WRITTEN), _people(headers, _NOTED)
    for addresses in (written, noted):
        for address in addresses:
            if named(account, address):
                return _as(account, address)
        # A name at my domain that was written to says more than the mailbox it came to.
        for address in (*written, *noted):
            if caught(account, address):
                return _as(account, address)
    return sender_of(account.every_identity()[0])


def wrote(accounts: Iterable[Account], headers: Headers) -> bool:
    """Whether From says that one of mine wrote it, which anybody can write."""
    writer = _people(headers, ("from",))[:1]
    return any(named(account, address) for account in accounts for address in writer)


def mine(
    accounts: Iterable[Account], here: Account, headers: Headers, *, own: bool = False
) -> tuple[Address, ...]:
    """All addresses of mine that an answer is not to be sent to.

    here: the account that answers. own: see `answering`. Mail from one of my accounts to another is
    answered like anybody's.
    """
    answer = answering(here, headers, own=own)
    writer = {address_key(address) for address in _people(headers, ("from",))}
    found = {address_key(answer.address): answer}
    spoken = _people(headers, ("from", "reply-to", "to", "cc", "mail-followup-to"))
    for account in accounts:
        every = [sender_of(identity) for identity in account.every_identity()]
        plus = [Address("", address) for address in spoken if named(account, address)]
        for address in (*every, *plus):
            key = address_key(address.address)
            if account.id == here.id or key not in writer:
                found.setdefault(key, address)
    return tuple(found.values())


def chosen(account: Account, sender: Address | None) -> tuple[Address, int, str]:
    """From, the identity whose server and folder are used (0: the account's), and its Reply-To."""
    if sender is None:
        sender = sender_of(account.every_identity()[0])
    identity = identity_of(account, sender.address)
    if identity is None:
        return sender, 0, ""
    return sender, identity.id, identity.reply_to


def check(account: Account) -> None:
    """Refuses identities that cannot work, in one sentence."""
    numbers, addresses = set[int](), {address_key(account.address)}
    for reply_to in (account.reply_to, *(one.reply_to for one in account.identities)):
        typed = parse_typed(reply_to)
        if any(not one.valid for one in typed) or (reply_to.strip() and not typed):
            raise Refused(f"Answers cannot go to {reply_to[:80]!r}.")
    for one in account.identities:
        if not is_address(one.address):
            raise Refused(f"{one.address[:80]!r} is not an e-mail address.")
        if one.id <= 0 or one.id in numbers:
            raise Refused(f"The identity {one.address} needs a number of its own.")
        if address_key(one.address) in addresses:
            raise Refused(f"{one.address} is there twice.")
        if any(ord(c) < 32 for c in one.full_name + one.sent):
            raise Refused("A name must be on one line.")
        _check_server(one)
        numbers.add(one.id)
        addresses.add(address_key(one.address))


def _check_server(identity: Identity) -> None:
    server = identity.outgoing
    if server is None:
        return
    if server.protocol is not Protocol.SMTP:
        raise Refused("Mail goes out by SMTP.")
    if not is_host(server.host):
        raise Refused(f"{server.host[:80]!r} is not the name of a server.")
    if not 0 < server.port < 65536:
        raise Refused("The SMTP port must be a number from 1 to 65535.")
    if any(ord(c) < 32 for c in server.user):
        raise Refused("The SMTP user name must be on one line.")


def _as(account: Account, address: str) -> Address:
    identity = identity_of(account, address) or account.every_identity()[0]
    exact = address_key(address) == address_key(identity.address)
    return Address(identity.full_name, identity.address if exact else address)


def _people(headers: Headers, names: Iterable[str]) -> list[str]:
    return [
        one.address
        for name in names
        for raw in headers.get_all(name)
        for one in parse_addresses(raw)
        if "@" in one.address
    ]
