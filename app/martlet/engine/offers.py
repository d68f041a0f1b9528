"""Makes offers of what was found out about an address's servers, and judges them. Asks nobody.

    found by            is confirmed by a person
    table               never
    autoconfig, ISPDB   when a server is below another domain than the address's
    SRV, MX             always: DNS is nobody's promise
    guess               never: its hosts are the domain's own
Servers of a provider of the table need no confirming, whoever named them: they are who they say
they are, and a password that reaches the wrong one of them reaches no thief.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from martlet.mail.discovery import FoundBy, Offer, ascii_domain
from martlet.mail.provider import Place, Provider, SignIn
from martlet.mail.providers import by_host, domain_of, guess, user_of
from martlet.mail.server import DEFAULT_PORTS, Protocol, Security, Server
from martlet.net.autoconfig import Published
from martlet.net.dns import Service

_NAMES = {
    Protocol.IMAP: ("imap", "mail", ""),
    Protocol.POP3: ("pop", "pop3", "mail", ""),
    Protocol.SMTP: ("smtp", "mail", ""),
}
# Where second-level domains are given away like top-level ones: example.co.uk is one owner's.
_SHARED = {
    "ac", "asn", "co", "com", "csiro", "ed", "edu", "go", "gob", "gov", "gr", "gv", "id", "info",
    "ltd", "me", "mil", "ne", "net", "nhs", "nic", "nom", "or", "org", "plc", "sch", "web",
}  # fmt: skip
_OPEN = {FoundBy.TABLE, FoundBy.GUESS}
_BY_DNS = {FoundBy.SRV, FoundBy.MX}


def of_table(provider: Provider, address: str, how: FoundBy = FoundBy.TABLE) -> Offer:
    """What the table says about a provider, for this address."""
    user = user_of(provider, address)

    def servers(*places: tuple[Protocol, Place]) -> tuple[Server, ...]:
        return tuple(
            Server(protocol, place.host, place.port, place.security, user)
            for protocol, place in places
            if place.host
        )

    return Offer(
        how,
        servers((Protocol.IMAP, provider.imap), (Protocol.POP3, provider.pop3)),
        servers((Protocol.SMTP, provider.smtp)),
        provider.name,
        provider.sign_in,
        provider.help_url,
        provider.oauth,
        note=provider.note,
    )


def of_file(published: Published, how: FoundBy, address: str) -> Offer:
    """What a domain, or the ISPDB, publishes."""
    sign_in = SignIn.BROWSER if published.browser else SignIn.PASSWORD
    offer = Offer(how, published.incoming, published.outgoing, published.name, sign_in)
    return judged(offer, address)


def of_services(services: Sequence[Service], address: str) -> list[Offer]:
    """What SRV records name, if there is a server to receive from."""
    servers = [Server(s.protocol, s.host, s.port, s.security, address) for s in services]
    incoming = tuple(one for one in servers if one.protocol is not Protocol.SMTP)
    outgoing = tuple(one for one in servers if one.protocol is Protocol.SMTP)
    return [judged(Offer(FoundBy.SRV, incoming, outgoing), address)] if incoming else []


def of_guess(address: str, answered: Sequence[Server] = ()) -> Offer:
    """Usual names of hosts. answered: those that greeted, best first; of a protocol without one the
    first guess stands.
    """
    literal = domain_of(address).strip("[]").removeprefix("ipv6:")
    provider = guess(address)
    first = {Protocol.IMAP: provider.imap, Protocol.POP3: provider.pop3,
             Protocol.SMTP: provider.smtp}  # fmt: skip
    if not ascii_domain(address):
        first = {protocol: replace(place, host=literal) for protocol, place in first.items()}
    servers = list(answered)
    receives = any(one.protocol is not Protocol.SMTP for one in answered)
    for protocol, place in first.items():
        have = any(one.protocol is protocol for one in answered)
        if have or not place.host or (receives and protocol is not Protocol.SMTP):
            continue
        servers.append(Server(protocol, place.host, place.port, place.security, address))
    return Offer(
        FoundBy.GUESS,
        tuple(one for one in servers if one.protocol is not Protocol.SMTP),
        tuple(one for one in servers if one.protocol is Protocol.SMTP),
    )


def guesses(address: str) -> tuple[Server, ...]:
    """Where the domain's servers may be, the likeliest of each protocol first."""
    domain = ascii_domain(address)
    return tuple(
        Server(
            protocol,
            f"{label}.{domain}" if label else domain,
            DEFAULT_PORTS[protocol, security],
            security,
            address,
        )
        for protocol, labels in _NAMES.items()
        for security in (Security.TLS, Security.STARTTLS)
        for label in labels
        if domain
    )


def judged(offer: Offer, address: str) -> Offer:
    """The offer with what the table knows of its servers, and with what must be confirmed."""
    servers = (*offer.incoming, *offer.outgoing)
    owners = [by_host(one.host) for one in servers]
    known = next((owner for owner in owners if owner is not None), None)
    if known is not None and all(owner is not None for owner in owners):
        return replace(
            offer,
            who=known.name,
            sign_in=known.sign_in,
            help_url=known.help_url,
            oauth=known.oauth,
        )
    domain = ascii_domain(address)
    strange = [one.host for one in servers if not _below(one.host, domain)]
    if offer.found_by in _OPEN or not (strange or offer.found_by in _BY_DNS):
        return offer
    hosts = ", ".join(dict.fromkeys(strange or [one.host for one in servers]))
    if offer.found_by in _BY_DNS:
        sentence = (
            f"Only the name server says that the mail of {domain} is at {hosts}; "
            "go on only if you know that this is right."
        )
    else:
        sentence = (
            f"The mail of {domain} is at hosts of another domain, {hosts}; "
            "go on only if you know that this is right."
        )
    return replace(offer, confirm=sentence)


def base_domain(host: str) -> str:
    """The domain somebody registered: of mx1.mail.example.co.uk it is example.co.uk.

    By rule of thumb, which is enough to ask there for settings, not to trust them.
    """
    labels = host.split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
    return ".".join(labels[-3 if shared else -2 :])


def _below(host: str, domain: str) -> bool:
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))
