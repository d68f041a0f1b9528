"""`martlet outbox list|send|retry|cancel|resolve`: what is to be sent, and what became of it."""

from __future__ import annotations

import argparse
from typing import Any

from martlet.cli import output
from martlet.cli.commands import common
from martlet.cli.context import Context
from martlet.cli.listing import positive
from martlet.link.client import Asker
from martlet.link.messages import OutboxCancel, OutboxResolve, OutboxRetry, Sync
from martlet.mail.account import Account
from martlet.mail.errors import MailError, Refused
from martlet.mail.outgoing import OutboxEntry, OutboxId, OutboxState


def options(parser: argparse.ArgumentParser, name: str) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    shared = common()
    lines = {
        "list": "what waits, failed, or went out lately",
        "send": "now, whatever it waits for",
        "retry": "the same, for one that failed",
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
    entry = next((one for one in context.reader.outbox() if one.id == args.id), None)
    if entry is None:
        raise Refused(f"There is no message {args.id} in the outbox.")
    owner = next(one for one in context.reader.accounts() if one.id == entry.account_id)
    with context.client() as client:
        if args.action in ("send", "retry"):
            client.call(OutboxRetry(entry.id))
            return deliver(context, client, owner, entry.id)
        if args.action == "cancel":
            draft = client.call(OutboxCancel(entry.id))
            if context.json:
                output.objects([{"draft": draft}])
            else:
                output.say(f"{entry.subject or 'The message'}: not sent; a draft again.")
            return 0
        client.call(OutboxResolve(entry.id, was_sent=args.sent))
        if args.again:
            return deliver(context, client, owner, entry.id)
        if context.json:
            output.objects([{"id": entry.id, "state": OutboxState.SENT.value}])
        else:
            output.say(f"{entry.subject or 'The message'}: taken as sent.")
    return 0


def deliver(context: Context, client: Asker, account: Account, outbox_id: OutboxId) -> int:
    """One pass, then what became of it. Mail that cannot be fetched is no matter here."""
    trouble = ""
    try:
        reports = client.call(Sync([account.id], headers_only=True))
        trouble = next((report.error for report in reports if report.error), "")
    except MailError as error:
        trouble = error.summary
    entry = next((one for one in context.reader.outbox() if one.id == outbox_id), None)
    if context.json and entry is not None:
        output.objects([as_object(entry, account.name)])
    return _verdict(context, outbox_id, entry, trouble)


def _verdict(context: Context, outbox_id: OutboxId, entry: OutboxEntry | None, trouble: str) -> int:
    if entry is None or entry.state in (OutboxState.SENT, OutboxState.FILED):
        if entry is not None and entry.problem:
            output.error(entry.problem)
            return 1
        if context.json:
            if entry is None:
                output.objects([{"id": outbox_id, "state": OutboxState.FILED.value}])
        else:
            output.say("Sent.")
        return 0
    why = entry.problem or trouble
    if entry.state is OutboxState.FAILED:
        said = "; ".join(f"{one.address}: {one.code} {one.said}" for one in entry.results)
        output.error(
            f"Not sent: {why}" + (f" ({said or entry.detail})" if said or entry.detail else "")
        )
    elif entry.state is OutboxState.UNKNOWN:
        output.error(
            "The server did not say whether it took the message; look for it, then use: "
            f"martlet outbox resolve {outbox_id} --sent or --again"
        )
    else:
        output.error(f"Not sent yet, it stays in the outbox: {why or 'it is not its time yet.'}")
    return 1


def _list(context: Context) -> None:
    names = {account.id: account.name for account in context.reader.accounts()}
    entries = context.reader.outbox()
    if context.json:
        output.objects(as_object(entry, names.get(entry.account_id, "")) for entry in entries)
        return
    output.table(
        ("ID", "State", "Created", "Tries", "Next try", "To", "Subject"),
        [
            (
                str(entry.id),
                entry.state.value,
                output.local_date(entry.created),
                str(entry.attempts),
                output.local_date(entry.not_before) if entry.state is OutboxState.QUEUED else "",
                output.cut(", ".join(entry.recipients), 30),
                entry.subject + (f" [{entry.problem}]" if entry.problem else ""),
            )
            for entry in entries
        ],
        right=frozenset({0, 3}),
    )
    for entry in entries:
        # Who took it and who did not, where they did not all say the same.
        if any(one.code >= 300 for one in entry.results):
            for one in entry.results:
                answer = f"{one.code} {one.said}" if one.code else one.said
                output.say(f"{entry.id}: {one.address}: {answer}")


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
        "identity": entry.identity,
        "envelope_id": entry.envelope_id,
        "results": [
            {"address": one.address, "code": one.code, "said": one.said} for one in entry.results
        ],
    }
