"""How a sent message stands with each recipient, by the lines of its ledger. Pure.

What came last holds, but that something bad is not made good again by what came before it was
known: a report of delivery after one of failure, an answer of a mailing list's other readers.
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
        if old is None or old.kind in _PASSING or WORST.index(line.kind) <= WORST.index(old.kind):
            now[key] = line
    return now
