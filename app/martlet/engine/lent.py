"""What open letters may still name though no saved draft does: files of a letter that was not
saved yet, a picture that was taken out and that undo brings back. It is not to be thrown away under
their hands. Forgotten with the engine: after a start what is young is kept all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock

from martlet.mail.outgoing import Draft, OutgoingPart

KEPT_S = 7 * 86_400.0
"""For so long; a letter that lies open for longer has been saved."""


class Lent:
    """Keys of blobs, by when they were handed out last. clock: Unix time. Any thread may use it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._since: dict[str, float] = {}
        self._lock = Lock()

    def part(self, part: OutgoingPart) -> OutgoingPart:
        """The same part, remembered."""
        self.parts((part,))
        return part

    def draft(self, draft: Draft) -> Draft:
        """The same draft, its parts remembered."""
        self.parts(draft.parts)
        return draft

    def parts(self, parts: Iterable[OutgoingPart]) -> None:
        now = self._clock()
        with self._lock:
            self._since.update((part.blob, now) for part in parts)

    def keys(self) -> set[str]:
        """Those that are to be kept now."""
        after = self._clock() - KEPT_S
        with self._lock:
            self._since = {key: since for key, since in self._since.items() if since > after}
            return set(self._since)
