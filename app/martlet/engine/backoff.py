"""How long to wait before the next try (DESIGN 3): 5 s, 15 s, 1 min, 5 min, 15 min, +-20 %."""

from __future__ import annotations

import random

STEPS_S = (5.0, 15.0, 60.0, 300.0, 900.0)


def delay_s(attempt: int, jitter: random.Random) -> float:
    """Seconds to wait after the `attempt`th failure in a row (1 is the first)."""
    step = STEPS_S[min(max(attempt, 1), len(STEPS_S)) - 1]
    return step * jitter.uniform(0.8, 1.2)
