"""Announcing changes to whoever listens: the host's clients, or a test."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from threading import Lock

from martlet.mail.account import AccountId, AccountState, Protocol, WorkerState
from martlet.mail.changes import Change, StateChanged

log = logging.getLogger("martlet.events")


class Announcer:
    """Hands each change to every listener, in the thread that made it."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Change], None]] = []
        self._paused: set[AccountId] = set()
        self._states: dict[tuple[AccountId, str], AccountState] = {}
        self._lock = Lock()

    def listen(self, callback: Callable[[Change], None]) -> None:
        self._listeners.append(callback)

    def tell(self, change: Change) -> None:
        if isinstance(change, StateChanged):
            receives = change.state.protocol in (Protocol.IMAP, Protocol.POP3)
            paused = receives and change.state.account_id in self._paused
            state = replace(change.state, paused=paused)
            change = StateChanged(state)
            channel = state.protocol.value if state.protocol else ""
            with self._lock:
                if self._states.get((state.account_id, channel)) == state:
                    return
                self._states[(state.account_id, channel)] = state
        for callback in self._listeners:
            callback(change)

    def paused(self, account_id: AccountId, protocol: Protocol, *, paused: bool) -> None:
        """Fetching ahead was held back, or goes on, whatever else the worker does."""
        with self._lock:
            if paused:
                self._paused.add(account_id)
            else:
                self._paused.discard(account_id)
            state = self._states.get((account_id, protocol.value))
        self.tell(StateChanged(state or AccountState(account_id, WorkerState.STOPPED)))

    def is_paused(self, account_id: AccountId) -> bool:
        """Whether fetching ahead is held back; a worker made anew begins so."""
        with self._lock:
            return account_id in self._paused

    def states(self) -> list[AccountState]:
        """The newest state of every worker that ever told one and has not stopped."""
        with self._lock:
            return [s for s in self._states.values() if s.state is not WorkerState.STOPPED]
