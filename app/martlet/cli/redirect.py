"""`martlet redirect`: a message sent on as it is. Waits until the server has taken it."""

from __future__ import annotations

import argparse
from typing import Any

from martlet.cli import find, given
from martlet.cli.context import Context, Usage
from martlet.cli.listing import positive
from martlet.cli.outbox import deliver, queued
from martlet.cli.when import held_back, later_option
from martlet.link.messages import Redirect
from martlet.mail.errors import Refused


def options(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("id", metavar="ID", type=positive)
    parser.add_argument(
        "--to",
        metavar="ADDRESS",
        action="append",
        default=[],
        required=True,
        help="whom it goes to; may be given more than once",
    )
    later_option(parser)


def run(context: Context, args: Any) -> int:
    later, delay_s = held_back(args.later)
    people = given.people("to", args.to)
    if not people:
        raise Usage("--to: give an address")
    (row,) = find.messages(context, [args.id])
    with context.client() as client:
        number = client.call(Redirect(row.id, people, delay_s))
        entry = context.reader.outbox_entry(number)
        if entry is None:
            raise Refused("The message was taken back from the outbox.")
        owner = next(a for a in context.reader.accounts() if a.id == entry.account_id)
        if later is not None:
            return queued(context, owner, number, later)
        return deliver(context, client, owner, number)
