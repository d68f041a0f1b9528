"""An account's settings beside its servers and its sign-in, as typed: the way to the servers,
trust, POP3's words, copies of what is sent.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from martlet.cli import find, keeping
from martlet.cli.context import Context, Usage
from martlet.mail.account import NO_ACCOUNT, Account, AccountId, Pin, Protocol, SentCopies
from martlet.mail.route import Proxy, ProxyKind
from martlet.mail.typed import is_host
from martlet.paths import expanded

_PORTS = {ProxyKind.SOCKS5: 1080, ProxyKind.HTTP: 8080}

# What only accounts that receive so have, by what is parsed and what is typed.
_ONLY = {
    Protocol.POP3: {
        "leave": "--leave or --take-away",
        "leave_days": "--leave-days",
        "leave_count": "--leave-count",
        "leave_mb": "--leave-mb",
        "delete_there": "--delete-there or --keep-there",
        "summaries": "--summaries or --whole",
        "limit_kb": "--limit-kb",
        "into": "--into",
    },
    Protocol.IMAP: {
        "keep": "--keep",
        "keep_days": "--keep-days",
        "whole_kb": "--whole-kb",
        "connections": "--connections",
    },
}


def options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--name", dest="full_name", metavar="FULL NAME", help="as others see it")
    add("--ca-file", metavar="F", help="trusted certificates besides the system's; '': none")
    add(
        "--pin", metavar="HOST=SHA256", action="append", default=[], type=_pin,
        help="trust this certificate of this host",
    )  # fmt: skip
    add("--unpin", metavar="HOST", action="append", default=[], help="trust it no more")
    add(
        "--certificate", metavar="F",
        help="show this certificate (PEM with its key) to the servers; '': none",
    )  # fmt: skip
    add(
        "--proxy", metavar="URL", type=_proxy,
        help="go through socks5://[USER@]HOST[:PORT] or http://...; none: straight",
    )  # fmt: skip
    add(
        "--sent-copies", choices=[one.value for one in SentCopies],
        help="who puts copies into Sent: auto finds out whether the server does",
    )  # fmt: skip
    _pop3(parser)
    keeping.options(parser)


def _pop3(parser: argparse.ArgumentParser) -> None:
    leave = parser.add_mutually_exclusive_group()
    leave.add_argument(
        "--take-away", dest="leave", action="store_false", default=None,
        help="POP3: delete on the server what has come",
    )  # fmt: skip
    leave.add_argument(
        "--leave", action="store_true", default=None, help="POP3: leave it there (usual)"
    )
    for name, line in (
        ("days", "delete there after N days; 0: never"),
        ("count", "leave the newest N messages there; 0: any number"),
        ("mb", "leave at most N megabytes there; 0: any amount"),
    ):
        parser.add_argument(f"--leave-{name}", metavar="N", type=int, help=f"POP3: {line}")
    gone = parser.add_mutually_exclusive_group()
    gone.add_argument(
        "--delete-there", action="store_true", default=None,
        help="POP3: what is deleted here for good is deleted there, too (usual)",
    )  # fmt: skip
    gone.add_argument(
        "--keep-there", dest="delete_there", action="store_false", default=None,
        help="POP3: it is left there",
    )  # fmt: skip
    comes = parser.add_mutually_exclusive_group()
    comes.add_argument(
        "--summaries", action="store_true", default=None,
        help="POP3: only the beginning of each message comes by itself",
    )  # fmt: skip
    comes.add_argument(
        "--whole", dest="summaries", action="store_false", default=None,
        help="POP3: messages come whole (usual)",
    )  # fmt: skip
    parser.add_argument(
        "--limit-kb",
        metavar="N",
        type=int,
        help="POP3: but larger ones only when asked for; 0: any",
    )
    parser.add_argument(
        "--into",
        metavar="ACCOUNT",
        help="POP3: put the mail into that account's inbox; '': its own",
    )


def changed(context: Context, args: Any, account: Account) -> Account:
    """The account with what was given. Raises Usage, and Refused for no such account."""
    _fit(args, account)
    pins = {pin.host: pin for pin in (*account.pins, *args.pin)}
    for host in args.unpin:
        if pins.pop(host, None) is None:
            raise Usage(f"no certificate of {host!r} is trusted here")
    proxy = account.proxy if args.proxy is None else args.proxy.chosen
    account = replace(
        account,
        full_name=args.full_name if args.full_name is not None else account.full_name,
        ca_file=_file("CA file", args.ca_file, account.ca_file),
        certificate=_file("certificate", args.certificate, account.certificate),
        pins=tuple(pins.values()),
        proxy=proxy,
        sent_copies=SentCopies(args.sent_copies) if args.sent_copies else account.sent_copies,
        leave_on_server=_either(args.leave, account.leave_on_server),
        leave_days=_number("--leave-days", args.leave_days, account.leave_days, 36_500),
        leave_count=_number("--leave-count", args.leave_count, account.leave_count, 1 << 30),
        leave_mb=_number("--leave-mb", args.leave_mb, account.leave_mb, 1 << 20),
        delete_there=_either(args.delete_there, account.delete_there),
        summary_first=_either(args.summaries, account.summary_first),
        limit_kb=_number("--limit-kb", args.limit_kb, account.limit_kb, 1 << 22),
        into=_into(context, args.into, account),
    )
    return keeping.changed(args, account)


def _fit(args: Any, account: Account) -> None:
    """Raises Usage: an option is for a way to receive that is not this account's."""
    way = account.incoming.protocol if account.incoming is not None else None
    for protocol, names in _ONLY.items():
        for name, option in names.items():
            if protocol is not way and getattr(args, name) is not None:
                by = protocol.name
                raise Usage(f"{option} is for accounts that receive by {by}")


