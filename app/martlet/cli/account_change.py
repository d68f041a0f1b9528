"""`martlet account add|edit|password`. None connects to a mail server; --oauth to the provider."""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import replace
from typing import Any

from martlet.cli import account_settings, discover, output, servers, sign_in
from martlet.cli.context import Context, Usage
from martlet.cli.sign_in import Given
from martlet.link.client import Asker
from martlet.link.messages import AccountAdd, AccountEdit, Request, SetPassword
from martlet.mail.account import Account, AccountId, SecretSource, Server
from martlet.mail.errors import Refused
from martlet.mail.sign_in import CLIENT
from martlet.mail.typed import is_address

_ALWAYS_THERE = {"name", "command", "action", "profile", "json", "verbose", "demo", "screenshot"}
_SAID_BY_FALSE = {"leave", "delete_there", "summaries"}


def options(parser: argparse.ArgumentParser, word: str) -> None:
    """word: "add" or "edit"."""
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--address", metavar="A", help="with --desktop, else its own")
    servers.options(parser)
    sign_in.options(parser)
    account_settings.options(parser)
    if word == "add":
        discover.add_options(parser)
    else:
        parser.add_argument("--rename", metavar="NEW", help="another name for the account")
        parser.add_argument("--no-incoming", action="store_true", help="do not receive")
        parser.add_argument("--no-smtp", action="store_true", help="do not send")
        parser.add_argument(
            "--no-smtp-password", action="store_true", help="send with the same password"
        )


def add(context: Context, args: Any) -> int:
    if not args.name.strip():
        raise Usage("the account needs a name")
    if args.address is None and args.desktop is None:
        raise Usage("the address is missing: --address A")
    address = _address(args.address) if args.address is not None else ""
    given = sign_in.read(args, needed=True)
    account = Account(AccountId(0), args.name, address, secret=SecretSource.ASK)
    if args.desktop is None:
        account = _settled(
            context, args, given, _with_servers(args, account, discover.by_context(context))
        )
        with context.client() as client:
            account_id = _keep(context, client, args, given, account)
    else:
        with context.client() as client:
            account = _settled(context, args, given, _of_desktop(client, args, account))
            account_id = _keep(context, client, args, given, account)
    sentence = f"Account {account.name} added."
    named = shlex.quote(account.name)
    if account.outgoing is None:
        sentence += (
            f" It cannot send; to give it a server: martlet account edit {named} --smtp HOST"
        )
    said(context, account_id, sentence)
    if sys.stderr.isatty() and not context.json:
        output.error(f"note: not tried yet; to try it: martlet account test {named}")
    return 0


def _settled(context: Context, args: Any, given: Given, account: Account) -> Account:
    return sign_in.applied(args, given, account_settings.changed(context, args, account))


def _with_servers(args: Any, account: Account, find: discover.Find) -> Account:
    incoming, outgoing = servers.chosen(args, account.address)
    if not args.no_discover:
        incoming, outgoing = servers.completed(find, args, account.address, incoming, outgoing)
    elif incoming is None and outgoing is None:
        raise Usage("give --imap, --pop3 or --smtp, or leave out --no-discover")
    return replace(account, incoming=incoming, outgoing=outgoing)


def _of_desktop(client: Asker, args: Any, account: Account) -> Account:
    """With what the desktop knows of its account, where nothing was given."""
    found = sign_in.desktop_account(client, args.desktop)
    account = replace(
        account,
        address=account.address or _address(found.address),
        full_name=found.full_name,
    )
    incoming, outgoing = servers.chosen(args, account.address)
    account = replace(
        account, incoming=incoming or found.incoming, outgoing=outgoing or found.outgoing
    )
    if account.incoming is None and account.outgoing is None:
        return _with_servers(args, account, discover.by_client(client))
    return account


def edit(context: Context, args: Any, account: Account) -> int:
    if not _given(args):
        raise Usage("say what is to be changed; see: martlet account edit --help")
    address = _address(args.address) if args.address is not None else account.address
    incoming, outgoing = servers.chosen(args, address)
    incoming = _server(args, account.incoming, incoming, args.security, args.user)
    outgoing = _server(
        args, account.outgoing, outgoing, args.smtp_security or args.security,
        args.smtp_user if args.smtp_user is not None else args.user,
    )  # fmt: skip
    given = sign_in.read(args, needed=False)
    edited = replace(
        account,
        name=args.rename if args.rename is not None else account.name,
        address=address,
        incoming=None if args.no_incoming else incoming,
        outgoing=None if args.no_smtp else outgoing,
        smtp_secret=account.smtp_secret and not args.no_smtp_password,
    )
    edited = _settled(context, args, given, edited)
    with context.client() as client:
        _keep(context, client, args, given, edited)
    said(context, account.id, f"Account {edited.name} changed.")
    return 0


def _given(args: Any) -> bool:
    """Whether anything was said beside the account's name. What is False as it was typed has None
    for not being said."""
    said = (
        value is not None and value != [] and (value is not False or name in _SAID_BY_FALSE)
        for name, value in vars(args).items()
        if name not in _ALWAYS_THERE
    )  # fmt: skip
    return any(said)


def _server(
    args: Any, old: Server | None, new: Server | None, security: str | None, user: str | None
) -> Server | None:
    """The old server with what was given; a new place keeps who signs in and how."""
    if old is None:
        return new
    if new is not None:
        server = replace(new, user=user if user is not None else old.user)
        if security is None and args.security is None:
            server = replace(server, security=old.security)
    else:
        server = replace(old, user=user if user is not None else old.user)
        if security is not None:
            server = replace(server, security=type(old.security)(security))
    return replace(server, auth=args.auth or old.auth)


def password(context: Context, args: Any, account: Account) -> int:
    given = sign_in.read(args, needed=not sign_in.only_parts(args))
    if given.source is account.secret is SecretSource.KEYRING and not given.parts:
        request: Request[None] = SetPassword(account.id, given.password)
        with context.client() as client:
            _asked(client, request)
    else:
        edited = sign_in.applied(args, given, account)
        with context.client() as client:
            _keep(context, client, args, given, edited)
    said(context, account.id, f"The password of {account.name} is changed.")
    return 0


def _keep(context: Context, client: Asker, args: Any, given: Given, account: Account) -> AccountId:
    """Adds or edits; by the browser first where that was asked for."""
    grant = ""
    parts = given.parts
    if given.source is SecretSource.OAUTH:
        grant = sign_in.by_browser(context, client, args, given, account)
        parts.pop(CLIENT, None)  # it is with the grant
    if account.id:
        _asked(client, AccountEdit(account, given.password, parts, grant))
        return account.id
    account_id: AccountId = _asked(client, AccountAdd(account, given.password, parts, grant))
    return account_id


def _asked(client: Asker, request: Request[Any]) -> Any:
    """Asks; where the system has no keyring, says what to do instead."""
    try:
        return client.call(request)
    except Refused as error:
        if "keyring" not in error.summary:
            raise
        raise Refused(
            f"{error.summary.rstrip('.')}; use --password-command CMD or --ask-password instead.",
            "",
            error.account,
        ) from error


def _address(text: str) -> str:
    if not is_address(text):
        raise Usage(f"{text!r} is not an e-mail address")
    return text


def said(context: Context, account_id: int, sentence: str) -> None:
    if context.json:
        output.objects([{"id": account_id}])
    else:
        output.say(sentence)
