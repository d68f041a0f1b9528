"""`martlet flag, tag, move, copy, archive, delete, undelete, undo`: what is done here at once and
reaches the server with the next sync."""

from __future__ import annotations

import argparse
from typing import Any

from martlet.cli import find, output, roles
from martlet.cli.context import Context, Usage
from martlet.cli.listing import positive
from martlet.link.messages import Archive, Copy, Delete, Move, Request, SetFlags, Undelete, Undo
from martlet.mail.errors import Refused
from martlet.mail.folder import FolderId
from martlet.mail.message import SYSTEM_FLAGS, MessageId

_FLAGS = {flag.lstrip("\\").casefold(): flag for flag in SYSTEM_FLAGS}
_FLAGS |= {"read": "\\Seen", "starred": "\\Flagged", "forwarded": "$Forwarded"}
_NOT_IN_ATOM = frozenset('(){ %*"\\]')


def options(parser: argparse.ArgumentParser, name: str) -> None:
    if name == "undo":
        return
    if name in ("move", "copy"):
        parser.add_argument("words", metavar="ID... FOLDER", nargs="+")
        parser.add_argument("--account", metavar="A", help="the account of FOLDER")
        return
    parser.add_argument("ids", metavar="ID", type=positive, nargs="+")
    if name in ("flag", "tag"):
        kind = "FLAG" if name == "flag" else "TAG"
        known = "seen, flagged, answered, draft, deleted, or a keyword" if name == "flag" else "any"
        for what in ("add", "remove"):
            parser.add_argument(
                f"--{what}", metavar=kind, action="append", default=[], help=f"{what}: {known}"
            )
    if name == "delete":
        parser.add_argument("--permanently", action="store_true", help="not to the trash: for good")


def run(context: Context, args: Any) -> int:
    if args.command == "undo":
        return _undo(context)
    request: Request[int]
    if args.command in ("move", "copy"):
        ids, folder_id, name = _target(context, args.words, args.account)
        request = (Move if args.command == "move" else Copy)(ids, folder_id)
        done = f"{'moved' if args.command == 'move' else 'copied'} to {name}"
    elif args.command == "undelete":
        request, done = Undelete([MessageId(one) for one in args.ids]), "shown again"
    else:
        ids = [row.id for row in find.messages(context, args.ids)]
        if args.command in ("flag", "tag"):
            add, remove = (
                [_flag(flag, system=args.command == "flag") for flag in flags]
                for flags in (args.add, args.remove)
            )
            if not add and not remove:
                raise Usage(f"martlet {args.command} needs --add or --remove")
            if both := sorted(set(add) & set(remove)):
                raise Usage(f"{both[0]} is to be both added and removed")
            request, done = SetFlags(ids, add, remove), "changed"
        elif args.command == "archive":
            request, done = Archive(ids), "archived"
        else:
            request, done = Delete(ids, args.permanently), "deleted"
    with context.client() as client:
        try:
            number = client.call(request)
        except Refused as error:
            raise roles.advised(error) from error
    if context.json:
        output.objects([{"count": number}])
    else:
        output.say(f"{output.count(number, 'message')} {done}.")
    return 0


def _undo(context: Context) -> int:
    with context.client() as client:
        said = client.call(Undo())
    if context.json:
        output.objects([{"undone": said}])
    else:
        output.say(f"Undone: {said.rstrip('.')}." if said else "There is nothing to undo.")
    return 0


def _target(
    context: Context, given: list[str], account: str | None
) -> tuple[list[Any], FolderId, str]:
    """The messages, and the folder by name: of the account named, else of the messages' own."""
    *numbers, name = given
    if not numbers:
        raise Usage("give one or more message ids, then the folder")
    try:
        ids = [positive(number) for number in numbers]
    except argparse.ArgumentTypeError as error:
        raise Usage(f"{error}; give message ids, then the folder") from error
    rows = find.messages(context, ids)
    if account is None:
        owners = {row.account_id for row in rows}
        names = {one.id: one.name for one in context.reader.accounts()}
        if len(owners) == 1:
            account = names[owners.pop()]
    folder = find.folder(context, name, account)
    return [row.id for row in rows], folder.id, folder.name


def _flag(text: str, *, system: bool) -> str:
    """A system flag by its usual name, or a keyword (RFC 9051, flag-keyword)."""
    known = _FLAGS.get(text.lstrip("\\").casefold())
    if known is not None and system:
        return known
    if known is not None and text.startswith("\\"):
        raise Usage(f"{text} is a flag; use: martlet flag")
    if not text or any(c in _NOT_IN_ATOM or not 32 < ord(c) < 127 for c in text):
        raise Usage(f"{text!r} cannot be a flag or tag: letters, digits and most signs can")
    return text
