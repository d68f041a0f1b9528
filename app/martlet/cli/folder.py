"""`martlet folder list|create|rename|delete|subscribe|unsubscribe`."""

from __future__ import annotations

import argparse
from typing import Any

from martlet.cli import find, output
from martlet.cli.commands import common
from martlet.cli.context import Context
from martlet.link.messages import FolderCreate, FolderDelete, FolderRename, FolderSubscribe
from martlet.mail.folder import Folder, Role

_ACTIONS = {
    "list": "every folder with its counts",
    "create": "a new folder",
    "rename": "a folder, with all below it",
    "delete": "a folder, with all in it",
    "subscribe": "show a folder",
    "unsubscribe": "do not show a folder",
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
            sub.add_argument("new_name", metavar="NEW")


def run(context: Context, args: Any) -> int:
    if args.action == "list":
        return _list(context, args.account)
    if args.action == "create":
        account = find.only_account(context, args.account)
        with context.client() as client:
            folder_id = client.call(FolderCreate(account.id, args.name))
        _done(context, folder_id, f"Folder {args.name} created.")
        return 0
    folder = find.folder(context, args.name, args.account)
    with context.client() as client:
        if args.action == "rename":
            client.call(FolderRename(folder.id, args.new_name))
            done = f"Folder {folder.name} is now {args.new_name}."
        elif args.action == "delete":
            client.call(FolderDelete(folder.id))
            done = f"Folder {folder.name} deleted."
        else:
            client.call(FolderSubscribe(folder.id, args.action == "subscribe"))
            done = f"Folder {folder.name} {args.action}d."
    _done(context, folder.id, done)
    return 0


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
        ("Account", "Unread", "All", "For", "Folder"),
        [
            (
                names.get(folder.account_id, ""),
                str(folder.unread),
                str(folder.total),
                folder.role.value if folder.role is not Role.NONE else "",
                folder.name + ("" if folder.subscribed else " (not subscribed)"),
            )
            for folder in folders
        ],
        right=frozenset({1, 2}),
    )
    return 0


def as_object(folder: Folder, account: str) -> dict[str, object]:
    return {
        "id": folder.id,
        "account": account,
        "name": folder.name,
        "delimiter": folder.delimiter,
        "role": folder.role.value,
        "total": folder.total,
        "unread": folder.unread,
        "subscribed": folder.subscribed,
        "selectable": folder.selectable,
        "local": folder.local,
    }
