"""`martlet account discover ADDRESS`, and what `account add` takes from what is found.

Discovery itself is the engine's; no mail server is signed in to.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

from martlet.cli import output
from martlet.cli.context import Context, Usage
from martlet.link.client import Asker
from martlet.link.messages import Discover
from martlet.mail.discovery import Discovery, FoundBy, Offer
from martlet.mail.errors import Refused
from martlet.mail.provider import SignIn
from martlet.mail.providers import domain_of
from martlet.mail.server import Server
from martlet.mail.typed import is_address

_WITHIN_S = 60.0

Find = Callable[[str, bool], Discovery]
"""Discovery for an address; whether the public table may be asked."""

_BY = {
    FoundBy.TABLE: "known to Martlet",
    FoundBy.AUTOCONFIG: "published by the domain",
    FoundBy.WELL_KNOWN: "published by the domain's web site",
    FoundBy.ISPDB: "in the public table of settings",
    FoundBy.SRV: "named by DNS (SRV)",
    FoundBy.MX: "of those who take the domain's mail (MX)",
    FoundBy.GUESS: "guessed",
}

_WANTS = {
    SignIn.PASSWORD: "",
    SignIn.APP_PASSWORD: "It wants an app password, made in the account's security settings.",
    SignIn.AUTH_CODE: "It wants the authorisation code (授权码) as password; the web mail shows it "
    "when IMAP or POP3 is switched on in its settings.",
    SignIn.SWITCH_ON: "It takes the usual password, once IMAP and POP3 are switched on in the "
    "settings of the web mail.",
    SignIn.BROWSER: "It refuses most passwords: sign in by browser, with --oauth.",
}


def options(parser: argparse.ArgumentParser) -> None:
    """Of `account discover`."""
    parser.add_argument("address", metavar="ADDRESS")
    _ispdb(parser)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Of `account add`."""
    parser.add_argument("--no-discover", action="store_true", help="what is left out stays out")
    _ispdb(parser)
    parser.add_argument(
        "--yes",
        action="store_true",
        help="take servers of another domain, or a guess that nobody answers, without asking",
    )


def _ispdb(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-ispdb", action="store_true",
        help="do not ask the public table of settings, which is told the domain only",
    )  # fmt: skip


def run(context: Context, args: Any) -> int:
    """Prints the offers, best first, and who was asked."""
    if not is_address(args.address):
        raise Usage(f"{args.address!r} is not an e-mail address")
    found = by_context(context)(args.address, not args.no_ispdb)
    known = not _nobody_there(found)
    if context.json:
        output.objects([_offer_object(offer) for offer in found.offers])
        output.objects(
            {"kind": "asked", "host": one.host, "how": one.how.value, "ok": one.ok,
             "said": one.said}
            for one in found.asked
        )  # fmt: skip
        return 0 if known else 1
    if not known:
        output.say(f"Nothing was found for {domain_of(args.address)}.")
    for offer in found.offers:
        _print(offer, "" if known else "Only a guess, and no server of these answered")
    if found.asked:
        output.say("Asked:")
        for one in found.asked:
            output.say(f"  {'+' if one.ok else '-'} {one.host}: {one.said}")
    return 0 if known else 1


def by_client(client: Asker) -> Find:
    """Asks an engine that is at hand."""
    return lambda address, ispdb: client.call(Discover(address, ispdb), _WITHIN_S)


def by_context(context: Context) -> Find:
    """Asks an engine, which is looked for only when something is asked."""

    def find(address: str, ispdb: bool) -> Discovery:
        with context.client() as client:
            return by_client(client)(address, ispdb)

    return find


def best(find: Find, args: Any, address: str, *, guess: bool) -> Offer | None:
    """The offer to take, said on stderr, confirmed where that is needed; None: a mere guess.

    guess: a guess will do. Raises Refused: a person said no, nobody is there to be asked, or none
    of what could be guessed is there.
    """
    found = find(address, not args.no_ispdb)
    offer = found.offers[0]
    domain = domain_of(address)
    if offer.found_by is FoundBy.GUESS:
        if not guess:
            return None
        if _nobody_there(found) and not args.yes:
            hosts = dict.fromkeys(one.host for one in (*offer.incoming, *offer.outgoing))
            raise Refused(
                f"Nothing was found for {domain}, and no usual server of it answers: give --imap "
                f"or --pop3, and --smtp; or --yes to take {' and '.join(hosts)} all the same."
            )
        output.error(f"note: the servers of {domain} are guessed; try: martlet account test")
        return offer
    hosts = dict.fromkeys(one.host for one in (*offer.incoming, *offer.outgoing))
    output.error(f"note: the servers of {domain}, {_BY[offer.found_by]}: {', '.join(hosts)}")
    if offer.confirm and not args.yes:
        _confirmed(offer.confirm)
    return offer


def _nobody_there(found: Discovery) -> bool:
    """Whether there is nothing but a guess, and none of the servers that it may be has greeted."""
    greeted = [one.ok for one in found.asked if one.how is FoundBy.GUESS]
    return found.offers[0].found_by is FoundBy.GUESS and bool(greeted) and not any(greeted)


def _confirmed(sentence: str) -> None:
    if not sys.stdin.isatty():
        raise Refused(f"{sentence.rstrip('.')}: then add --yes, or give --imap and --smtp.")
    print(f"{output.one_line(sentence)} Go on? [y/N] ", end="")
    sys.stdout.flush()
    if not sys.stdin.readline().strip().casefold().startswith("y"):
        raise Refused("Nothing was added.")


def _print(offer: Offer, instead: str = "") -> None:
    """instead: of where it comes from."""
    who = f"{offer.who}: " if offer.who else ""
    output.say(f"{who}{instead or _BY[offer.found_by]}")
    for server in (*offer.incoming, *offer.outgoing):
        user = f", user {server.user}" if server.user else ""
        place = f"{server.host}:{server.port}"
        output.say(f"  {server.protocol.name} {place}, {server.security.value}{user}")
    for text in (_WANTS[offer.sign_in], offer.note, offer.confirm, offer.help_url):
        if text:
            output.say(f"  {text}")


def _offer_object(offer: Offer) -> dict[str, object]:
    return {
        "kind": "offer",
        "found_by": offer.found_by.value,
        "who": offer.who,
        "incoming": [_server_object(one) for one in offer.incoming],
        "outgoing": [_server_object(one) for one in offer.outgoing],
        "sign_in": offer.sign_in.value,
        "help_url": offer.help_url,
        "oauth": offer.oauth.provider if offer.oauth is not None else None,
        "confirm": offer.confirm,
        "note": offer.note,
    }


def _server_object(server: Server) -> dict[str, object]:
    return {
        "protocol": server.protocol.value,
        "host": server.host,
        "port": server.port,
        "security": server.security.value,
        "user": server.user,
    }
