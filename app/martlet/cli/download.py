"""`martlet download`: messages fetched whole, with a progress bar on a terminal."""

from __future__ import annotations

import argparse
from typing import Any

from martlet.cli import find, output, progress
from martlet.cli.context import Context, Usage
from martlet.cli.listing import positive
from martlet.link.messages import Download
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageRow

# Asked for together; what has come stays whatever happens to the rest.
_AT_ONCE = 200
_PAGE = 2000


def options(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("ids", metavar="ID", type=positive, nargs="*")
    parser.add_argument("--folder", metavar="FOLDER", help="all that is not here of this folder")
    parser.add_argument("--account", metavar="ACCOUNT", help="whose folder it is")


def run(context: Context, args: Any) -> int:
    if bool(args.ids) == (args.folder is not None):
        raise Usage("give the messages, or a folder with --folder")
    if args.folder is None:
        rows = [row for row in find.messages(context, args.ids) if not row.has_body]
    else:
        folder = find.folder(context, args.folder, args.account)
        rows = _lacking(context, folder.id)
    left = 0
    if rows:
        with context.client() as client, progress.shown(client):
            for first in range(0, len(rows), _AT_ONCE):
                some = rows[first : first + _AT_ONCE]
                left += client.call(Download([row.id for row in some], wait=True))
    done, size = len(rows) - left, sum(row.size for row in rows)
    if context.json:
        output.objects([{"fetched": done, "not_here": left}])
    elif not rows:
        output.say("Everything is here already.")
    elif not left:
        output.say(f"Fetched {done} {_messages(done)} ({output.size(size)}).")
    else:
        output.say(f"Fetched {done} {_messages(done)}.")
    if left:
        output.error(f"{left} {_messages(left)} could not be fetched.")
    return 1 if left else 0


def _lacking(context: Context, folder_id: FolderId) -> list[MessageRow]:
    """The folder's messages that are not here whole, newest first."""
    found: list[MessageRow] = []
    before: int | None = None
    while page := context.reader.page(folder_id, before, _PAGE):
        found += [row for row in page if not row.has_body]
        before = page[-1].sort_key
    return found


def _messages(count: int) -> str:
    return "message" if count == 1 else "messages"
