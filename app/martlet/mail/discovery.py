"""What can be found out about an address's servers, and who has to be asked for it.

The table of known providers is in mail.providers; the asking itself in net and engine.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import Enum

from martlet.mail.host_name import ascii_name
from martlet.mail.provider import SignIn
from martlet.mail.providers import domain_of, lookup
from martlet.mail.server import Server
from martlet.mail.sign_in import OAuthSettings
from martlet.mail.typed import is_host

ISPDB_HOST = "autoconfig.thunderbird.net"
"""The public table of settings that Thunderbird's makers keep. It is told the domain only."""

# Names that mean something on this network only (RFC 6761, RFC 6762, RFC 8375).
_LOCAL_ENDS = (".local", ".localhost", ".internal", ".home.arpa", ".lan")


class FoundBy(Enum):
    """Where settings come from, most dependable first."""

    TABLE = "table"
    AUTOCONFIG = "autoconfig"
    WELL_KNOWN = "well_known"
    ISPDB = "ispdb"
    SRV = "srv"
    MX = "mx"
    GUESS = "guess"


@dataclass(frozen=True, slots=True)
class Offer:
    """Settings found for an address.

    incoming: IMAP and POP3 servers, best first; outgoing: SMTP, best first; user names filled in.
    who: the provider's name, "" where unknown. sign_in, help_url: what it wants as password.
    oauth: how its browser sign-in works, None without. confirm: one sentence why a person must
    look at the hosts before anything is sent to them (found by SRV or MX, another domain), or "".
    note: one sentence a person must know first (mail.provider), or "".
    """

    found_by: FoundBy
    incoming: tuple[Server, ...]
    outgoing: tuple[Server, ...]
    who: str = ""
    sign_in: SignIn = SignIn.PASSWORD
    help_url: str = ""
    oauth: OAuthSettings | None = None
    confirm: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to the network: whom, what for, and how it went, in words."""

    host: str
    how: FoundBy
    ok: bool
    said: str = ""


@dataclass(frozen=True, slots=True)
class Discovery:
    """offers: best first, never empty; the last one is a guess, unless the table knows the address.

    An offer of the table may have no servers: its note says why. asked: in the order it was done.
    """

    offers: tuple[Offer, ...]
    asked: tuple[Asked, ...] = ()


def ascii_domain(address: str) -> str:
    """The address's domain as it is asked for (IDNA), or "" where nobody can be asked for it."""
    domain = domain_of(address)
    try:
        domain = ascii_name(domain).casefold()
    except UnicodeError:
        return ""
    try:
        ipaddress.ip_address(domain.strip("[]"))
    except ValueError:
        return domain if is_host(domain) else ""
    return ""


def for_ispdb(domain: str) -> bool:
    """Whether a stranger could know this domain, and may hear of it."""
    return "." in domain and not domain.endswith(_LOCAL_ENDS)


def autoconfig_host(domain: str) -> str:
    """The host a domain's own settings are looked for on first."""
    return f"autoconfig.{domain}"


def hosts_asked(address: str, ispdb: bool) -> tuple[str, ...]:
    """Who is asked by HTTPS for the servers of this address; () when it is not needed.

    The first one is told the address, the others the domain; the ISPDB only when those before it
    publish nothing. Besides them the name server is asked (SRV, MX). When the domain publishes
    nothing, so is the domain that takes its mail, and mail hosts below its own name are greeted
    without signing in.
    """
    domain = ascii_domain(address)
    if not domain or lookup(address) is not None:
        return ()
    hosts = (autoconfig_host(domain), domain)
    return (*hosts, ISPDB_HOST) if ispdb and for_ispdb(domain) else hosts
