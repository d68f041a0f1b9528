"""Takes the letters of one account to one server, over one connection.

connect and sign in   nothing has left: the letters stay queued, all with the reason
`sending` on disk     from here on a kill leaves it unknown
submit                its verdict is written down; one refused letter stops no other
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from martlet.engine import stored_letter, verdict
from martlet.engine.backoff import delay_s
from martlet.engine.dating import with_its_date
from martlet.engine.parts import parts_for
from martlet.engine.send_desk import Desk
from martlet.engine.signing_in import signed_in
from martlet.engine.size_limits import learned
from martlet.engine.verdict import Try, Verdict
from martlet.mail.account import Server
from martlet.mail.changes import Progress, Unit
from martlet.mail.errors import AuthFailed, MailError, Offline, Refused, StoreError, TlsRefused
from martlet.mail.letter_size import SizeLimit
from martlet.mail.outgoing import OutboxEntry, OutboxId, OutboxState
from martlet.mail.route import Route
from martlet.mail.sign_in import part_of_identity
from martlet.net.body import Body
from martlet.net.smtp import Deferred, DeliveryUnknown, Sender, SendRefused, Submission
from martlet.store import deliveries, outbox

TIMEOUT_S = 60.0
TELL_EVERY_S = 0.25
BUG = "Something went wrong while this was sent; it may have gone out."
NO_REPORT = "The server cannot be asked for a report of its delivery."


class Stopped(Offline):
    """Martlet, or the account's work, ends in the middle of an upload: nothing was sent."""


