"""From `--imap host:port --security tls ...` to the servers of an account."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from martlet.cli import discover, output
from martlet.cli.context import Usage
from martlet.cli.discover import Find
from martlet.mail.account import DEFAULT_PORTS, Protocol, Security, Server
from martlet.mail.errors import Refused
from martlet.mail.providers import Place, Provider, SignIn, lookup, user_of
from martlet.mail.typed import is_host

MECHANISMS = (
    "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "SCRAM-SHA-1", "XOAUTH2", "OAUTHBEARER",
    "EXTERNAL", "BEARER",
)  # fmt: skip


def options(parser: argparse.ArgumentParser) -> None:
    incoming = parser.add_mutually_exclusive_group()
    incoming.add_argument("--imap", metavar="HOST[:PORT]", type=place)
    incoming.add_argument("--pop3", metavar="HOST[:PORT]", type=place)
    parser.add_argument("--smtp", metavar="HOST[:PORT]", type=place)
    kinds = [one.value for one in Security]
    parser.add_argument("--security", choices=kinds, help="of both servers; else tls")
    parser.add_argument("--smtp-security", choices=kinds, help="of the SMTP server alone")
    parser.add_argument("--user", metavar="U", help="the name to sign in with; else the address")
    parser.add_argument("--smtp-user", metavar="U", help="for the SMTP server alone")
    parser.add_argument(
        "--auth", metavar="MECH", type=mechanism, help="else the best the server offers"
    )


def place(text: str) -> tuple[str, int | None]:
    """ "host", "host:port", "[::1]:143" or a bare IPv6 address."""
    host, port = text.strip(), ""
    if host.startswith("["):
        host, bracket, rest = host[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")) or ":" not in host:
            raise argparse.ArgumentTypeError(f"{text!r} is not [ADDRESS]:PORT")
        port = rest[1:]
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
        if not port:
            raise argparse.ArgumentTypeError(f"the port is missing in {text!r}")
    if not is_host(host):
        raise argparse.ArgumentTypeError(f"{host!r} is not the name of a server")
    if not port:
        return host, None
    if not (port.isascii() and port.isdecimal()) or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{port!r} is not a port; ports are 1 to 65535")
    return host, int(port)


def mechanism(text: str) -> str:
    name = text.upper()
    if name not in MECHANISMS:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(MECHANISMS)}")
    return name


def chosen(args: Any, address: str) -> tuple[Server | None, Server | None]:
    """What was given, as incoming and outgoing server; None for what was left out."""
    security = Security(args.security or Security.TLS.value)
    outgoing_security = Security(args.smtp_security or security.value)
    user = args.user if args.user is not None else address
    incoming = outgoing = None
    for protocol, given in ((Protocol.IMAP, args.imap), (Protocol.POP3, args.pop3)):
        if given is not None:
            incoming = _server(protocol, given, security, user, args.auth)
    if args.smtp is not None:
        name = args.smtp_user if args.smtp_user is not None else user
        outgoing = _server(Protocol.SMTP, args.smtp, outgoing_security, name, args.auth)
    return incoming, outgoing


def completed(
    find: Find, args: Any, address: str, incoming: Server | None, outgoing: Server | None
) -> tuple[Server | None, Server | None]:
    """What was left out, found out; guessed only when nothing was given.

    Raises Refused: the provider has no such servers, or nobody confirms those found.
    """
    if incoming is not None and outgoing is not None:
        return incoming, outgoing
    given = incoming is not None or outgoing is not None
    provider = lookup(address)
    if provider is None:
        offer = discover.best(find, args, address, guess=not given)
        if offer is None:
            return incoming, outgoing
        receives, sends = offer.incoming, offer.outgoing
    else:
        _remarks(provider, args, given)
        user = user_of(provider, address)
        receives = _known(user, (Protocol.IMAP, provider.imap), (Protocol.POP3, provider.pop3))
        sends = _known(user, (Protocol.SMTP, provider.smtp))
    if incoming is None and receives:
        incoming = _as_asked(receives[0], args.user, args.auth)
    if outgoing is None and sends:
        name = args.smtp_user if args.smtp_user is not None else args.user
        outgoing = _as_asked(sends[0], name, args.auth)
    if incoming is None and outgoing is None:
        raise Usage("the servers of this address are not known; give --imap or --pop3, and --smtp")
    return incoming, outgoing


def _remarks(provider: Provider, args: Any, given: bool) -> None:
    """What a person must know of a provider. Raises Refused: it lets no mail program in."""
    if provider.note:
        if not provider.imap.host and not provider.smtp.host and not given:
            raise Refused(provider.note)
        output.error(f"note: {provider.note}")
    by_password = args.oauth is None and args.desktop is None
    if provider.sign_in is SignIn.BROWSER and by_password and not given:
        output.error(f"note: {provider.name} refuses most passwords; use --oauth")


def _known(user: str, *places: tuple[Protocol, Place]) -> tuple[Server, ...]:
    return tuple(
        Server(protocol, place.host, place.port, place.security, user)
        for protocol, place in places
        if place.host
    )


def _as_asked(server: Server, user: str | None, auth: str | None) -> Server:
    """As found, but for who signs in and how."""
    return replace(server, user=user if user is not None else server.user, auth=auth or "")


def _server(
    protocol: Protocol, given: tuple[str, int | None], security: Security, user: str, auth: Any
) -> Server:
    host, port = given
    return Server(
        protocol, host, port or DEFAULT_PORTS[protocol, security], security, user, auth or ""
    )
