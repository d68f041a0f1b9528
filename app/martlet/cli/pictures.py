"""`martlet pictures`: in whose mail pictures from the internet are shown without asking."""

from __future__ import annotations

import argparse
from typing import Any

from martlet.cli import output
from martlet.cli.commands import common
from martlet.cli.context import Context
from martlet.link.messages import AllowPictures
from martlet.mail.errors import Refused
from martlet.mail.picture_senders import entry_of


def options(parser: argparse.ArgumentParser, name: str) -> None:
    shared = common()
    verbs = parser.add_subparsers(dest="verb", metavar="list|allow|forget", required=True)
    verbs.add_parser("list", parents=[shared], help="for whom they are shown")
    for verb, line in (
        ("allow", "always show them in mail from these"),
        ("forget", "ask again, as for everybody else"),
    ):
        sub = verbs.add_parser(verb, parents=[shared], help=line, description=line)
        sub.add_argument("who", metavar="WHO", nargs="+", help="an address, or @domain")


def run(context: Context, args: Any) -> int:
    if args.verb == "list":
        for who in context.reader.pictures_allowed():
            if context.json:
                output.objects([{"who": who}])
            else:
                output.text(who)
        return 0
    allowed = args.verb == "allow"
    known = {entry_of(who) for who in context.reader.pictures_allowed()}
    for who in args.who:
        if allowed and not entry_of(who):
            raise Refused(f"{who} is neither an address nor @ and a domain.")
        if not allowed and entry_of(who) not in known:
            raise Refused(f"Pictures are not shown by themselves in mail from {who}.")
    with context.client() as client:
        for who in args.who:
            client.call(AllowPictures(who, allowed))
    return 0
