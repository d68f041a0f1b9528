"""Servers of well-known mail providers, and a guess for all others.

Facts only: hosts, ports and what a provider wants as password. Asking the network
(autoconfig, SRV records) is left to others; so is saying it in the user's language.
The table is loaded when something is first looked up in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from martlet.mail.provider import Place, Provider, SignIn, tls
from martlet.mail.server import Protocol

__all__ = [
    "Place",
    "Provider",
    "SignIn",
    "by_host",
    "by_mx",
    "by_name",
    "domain_of",
    "every_provider",
    "files_sent",
    "guess",
    "lookup",
    "user_of",
]


@cache
def every_provider() -> tuple[Provider, ...]:
    """The table."""
    from martlet.mail.known.asia import ASIA
    from martlet.mail.known.europe import EUROPE
    from martlet.mail.known.world import WORLD

    return WORLD + EUROPE + ASIA


@cache
def _by_domain() -> dict[str, Provider]:
    return {domain: provider for provider in every_provider() for domain in provider.domains}


@cache
def _by_host() -> dict[str, Provider]:
    hosts: dict[str, Provider] = {}
    for provider in every_provider():
        places = (provider.imap, provider.pop3, provider.smtp)
        for host in (*(place.host for place in places), *provider.hosts):
            # Two rows may share a server (Outlook and Microsoft 365): what is said of it is one.
            hosts.setdefault(host, provider)
    hosts.pop("", None)
    hosts.pop("127.0.0.1", None)  # Proton's Bridge is not the only thing that may listen there
    return hosts


@cache
def _by_mx() -> dict[str, Provider]:
    return {suffix: provider for provider in every_provider() for suffix in provider.mx}


def domain_of(address: str) -> str:
    """The part behind the last @, in lower case; "" if there is none."""
    return address.rpartition("@")[2].strip().rstrip(".").lower() if "@" in address else ""


def lookup(address: str) -> Provider | None:
    """The table's row for an address (tenants of onmicrosoft.com included), or None."""
    domain = domain_of(address)
    if domain.endswith(".onmicrosoft.com"):
        domain = "onmicrosoft.com"
    return _by_domain().get(domain)


def by_host(host: str) -> Provider | None:
    """Whose IMAP, POP3 or SMTP server this is, or None."""
    return _by_host().get(_plain(host))


def by_mx(host: str) -> Provider | None:
    """Whose host takes the mail, by the longest end of its name that is known; or None."""
    return next((found for end in _ends(_plain(host)) if (found := _by_mx().get(end))), None)


def by_name(word: str) -> Provider | None:
    """The provider with a browser sign-in that a person means by this word, or None."""
    wanted = word.strip().casefold()
    for provider in every_provider():
        if provider.oauth is not None:
            names = (provider.name, provider.oauth.provider, *provider.domains)
            if wanted in (name.casefold() for name in names):
                return provider
    return None


def files_sent(smtp_host: str) -> bool:
    """Whether what is sent by this server is in Sent by itself, so that no copy is to be added."""
    found = by_host(smtp_host)
    return found is not None and found.files_sent


def user_of(provider: Provider, address: str) -> str:
    """The user name the provider wants for this address."""
    return address.rpartition("@")[0] if provider.local_user and "@" in address else address


def guess(address: str) -> Provider:
    """The table's row, else imap./pop./smtp. before the domain with TLS; hosts "" without one."""
    found = lookup(address)
    if found is not None:
        return found
    domain = domain_of(address)

    def place(protocol: Protocol, label: str) -> Place:
        return tls(protocol, f"{label}.{domain}" if domain else "")

    return Provider(
        domain,
        place(Protocol.IMAP, "imap"),
        place(Protocol.POP3, "pop"),
        place(Protocol.SMTP, "smtp"),
        known=False,
    )


def _plain(host: str) -> str:
    return host.strip().rstrip(".").lower()


def _ends(host: str) -> Iterator[str]:
    """ "a.b.c", "b.c", "c"."""
    while host:
        yield host
        host = host.partition(".")[2]
