"""What the wizard has gathered, joined to an account. Facts only: no widgets, no words."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field, replace
from enum import Enum

from martlet.mail.account import Account, AccountId, SecretSource
from martlet.mail.discovery import FoundBy, Offer
from martlet.mail.providers import Place, guess, user_of
from martlet.mail.server import Protocol, Server
from martlet.mail.sign_in import DesktopAccount, OAuthSettings


class Method(Enum):
    """How a person signs in: a password, what a command prints, the browser, or the desktop."""

    PASSWORD = "password"
    COMMAND = "command"
    BROWSER = "browser"
    DESKTOP = "desktop"


@dataclass(frozen=True, slots=True)
class Person:
    """Who sets an account up. desktop: the account of the desktop they chose, None without.

    by_browser: they want to sign in there.
    """

    address: str
    full_name: str = ""
    password: str = field(default="", repr=False)
    desktop: DesktopAccount | None = None
    by_browser: bool = False


@dataclass(frozen=True, slots=True)
class SigningIn:
    """How to sign in. client_secret: what the provider gave with a client id, or ""."""

    method: Method = Method.PASSWORD
    password: str = field(default="", repr=False)
    command: str = ""
    oauth: OAuthSettings | None = None
    client_secret: str = field(default="", repr=False)
    desktop: str = ""


_SOURCES = {
    Method.PASSWORD: SecretSource.KEYRING,
    Method.COMMAND: SecretSource.COMMAND,
    Method.BROWSER: SecretSource.OAUTH,
    Method.DESKTOP: SecretSource.DESKTOP,
}


def account_from(
    person: Person,
    incoming: Server | None,
    outgoing: Server | None,
    how: SigningIn,
    smtp_secret: bool = False,
) -> Account:
    """The account these make, not stored yet and named like its address."""
    return Account(
        AccountId(0),
        person.address,
        person.address,
        person.full_name,
        incoming,
        outgoing,
        secret=_SOURCES[how.method],
        password_command=how.command if how.method is Method.COMMAND else "",
        oauth=how.oauth if how.method is Method.BROWSER else None,
        desktop=how.desktop if how.method is Method.DESKTOP else "",
        smtp_secret=smtp_secret,
    )


def guessed_server(address: str, protocol: Protocol) -> Server | None:
    """A server as the table has it, or as most name it; None where there is no such server."""
    provider = guess(address)
    place: Place = {
        Protocol.IMAP: provider.imap,
        Protocol.POP3: provider.pop3,
        Protocol.SMTP: provider.smtp,
    }[protocol]
    if not place.host:
        return None
    user = user_of(provider, address)
    return Server(protocol, place.host, place.port, place.security, user)


def guessed_offer(address: str) -> Offer:
    """What can be said of an address without asking anybody."""
    provider = guess(address)
    each = (guessed_server(address, protocol) for protocol in (Protocol.IMAP, Protocol.POP3))
    out = guessed_server(address, Protocol.SMTP)
    return Offer(
        FoundBy.TABLE if provider.known else FoundBy.GUESS,
        tuple(server for server in each if server is not None),
        (out,) if out is not None else (),
        provider.name if provider.known else "",
        provider.sign_in,
        provider.help_url,
        provider.oauth,
        note=provider.note,
    )


def best(offer: Offer, protocol: Protocol) -> Server | None:
    """The offer's best server that speaks this."""
    servers = offer.outgoing if protocol is Protocol.SMTP else offer.incoming
    return next((server for server in servers if server.protocol is protocol), None)


def is_local(host: str) -> bool:
    """Whether this is the computer itself, where nobody listens on the way (Proton Bridge)."""
    name = host.strip().strip("[]").casefold().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def free_name(wanted: str, taken: list[str]) -> str:
    """The name, with a number behind it when another account has it already."""
    known = {name.casefold() for name in taken}
    if wanted.casefold() not in known:
        return wanted
    number = 2
    while f"{wanted} {number}".casefold() in known:
        number += 1
    return f"{wanted} {number}"


def with_name(account: Account, name: str) -> Account:
    """The account under this name; its address where the name is empty."""
    return replace(account, name=name.strip() or account.address)
