"""How long a counted job still takes, by how quick it has been lately."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

WINDOW_S = 20.0
ENOUGH_S = 1.0


class Estimate:
    """Told how far a job is; answers the seconds still to go.

    Only the last WINDOW_S count, so that a line that has become slow shows soon.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def left_s(self, done: int, total: int) -> float:
        """Seconds still to go, or a negative number while that cannot be told."""
        now = self._clock()
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[0][0] > WINDOW_S:
            self._seen.popleft()
        since, before = self._seen[0]
        if now - since < ENOUGH_S or done <= before:
            return -1.0
        return max(0, total - done) * (now - since) / (done - before)
