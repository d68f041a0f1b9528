"""`martlet account add|list|show|test|edit|remove|password|traffic`. Adding never connects."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from martlet.cli import find, keeping, output, servers, traffic
from martlet.cli.commands import common
from martlet.cli.context import Context, Usage
from martlet.link.client import Asker
from martlet.link.messages import (
    AccountAdd,
    AccountEdit,
    AccountRemove,
    AccountTest,
    Request,
    SetPassword,
)
from martlet.mail.account import Account, AccountId, Pin, Protocol, SecretSource, Server
from martlet.mail.errors import Refused
from martlet.mail.typed import is_address

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
        sub = action(word, line)
        sub.add_argument("name", metavar="NAME")
        sub.add_argument("--address", metavar="A", required=word == "add")
        servers.options(sub)
        _password(sub)
        sub.add_argument("--ca-file", metavar="F", help="trusted certificates besides the system's")
        sub.add_argument("--name", dest="full_name", metavar="FULL NAME", help="as others see it")
        sub.add_argument(
            "--pin", metavar="HOST=SHA256", action="append", default=[], type=_pin,
            help="trust this certificate of this host",
        )  # fmt: skip
        sub.add_argument(
            "--leave-days", metavar="N", type=int, help="POP3: delete there after N days; 0 never"
        )
        keeping.options(sub)
        if word == "add":
            sub.add_argument(
                "--no-discover", action="store_true", help="what is left out stays out"
            )
        else:
            sub.add_argument("--rename", metavar="NEW", help="another name for the account")
            sub.add_argument("--no-incoming", action="store_true", help="do not receive")
            sub.add_argument("--no-smtp", action="store_true", help="do not send")
    sub = action("password", "another password")
    sub.add_argument("name", metavar="NAME")
    _password(sub)


def _password(parser: argparse.ArgumentParser) -> None:
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument(
        "--password-stdin", action="store_true", help="read it from stdin's first line"
    )
    secret.add_argument(
        "--password-command", metavar="CMD", help="run CMD each time; it prints the password"
    )
    secret.add_argument(
        "--ask-password", action="store_true", help="the window asks once each time it runs"
    )


def _pin(text: str) -> Pin:
    host, _, digest = text.rpartition("=")
    digest = digest.replace(":", "").lower()
    if not host or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST=SHA256 (64 hexadecimal digits)")
    return Pin(host, digest)


def run(context: Context, args: Any) -> int:
    if args.action == "list":
        return _list(context)
    if args.action == "add":
        return _add(context, args)
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
        return _edit(context, args, account)
    if args.action == "password":
        return _set_password(context, args, account)
    if not args.yes and sys.stdin.isatty():
        print(f"Remove {output.one_line(account.name)} and all its mail here? [y/N] ", end="")
        sys.stdout.flush()
        if not sys.stdin.readline().strip().casefold().startswith("y"):
            raise Refused("Nothing was removed.")
    with context.client() as client:
        client.call(AccountRemove(account.id))
    _said(context, account.id, f"Account {account.name} removed.")
    return 0


def _add(context: Context, args: Any) -> int:
    address = _address(args.address)
    if not args.name.strip():
        raise Usage("the account needs a name")
    incoming, outgoing = servers.chosen(args, address)
    if not args.no_discover:
        incoming, outgoing = servers.completed(args, address, incoming, outgoing)
    elif incoming is None and outgoing is None:
        raise Usage("give --imap, --pop3 or --smtp, or leave out --no-discover")
    source, password = _secret(args, needed=True)
    account = Account(
        AccountId(0),
        args.name,
        address,
        full_name=args.full_name or "",
        incoming=incoming,
        outgoing=outgoing,
        secret=source or SecretSource.ASK,
        password_command=args.password_command or "",
        ca_file=_ca_file(args.ca_file),
        pins=tuple(args.pin),
        leave_days=_leave_days(args.leave_days, 0),
    )
    account = keeping.changed(args, account)
    with context.client() as client:
        account_id = _keeping(client, AccountAdd(account, password))
    _said(context, account_id, f"Account {account.name} added.")
    return 0


def _edit(context: Context, args: Any, account: Account) -> int:
    address = _address(args.address) if args.address is not None else account.address
    incoming, outgoing = servers.chosen(args, address)
    incoming = _changed(args, account.incoming, incoming, args.security, args.user)
    outgoing = _changed(
        args, account.outgoing, outgoing, args.smtp_security or args.security,
        args.smtp_user if args.smtp_user is not None else args.user,
    )  # fmt: skip
    source, password = _secret(args, needed=False)
    pins = {pin.host: pin for pin in (*account.pins, *args.pin)}
    edited = replace(
        account,
        name=args.rename if args.rename is not None else account.name,
        address=address,
        full_name=args.full_name if args.full_name is not None else account.full_name,
        incoming=None if args.no_incoming else incoming,
        outgoing=None if args.no_smtp else outgoing,
        secret=source or account.secret,
        password_command=args.password_command or account.password_command,
        ca_file=_ca_file(args.ca_file) if args.ca_file is not None else account.ca_file,
        pins=tuple(pins.values()),
        leave_days=_leave_days(args.leave_days, account.leave_days),
    )
    edited = keeping.changed(args, edited)
    with context.client() as client:
        _keeping(client, AccountEdit(edited, password))
    _said(context, account.id, f"Account {edited.name} changed.")
    return 0


def _changed(
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


def _set_password(context: Context, args: Any, account: Account) -> int:
    source, password = _secret(args, needed=True)
    if source is SecretSource.KEYRING and account.secret is SecretSource.KEYRING:
        request: Request[None] = SetPassword(account.id, password)
    else:
        edited = replace(
            account,
            secret=source or account.secret,
            password_command=args.password_command or "",
        )
        request = AccountEdit(edited, password)
    with context.client() as client:
        _keeping(client, request)
    _said(context, account.id, f"The password of {account.name} is changed.")
    return 0


def _keeping(client: Asker, request: Request[Any]) -> Any:
    """Asks; where the system has no keyring, says what to do instead."""
    try:
        return client.call(request)
    except Refused as error:
        if "keyring" not in error.summary:
            raise
        raise Refused(
            f"{error.summary.rstrip('.')}; use --password-command CMD instead.",
            "",
            error.account,
        ) from error


def _secret(args: Any, *, needed: bool) -> tuple[SecretSource | None, str]:
    """Where the password is from now on, and the password itself if it was given here."""
    if args.password_command is not None:
        if not args.password_command.strip():
            raise Usage("the password command is empty")
        return SecretSource.COMMAND, ""
    if args.ask_password:
        return SecretSource.ASK, ""
    if args.password_stdin:
        line = sys.stdin.buffer.readline().rstrip(b"\r\n")
        try:
            password = line.decode("utf-8")
        except UnicodeDecodeError:
            raise Usage("the password on stdin is not UTF-8") from None
        if not password:
            raise Usage("there is no password on stdin")
        return SecretSource.KEYRING, password
    if not needed:
        return None, ""
    if not sys.stdin.isatty():
        raise Usage("give --password-stdin, --password-command CMD or --ask-password")
    import getpass

    password = getpass.getpass("Password: ")
    if not password:
        raise Usage("no password was typed")
    return SecretSource.KEYRING, password


def _address(text: str) -> str:
    if not is_address(text):
        raise Usage(f"{text!r} is not an e-mail address")
    return text


def _ca_file(text: str | None) -> str:
    if not text:
        return ""
    file = Path(text).expanduser().absolute()
    try:
        with open(file, "rb"):
            return str(file)
    except OSError as error:
        why = (error.strerror or "unreadable").lower()
        raise Usage(f"the CA file {text} cannot be read: {why}") from error


def _leave_days(given: int | None, before: int) -> int:
    if given is None:
        return before
    if not 0 <= given <= 36500:
        raise Usage("--leave-days is a number of days from 0 to 36500")
    return given


def _test(context: Context, account: Account) -> int:
    with context.client() as client:
        steps = client.call(AccountTest(account), _TEST_S)
    for step in steps:
        if context.json:
            output.objects(
                [
                    {
                        "what": step.what,
                        "ok": step.ok,
                        "said": step.said,
                        "host": step.host,
                        "fingerprint": step.fingerprint,
                    }
                ]
            )
        elif step.ok:
            output.say(f"{step.what}: {step.said or 'ok'}")
        if not step.ok:
            seen = f" (certificate SHA-256 {step.fingerprint})" if step.fingerprint else ""
            output.error(f"{step.what}: {step.said}{seen}")
    return 0 if all(step.ok for step in steps) else 1


def _list(context: Context) -> int:
    known = context.reader.accounts()
    if context.json:
        output.objects(as_object(account) for account in known)
        return 0
    output.table(
        ("Name", "Address", "Receives by", "Sends by"),
        [(one.name, one.address, _words(one.incoming), _words(one.outgoing)) for one in known],
    )
    return 0


def _show(context: Context, account: Account) -> int:
    if context.json:
        output.objects([as_object(account)])
        return 0
    output.say(f"Name: {account.name}")
    output.say(f"Address: {account.address}")
    if account.full_name:
        output.say(f"Full name: {account.full_name}")
    for what, server in (("Receives by", account.incoming), ("Sends by", account.outgoing)):
        if server is None:
            output.say(f"{what}: nothing")
        else:
            how = server.auth or "the best offered"
            output.say(f"{what}: {_words(server)}, user {server.user}, sign-in {how}")
    output.say(f"Password: {account.secret.value}")
    if account.incoming is not None and account.incoming.protocol is Protocol.IMAP:
        for what, words in keeping.of_account(account):
            output.say(f"{what}: {words}")
    if account.ca_file:
        output.say(f"CA file: {account.ca_file}")
    for pin in account.pins:
        output.say(f"Trusted certificate: {pin.host} {pin.sha256}")
    return 0


def _words(server: Server | None) -> str:
    if server is None:
        return "-"
    host = f"[{server.host}]" if ":" in server.host else server.host
    return f"{server.protocol.value} {host}:{server.port} {server.security.value}"


def as_object(account: Account) -> dict[str, object]:
    def server(one: Server | None) -> dict[str, object] | None:
        if one is None:
            return None
        return {
            "protocol": one.protocol.value,
            "host": one.host,
            "port": one.port,
            "security": one.security.value,
            "user": one.user,
            "auth": one.auth,
        }

    return {
        "id": account.id,
        "name": account.name,
        "address": account.address,
        "full_name": account.full_name,
        "incoming": server(account.incoming),
        "outgoing": server(account.outgoing),
        "secret": account.secret.value,
        "password_command": account.password_command,
        "ca_file": account.ca_file,
        "pins": [{"host": pin.host, "sha256": pin.sha256} for pin in account.pins],
        "leave_on_server": account.leave_on_server,
        "leave_days": account.leave_days,
        **keeping.as_object(account),
    }


def _said(context: Context, account_id: int, sentence: str) -> None:
    if context.json:
        output.objects([{"id": account_id}])
    else:
        output.say(sentence)
