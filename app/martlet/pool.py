"""A few threads for what takes long. Unlike those of concurrent.futures they do not keep the
process alive: a verb that waits for a silent server must not outlast an engine that was told
to end."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable

Job = Callable[[], None]


class Pool:
    """Runs jobs, at most `limit` at once; threads are made when needed. Jobs of one owner run in
    the order given, at most `each` of them at once; owners take turns.
    """

    def __init__(self, limit: int, name: str, *, each: int = 0) -> None:
        """each: 0 for as many as there are threads."""
        self._limit = limit
        self._each = each or limit
        self._name = name
        self._changed = threading.Condition()
        self._waiting: OrderedDict[Hashable, deque[Job]] = OrderedDict()
        self._running: Counter[Hashable] = Counter()
        self._threads = 0
        self._wanted = 0  # threads that would have something to do

    def submit(self, job: Job, whose: Hashable = None) -> None:
        """job: what it raises ends its thread, as with any thread; another is made."""
        with self._changed:
            waiting = self._waiting.setdefault(whose, deque())
            waiting.append(job)
            if len(waiting) + self._running[whose] <= self._each:
                self._wanted += 1
            if self._wanted > self._threads < self._limit:
                self._threads += 1
                threading.Thread(target=self._work, name=self._name, daemon=True).start()
            self._changed.notify()

    def _work(self) -> None:
        while True:
            with self._changed:
                while (found := self._next()) is None:
                    self._changed.wait()
            whose, job = found
            ended = True
            try:
                job()
                ended = False
            finally:
                with self._changed:
                    self._done(whose)
                    self._threads -= ended
            # What a job holds is not held until the next comes
            del found, job

    def _next(self) -> tuple[Hashable, Job] | None:
        for whose, waiting in self._waiting.items():
            if self._running[whose] < self._each:
                self._running[whose] += 1
                job = waiting.popleft()
                if waiting:
                    self._waiting.move_to_end(whose)
                else:
                    del self._waiting[whose]
                return whose, job
        return None

    def _done(self, whose: Hashable) -> None:
        self._running[whose] -= 1
        if len(self._waiting.get(whose, ())) + self._running[whose] < self._each:
            self._wanted -= 1
        if not self._running[whose]:
            del self._running[whose]
