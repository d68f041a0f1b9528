"""`martlet log`: what an account did and could not do, newest last. Asks no engine."""

from __future__ import annotations

import argparse
import heapq
from typing import Any

from martlet.cli import find, output
from martlet.cli.context import Context
from martlet.cli.listing import positive
from martlet.mail.errors import Refused

_SCREEN = 50


def options(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("account", metavar="ACCOUNT", nargs="?", help="else all")
    parser.add_argument(
        "--limit",
        metavar="N",
        type=positive,
        help=f"the newest N (else {_SCREEN}, all with --json)",
    )


def run(context: Context, args: Any) -> int:
    known = context.reader.accounts()
    if not known:
        raise Refused(find.NO_ACCOUNT)
    chosen = [find.account(context, args.account)] if args.account is not None else known
    limit = args.limit or (1 << 30 if context.json else _SCREEN)
    lines = heapq.nlargest(
        limit,
        (
            (line.time, account.name, line)
            for account in chosen
            for line in context.reader.log(account.id, limit)
        ),
        key=lambda one: one[0],
    )
    lines.reverse()
    if context.json:
        output.objects(
            {
                "account": name,
                "time": output.iso(time),
                "kind": line.kind,
                "sentence": line.sentence,
                "detail": line.detail,
            }
            for time, name, line in lines
        )
        return 0
    output.table(
        ("When", "Account", "Kind", "What"),
        [
            (
                output.local_date(time),
                name,
                line.kind,
                line.sentence + (f" ({line.detail})" if line.detail else ""),
            )
            for time, name, line in lines
        ],
    )
    return 0
