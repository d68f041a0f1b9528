"""`martlet outbox list|send|retry|delay|cancel|resolve`: what is to be sent, and what became of
it."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from martlet.cli import output
from martlet.cli.commands import common
from martlet.cli.context import Context
from martlet.cli.listing import positive
from martlet.cli.when import moment
from martlet.link.client import Asker
from martlet.link.messages import OutboxCancel, OutboxDelay, OutboxResolve, OutboxRetry, Sync
from martlet.mail.account import Account
from martlet.mail.errors import MailError, Refused
from martlet.mail.outgoing import OutboxEntry, OutboxId, OutboxState, RecipientResult


def options(parser: argparse.ArgumentParser, name: str) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    shared = common()
    lines = {
        "list": "what waits, failed, or nobody knows of; of what went out see: martlet delivery",
        "send": "now, whatever it waits for",
        "retry": "the same, for one that failed",
        "delay": "at another time, while it was not tried yet",
        "cancel": "take it back; it becomes a draft",
        "resolve": "say what became of one whose fate is unknown",
    }
    for action, line in lines.items():
        sub = actions.add_parser(action, help=line, description=line, parents=[shared])
        if action == "list":
            continue
        sub.add_argument("id", metavar="ID", type=positive)
        if action == "delay":
            sub.add_argument(
                "when", metavar="WHEN", help="18:30, '2026-11-22 09:00', +30m, +2h, +1d"
            )
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
        if args.action == "delay":
            when = moment(args.when, datetime.now(), "WHEN")
            client.call(OutboxDelay(entry.id, when.timestamp()))
            if context.json:
                later = context.reader.outbox_entry(entry.id)
                output.objects([as_object(later or entry, owner.name)])
            else:
                named = entry.subject or "The message"
                output.say(f"{named}: goes out at {when:%Y-%m-%d %H:%M}, if Martlet runs then.")
            return 0
        if args.action == "cancel":
            draft = client.call(OutboxCancel(entry.id)) or None
            if context.json:
                output.objects([{"draft": draft}])
            else:
                again = "; a draft again" if draft else " on"
                output.say(f"{entry.subject or 'The message'}: not sent{again}.")
            return 0
        client.call(OutboxResolve(entry.id, was_sent=args.sent))
        if args.again:
            return deliver(context, client, owner, entry.id)
        if context.json:
            output.objects([{"id": entry.id, "state": OutboxState.SENT.value}])
        else:
            output.say(f"{entry.subject or 'The message'}: taken as sent.")
    return 0


def one_pass(client: Asker, account: Account) -> str:
    """Sends what waits; answers what stood in the way, "" for nothing."""
    try:
        reports = client.call(Sync([account.id], headers_only=True))
    except MailError as error:
        return error.summary
    return next((report.error for report in reports if report.error), "")


def deliver(
    context: Context, client: Asker, account: Account, outbox_id: OutboxId, by: str = ""
) -> int:
    """One pass, then what became of it. Mail that cannot be fetched is no matter here.

    by: the account's name, where it was not the person who chose it.
    """
    trouble = one_pass(client, account)
    # Not of the list: what is filed stands there no more, and may not have gone to everybody.
    entry = context.reader.outbox_entry(outbox_id)
    if entry is None:
        raise Refused("The message was taken back from the outbox.")
    if context.json:
        output.objects([as_object(entry, account.name)])
    return _verdict(context, entry, trouble, f" by {by}" if by else "")


def queued(
    context: Context, account: Account, outbox_id: OutboxId, later: datetime, by: str = ""
) -> int:
    """Says when one that waits for its time goes out. by: see `deliver`."""
    if context.json:
        waiting = (one for one in context.reader.outbox() if one.id == outbox_id)
        output.objects(as_object(entry, account.name) for entry in waiting)
        return 0
    sent_by = f" by {by}" if by else ""
    output.say(f"Queued as {outbox_id}; it goes out{sent_by} at {later:%Y-%m-%d %H:%M}.")
    return 0


def refusals(entry: OutboxEntry) -> list[str]:
    """A line for each person whom a letter that failed did not go to."""
    if not entry.results:
        return [f"Not sent to {one}: {entry.problem}" for one in entry.recipients]
    missed = [one for one in entry.results if not one.good]
    return [f"Not sent to {one.address}: {_answer(one) or entry.problem}" for one in missed]


def _verdict(context: Context, entry: OutboxEntry, trouble: str, by: str) -> int:
    if entry.state in (OutboxState.SENT, OutboxState.FILED):
        without = [one for one in entry.results if not one.good]
        for one in without:
            output.error(f"Not sent to {one.address}: {_answer(one)}")
        if not context.json and any(one.good for one in entry.results):
            output.say(f"Sent to the others{by}." if without else f"Sent{by}.")
        return 1 if without else 0
    for one in entry.results if entry.state is OutboxState.QUEUED else ():
        if one.code >= 500:
            output.error(f"Not sent to {one.address}: {_answer(one)}")
    why = entry.problem or trouble
    if entry.state is OutboxState.FAILED:
        said = "; ".join(f"{one.address}: {_answer(one)}" for one in entry.results)
        output.error(
            f"Not sent: {why}" + (f" ({said or entry.detail})" if said or entry.detail else "")
        )
    elif entry.state is OutboxState.UNKNOWN:
        output.error(
            "The server did not say whether it took the message; look for it, then use: "
            f"martlet outbox resolve {entry.id} --sent or --again"
        )
    else:
        output.error(f"Not sent yet, it stays in the outbox: {why or 'it is not its time yet.'}")
    return 1


def _answer(result: RecipientResult) -> str:
    """What the server said of one recipient, its number once."""
    code = str(result.code) if result.code else ""
    return result.said if result.said.startswith(code) else f"{code} {result.said}".strip()


def _list(context: Context) -> None:
    names = {account.id: account.name for account in context.reader.accounts()}
    entries = context.reader.outbox()
    if context.json:
        output.objects(as_object(entry, names.get(entry.account_id, "")) for entry in entries)
        return
    output.table(
        ("ID", "State", "Created", "Tries", "Goes out", "To", "Subject"),
        [
            (
                str(entry.id),
                "later" if entry.send_at and not entry.attempts else entry.state.value,
                output.local_date(entry.created),
                str(entry.attempts),
                output.local_date(entry.not_before) if entry.state is OutboxState.QUEUED else "",
                output.cut(", ".join(entry.recipients), 30),
                entry.subject + (f" [{entry.problem}]" if entry.problem else ""),
            )
            for entry in entries
        ],
        right=frozenset({0, 3}),
        empty="The outbox is empty.",
    )
    for entry in entries:
        # Who took it and who did not, where they did not all say the same.
        if any(one.code >= 300 for one in entry.results):
            for one in entry.results:
                output.say(f"{entry.id}: {one.address}: {_answer(one)}")


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
        "send_at": output.iso(entry.send_at or None),
        "resent": entry.resent,
        "attempts": entry.attempts,
        "problem": entry.problem,
        "detail": entry.detail,
        "identity": entry.identity,
        "envelope_id": entry.envelope_id,
        "results": [
            {"address": one.address, "code": one.code, "said": one.said} for one in entry.results
        ],
    }
