"""How a sent message stands with each recipient, by the lines of its ledger. Pure.

What may still change (put off, refused, unknown) gives way to any news; of the rest the worst
holds, so that a report of delivery does not hide one of failure.
"""

from __future__ import annotations

from collections.abc import Iterable

from martlet.mail.outgoing import Delivery, DeliveryKind

# Which counts for more.
WORST = (
    DeliveryKind.FAILED,
    DeliveryKind.REFUSED,
    DeliveryKind.UNKNOWN,
    DeliveryKind.DELAYED,
    DeliveryKind.DEFERRED,
    DeliveryKind.ANSWERED,
    DeliveryKind.DELIVERED,
    DeliveryKind.RELAYED,
    DeliveryKind.EXPANDED,
    DeliveryKind.FILED,
    DeliveryKind.ACCEPTED,
)
# These hold until there is news of the same recipient.
_PASSING = frozenset(
    {DeliveryKind.UNKNOWN, DeliveryKind.REFUSED, DeliveryKind.DELAYED, DeliveryKind.DEFERRED}
)


def standing(lines: Iterable[Delivery]) -> dict[str, Delivery]:
    """The line that holds now for each recipient, by address in small letters; "" is all of them.

    lines: in the order they were written. What was unknown for all is so no more once something is
    known of one.
    """
    now: dict[str, Delivery] = {}
    for line in lines:
        # There is one copy of all.
        key = "" if line.kind is DeliveryKind.FILED else line.recipient.casefold()
        whole = now.get("")
        if key and whole is not None and whole.kind is DeliveryKind.UNKNOWN:
            del now[""]
        old = now.get(key)
        if old is None or _gives_way(old, line):
            now[key] = line
    return now


def _gives_way(old: Delivery, line: Delivery) -> bool:
    if WORST.index(line.kind) <= WORST.index(old.kind):
        return True
    # Anybody can write reports and answers: what our server refused, only it takes after all.
    told = old.kind is DeliveryKind.REFUSED and line.source
    return old.kind in _PASSING and not told
