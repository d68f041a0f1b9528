"""Mail that goes to somebody once more: a stored message sent on as it is (RFC 5322, 3.6.6), and
letters that are sent again, a bounce's original among them.

A message sent on keeps every byte, so that its DKIM signature stays good: only fields that say who
sent it on stand before it, and Bcc, which is nobody's business, is left out. Its ledger is that of
the message, and no copy of it is kept: it lies where it lay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from martlet.engine import stored_letter
from martlet.engine.beginnings import Beginnings
from martlet.engine.identities import chosen
from martlet.engine.letters import (
    check_can_send,
    check_recipients,
    new_envelope_id,
    taken_over,
)
from martlet.mail.account import AccountId
from martlet.mail.address_key import address_key
from martlet.mail.errors import Refused
from martlet.mail.message import Address, MessageId
from martlet.mail.outgoing import Draft, DraftKind, OutboxId
from martlet.mail.recipients import MOST_SHOWN
from martlet.mail.report import Action
from martlet.mail.sender import identity_of
from martlet.mime.headers import envelope
from martlet.mime.parse import parse
from martlet.mime.part import Message
from martlet.mime.report import report_of
from martlet.mime.writing import compose, reply, resent
from martlet.store import mailbox, outbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database

HEADER_ONLY = "The report brings back only the header of the letter, and it is not in Sent either."


class Redirecting:
    """raw: every byte of a message as it came, fetched if need be; blob: the key of those."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        beginnings: Beginnings,
        raw: Callable[[MessageId], bytes],
        blob: Callable[[MessageId], str],
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._beginnings = beginnings
        self._raw = raw
        self._blob = blob
        self._clock = clock

    def redirect(
        self, message_id: MessageId, to: list[Address], delay_s: float, utc: bool
    ) -> tuple[AccountId, OutboxId]:
        """Queues it for these; answers by whose server too. It is marked as forwarded once it
        went out."""
        people = list({address_key(one.address): one for one in to}.values())
        recipients = [one.address for one in people]
        # Each of them stands in the header.
        check_recipients(recipients, most=MOST_SHOWN)
        key = self._blob(message_id)
        headers = stored_letter.headers(self._blobs, key)
        account, writer = self._beginnings.writer(message_id, headers)
        check_can_send(account)
        sender, identity, _ = chosen(account, writer)
        now = self._clock()
        own_id = compose.new_message_id(sender.address)
        head = envelope(headers)
        blob, size = stored_letter.with_head(
            self._blobs, key, lambda raw: resent.resent(raw, sender, people, own_id, now, utc=utc)
        )
        with self._database.write() as tx:
            tx.must_last()
            outbox_id = outbox.queue(
                tx,
                account.id,
                message_id=head.message_id or own_id,
                subject=head.subject,
                sender=sender.address,
                recipients=recipients,
                blob=blob,
                sent_blob=blob,
                size=size,
                not_before=now + delay_s,
                draft=None,
                source=message_id,
                kind=DraftKind.FORWARD,
                identity=identity,
                envelope_id=new_envelope_id(),
                answered=head.message_id,
                resent=True,
                created=now,
            )
        return account.id, outbox_id

    def resend_draft(self, message_id: MessageId) -> Draft:
        """A letter to send again: of one of mine, to the same; of a report that it did not arrive,
        the letter told of, to those whom it did not reach."""
        raw = self._raw(message_id)
        message = parse(raw)
        report = report_of(message)
        failed = [one for one in report.fates if one.action is Action.FAILED] if report else []
        if report is None or not failed:
            return self._beginnings.edit_draft(message_id)
        missed = {address_key(one.recipient): one.recipient for one in failed}
        known = mailbox.sent_as(self._database, report.message_id)
        if known is not None:
            # Anybody can write a report: whom the letter never went to does not get it now either.
            draft = self._beginnings.edit_draft(known)
            rest = _only(draft, missed)
            return rest if rest.to or rest.cc or rest.bcc else draft
        draft = self._returned(message_id, message)
        rest = _only(draft, missed)
        shown = {address_key(one.address) for one in (*rest.to, *rest.cc, *rest.bcc)}
        blind = tuple(Address("", text) for key, text in missed.items() if key not in shown)
        if len(blind) == 1 and not shown:
            return replace(rest, to=blind)
        # They stand in no head that came back: nobody else may learn that it went to them, too.
        return replace(rest, bcc=rest.bcc + blind)

    def _returned(self, report: MessageId, message: Message) -> Draft:
        """The letter as the report brings it back."""
        account, writer = self._beginnings.writer(report, message.headers)
        returned = resent.returned(message)
        if returned is None:
            raise Refused(HEADER_ONLY, "", account.name)
        draft, going = reply.edit(returned, account.id, own=False)
        # As whom it was written, which a report sent to the account's main address does not tell.
        wrote = envelope(returned.headers).sender
        mine = wrote if identity_of(account, wrote.address) is not None else writer
        parts = draft.parts + taken_over(self._blobs, returned, going)
        return replace(draft, sender=mine, parts=parts)


def _only(draft: Draft, missed: dict[str, str]) -> Draft:
    """To those of its recipients alone; missed: addresses by their keys."""

    def those(people: tuple[Address, ...]) -> tuple[Address, ...]:
        return tuple(one for one in people if address_key(one.address) in missed)

    return replace(draft, to=those(draft.to), cc=those(draft.cc), bcc=those(draft.bcc))
