"""`martlet sync`: one pass over accounts, with a progress bar on a terminal."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from martlet.cli import find, output, progress
from martlet.cli.context import Context
from martlet.link.messages import Sync
from martlet.mail.errors import Refused


def options(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("accounts", metavar="ACCOUNT", nargs="*", help="else all")
    parser.add_argument("--headers-only", action="store_true", help="leave bodies for later")


def run(context: Context, args: Any) -> int:
    ids = [find.account(context, name).id for name in args.accounts]
    if not ids and not context.reader.accounts():
        raise Refused("There is no account yet; add one with: martlet account add")
    with context.client() as client, progress.shown(client):
        reports = client.call(Sync(ids, args.headers_only))
    for report in reports:
        if context.json:
            output.objects([asdict(report)])
        elif not report.error:
            output.say(
                f"{report.account}: {report.new} new, {report.changed} changed, "
                f"{report.removed} removed, {report.sent} sent"
            )
        for problem in report.problems:
            output.error(f"{report.account}: {problem}")
        if report.error:
            output.error(f"{report.account}: {report.error}")
    return 1 if any(report.error or report.problems for report in reports) else 0
