"""What sending works with, and where verdicts are written down.

A verdict that cannot be written (the disk is full) is kept and written later: the letter stays
`sending`, which is never sent again.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from martlet.engine.events import Announcer
from martlet.engine.secrets import Secrets
from martlet.engine.sent_copy import after_sent, file_here, looked_at
from martlet.engine.verdict import Verdict
from martlet.mail.account import Account, AccountId, Protocol
from martlet.mail.changes import Notice
from martlet.mail.errors import MailError, Refused
from martlet.mail.outgoing import OutboxEntry, OutboxState
from martlet.store import account_log, deliveries, outbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database

_NAMED = 3

Unwritten = tuple[OutboxEntry, Verdict]


@dataclass(frozen=True, slots=True)
class Desk:
    """What postmen work with. sent: called when a letter went out, or may have."""

    account: Account
    database: Database
    blobs: Blobs
    secrets: Secrets
    announcer: Announcer
    clock: Callable[[], float]
    stopping: Event
    sent: Callable[[AccountId], None]
    unwritten: list[Unwritten]
    jitter: random.Random

    def note(self, letter: OutboxEntry, found: Verdict) -> None:
        """Keeps what became of a letter. Raises StoreError; it is not lost then."""
        self.unwritten.append((letter, found))
        self.write_down()

    def write_down(self) -> None:
        """Writes verdicts, also those that could not be written before."""
        while self.unwritten:
            letter, found = self.unwritten[0]
            news = self._write(letter, found)
            self.unwritten.pop(0)
            if not news:
                continue
            if found.state in (OutboxState.SENT, OutboxState.UNKNOWN):
                self.sent(self.account.id)
            if found.refused or found.state is OutboxState.FAILED:
                said = "; ".join(f"{r.address}: {r.said}" for r in found.refused if r.said)
                self.tell(Refused(_words(letter, found), said or found.detail))

    def file_left(self) -> None:
        """Files copies that found no Sent when their letter went out, where no IMAP pass does."""
        incoming = self.account.incoming
        if incoming is not None and incoming.protocol is Protocol.IMAP:
            return
        for letter in outbox.in_states(self.database, self.account.id, (OutboxState.SENT,)):
            copy = looked_at(self.database, self.blobs, letter)
            with self.database.write() as tx:
                file_here(tx, copy, letter, self.clock())

    def tell(self, error: MailError) -> None:
        self.announcer.tell(Notice(self.account.name, error.kind, error.summary, error.detail))

    def _write(self, letter: OutboxEntry, found: Verdict) -> bool:
        """False: the letter is not as it was judged.

        It was taken back or hurried meanwhile, or this is written already, and only that it lasts
        could not be made sure then.
        """
        copy = None
        if found.state is OutboxState.SENT:
            copy = looked_at(self.database, self.blobs, letter.id)
        with self.database.write() as tx:
            now = outbox.entry(tx, letter.id)
            judged = (letter.state, letter.envelope_id)
            if now is None or (now.state, now.envelope_id) != judged:
                return False
            outbox.set_state(
                tx,
                letter.id,
                found.state,
                problem=found.problem,
                detail=found.detail,
                not_before=found.not_before,
                attempts=letter.attempts,
                results=found.results,
                recipients=found.recipients,
            )
            deliveries.note(
                tx, letter.account_id, letter.message_id, letter.envelope_id, found.lines
            )
            if copy is not None:
                after_sent(tx, copy, letter.id, self.clock())
        return True


def _words(letter: OutboxEntry, found: Verdict) -> str:
    """Which letter it is, and who has got it."""
    which = account_log.named(letter.subject)
    if found.state is not OutboxState.SENT:
        return f"{which}: {found.problem}"
    without = [result.address for result in found.refused]
    names = ", ".join(without[:_NAMED])
    if len(without) > _NAMED:
        names += f" and {account_log.count(len(without) - _NAMED, 'other')}"
    others = sum(result.good for result in found.results)
    have = "the other has" if others == 1 else "the others have"
    return f"{which}: not accepted for {names}; {have} it."
