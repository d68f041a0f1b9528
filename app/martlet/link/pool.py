"""A few threads for what takes long. Unlike those of concurrent.futures they do not keep the
process alive: a verb that waits for a silent server must not outlast an engine that was told
to end."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable


class Pool:
    """Runs jobs in the order given, at most `limit` at once; threads are made when needed."""

    def __init__(self, limit: int, name: str) -> None:
        self._limit = limit
        self._name = name
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._open_jobs = 0

    def submit(self, job: Callable[[], None]) -> None:
        """job: must not raise."""
        with self._lock:
            self._open_jobs += 1
            if self._open_jobs > self._threads < self._limit:
                self._threads += 1
                threading.Thread(target=self._work, name=self._name, daemon=True).start()
        self._jobs.put(job)

    def _work(self) -> None:
        while True:
            self._jobs.get()()
            with self._lock:
                self._open_jobs -= 1
