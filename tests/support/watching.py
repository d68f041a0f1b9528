"""Waiting for what an engine tells, without sleeping."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from typing import TypeVar

from martlet.engine.engine import Engine
from martlet.mail.account import AccountId, Protocol, WorkerState
from martlet.mail.changes import Change, StateChanged

C = TypeVar("C")

PATIENCE_S = 30.0


class Watch:
    """Collects an engine's changes from now on."""

    def __init__(self, engine: Engine) -> None:
        self.seen: list[Change] = []
        self._arrived: queue.Queue[Change] = queue.Queue()
        engine.listen(self._arrived.put)

    def until(self, holds: Callable[[], C]) -> C:
        """Waits until `holds` answers something true, asking again after every change."""
        end = time.monotonic() + PATIENCE_S
        while not (found := holds()):
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"did not happen; changes seen: {self.seen[-12:]}")
            try:
                self.seen.append(self._arrived.get(timeout=min(left, 1.0)))
            except queue.Empty:
                continue
        return found

    def change(self, fits: Callable[[Change], bool]) -> Change:
        """The first change that fits, seen already or to come."""

        def find() -> Change | None:
            return next((change for change in self.seen if fits(change)), None)

        found = self.until(find)
        assert found is not None
        return found

    def state(self, account_id: AccountId, protocol: Protocol, state: WorkerState) -> StateChanged:
        """Waits for a worker to tell this state."""

        def fits(change: Change) -> bool:
            return (
                isinstance(change, StateChanged)
                and change.state.account_id == account_id
                and change.state.protocol is protocol
                and change.state.state is state
            )

        found = self.change(fits)
        assert isinstance(found, StateChanged)
        return found
