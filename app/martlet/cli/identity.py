"""`martlet identity list|add|edit|remove`: the names and addresses an account writes from."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from martlet.cli import find, given, output, servers
from martlet.cli.commands import common
from martlet.cli.context import Context, Usage
from martlet.cli.signature import read_signature
from martlet.link.messages import AccountEdit
from martlet.mail.account import DEFAULT_PORTS, Account, Protocol, Security, Server
from martlet.mail.errors import Refused
from martlet.mail.folder import Role
from martlet.mail.identity import Identity, Signing
from martlet.mail.sign_in import part_of_identity
from martlet.mail.typed import is_address


def options(parser: argparse.ArgumentParser, name: str) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    shared = common()
    lines = {
        "list": "the identities of an account; 0 is its main one",
        "add": "one more address to write from",
        "edit": "change what is given",
        "remove": "forget one; its mail stays",
    }
    for action, line in lines.items():
        sub = actions.add_parser(action, help=line, description=line, parents=[shared])
        sub.add_argument("account", metavar="ACCOUNT")
        if action in ("edit", "remove"):
            sub.add_argument("id", metavar="ID", type=_number, help="as `identity list` says")
        if action in ("add", "edit"):
            _settings(sub, action)


def _settings(sub: argparse.ArgumentParser, action: str) -> None:
    sub.add_argument("--address", metavar="A", required=action == "add")
    sub.add_argument("--full-name", metavar="N")
    sub.add_argument("--reply-to", metavar="A", help="where answers are to go; '' for here")
    sub.add_argument("--signature", metavar="TEXT", help="plain text; '' for none")
    sub.add_argument("--signature-file", metavar="FILE", help="the same from a file; - for stdin")
    sub.add_argument(
        "--signature-html", metavar="FILE", help="a formatted one, its pictures beside it"
    )
    sub.add_argument("--sent", metavar="FOLDER", help="where its copies go; '' for Sent")
    sub.add_argument("--smtp", metavar="HOST[:PORT]", type=servers.place, help="its own server")
    sub.add_argument("--no-smtp", action="store_true", help="by the account's server again")
    sub.add_argument("--security", choices=[one.value for one in Security])
    sub.add_argument("--user", metavar="U", help="the name to sign in with there; else ADDRESS")
    sub.add_argument("--auth", metavar="MECH", type=servers.mechanism)
    sub.add_argument("--password-stdin", action="store_true", help="the password of its own server")


def run(context: Context, args: Any) -> int:
    account = find.account(context, args.account)
    if getattr(args, "signature_html", None):
        args.formatted = read_signature(context, args.signature_html)
    if getattr(args, "sent", None):
        args.sent = _folder(context, account, args.sent)
    if args.action == "list":
        return _list(context, account)
    if args.action == "add":
        made = _next_id(account)
        identity = _with(args, Identity(made, args.address))
        edited = replace(account, identities=(*account.identities, identity))
        return _edit(context, args, edited, identity, f"{identity.address} is added.")
    old = next((one for one in account.every_identity() if one.id == args.id), None)
    if old is None:
        raise Refused(f"{account.name} has no identity {args.id}.")
    others = tuple(one for one in account.identities if one.id != old.id)
    if args.action == "remove":
        if old.id == 0:
            raise Refused("The main identity goes with its account: martlet account remove")
        edited = replace(account, identities=others)
        return _edit(context, args, edited, old, f"{old.address} is removed.")
    identity = _with(args, old)
    if old.id == 0:
        edited = _main(args, account, identity)
    else:
        every = tuple(identity if one.id == old.id else one for one in account.identities)
        edited = replace(account, identities=every)
    return _edit(context, args, edited, identity, f"{identity.address} is changed.")


def _folder(context: Context, account: Account, name: str) -> str:
    """The account's folder as it is called there. Raises Refused: it has none of this name."""
    known = [one for one in context.reader.folders(account.id) if one.selectable]
    if all(one.role is Role.INBOX for one in known):
        return name  # what there is on the server is not known yet
    folded = name.casefold()
    found = [one for one in known if one.name == name]
    found = found or [one for one in known if one.name.casefold() == folded]
    if not found:
        names = ", ".join(one.name for one in known)
        raise Refused(f"{account.name} has no folder {name!r}; there are: {names}.")
    return found[0].name


def _main(args: Any, account: Account, identity: Identity) -> Account:
    if any((args.address, args.smtp, args.no_smtp, args.sent is not None, args.password_stdin)):
        raise Usage("address, server and folder of the main identity: martlet account edit")
    return replace(
        account,
        full_name=identity.full_name,
        reply_to=identity.reply_to,
        signature=identity.signature,
        signing=identity.signing,
    )


