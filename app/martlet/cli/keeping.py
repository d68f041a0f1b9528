"""How much mail is kept here, as typed and as told: `recent:30`, `--month-mb 500`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from martlet.cli.context import Usage
from martlet.mail.account import Account, Keep
from martlet.mail.folder import Folder

LONGEST_DAYS = 36500
_MOST_CONNECTIONS = 20


def options(parser: argparse.ArgumentParser) -> None:
    """Of an account."""
    parser.add_argument(
        "--keep",
        choices=[one.value for one in Keep],
        help="IMAP: what of each folder is kept here, unless the folder says otherwise",
    )
    parser.add_argument(
        "--keep-days", metavar="N", type=int, help="with --keep recent: mail of the last N days"
    )
    parser.add_argument(
        "--whole-kb",
        metavar="N",
        type=int,
        help="larger messages come without their attachments until those are asked for",
    )
    parser.add_argument(
        "--month-mb",
        metavar="N",
        type=int,
        help="fetch at most N megabytes a month ahead of need; 0: any amount",
    )
    parser.add_argument(
        "--connections", metavar="N", type=int, help="at most N to the IMAP server at a time"
    )


def changed(args: Any, account: Account) -> Account:
    """The account with what was given. Raises Usage: a number makes no sense."""

    def number(name: str, given: int | None, before: int, lowest: int, highest: int) -> int:
        if given is None:
            return before
        if not lowest <= given <= highest:
            raise Usage(f"{name} is a number from {lowest} to {highest}")
        return given

    return replace(
        account,
        keep=Keep(args.keep) if args.keep else account.keep,
        keep_days=number("--keep-days", args.keep_days, account.keep_days, 1, LONGEST_DAYS),
        whole_kb=number("--whole-kb", args.whole_kb, account.whole_kb, 1, 1 << 22),
        month_mb=number("--month-mb", args.month_mb, account.month_mb, 0, 1 << 30),
        connections=number(
            "--connections", args.connections, account.connections, 1, _MOST_CONNECTIONS
        ),
    )


def of_folder(text: str) -> tuple[Keep | None, int]:
    """off, headers, recent[:DAYS], all, or account. (None, 0): as the account says; (RECENT, 0):
    as many days as the account says."""
    word, colon, days = text.partition(":")
    word = word.casefold()
    if word == "account" and not colon:
        return None, 0
    known = {one.value: one for one in Keep}
    if word not in known or (colon and word != Keep.RECENT.value):
        raise argparse.ArgumentTypeError(
            f"{text!r} is none of off, headers, recent, recent:DAYS, all, account"
        )
    if not colon:
        return known[word], 0
    if not (days.isascii() and days.isdecimal()) or not 0 < int(days) <= LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"{days!r} is not a number of days")
    return known[word], int(days)


def words(keep: Keep | None, days: int) -> str:
    """For a table."""
    if keep is None:
        return ""
    return f"recent:{days}" if keep is Keep.RECENT else keep.value


def of_account(account: Account) -> list[tuple[str, str]]:
    """What is kept, as (what, how much)."""
    what = {
        Keep.OFF: "nothing",
        Keep.HEADERS: "what a list shows",
        Keep.RECENT: f"all of the last {account.keep_days} days, of older mail what a list shows",
        Keep.ALL: "everything",
    }[account.keep]
    month = f"{account.month_mb} MB" if account.month_mb else "any amount"
    return [
        ("Kept here", what),
        ("Fetched whole", f"messages up to {account.whole_kb} kB"),
        ("Fetched ahead in a month", month),
        ("Connections", f"up to {account.connections}"),
    ]


def as_object(account: Account) -> dict[str, object]:
    return {
        "keep": account.keep.value,
        "keep_days": account.keep_days,
        "whole_kb": account.whole_kb,
        "month_mb": account.month_mb,
        "connections": account.connections,
    }


def folder_object(folder: Folder) -> dict[str, object]:
    return {"keep": folder.keep.value if folder.keep else None, "keep_days": folder.keep_days}