class Postman:
    """One round to one server. identity: whose own server it is, 0 for the account's.

    reached: it was there. not_reached: the letters that wait because it was not.
    """

    def __init__(self, desk: Desk, server: Server, identity: int) -> None:
        self._desk = desk
        self._server = server
        self._identity = identity
        self._sender: Sender | None = None
        self._used = False
        self._asked = False
        self._ended = False
        self.not_reached: list[OutboxId] = []
        self.reached = False

    def take(self, letters: list[OutboxEntry]) -> int:
        """Tries each; answers how many the server took. Raises AuthFailed, TlsRefused (what a
        person must do something about) and StoreError."""
        count = 0
        try:
            for place, listed in enumerate(letters):
                if self._ended or self._desk.stopping.is_set():
                    break
                prepared = self._prepared(listed)
                if prepared is None:
                    continue
                letter, body = prepared
                try:
                    sender = self._opened()
                except MailError as error:
                    self._no_way(letters[place:], error)
                    break
                claimed = self._claimed(letter)
                if claimed is not None:
                    count += self._send(sender, claimed, body, letters[place + 1 :])
        finally:
            self._give_up()
        return count

    def _give_up(self) -> None:
        """Lets the connection go."""
        sender, self._sender, self._used = self._sender, None, False
        if sender is not None:
            sender.close()

    def _opened(self) -> Sender:
        if self._sender is not None:
            try:
                return self._sender.open()
            except AuthFailed:
                if not self._used:
                    raise
                self._give_up()
        self._sender = signed_in(
            self._desk.secrets, self._desk.account, self._server, self._attempt, self._identity
        )
        self.reached = True
        limit = SizeLimit(self._sender.size_limit, sure=True)
        learned(self._desk.database, self._server, limit, self._desk.clock())
        return self._sender

    def _attempt(self, secret: str, route: Route) -> Sender:
        self._asked = True
        return Sender(self._server, secret, route=route, timeout_s=TIMEOUT_S).open()

    def _prepared(self, listed: OutboxEntry) -> tuple[OutboxEntry, Body] | None:
        """The letter with its date and its bytes, gone through once, before anything is connected
        for it; None if it is not to go now. One that cannot be had fails; those behind it can be
        sent."""
        desk = self._desk
        try:
            letter = with_its_date(desk.database, desk.blobs, listed, desk.clock())
            if letter is None:
                return None
            return letter, Body(partial(stored_letter.opened, desk.blobs, letter.blob))
        except StoreError as error:
            with desk.database.write() as tx:
                if self._waits(outbox.entry(tx, listed.id)):
                    outbox.set_state(
                        tx,
                        listed.id,
                        OutboxState.FAILED,
                        problem=error.summary,
                        detail=error.detail,
                    )
            return None

    def _claimed(self, listed: OutboxEntry) -> OutboxEntry | None:
        """The letter as it is now, marked `sending`; None if it is not to be sent any more."""
        with self._desk.database.write() as tx:
            # Read again: since it was listed, the user may have taken it back.
            letter = outbox.entry(tx, listed.id)
            if letter is None or not self._waits(letter):
                return None
            if letter.not_before > listed.not_before:
                return None
            attempts = letter.attempts + 1
            outbox.set_state(tx, letter.id, OutboxState.SENDING, attempts=attempts)
            return outbox.entry(tx, letter.id)

    @staticmethod
    def _waits(letter: OutboxEntry | None) -> bool:
        return letter is not None and letter.state is OutboxState.QUEUED

    def _send(
        self, sender: Sender, letter: OutboxEntry, body: Body, behind: list[OutboxEntry]
    ) -> int:
        """Hands one letter over; 1 when the server took it."""
        try:
            done = self._handed_over(sender, letter, body)
        except DeliveryUnknown as error:
            self._desk.note(letter, verdict.unknown(self._try(letter), error))
            return 0
        except Deferred as error:
            self._desk.note(letter, verdict.put_off(self._try(letter), error, error.results))
            return 0
        except SendRefused as error:
            self._desk.note(letter, verdict.refused(self._try(letter), error, error.results))
            return 0
        except (AuthFailed, TlsRefused) as error:
            self._no_way([letter, *behind], error)
            return 0
        except MailError as error:
            self._no_way([letter], error)
            return 0
        except Exception as error:
            # A bug in the middle of sending: whether it went out, nobody knows.
            bug = StoreError(BUG, type(error).__name__)
            self._desk.note(letter, verdict.unknown(self._try(letter), bug))
            raise
        found = verdict.taken(
            self._try(letter),
            done.results,
            done.said,
            remark=NO_REPORT if letter.options.dsn and not done.dsn else "",
        )
        self._desk.note(letter, found)
        return 1

    def _handed_over(self, sender: Sender, letter: OutboxEntry, body: Body) -> Submission:
        try:
            done = self._submitted(sender, letter, body)
        except AuthFailed:
            if not self._used:
                raise
            # The line was made anew after an earlier letter, with a token that has run out since.
            self._give_up()
            done = self._submitted(self._opened(), letter, body)
        self._used = True
        return done

    def _submitted(self, sender: Sender, letter: OutboxEntry, body: Body) -> Submission:
        return sender.submit(
            sender=letter.sender,
            recipients=list(letter.recipients),
            raw=body,
            progress=self._telling(letter),
            options=letter.options,
            envelope_id=letter.envelope_id,
        )

    def _no_way(self, letters: list[OutboxEntry], error: MailError) -> None:
        """Nothing of these has left: they wait with the reason, or fail (`_without_way`)."""
        unfit = isinstance(error, AuthFailed | TlsRefused)
        self._ended = unfit
        first = False
        for listed in letters:
            letter = outbox.entry(self._desk.database, listed.id)
            if letter is not None and letter.state is OutboxState.QUEUED:
                letter = replace(letter, attempts=letter.attempts + 1)
            elif letter is None or letter.state is not OutboxState.SENDING:
                continue
            first = first or letter.attempts == 1
            self._desk.note(letter, self._without_way(letter, error))
        if unfit and self._of_account:
            raise error
        if first and not self._fails and not isinstance(error, Offline | Refused):
            self._desk.tell(error)

    @property
    def _of_account(self) -> bool:
        """Whether what the account's workers ask a person for would help here: its own server, or
        one on the same host, which takes the account's password."""
        if self._identity == 0:
            return True
        last = parts_for(self._desk.account, self._server, self._identity)[-1]
        shared = last != part_of_identity(self._identity)
        return shared and not self._asked

    @property
    def _fails(self) -> bool:
        """Whether letters fail where the password or the certificate is refused.

        So they do at a server of an identity's own: somebody must act, and neither they nor other
        letters are to wait for that unseen. Without a password nobody was asked: that may wait.
        """
        return self._asked and self._ended and not self._of_account

    def _without_way(self, letter: OutboxEntry, error: MailError) -> Verdict:
        one = self._try(letter)
        if isinstance(error, Deferred):
            return verdict.put_off(one, error, error.results)
        if self._ended and (self._of_account or self._fails):
            return verdict.unfit(one, error, fails=self._fails)
        if isinstance(error, Refused):
            return verdict.refused(one, error, ())
        if isinstance(error, Stopped):
            return verdict.not_reached(replace(one, later=0.0), error)
        self.not_reached.append(letter.id)
        return verdict.not_reached(one, error)

    def _try(self, letter: OutboxEntry) -> Try:
        now = self._desk.clock()
        since = deliveries.first_deferred(self._desk.database, letter.envelope_id)
        return Try(letter, now, now + delay_s(letter.attempts, self._desk.jitter), since)

    def _telling(self, letter: OutboxEntry) -> Callable[[int, int], None]:
        begun = last = time.monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal last
            if self._desk.stopping.is_set():
                raise Stopped("Martlet ended before the message was sent.")
            now = time.monotonic()
            if done < total and now - last < TELL_EVERY_S:
                return
            last = now
            left_s = (now - begun) / done * (total - done) if done else -1.0
            self._desk.announcer.tell(
                Progress(
                    letter.account_id,
                    letter.subject,
                    done,
                    total,
                    Unit.BYTES,
                    left_s,
                    outbox_id=letter.id,
                )
            )

        return tell
