"""What a person has stopped: the tickets of work that is under way, or may be about to begin."""

from __future__ import annotations

from threading import Lock

# Of what is over nobody tells; so many are kept, the last ones.
_MOST = 100


class Stops:
    """Tickets are random words, each for one piece of work; "" is none."""

    def __init__(self) -> None:
        self._tickets: dict[str, None] = {}
        self._lock = Lock()

    def add(self, ticket: str) -> None:
        """The work under this ticket is to stop, also if it has not begun yet."""
        with self._lock:
            if ticket:
                self._tickets[ticket] = None
            while len(self._tickets) > _MOST:
                del self._tickets[next(iter(self._tickets))]

    def __contains__(self, ticket: str) -> bool:
        with self._lock:
            return ticket in self._tickets

    def forget(self, ticket: str) -> None:
        """Its work is over."""
        with self._lock:
            self._tickets.pop(ticket, None)
