"""`martlet outbox list|retry|cancel|resolve`: what is to be sent, and what became of it."""

from __future__ import annotations

import argparse
from typing import Any

from martlet.cli import output
from martlet.cli.commands import common
from martlet.cli.context import Context
from martlet.cli.listing import positive
from martlet.link.messages import OutboxCancel, OutboxResolve, OutboxRetry
from martlet.mail.outgoing import OutboxEntry, OutboxId


def options(parser: argparse.ArgumentParser, name: str) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    shared = common()
    lines = {
        "list": "what waits, failed, or went out lately",
        "retry": "try again with the next sync",
        "cancel": "take it back; it becomes a draft",
        "resolve": "say what became of one whose fate is unknown",
    }
    for action, line in lines.items():
        sub = actions.add_parser(action, help=line, description=line, parents=[shared])
        if action == "list":
            continue
        sub.add_argument("id", metavar="ID", type=positive)
        if action == "resolve":
            what = sub.add_mutually_exclusive_group(required=True)
            what.add_argument("--sent", action="store_true", help="it has arrived")
            what.add_argument("--again", action="store_true", help="send it again")


def run(context: Context, args: Any) -> int:
    if args.action == "list":
        _list(context)
        return 0
    entry = OutboxId(args.id)
    with context.client() as client:
        if args.action == "retry":
            client.call(OutboxRetry(entry))
            output.say(f"Message {entry} is tried again.")
        elif args.action == "cancel":
            draft = client.call(OutboxCancel(entry))
            if context.json:
                output.objects([{"draft": draft}])
            else:
                output.say(f"Message {entry} is not sent; it is a draft again.")
        else:
            client.call(OutboxResolve(entry, was_sent=args.sent))
            output.say(f"Message {entry} {'was sent' if args.sent else 'is sent again'}.")
    return 0


def _list(context: Context) -> None:
    names = {account.id: account.name for account in context.reader.accounts()}
    entries = context.reader.outbox()
    if context.json:
        output.objects(as_object(entry, names.get(entry.account_id, "")) for entry in entries)
        return
    output.table(
        ("ID", "State", "Created", "To", "Subject"),
        [
            (
                str(entry.id),
                entry.state.value,
                output.local_date(entry.created),
                output.cut(", ".join(entry.recipients), 30),
                entry.subject + (f" [{entry.problem}]" if entry.problem else ""),
            )
            for entry in entries
        ],
        right=frozenset({0}),
    )


def as_object(entry: OutboxEntry, account: str) -> dict[str, object]:
    return {
        "id": entry.id,
        "account": account,
        "message_id": entry.message_id,
        "subject": entry.subject,
        "from": entry.sender,
        "recipients": list(entry.recipients),
        "state": entry.state.value,
        "size": entry.size,
        "created": output.iso(entry.created),
        "not_before": output.iso(entry.not_before or None),
        "attempts": entry.attempts,
        "problem": entry.problem,
        "detail": entry.detail,
        "results": [
            {"address": one.address, "code": one.code, "said": one.said} for one in entry.results
        ],
    }
