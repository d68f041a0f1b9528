"""`martlet account add|list|show|test|edit|remove|password|discover|desktop|traffic`."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from martlet.cli import account_change, account_words, discover, find, output, sign_in, traffic
from martlet.cli.account_words import as_object, place
from martlet.cli.commands import common
from martlet.cli.context import Context, Usage
from martlet.link.messages import AccountRemove, AccountTest
from martlet.mail.account import Account, TestStep
from martlet.mail.errors import Refused

_TEST_S = 300.0


def options(parser: argparse.ArgumentParser, name: str) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    shared = common()

    def action(name: str, line: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=line, description=line, parents=[shared])

    action("list", "every account")
    for word, line in (
        ("show", "the settings of one account"),
        ("test", "connect and sign in, but change nothing"),
        ("remove", "forget an account and all its mail here"),
        ("traffic", "bytes over its connections by day; of all accounts without NAME"),
    ):
        sub = action(word, line)
        optional = word in ("test", "traffic")
        sub.add_argument("name", metavar="NAME", nargs="?" if optional else None)
        if word == "remove":
            sub.add_argument("--yes", action="store_true", help="do not ask")
    for word, line in (("add", "a new account"), ("edit", "change what is given")):
        account_change.options(action(word, line), word)
    sub = action("password", "another password, or sign in again with --oauth")
    sub.add_argument("name", metavar="NAME")
    sign_in.options(sub)
    discover.options(action("discover", "find the servers of an address; nobody is signed in"))
    action("desktop", "the mail accounts that the desktop is signed in to")


def run(context: Context, args: Any) -> int:
    if args.action == "list":
        return _list(context)
    if args.action == "discover":
        return discover.run(context, args)
    if args.action == "desktop":
        return sign_in.list_desktop(context)
    if args.action == "add":
        return account_change.add(context, args)
    if args.action == "traffic" and args.name is None:
        return traffic.show(context, context.reader.accounts())
    if args.action == "test" and args.name is None:
        account = find.only_account(context, None)
    else:
        account = find.account(context, args.name)
    if args.action == "traffic":
        return traffic.show(context, [account])
    if args.action == "show":
        return _show(context, account)
    if args.action == "test":
        return _test(context, account)
    if args.action == "edit":
        return account_change.edit(context, args, account)
    if args.action == "password":
        return account_change.password(context, args, account)
    return _remove(context, args, account)


def _remove(context: Context, args: Any, account: Account) -> int:
    if not args.yes:
        if not sys.stdin.isatty():
            raise Usage(
                f"{account.name} would be removed with all its mail here, which may be the only "
                "copy; say --yes"
            )
        print(f"Remove {output.one_line(account.name)} and all its mail here? [y/N] ", end="")
        sys.stdout.flush()
        if not sys.stdin.readline().strip().casefold().startswith("y"):
            raise Refused("Nothing was removed.")
    guests = [one.name for one in context.reader.accounts() if one.into == account.id]
    with context.client() as client:
        client.call(AccountRemove(account.id))
    sentence = f"Account {account.name} removed."
    if guests:
        sentence += f" New mail of {', '.join(guests)} goes into an inbox of its own again."
    account_change.said(context, account.id, sentence)
    return 0


def _test(context: Context, account: Account) -> int:
    with context.client() as client:
        steps = client.call(AccountTest(account), _TEST_S)
    for step in steps:
        if context.json:
            output.objects([step_object(step)])
        elif step.ok:
            output.say(f"{step.what}: {step.said or 'ok'}")
        else:
            output.error(f"{step.what}: {step.said}{account_words.to_trust(account, step)}")
    return 0 if all(step.ok for step in steps) else 1


def step_object(step: TestStep) -> dict[str, object]:
    return {
        "what": step.what,
        "protocol": step.protocol.value if step.protocol else None,
        "stage": step.stage.value if step.stage else None,
        "ok": step.ok,
        "said": step.said,
        "kind": step.kind.value if step.kind else None,
        "host": step.host,
        "fingerprint": step.fingerprint,
        "certificate": step.certificate,
    }


def _list(context: Context) -> int:
    known = context.reader.accounts()
    if context.json:
        output.objects(as_object(account) for account in known)
        return 0
    output.table(
        ("Name", "Address", "Receives by", "Sends by"),
        [(one.name, one.address, place(one.incoming), place(one.outgoing)) for one in known],
        empty="No accounts yet; add one with: martlet account add",
    )
    return 0


def _show(context: Context, account: Account) -> int:
    if context.json:
        output.objects([as_object(account)])
        return 0
    names = {one.id: one.name for one in context.reader.accounts()}
    account_words.show(account, names.get(account.into, ""))
    return 0
