"""What open letters may still name though no saved draft does: files of a letter that was not
saved yet, a picture that was taken out and that undo brings back. It is not to be thrown away under
their hands, nor after the engine ended and came back while a letter lay open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from martlet.mail.outgoing import Draft, OutgoingPart
from martlet.store import lent
from martlet.store.database import Database, Tx

KEPT_S = 7 * 86_400.0
"""For so long; a letter that lies open for longer has been saved."""


class Lent:
    """Keys of blobs, kept in the store. clock: Unix time. Any thread may use it that is in no
    transaction."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def part(self, part: OutgoingPart) -> OutgoingPart:
        """The same part, remembered."""
        self._remember((part,))
        return part

    def draft(self, draft: Draft) -> Draft:
        """The same draft, its parts remembered."""
        self._remember(draft.parts)
        return draft

    def within(self, tx: Tx, parts: Iterable[OutgoingPart]) -> None:
        """Remembered with whatever else this transaction does, or not at all."""
        lent.lend(tx, (part.blob for part in parts), self._clock())

    def keys(self) -> set[str]:
        """Those that are to be kept now; older ones are forgotten."""
        until = self._clock() - KEPT_S
        with self._database.write() as tx:
            lent.forget(tx, until)
        return lent.since(self._database, until)

    def _remember(self, parts: tuple[OutgoingPart, ...]) -> None:
        if parts:
            with self._database.write() as tx:
                self.within(tx, parts)
