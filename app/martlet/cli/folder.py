"""`martlet folder list|create|rename|delete|subscribe|unsubscribe|role|keep|mark-read`."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from martlet.cli import find, keeping, output, roles
from martlet.cli.commands import common
from martlet.cli.context import Context
from martlet.link.client import Asker
from martlet.link.messages import (
    FolderCreate,
    FolderDelete,
    FolderKeep,
    FolderRename,
    FolderRole,
    FolderSubscribe,
    MarkAllRead,
)
from martlet.mail.account import Keep
from martlet.mail.errors import Refused
from martlet.mail.folder import Folder, Role

_ACTIONS = {
    "list": "every folder with its counts, what it is for and what is kept of it",
    "create": "a new folder",
    "rename": "give a folder, with all below it, another path: also moves it",
    "delete": "a folder, with all in it: to below Trash, or from there for good",
    "subscribe": "show a folder",
    "unsubscribe": "do not show a folder",
    "role": "say what a folder is for",
    "keep": "say how much of a folder is kept here",
    "mark-read": "mark all messages of a folder read",
}


def options(parser: argparse.ArgumentParser, name: str) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    shared = common()
    for action, line in _ACTIONS.items():
        sub = actions.add_parser(action, help=line, description=line, parents=[shared])
        sub.add_argument("--account", metavar="A", help="the account, if there are several")
        if action != "list":
            sub.add_argument("name", metavar="NAME")
        if action == "rename":
            sub.add_argument(
                "new_name", metavar="NEW", help="the whole new path, such as Archive/2024/Plans"
            )
        elif action == "create":
            sub.add_argument("--role", type=roles.role, metavar="ROLE", help="what it is for")
        elif action == "delete":
            sub.add_argument("--permanently", action="store_true", help="not to Trash: for good")
            sub.add_argument("--yes", action="store_true", help="do not ask")
        elif action == "role":
            known = ", ".join(roles.CHOICES) + f", or {roles.AUTOMATIC}: what the server says"
            sub.add_argument("role", metavar="ROLE", type=roles.role_or_automatic, help=known)
        elif action == "keep":
            sub.add_argument(
                "keep",
                metavar="WHAT",
                type=keeping.of_folder,
                help="off, headers, recent[:DAYS], all, or account: as the account says",
            )


def run(context: Context, args: Any) -> int:
    if args.action == "list":
        return _list(context, args.account)
    if args.action == "create":
        account = find.only_account(context, args.account)
        with context.client() as client:
            folder_id = client.call(FolderCreate(account.id, args.name))
            if args.role is not None:
                client.call(FolderRole(folder_id, args.role))
        _done(context, folder_id, f"Folder {args.name} created.")
        return 0
    folder = find.folder(context, args.name, args.account)
    if args.action == "delete" and not args.yes:
        args.permanently = _ask(context, folder, args.permanently)
    with context.client() as client:
        done = _DEEDS[args.action](context, client, folder, args)
    _done(context, folder.id, done)
    return 0


def _rename(context: Context, client: Asker, folder: Folder, args: Any) -> str:
    client.call(FolderRename(folder.id, args.new_name))
    return f"Folder {folder.name} is now {args.new_name}."


def _delete(context: Context, client: Asker, folder: Folder, args: Any) -> str:
    trash = None if args.permanently else context.reader.trash_for(folder.id)
    client.call(FolderDelete(folder.id, args.permanently))
    return f"Folder {folder.name} {'is now in ' + trash.name if trash else 'deleted'}."


def _subscribe(context: Context, client: Asker, folder: Folder, args: Any) -> str:
    client.call(FolderSubscribe(folder.id, args.action == "subscribe"))
    return f"Folder {folder.name} {args.action}d."


def _role(context: Context, client: Asker, folder: Folder, args: Any) -> str:
    client.call(FolderRole(folder.id, args.role))
    if args.role is None:
        return f"What folder {folder.name} is for is up to the server again."
    use = f"for {args.role.value}" if args.role is not Role.NONE else "an ordinary folder"
    return f"Folder {folder.name} is now {use}."


def _keep(context: Context, client: Asker, folder: Folder, args: Any) -> str:
    keep, days = args.keep
    if keep is Keep.RECENT and not days:
        account = context.reader.account(folder.account_id)
        days = account.keep_days if account else 0
    client.call(FolderKeep(folder.id, keep, days))
    what = keeping.words(keep, days) or "what the account says"
    stays = "; what is here stays" if keep in (Keep.OFF, Keep.HEADERS) else ""
    return f"Of folder {folder.name} is kept: {what}{stays}."


def _mark_read(context: Context, client: Asker, folder: Folder, args: Any) -> str:
    number = client.call(MarkAllRead(folder.id))
    return f"{output.count(number, 'message')} of {folder.name} marked read."


_DEEDS = {
    "rename": _rename,
    "delete": _delete,
    "subscribe": _subscribe,
    "unsubscribe": _subscribe,
    "role": _role,
    "keep": _keep,
    "mark-read": _mark_read,
}


def _ask(context: Context, folder: Folder, permanently: bool) -> bool:
    """Whether a folder with all in it is really to go; answers whether that was said to be final.

    Without a terminal nobody can be asked: below Trash it goes all the same, for good it does not.
    Refused: it is not to go.
    """
    below = context.reader.below(folder.id)
    messages = sum(one.total for one in (folder, *below))
    inside = [output.count(messages, "message")] if messages else []
    inside += [output.count(len(below), "folder")] if below else []
    trash = None if permanently else context.reader.trash_for(folder.id)
    where = f"It goes to {trash.name}." if trash else "It is deleted for good."
    what = f" with {' and '.join(inside)} in it" if inside else ""
    name = output.one_line(folder.name)
    if not sys.stdin.isatty():
        if trash is not None:
            return permanently
        held = " and ".join(inside) or "nothing"
        raise Refused(f"The folder {name} would be deleted for good with {held} in it; say --yes.")
    print(f"Delete the folder {name}{what}? {output.one_line(where)} [y/N] ", end="")
    sys.stdout.flush()
    if not sys.stdin.readline().strip().casefold().startswith("y"):
        raise Refused("Nothing was deleted.")
    return trash is None


def _done(context: Context, folder_id: int, sentence: str) -> None:
    if context.json:
        output.objects([{"id": folder_id}])
    else:
        output.say(sentence)


def _list(context: Context, account_name: str | None) -> int:
    chosen = find.account(context, account_name).id if account_name is not None else None
    names = {account.id: account.name for account in context.reader.accounts()}
    folders = context.reader.folders(chosen)
    if context.json:
        output.objects(as_object(folder, names.get(folder.account_id, "")) for folder in folders)
        return 0
    output.table(
        ("Account", "Unread", "Here", "There", "For", "Keep", "Folder"),
        [
            (
                names.get(folder.account_id, ""),
                str(folder.unread),
                str(folder.total),
                "" if folder.local else str(folder.there),
                folder.role.value if folder.role is not Role.NONE else "",
                keeping.words(folder.keep, folder.keep_days),
                folder.name + _remarks(folder),
            )
            for folder in folders
        ],
        right=frozenset({1, 2, 3}),
        headed=True,
        empty="No folders yet.",
    )
    return 0


def _remarks(folder: Folder) -> str:
    found = [] if folder.subscribed else ["not subscribed"]
    if folder.parked:
        found.append(f"left alone: {folder.parked}")
    return f" ({'; '.join(found)})" if found else ""


def as_object(folder: Folder, account: str) -> dict[str, object]:
    return {
        "id": folder.id,
        "account": account,
        "name": folder.name,
        "delimiter": folder.delimiter,
        "role": folder.role.value,
        "chosen": folder.chosen,
        "total": folder.total,
        "unread": folder.unread,
        "there": folder.there,
        **keeping.folder_object(folder),
        "parked": folder.parked,
        "rights": folder.rights,
        "subscribed": folder.subscribed,
        "selectable": folder.selectable,
        "local": folder.local,
    }
