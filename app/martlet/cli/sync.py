"""`martlet sync`: one pass over accounts, with a progress bar on a terminal."""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import asdict
from typing import Any

from martlet.cli import find, output
from martlet.cli.context import Context
from martlet.link.messages import Sync
from martlet.mail.changes import Change, Progress
from martlet.mail.errors import Refused

_BAR = 24


def options(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("accounts", metavar="ACCOUNT", nargs="*", help="else all")
    parser.add_argument("--headers-only", action="store_true", help="leave bodies for later")


def run(context: Context, args: Any) -> int:
    ids = [find.account(context, name).id for name in args.accounts]
    if not ids and not context.reader.accounts():
        raise Refused("There is no account yet; add one with: martlet account add")
    with context.client() as client:
        bar = ProgressBar() if sys.stderr.isatty() else None
        client.on_change = bar
        try:
            reports = client.call(Sync(ids, args.headers_only))
        finally:
            client.on_change = None
            if bar is not None:
                bar.clear()
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
    return 1 if any(report.error for report in reports) else 0


class ProgressBar:
    """Draws the newest progress on one line of stderr."""

    def __init__(self) -> None:
        self._shown = False

    def __call__(self, change: Change) -> None:
        if not isinstance(change, Progress):
            return
        if change.total > 0:
            full = min(change.done, change.total) * _BAR // change.total
            line = f"[{'#' * full}{'.' * (_BAR - full)}] {change.done}/{change.total} "
        else:
            line = f"{change.done or ''} "
        line += output.one_line(change.what)
        columns = shutil.get_terminal_size().columns - 1
        sys.stderr.write("\r\x1b[K" + output.cut(line, columns))
        sys.stderr.flush()
        self._shown = True

    def clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