def _either(given: bool | None, before: bool) -> bool:
    return before if given is None else given


def _number(name: str, given: int | None, before: int, highest: int) -> int:
    if given is None:
        return before
    if not 0 <= given <= highest:
        raise Usage(f"{name} is a number from 0 to {highest}")
    return given


def _into(context: Context, given: str | None, account: Account) -> AccountId:
    if given is None:
        return account.into
    if not given:
        return NO_ACCOUNT
    target = find.account(context, given)
    if target.id == account.id:
        return NO_ACCOUNT
    if target.into:
        raise Usage(f"the mail of {target.name!r} goes into another account itself")
    return target.id


def _file(what: str, text: str | None, before: str) -> str:
    if text is None:
        return before
    if not text:
        return ""
    file = expanded(text).absolute()
    try:
        with open(file, "rb"):
            return str(file)
    except OSError as error:
        why = (error.strerror or "unreadable").lower()
        raise Usage(f"the {what} {text} cannot be read: {why}") from error


def _pin(text: str) -> Pin:
    host, _, digest = text.rpartition("=")
    digest = digest.replace(":", "").lower()
    if not host or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST=SHA256 (64 hexadecimal digits)")
    return Pin(host, digest)


class _Chosen:
    """What --proxy said: a proxy, or None for going straight."""

    def __init__(self, chosen: Proxy | None) -> None:
        self.chosen = chosen


def _proxy(text: str) -> _Chosen:
    if text.casefold() in ("", "none"):
        return _Chosen(None)
    usual = "a proxy is socks5://[USER@]HOST[:PORT] or http://[USER@]HOST[:PORT]"
    try:
        parts = urlsplit(text)
        kind = ProxyKind(parts.scheme)
        host, port = parts.hostname or "", parts.port
        user = unquote(parts.username or "", errors="strict")
    except ValueError:
        raise argparse.ArgumentTypeError(usual) from None
    if parts.password is not None:
        # Not shown again: everybody on this computer can read a command line.
        raise argparse.ArgumentTypeError("the proxy's password is given by --proxy-password-stdin")
    if not is_host(host) or port == 0 or parts.path.strip("/") or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(usual)
    if any(ord(c) < 32 for c in user):
        raise argparse.ArgumentTypeError(usual)
    return _Chosen(Proxy(kind, host, port or _PORTS[kind], user))
