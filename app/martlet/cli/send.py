"""`martlet send`: a ready message, or one written on the command line. Waits until the server
has taken it, or says that it is queued or was refused."""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from pathlib import Path
from typing import Any

from martlet.cli import find, given, merge, output
from martlet.cli.context import Context, Usage
from martlet.cli.outbox import deliver, queued
from martlet.cli.when import held_back, later_option
from martlet.link.messages import Send, SendRaw
from martlet.mail.account import Account
from martlet.mail.errors import Refused
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, Priority, SendOptions
from martlet.mail.own_headers import refusal
from martlet.mail.sender import identity_of, named

_PEOPLE = {
    "to": "whom it goes to; may be given more than once, as may the next two",
    "cc": "who gets a copy",
    "bcc": "who gets a copy that the others do not know of",
}
_LONGEST_PACE_S = 3600.0
_MAILBOX_LINE = re.compile(rb"\A(?:\xef\xbb\xbf)?From [^\r\n]*\r?\n")
_FIELDS = re.compile(rb"(?:\xef\xbb\xbf)?(?:[!-9;-~]+[ \t]*:|\r?\n)")


def options(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("file", metavar="FILE.eml", nargs="?", help="a ready message; - for stdin")
    for who, line in _PEOPLE.items():
        parser.add_argument(f"--{who}", metavar="ADDRESS", action="append", default=[], help=line)
    parser.add_argument("--subject", metavar="TEXT")
    parser.add_argument("--body", metavar="TEXT", help="the text; - for stdin")
    parser.add_argument(
        "--html", metavar="HTML", help="a body in HTML, - for stdin; its text is made from it"
    )
    parser.add_argument("--attach", metavar="FILE", action="append", default=[], help=given.FILES)
    parser.add_argument(
        "--account",
        metavar="A",
        help="the account to send by; else whose --from is, or the first that can",
    )
    parser.add_argument("--from", dest="sender", metavar="ADDRESS", help="the identity to send as")
    parser.add_argument("--dsn", action="store_true", help="ask servers to report its delivery")
    parser.add_argument(
        "--require-tls", action="store_true", help="only over verified TLS all the way, or not"
    )
    parser.add_argument(
        "--merge",
        metavar="FILE.csv",
        help="one letter for each row of this table; {{name}} is what its column “name” says",
    )
    parser.add_argument("--address-column", metavar="NAME", help="of --merge; else it is guessed")
    parser.add_argument(
        "--leave-out", action="store_true", help="--merge: nothing to rows with a problem"
    )
    parser.add_argument(
        "--pace",
        metavar="S",
        type=_pace,
        default=0.0,
        help="--merge: seconds between letters; those to come go out while Martlet runs",
    )
    parser.add_argument("--dry-run", action="store_true", help="--merge: print them, send nothing")
    parser.add_argument(
        "--priority",
        choices=[each.value for each in Priority],
        default=Priority.NORMAL.value,
        help="how urgent it is: highest, high, normal, low or lowest",
        metavar="P",
    )
    parser.add_argument("--receipt", action="store_true", help="ask the reader for a receipt")
    parser.add_argument(
        "--header", metavar="NAME:VALUE", action="append", default=[], help="a field of your own"
    )
    parser.add_argument("--utc", action="store_true", help="do not tell the time zone here")
    parser.add_argument(
        "--no-agent", action="store_true", help="do not tell that Martlet wrote it (User-Agent)"
    )
    parser.add_argument(
        "--reply-to", metavar="ADDRESS", action="append", default=[], help="where answers go"
    )
    later_option(parser)


def run(context: Context, args: Any) -> int:
    later, delay_s = held_back(args.later)
    if args.file is not None:
        if args.merge is not None:
            raise Usage("--merge writes its letters from --subject and --body, not from a file")
        if args.subject is not None or args.body is not None or args.html or args.attach:
            raise Usage("give a message file, or --subject, --body and so on, but not both")
        others = (args.sender is not None, args.dsn, args.require_tls, args.receipt, args.header)
        if any(
            (
                *others,
                args.utc,
                args.no_agent,
                args.reply_to,
                args.priority != Priority.NORMAL.value,
            )
        ):
            raise Usage("only --to, --cc, --bcc, --account and --later go with a message file")
        raw = _read(args.file)
        recipients = [
            one.address for who in _PEOPLE for one in given.people(who, getattr(args, who))
        ]
        account, by = _account_of(context, args.account, raw)
        with context.client() as client:
            outbox_id = client.call(SendRaw(account.id, raw, recipients, delay_s))
            if later is not None:
                return queued(context, account, outbox_id, later, by)
            return deliver(context, client, account, outbox_id, by)
    to, cc, bcc = (tuple(given.people(who, getattr(args, who))) for who in _PEOPLE)
    if args.merge is not None and (to or cc or bcc):
        raise Usage("--merge: the table says to whom; leave --to, --cc and --bcc out")
    if args.merge is None and (args.dry_run or args.leave_out or args.address_column or args.pace):
        raise Usage("--dry-run, --leave-out, --address-column and --pace are for --merge")
    if not to and not cc and not bcc and args.merge is None:
        raise Usage("give a message file, or --to, --cc or --bcc")
    if args.body is not None and args.html:
        raise Usage("give --body or --html, not both: the text of HTML is made from it")
    if args.subject is None and args.body is None and not args.html and not args.attach:
        raise Usage("nothing to send: give --subject, --body, --html or --attach")
    files = given.files(args.attach)
    body = given.words(args.body or "")
    html = given.words(args.html) if args.html else None
    wanted = _options(args)
    sender = _sender(args.sender)
    account, by = _account(context, args.account, sender)
    with context.client() as client:
        draft = Draft(
            DraftId(0),
            account.id,
            to=to,
            cc=cc,
            bcc=bcc,
            subject=args.subject or "",
            text=body,
            html=html,
            parts=given.attached(client, files),
            sender=_named(account, sender),
            options=wanted,
            reply_to=tuple(given.people("reply-to", args.reply_to)),
            send_at=later.timestamp() if later is not None else 0.0,
        )
        if args.merge is not None:
            return merge.send(context, client, account, draft, args, delay_s)
        outbox_id = client.call(Send(draft))
        if later is not None:
            return queued(context, account, outbox_id, later, by)
        return deliver(context, client, account, outbox_id, by)


def _pace(text: str) -> float:
    """Seconds, from none to an hour."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds <= _LONGEST_PACE_S:
        raise argparse.ArgumentTypeError(f"{text!r} is no time from 0 to 3600 seconds")
    return seconds


def _options(args: Any) -> SendOptions:
    """Raises Usage: a header is none, or may not be set."""
    headers = []
    for field in args.header:
        name, colon, value = field.partition(":")
        why = refusal(name, value) if colon else f"{field!r} is not NAME:VALUE"
        if why:
            raise Usage(f"--header: {why}")
        headers.append((name.strip(), " ".join(value.split())))
    return SendOptions(
        args.dsn,
        args.require_tls,
        args.receipt,
        Priority(args.priority),
        tuple(headers),
        args.utc,
        not args.no_agent,
    )


def _sender(text: str | None) -> Address | None:
    if text is None:
        return None
    people = given.people("from", [text])
    if len(people) != 1:
        raise Usage("--from takes one address")
    return people[0]


def _named(account: Account, sender: Address | None) -> Address | None:
    """With the name of the identity whose address it is, unless one was given."""
    identity = identity_of(account, sender.address) if sender is not None else None
    if sender is None or identity is None or sender.name:
        return sender
    return Address(identity.full_name, sender.address)


def _read(name: str) -> bytes:
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        why = (error.strerror or "unreadable").lower()
        raise Refused(f"{name} cannot be read: {why}.") from error
    # What mailboxes and `git format-patch` put before a message is none of its fields
    raw = _MAILBOX_LINE.sub(b"", raw, count=1)
    if not raw.strip() or not _FIELDS.match(raw):
        hint = "; to send a text, use --body" if raw.strip() else ""
        raise Refused(f"{'stdin' if name == '-' else name} holds no message{hint}.")
    return raw


def _account(context: Context, name: str | None, sender: Address | None) -> tuple[Account, str]:
    """The named one; else the one whose address the sender is; else the first that can send.

    With its name, where several can and it was not named. Raises Refused: the sender is nobody's.
    """
    able = _able(context, name)
    mine = able if sender is None else _whose(able, sender.address)
    if sender is not None and not mine:
        whose, name = (able[0].name,) * 2 if len(able) == 1 else ("any account", "ACCOUNT")
        raise Refused(
            f"{sender.address} is no address of {whose}; to write from it, add it: martlet identity"
            f" add {shlex.quote(name)} --address {shlex.quote(sender.address)}"
        )
    return mine[0], mine[0].name if len(able) > 1 else ""


def _account_of(context: Context, name: str | None, raw: bytes) -> tuple[Account, str]:
    """The same of a ready message. One that is from a stranger goes out as it is, with a note."""
    able = _able(context, name)
    senders = _senders(raw)
    mine = [one for sender in senders for one in _whose(able, sender)]
    account = (mine or able)[0]
    if senders and not mine:
        output.error(f"note: {senders[0]}, whom it is from, is no address of {account.name}")
    return account, account.name if len(able) > 1 else ""


def _able(context: Context, name: str | None) -> list[Account]:
    """Only the named one, or all that can send, in their order. Raises Refused: there is none."""
    if name is not None:
        return [find.account(context, name)]
    able = [one for one in context.reader.accounts() if one.outgoing is not None]
    if not able:
        raise Refused("No account can send; give one an SMTP server: martlet account edit --smtp")
    return able


def _whose(accounts: list[Account], address: str) -> list[Account]:
    """Those that write from the address; who merely takes all names at its domain, last."""
    mine = [one for one in accounts if identity_of(one, address) is not None]
    return sorted(mine, key=lambda one: named(one, address) is None)


def _senders(raw: bytes) -> list[str]:
    head = BytesHeaderParser().parsebytes(raw)
    written = [str(field) for field in head.get_all("From", [])]
    return [address for _, address in getaddresses(written) if address]
