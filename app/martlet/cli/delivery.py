"""`martlet delivery`: what became of a sent message, line by line."""

from __future__ import annotations

import argparse
from typing import Any

from martlet.cli import find, output
from martlet.cli.context import Context, Usage
from martlet.mail.errors import Refused
from martlet.mail.outgoing import Delivery, DeliveryKind

_WORDS = {
    DeliveryKind.ACCEPTED: "accepted by the server",
    DeliveryKind.REFUSED: "refused",
    DeliveryKind.DEFERRED: "put off",
    DeliveryKind.UNKNOWN: "not known whether it went out",
    DeliveryKind.FILED: "filed",
    DeliveryKind.FAILED: "could not be delivered",
    DeliveryKind.DELAYED: "delayed on the way",
    DeliveryKind.DELIVERED: "delivered",
    DeliveryKind.RELAYED: "handed on",
    DeliveryKind.EXPANDED: "sent on to a list",
    DeliveryKind.ANSWERED: "answered",
}


def options(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument(
        "id", metavar="ID", help="a message, as list says; or a Message-ID in angle brackets"
    )


def run(context: Context, args: Any) -> int:
    message_id = _message_id(context, args.id)
    lines = context.reader.deliveries(message_id)
    if context.json:
        output.objects(as_object(line) for line in lines)
        return 0
    if not lines:
        raise Refused("Nothing is known of this message: Martlet did not send it.")
    output.table(
        ("Time", "Recipient", "What", "Said"),
        [
            (
                output.local_date(line.time),
                line.recipient,
                _WORDS[line.kind],
                f"[{line.source}] {line.said}".strip() if line.source else line.said,
            )
            for line in lines
        ],
    )
    return 0


def _message_id(context: Context, text: str) -> str:
    if text.startswith("<") and text.endswith(">"):
        return text
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise Usage(f"{text!r} is neither the number of a message nor a Message-ID")
    (row,) = find.messages(context, [int(text)])
    head = context.reader.envelope(row.id)
    if head is None or not head.message_id:
        raise Refused("This message has no Message-ID to know it by.")
    return head.message_id


def as_object(line: Delivery) -> dict[str, object]:
    return {
        "time": output.iso(line.time),
        "recipient": line.recipient,
        "kind": line.kind.value,
        "status": line.status,
        "said": line.said,
        "source": line.source or None,
    }
