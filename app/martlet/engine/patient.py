"""Doing what may never come back: in a thread of its own, for callers that wait so long only."""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any, TypeVar

T = TypeVar("T")


class NoAnswer(Exception):
    """It has not come back in time, or the one before it has not come back yet."""


@dataclass(slots=True)
class _Job:
    """given_up: who asked no longer waits, so that it must not be begun any more."""

    work: Callable[[], Any]
    answer: queue.SimpleQueue[tuple[Any, Exception | None]] = field(
        default_factory=queue.SimpleQueue
    )
    given_up: bool = False
    done: bool = False


class PatientThread:
    """Does one thing after the other. While it is stuck nobody else waits for it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = Lock()
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._started = False
        self._stuck = False

    def run(self, work: Callable[[], T], timeout_s: float) -> T:
        """What `work` answers or raises. NoAnswer when it does not in time."""
        job = _Job(work)
        with self._lock:
            if self._stuck:
                raise NoAnswer
            if not self._started:
                self._started = True
                # A daemon: what hangs must not keep the program from ending.
                Thread(target=self._work, name=self._name, daemon=True).start()
            self._jobs.put(job)
        try:
            value, error = job.answer.get(timeout=timeout_s)
        except queue.Empty:
            with self._lock:
                if not job.done:
                    job.given_up = self._stuck = True
                    raise NoAnswer from None
            value, error = job.answer.get()
        if error is not None:
            raise error
        result: T = value
        return result

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            with self._lock:
                wanted = not job.given_up
            answer: tuple[Any, Exception | None] = (None, None)
            if wanted:
                try:
                    answer = (job.work(), None)
                except Exception as error:
                    # Not ours to judge: who asked gets it.
                    answer = (None, error)
            with self._lock:
                # Together: who gives up must not call that stuck which has just come back.
                job.done = True
                self._stuck = False
            job.answer.put(answer)
