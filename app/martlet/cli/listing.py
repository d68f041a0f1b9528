"""`martlet list` and `martlet search`: rows of the store, newest first. Asks no engine."""

from __future__ import annotations

import argparse
import heapq
from collections.abc import Iterator
from itertools import islice
from typing import Any

from martlet.cli import find, output
from martlet.cli.context import Context
from martlet.cli.rows import print_rows
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageRow

_PAGE = 500
_SCREEN = 100
_ALL = 1 << 60


def options(parser: argparse.ArgumentParser, name: str) -> None:
    if name == "list":
        parser.add_argument("folder", metavar="FOLDER", help="a name, or inbox, sent, trash ...")
        parser.add_argument(
            "--deleted",
            action="store_true",
            help="those deleted that the server still has (see undelete)",
        )
    else:
        parser.add_argument(
            "query",
            metavar="QUERY",
            nargs="+",
            help="as in the search field; after -- if it begins with -",
        )
        parser.add_argument("--count", action="store_true", help="only how many there are")
        parser.add_argument("--folder", metavar="FOLDER", help="only in this folder")
    parser.add_argument(
        "--limit",
        metavar="N",
        type=positive,
        help=f"at most N (else all with --json, {_SCREEN} without)",
    )
    parser.add_argument("--account", metavar="A", help="only of this account")


def positive(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1 << 62:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return int(text)


def run(context: Context, args: Any) -> int:
    limit = args.limit if args.limit is not None else None if context.json else _SCREEN
    if args.command == "list":
        pages = [
            iter(context.reader.deleted(folder.id, limit or _ALL))
            if args.deleted
            else _folder(context, folder.id, limit)
            for folder in find.folders(context, args.folder, args.account)
        ]
        rows: Iterator[MessageRow] = heapq.merge(*pages, key=lambda row: -row.sort_key)
    else:
        query = " ".join(args.query)
        account = find.account(context, args.account).id if args.account is not None else None
        folder = find.folder(context, args.folder, args.account).id if args.folder else None
        if args.count:
            number = context.reader.search_count(query, folder_id=folder, account_id=account)
            if context.json:
                output.objects([{"count": number}])
            else:
                print(number)
            return 0
        rows = _search(context, query, folder, account, limit)
    print_rows(context, islice(rows, limit))
    return 0


def _folder(context: Context, folder_id: FolderId, limit: int | None) -> Iterator[MessageRow]:
    before = None
    size = _PAGE if limit is None else min(limit, _PAGE)
    while page := context.reader.page(folder_id, before, size):
        yield from page
        before = page[-1].sort_key
        if len(page) < size:
            return


def _search(
    context: Context, query: str, folder: Any, account: Any, limit: int | None
) -> Iterator[MessageRow]:
    before = None
    size = _PAGE if limit is None else min(limit, _PAGE)
    while page := context.reader.search(
        query, folder_id=folder, account_id=account, before=before, limit=size
    ):
        yield from page
        before = page[-1].sort_key
        if len(page) < size:
            return
