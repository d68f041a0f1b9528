"""Sign-ins by browser that have succeeded and wait for the account they are for.

Only in memory, under the ticket they were begun with, for a few minutes; never told to anybody
outside the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from martlet.mail.errors import Refused
from martlet.mail.sign_in import OAuthSettings
from martlet.net.oauth import Tokens

KEPT_S = 600.0
AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Grant:
    """settings: what it was got by. got: when, Unix time. client_secret: "" where the client has
    none.
    """

    settings: OAuthSettings
    tokens: Tokens
    got: float
    client_secret: str = field(default="", repr=False)


class Grants:
    """clock: Unix time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[str, tuple[float, Grant]] = {}

    def put(self, ticket: str, settings: OAuthSettings, tokens: Tokens, client_secret: str) -> None:
        """Just got. The oldest gives way when there are too many."""
        now = self._clock()
        grant = Grant(settings, tokens, now, client_secret)
        with self._lock:
            self._purge()
            while len(self._kept) >= AT_MOST:
                del self._kept[next(iter(self._kept))]
            self._kept[ticket] = (now + KEPT_S, grant)

    def look(self, ticket: str) -> Grant:
        """What is under the ticket; it is kept on from now. Refused when it is not there."""
        with self._lock:
            self._purge()
            found = self._kept.get(ticket)
            if found is None:
                raise Refused("The sign-in by browser is no longer known; please repeat it.")
            self._kept[ticket] = (self._clock() + KEPT_S, found[1])
            return found[1]

    def drop(self, ticket: str) -> None:
        """Nothing kept under it is not an error."""
        with self._lock:
            self._kept.pop(ticket, None)

    def _purge(self) -> None:
        now = self._clock()
        for ticket in [one for one, (until, _) in self._kept.items() if until <= now]:
            del self._kept[ticket]
