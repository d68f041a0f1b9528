"""The seconds left to letters that go out in a moment: one number, whoever shows it."""

from __future__ import annotations

import math
from collections.abc import Iterable

from martlet.mail.outgoing import OutboxEntry, OutboxState

LONGEST_S = 60
"""The longest time to take a letter back; what waits longer was put off by its writer."""
_AFTER_MS = 15


def counts(entry: OutboxEntry, now: float) -> bool:
    """Whether it can still be taken back before it goes by itself in a moment."""
    waits = entry.state is OutboxState.QUEUED and not entry.attempts
    return waits and 0 < entry.not_before - now <= LONGEST_S


def seconds(entry: OutboxEntry, now: float) -> int:
    """What is left, counted as people do: 1 until it is over."""
    return max(0, math.ceil(entry.not_before - now))


def next_turn_ms(entries: Iterable[OutboxEntry], now: float) -> int | None:
    """After how long one of these numbers is another; None when none is counted."""
    left = [entry.not_before - now for entry in entries if counts(entry, now)]
    if not left:
        return None
    return min(int((one - (math.ceil(one) - 1)) * 1000) for one in left) + _AFTER_MS
