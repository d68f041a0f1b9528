"""Announcing changes to whoever listens: the host's clients, or a test."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock

from martlet.mail.account import AccountId, AccountState, WorkerState
from martlet.mail.changes import Change, StateChanged

log = logging.getLogger("martlet.events")


class Announcer:
    """Hands each change to every listener, in the thread that made it."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Change], None]] = []
        self._states: dict[tuple[AccountId, str], AccountState] = {}
        self._lock = Lock()

    def listen(self, callback: Callable[[Change], None]) -> None:
        self._listeners.append(callback)

    def tell(self, change: Change) -> None:
        if isinstance(change, StateChanged):
            state = change.state
            channel = state.protocol.value if state.protocol else ""
            with self._lock:
                if self._states.get((state.account_id, channel)) == state:
                    return
                self._states[(state.account_id, channel)] = state
        for callback in self._listeners:
            callback(change)

    def states(self) -> list[AccountState]:
        """The newest state of every worker that ever told one and has not stopped."""
        with self._lock:
            return [s for s in self._states.values() if s.state is not WorkerState.STOPPED]
