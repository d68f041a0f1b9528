"""What a person does to letters in the outbox: send now, take back, say what became of one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from martlet.engine.letters import new_envelope_id, taken_over
from martlet.engine.sent_copy import after_sent, looked_at
from martlet.mail.account import AccountId
from martlet.mail.errors import Refused
from martlet.mail.message import Address
from martlet.mail.outgoing import (
    Delivery,
    DeliveryKind,
    Draft,
    DraftId,
    OutboxEntry,
    OutboxId,
    OutboxState,
)
from martlet.mime.headers import envelope
from martlet.mime.parse import parse
from martlet.mime.writing import reply
from martlet.store import deliveries, drafts, outbox, outbox_shown
from martlet.store.blobs import Blobs
from martlet.store.database import Database, Tx

YOU_SAID = "You said that it was sent."
NOT_STARTED = (OutboxState.QUEUED, OutboxState.FAILED)
# Nobody means a later time than this.
_LONGEST_S = 10 * 366 * 86_400.0


@dataclass(frozen=True, slots=True)
class Several:
    """What became of an order for several letters. gone: how many it came too late for."""

    gone: int
    accounts: set[AccountId]


_Step = Callable[[Tx, OutboxEntry], bool]


class GoingOut:
    """The letters of a profile that are on their way."""

    def __init__(self, database: Database, blobs: Blobs, clock: Callable[[], float]) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock

    def retry(self, outbox_id: OutboxId) -> AccountId:
        with self._database.write() as tx:
            entry = outbox.entry(tx, outbox_id)
            if entry is None or not self._hasten(tx, entry):
                raise Refused("This message does not wait to be sent.")
        return entry.account_id

    def delay(self, outbox_id: OutboxId, not_before: float) -> AccountId:
        """It goes at that time, as the writer chose: its Date will say so."""
        self._check_time(not_before)
        with self._database.write() as tx:
            entry = outbox.entry(tx, outbox_id)
            if entry is None or not self._put_off(tx, entry, not_before):
                raise Refused("This message does not wait for its time any more.")
        return entry.account_id

    def retry_all(self, outbox_ids: list[OutboxId]) -> Several:
        """Each as by `retry`, in one go; those that do not wait are left as they are."""
        return self._several(outbox_ids, self._hasten)

    def delay_all(self, outbox_ids: list[OutboxId], not_before: float) -> Several:
        """Each as by `delay`; letters of one merge keep their distances."""
        self._check_time(not_before)
        begins: dict[float, float] = {}
        with self._database.write() as tx:
            for entry in outbox_shown.some(tx, outbox_ids):
                if _waits(entry) and not _hurried(entry):
                    first = begins.get(entry.created, entry.not_before)
                    begins[entry.created] = min(first, entry.not_before)

            def put_off(tx: Tx, entry: OutboxEntry) -> bool:
                # Written at one moment, they were merged.
                begin = begins.get(entry.created, entry.not_before)
                distance = 0.0 if _hurried(entry) else entry.not_before - begin
                return self._put_off(tx, entry, not_before + max(0.0, distance))

            return self._each(tx, outbox_ids, put_off)

    def discard_all(self, outbox_ids: list[OutboxId]) -> Several:
        """They are not sent, and no drafts either."""

        def discard(tx: Tx, entry: OutboxEntry) -> bool:
            if entry.state in NOT_STARTED:
                outbox.remove(tx, entry.id)
            return entry.state in NOT_STARTED

        return self._several(outbox_ids, discard)

    def cancel(self, outbox_id: OutboxId) -> DraftId:
        entry = outbox.entry(self._database, outbox_id)
        if entry is None:
            raise Refused("This message is not in the outbox any more.")
        if entry.resent:
            return self._give_up(outbox_id)
        draft = outbox.draft_of(self._database, outbox_id)
        if draft is None:
            # Queued as a ready message: the draft is read from it, so that nothing is lost.
            raw = self._blobs.get(outbox.sent_blob(self._database, outbox_id))
            if raw is None:
                raise Refused("The message is not in the store any more.")
            message = parse(raw)
            draft, going = reply.edit(message, entry.account_id, own=True)
            parts = draft.parts + taken_over(self._blobs, message, going)
            writer = envelope(message.headers).sender
            mine = writer if writer.address == entry.sender else Address("", entry.sender)
            shown = {one.address for one in (*draft.to, *draft.cc, *draft.bcc)}
            others = tuple(Address("", one) for one in entry.recipients if one not in shown)
            draft = replace(draft, sender=mine, parts=parts, bcc=draft.bcc + others)
        with self._database.write() as tx:
            tx.must_last()
            # Asked inside the transaction: the sender marks `sending` in one of its own.
            entry = _still_here(outbox.entry(tx, outbox_id))
            draft = replace(_for_the_rest(draft, entry), send_at=entry.send_at)
            draft_id = drafts.save(tx, replace(draft, id=DraftId(0), updated=self._clock()))
            outbox.remove(tx, outbox_id)
        return draft_id

    def _give_up(self, outbox_id: OutboxId) -> DraftId:
        """What was sent on is somebody else's letter: there is nothing to go on writing."""
        with self._database.write() as tx:
            tx.must_last()
            _still_here(outbox.entry(tx, outbox_id))
            outbox.remove(tx, outbox_id)
        return DraftId(0)

    def resolve(self, outbox_id: OutboxId, was_sent: bool) -> AccountId:
        copy = looked_at(self._database, self._blobs, outbox_id)
        with self._database.write() as tx:
            entry = outbox.entry(tx, outbox_id)
            if entry is None or entry.state is not OutboxState.UNKNOWN:
                raise Refused("Nothing has to be decided about this message.")
            state = OutboxState.SENT if was_sent else OutboxState.QUEUED
            outbox.set_state(tx, outbox_id, state, not_before=0.0)
            if was_sent:
                line = Delivery(self._clock(), "", DeliveryKind.ACCEPTED, said=YOU_SAID)
                deliveries.note(tx, entry.account_id, entry.message_id, entry.envelope_id, [line])
                after_sent(tx, copy, outbox_id, self._clock())
        return entry.account_id

    def _hasten(self, tx: Tx, entry: OutboxEntry) -> bool:
        """False: it does not wait to be sent."""
        if entry.state not in NOT_STARTED:
            return False
        # A new submission, with a name of its own: the time it may take begins anew.
        outbox.set_state(
            tx,
            entry.id,
            OutboxState.QUEUED,
            not_before=0.0,
            attempts=0,
            envelope_id=new_envelope_id(),
        )
        return True

    def _check_time(self, not_before: float) -> None:
        if not math.isfinite(not_before) or not_before > self._clock() + _LONGEST_S:
            raise Refused("A message can be put off by ten years at most.")

    def _put_off(self, tx: Tx, entry: OutboxEntry, not_before: float) -> bool:
        """False: it does not wait for its time any more."""
        if not _waits(entry):
            return False
        now = self._clock()
        chosen = not_before if not_before > now else 0.0
        if not chosen and entry.send_at:
            # It was dated for another time than the one it goes at.
            chosen = now
        outbox.postpone(tx, entry.id, not_before, chosen)
        return True

    def _several(self, outbox_ids: list[OutboxId], do: _Step) -> Several:
        with self._database.write() as tx:
            return self._each(tx, outbox_ids, do)

    def _each(self, tx: Tx, outbox_ids: list[OutboxId], do: _Step) -> Several:
        """All in one transaction, and asked inside it: the sender marks `sending` in its own."""
        tx.must_last()
        accounts: set[AccountId] = set()
        gone = 0
        for outbox_id in outbox_ids:
            entry = outbox.entry(tx, outbox_id)
            if entry is not None and do(tx, entry):
                accounts.add(entry.account_id)
            else:
                gone += 1
        return Several(gone, accounts)


def _waits(entry: OutboxEntry) -> bool:
    """Whether it waits for its time, and was not tried yet."""
    return entry.state is OutboxState.QUEUED and not entry.attempts


def _hurried(entry: OutboxEntry) -> bool:
    """Whether it has no time of its own any more: it was to go at once."""
    return entry.not_before < entry.created


def _still_here(entry: OutboxEntry | None) -> OutboxEntry:
    if entry is None or entry.state not in NOT_STARTED:
        raise Refused("This message is on its way already and cannot be taken back.")
    return entry


def _for_the_rest(draft: Draft, entry: OutboxEntry) -> Draft:
    """Without those whom the letter has reached already: they are not to get it twice."""
    has_it = {one.address for one in entry.results if one.good}
    if not has_it:
        return draft

    def rest(people: tuple[Address, ...]) -> tuple[Address, ...]:
        return tuple(one for one in people if one.address not in has_it)

    return replace(draft, to=rest(draft.to), cc=rest(draft.cc), bcc=rest(draft.bcc))
