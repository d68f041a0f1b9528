"""`martlet account traffic`: bytes over each account's connections, by day."""

from __future__ import annotations

from collections.abc import Sequence

from martlet.cli import output
from martlet.cli.context import Context
from martlet.mail.account import Account


def show(context: Context, accounts: Sequence[Account]) -> int:
    """Newest day first, and the sum where there are several."""
    rows = [(account, day) for account in accounts for day in context.reader.traffic(account.id)]
    rows.sort(key=lambda row: row[1].day, reverse=True)
    if context.json:
        output.objects(
            {
                "account": account.name,
                "day": day.day,
                "received": day.received,
                "sent": day.sent,
            }
            for account, day in rows
        )
        return 0
    cells = [
        (day.day, account.name, output.size(day.received), output.size(day.sent))
        for account, day in rows
    ]
    if len(rows) > 1:
        received = sum(day.received for _, day in rows)
        sent = sum(day.sent for _, day in rows)
        cells.append(("all", "", output.size(received), output.size(sent)))
    output.table(("Day", "Account", "Received", "Sent"), cells, right=frozenset({2, 3}))
    return 0
