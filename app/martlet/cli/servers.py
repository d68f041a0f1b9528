"""From `--imap host:port --security tls ...` to the servers of an account."""

from __future__ import annotations

import argparse
from typing import Any

from martlet.cli import output
from martlet.cli.context import Usage
from martlet.mail.account import DEFAULT_PORTS, Protocol, Security, Server
from martlet.mail.providers import Place, SignIn, guess, lookup
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
    args: Any, address: str, incoming: Server | None, outgoing: Server | None
) -> tuple[Server | None, Server | None]:
    """What was left out, from the table of providers; guessed only when nothing was given.

    Raises Usage: the provider lets nobody in by password.
    """
    provider = lookup(address)
    if provider is None:
        if incoming is not None or outgoing is not None:
            return incoming, outgoing
        provider = guess(address)
        output.error(f"note: the servers of {provider.name} are guessed; try: martlet account test")
    if provider.sign_in is SignIn.BROWSER and incoming is None and outgoing is None:
        output.error(f"note: {provider.name} refuses most passwords; it wants sign-in by browser")
    user = args.user if args.user is not None else address
    if incoming is None and provider.imap.host:
        incoming = _known(Protocol.IMAP, provider.imap, user, args.auth)
    if outgoing is None and provider.smtp.host:
        name = args.smtp_user if args.smtp_user is not None else user
        outgoing = _known(Protocol.SMTP, provider.smtp, name, args.auth)
    if incoming is None and outgoing is None:
        raise Usage("the servers of this address are not known; give --imap or --pop3, and --smtp")
    return incoming, outgoing


def _server(
    protocol: Protocol, given: tuple[str, int | None], security: Security, user: str, auth: Any
) -> Server:
    host, port = given
    return Server(
        protocol, host, port or DEFAULT_PORTS[protocol, security], security, user, auth or ""
    )


def _known(protocol: Protocol, known: Place, user: str, auth: Any) -> Server:
    return Server(protocol, known.host, known.port, known.security, user, auth or "")