def _edit(context: Context, args: Any, account: Account, identity: Identity, said: str) -> int:
    secrets = {}
    if getattr(args, "password_stdin", False):
        if identity.outgoing is None:
            raise Usage("only a server of its own has a password of its own: give --smtp")
        secrets = {part_of_identity(identity.id): _password()}
    with context.client() as client:
        client.call(AccountEdit(account, secrets=secrets))
    if context.json:
        output.objects([{"id": identity.id}])
    else:
        output.say(said)
    return 0


def _with(args: Any, old: Identity) -> Identity:
    address = args.address if args.address is not None else old.address
    if not is_address(address):
        raise Usage(f"{address!r} is not an e-mail address")
    return replace(
        old,
        address=address,
        full_name=args.full_name if args.full_name is not None else old.full_name,
        reply_to=args.reply_to if args.reply_to is not None else old.reply_to,
        signature=_signature(args, old.signature),
        signing=_signing(args, old.signing),
        outgoing=_server(args, old.outgoing, address),
        sent=args.sent if args.sent is not None else old.sent,
    )


def _server(args: Any, old: Server | None, address: str) -> Server | None:
    if args.no_smtp:
        return None
    if args.smtp is None:
        if old is None:
            if args.user is not None or args.security is not None or args.auth is not None:
                raise Usage("--user, --security and --auth are of its own server: give --smtp")
            return None
        security = Security(args.security) if args.security else old.security
        user = args.user if args.user is not None else old.user
        return replace(old, security=security, user=user, auth=args.auth or old.auth)
    host, port = args.smtp
    before = old.security if old is not None else Security.TLS
    security = Security(args.security) if args.security else before
    user = args.user if args.user is not None else old.user if old is not None else address
    port = port or DEFAULT_PORTS[Protocol.SMTP, security]
    return Server(Protocol.SMTP, host, port, security, user, args.auth or "")


def _signing(args: Any, old: Signing) -> Signing:
    """A plain one in place of a formatted one takes its formatting away."""
    if args.signature_html:
        _, markup, parts = args.formatted
        return replace(old, html=markup, parts=parts)
    if args.signature is not None or args.signature_file is not None:
        return replace(old, html=None, parts=())
    return old


def _signature(args: Any, old: str) -> str:
    if args.signature is not None:
        return str(args.signature)
    if args.signature_html and args.signature_file is None:
        return str(args.formatted[0])
    if args.signature_file is None:
        return old
    if args.signature_file == "-":
        return given.words(given.STDIN).rstrip("\n")
    try:
        return Path(args.signature_file).read_bytes().decode("utf-8", "replace").rstrip("\n")
    except OSError as error:
        why = (error.strerror or "unreadable").lower()
        raise Usage(f"{args.signature_file} cannot be read: {why}") from error


def _password() -> str:
    try:
        password = sys.stdin.buffer.readline().rstrip(b"\r\n").decode("utf-8")
    except UnicodeDecodeError:
        raise Usage("the password on stdin is not UTF-8") from None
    if not password:
        raise Usage("there is no password on stdin")
    return password


def _next_id(account: Account) -> int:
    return max((one.id for one in account.every_identity()), default=0) + 1


def _list(context: Context, account: Account) -> int:
    if context.json:
        output.objects(as_object(one) for one in account.every_identity())
        return 0
    output.table(
        ("ID", "Address", "Name", "Sends by", "Sent folder", "Answers to", "Signature"),
        [
            (
                str(one.id),
                one.address,
                one.full_name,
                f"{one.outgoing.host}:{one.outgoing.port}" if one.outgoing else "",
                one.sent,
                one.reply_to,
                _first_line(one.signature),
            )
            for one in account.every_identity()
        ],
        right=frozenset({0}),
        headed=True,
    )
    return 0


def _first_line(signature: str) -> str:
    first, _, more = signature.strip().partition("\n")
    return f"{first} …" if more else first


def as_object(identity: Identity) -> dict[str, object]:
    server = identity.outgoing
    return {
        "id": identity.id,
        "address": identity.address,
        "full_name": identity.full_name,
        "reply_to": identity.reply_to,
        "signature": identity.signature,
        "sent": identity.sent,
        "outgoing": None
        if server is None
        else {
            "host": server.host,
            "port": server.port,
            "security": server.security.value,
            "user": server.user,
            "auth": server.auth,
        },
    }


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return int(text)
