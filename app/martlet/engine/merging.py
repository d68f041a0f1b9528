"""Mail merge: one outbox entry for each row of a table, all of them or none, and taking them back.

Letters are built one by one into the blobs, then queued in one transaction, each to go a little
after the one before, so that a server does not take them for a flood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from martlet.engine.identities import chosen
from martlet.engine.letters import Letters, Ready, check_unsent, queue
from martlet.engine.stops import Stops
from martlet.mail import merge
from martlet.mail.account import Account, AccountId
from martlet.mail.changes import Change, Merging
from martlet.mail.errors import Refused
from martlet.mail.outgoing import Draft, OutboxId, OutboxState
from martlet.mail.writing import TakenBack
from martlet.store import drafts, outbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database

MOST_LETTERS = 20_000
MOST_BYTES = 2 << 30
SPARE_BYTES = 64 << 20
"""What a merge leaves free on the disk, for everything else."""
LONGEST_PACE_S = 3600.0
_TELL_EVERY = 25


class Merges:
    """tell: announces how far a merge is. room: bytes free where letters are kept."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        letters: Letters,
        *,
        account: Callable[[AccountId], Account],
        clock: Callable[[], float],
        tell: Callable[[Change], None],
        room: Callable[[], int],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._letters = letters
        self._account = account
        self._clock = clock
        self._tell = tell
        self._room = room
        self._stopped = Stops()

    def merge(
        self,
        draft: Draft,
        rows: list[dict[str, str]],
        to: str,
        delay_s: float,
        pace_s: float,
        common: dict[str, str],
        ticket: str,
    ) -> list[OutboxId]:
        """See the request. Refused for a row without exactly one good address, and for a letter
        that was queued before."""
        if not rows:
            raise Refused("There is nobody to write to.")
        if len(rows) > MOST_LETTERS:
            raise Refused(f"At most {MOST_LETTERS} letters can be sent at once.")
        # Once more where it is queued; but nobody waits for thousands that cannot be.
        check_unsent(self._database, draft)
        try:
            ready = self._built(draft, rows, to, common, ticket)
            self._blobs.sync()
            self._check_stopped(ticket)
        finally:
            self._stopped.forget(ticket)
        pace = min(pace_s, LONGEST_PACE_S) if pace_s > 0 else 0.0
        now = self._clock()
        first = max(now + max(delay_s, 0.0), draft.send_at)
        with self._database.write() as tx:
            found = [queue(tx, one, now, first + at * pace) for at, one in enumerate(ready)]
            # It says what one row says, which is not the letter that all were made of.
            outbox.taken_back_apart(tx, found[0])
            return found

    def stop(self, ticket: str) -> None:
        """See the request. One that is not under way is no error."""
        self._stopped.add(ticket)

    def take_back(self, outbox_ids: list[OutboxId], draft: Draft) -> TakenBack:
        """See the request."""
        gone: list[OutboxId] = []
        with self._database.write() as tx:
            tx.must_last()
            for outbox_id in outbox_ids:
                # Asked inside the transaction: the sender marks `sending` in one of its own.
                entry = outbox.entry(tx, outbox_id)
                if entry is not None and entry.state is OutboxState.QUEUED:
                    outbox.remove(tx, outbox_id)
                else:
                    gone.append(outbox_id)
            taken = len(outbox_ids) - len(gone)
            draft_id = draft.id
            if taken:
                # What went is sent; the letter itself can be gone on with.
                outbox.forget_draft(tx, gone)
                draft_id = drafts.save(tx, replace(draft, updated=self._clock()))
        return TakenBack(draft_id, taken, len(gone), tuple(gone))

    def _built(
        self,
        draft: Draft,
        rows: list[dict[str, str]],
        to: str,
        common: dict[str, str],
        ticket: str,
    ) -> list[Ready]:
        me, _, _ = chosen(self._account(draft.account_id), draft.sender)
        ready: list[Ready] = []
        for number, row in enumerate(rows):
            self._check_stopped(ticket)
            if merge.recipient(row, to) is None:
                raise Refused(f"Row {number + 1} has no address that mail can be sent to.")
            made = merge.letter(draft, row, to, me, common)
            if not number:
                # With its name goes the draft itself.
                made = replace(made, id=draft.id, key=draft.key)
            one = self._letters.built(made, durable=False)
            self._check_size(one.size, len(rows), number)
            ready.append(one)
            if number % _TELL_EVERY == 0 or number + 1 == len(rows):
                self._tell(Merging(ticket, number + 1, len(rows)))
        return ready

    def _check_size(self, size: int, count: int, done: int) -> None:
        """Refuses what cannot be kept until it is sent. size: bytes of one letter, the last of
        those that are done. Each is kept whole, with what is attached: once in the outbox, and in
        Sent as long as it stays there."""
        detail = (
            f"{count} of {size >> 10} kB each; put the files where they can be fetched and write"
            " where that is."
        )
        if size * count > MOST_BYTES:
            raise Refused("These letters are too many for what is attached to them.", detail)
        if size * (count - done - 1) + SPARE_BYTES > self._room():
            raise Refused("There is not enough room on the disk for these letters.", detail)

    def _check_stopped(self, ticket: str) -> None:
        if ticket in self._stopped:
            raise Refused("Nothing was sent: the merge was stopped.")
