"""A TCP proxy on loopback whose line can be cut after so many bytes from the server."""

from __future__ import annotations

import threading

from support.relay import Relay


class Proxy(Relay):
    """Passes connections on to a port on loopback; `cut_after` ends one in the middle."""

    def __init__(self, target: int) -> None:
        super().__init__(target)
        self._budget: int | None = None
        self._lock = threading.Lock()

    def cut_after(self, size: int | None) -> None:
        """The connection that has had so many more bytes from the server ends; None: none does."""
        with self._lock:
            self._budget = size

    def passing(self, data: bytes, *, from_client: bool) -> bytes:
        return data if from_client else data[: self._allowed(len(data))]

    def _allowed(self, size: int) -> int:
        with self._lock:
            if self._budget is None:
                return size
            allowed = min(size, self._budget)
            self._budget -= allowed
            if allowed < size:
                self._budget = None
            return allowed
