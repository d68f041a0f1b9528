"""`martlet flag, tag, move, copy, archive, delete, undelete, undo`: what is done here at once and
reaches the server with the next sync."""

from __future__ import annotations

import argparse
from typing import Any

from martlet.cli import find, output, roles
from martlet.cli.context import Context, Usage
from martlet.cli.listing import positive
from martlet.link.messages import Archive, Copy, Delete, Move, Request, SetFlags, Undelete, Undo
from martlet.mail import tags
from martlet.mail.errors import Refused
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import SYSTEM_FLAGS, MessageId, MessageRow

_FLAGS = {flag.lstrip("\\").casefold(): flag for flag in SYSTEM_FLAGS}
_FLAGS |= {"read": "\\Seen", "starred": "\\Flagged", "forwarded": "$Forwarded"}


def options(parser: argparse.ArgumentParser, name: str) -> None:
    if name == "undo":
        return
    if name in ("move", "copy"):
        parser.add_argument("ids", metavar="ID", nargs="+")
        parser.add_argument("folder", metavar="FOLDER")
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
    if args.command == "undelete":
        return _undelete(context, [MessageId(one) for one in args.ids])
    request: Request[int]
    already = 0
    if args.command in ("move", "copy"):
        rows, folder_id, name = _target(context, [*args.ids, args.folder], args.account)
        ids = [row.id for row in rows]
        if args.command == "move":
            already = sum(row.folder_id == folder_id for row in rows)
        request = (Move if args.command == "move" else Copy)(ids, folder_id)
        done = f"{'moved' if args.command == 'move' else 'copied'} to {name}"
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
    elif already and not number:
        what = f"Message {ids[0]} is" if len(ids) == 1 else "These messages are"
        output.say(f"{what} in {name} already.")
    else:
        more = f"; {already} {'was' if already == 1 else 'were'} there already" if already else ""
        output.say(f"{output.count(number, 'message')} {done}{more}.")
    return 0


def _undelete(context: Context, ids: list[MessageId]) -> int:
    """Status 1: some of them are not deleted where they are, so there is nothing to take back."""
    not_so = context.reader.rows(ids)
    with context.client() as client:
        number = client.call(Undelete(ids))
    if context.json:
        output.objects([{"count": number}])
    elif number:
        output.say(f"{output.count(number, 'message')} shown again.")
    if not number and not not_so:
        raise Refused(f"There is no deleted message {ids[0]}.")
    folders = {folder.id: folder for folder in context.reader.folders()}
    for row in not_so:
        folder = folders.get(row.folder_id)
        if folder is not None and folder.role is Role.TRASH:
            output.error(
                f"Message {row.id} is in {folder.name}; get it back with:"
                f" martlet move {row.id} FOLDER (or martlet undo)"
            )
        else:
            output.error(f"Message {row.id} is not deleted.")
    return 1 if not_so else 0


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
) -> tuple[list[MessageRow], FolderId, str]:
    """The messages, and the folder by name: of the account named, else of the messages' own."""
    *numbers, name = given
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
    return rows, folder.id, folder.name


def _flag(text: str, *, system: bool) -> str:
    """A system flag by its usual name, or a tag."""
    known = _FLAGS.get(text.lstrip("\\").casefold())
    if known is not None and system:
        return known
    if known is not None and text.startswith("\\"):
        raise Usage(f"{text} is a flag; use: martlet flag")
    if not tags.is_possible(text):
        raise Usage(
            f"{text!r} cannot be a flag or tag: it is one word of letters, digits and signs,"
            ' without ( ) { % * " \\ and ]'
        )
    return text
