"""Letters: drafts, and the way into the outbox. How they begin is in
`beginnings`, what is done to them in the outbox in `going_out`.

On sending the MIME is built once, with its Message-ID and Date fixed; the blob is synced to disk
before the outbox row that names it is written.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import BinaryIO

from martlet.engine.attaching import attached
from martlet.engine.identities import chosen
from martlet.engine.stops import Stops
from martlet.mail.account import Account, AccountId
from martlet.mail.errors import Refused
from martlet.mail.message import Address, Attachment
from martlet.mail.outgoing import (
    Draft,
    DraftKind,
    OutboxId,
    OutgoingPart,
)
from martlet.mail.own_headers import first_refusal
from martlet.mail.recipients import MOST
from martlet.mail.sender import identity_of
from martlet.mail.visible import visible
from martlet.mime.headers import envelope, parse_headers
from martlet.mime.part import Message
from martlet.mime.writing import compose
from martlet.mime.writing.complete import complete
from martlet.store import drafts, outbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database, Source, Tx

# RFC 5321, 4.5.3.1.3, with its brackets. A local part may have 64, but names that services make up
# to be answered have more, and are written to every day.
LONGEST_ADDRESS = 254
NO_ONE = "The message has no recipient."
TOO_MANY = "A letter can go to at most {most} people at once, and this one names {count}."
CALLED_BACK = "This letter was taken back before it was sent."
SENT_BEFORE = "This letter is in the outbox already, or has been sent."


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter that was built: its bytes are blobs. sent_blob: the copy that is kept, with Bcc."""

    draft: Draft
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    blob: str
    sent_blob: str
    size: int
    identity: int


class Letters:
    """Drafts of a profile, and what is to be sent.

    account: finds an account by id.
    """

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        *,
        clock: Callable[[], float],
        account: Callable[[AccountId], Account],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._account = account
        self._called_back = Stops()

    # --- the outbox

    def send(self, draft: Draft, delay_s: float, ticket: str = "") -> OutboxId:
        ready = self.built(draft)
        now = self._clock()
        with self._database.write() as tx:
            if ticket in self._called_back:
                self._called_back.forget(ticket)
                raise Refused(CALLED_BACK)
            return queue(tx, ready, now, now + delay_s)

    def call_back(self, ticket: str, key: str) -> OutboxId | None:
        """What is given to be sent under this ticket and has not come yet is refused; what was
        queued of this draft is answered, for the caller to take back."""
        self._called_back.add(ticket)
        with self._database.write() as tx:
            # Written in between or not at all: `send` asks inside a transaction, too.
            return outbox.of_key(tx, key)

    def built(self, draft: Draft, *, durable: bool = True) -> Ready:
        """The message made of a draft, its bytes in the store; refuses what cannot be sent.

        durable: False leaves it to the caller to sync the blobs before it is queued.
        """
        account = self._account(draft.account_id)
        check_can_send(account)
        wrong = first_refusal(draft.options.headers)
        if wrong:
            raise Refused(wrong, "", account.name)
        people = [*draft.to, *draft.cc, *draft.bcc]
        recipients = tuple(dict.fromkeys(a.address for a in people))
        check_recipients(recipients, account.name)
        sender, identity, reply_to = chosen(account, draft.sender)
        check_address(sender.address)
        check_answers(draft.reply_to, (sender.address, *recipients))
        message_id = compose.new_message_id(sender.address)
        now = self._clock()

        def put(*, include_bcc: bool) -> tuple[str, int]:
            pieces = compose.pieces(
                draft, sender, message_id, now, self._opened, include_bcc, reply_to
            )
            return self._blobs.put_pieces(pieces, durable=durable)

        blob, size = put(include_bcc=False)
        sent_blob = put(include_bcc=True)[0] if draft.bcc else blob
        return Ready(draft, message_id, sender.address, recipients, blob, sent_blob, size, identity)

    def send_raw(
        self, account_id: AccountId, raw: bytes, recipients: list[str], delay_s: float
    ) -> OutboxId:
        account = self._account(account_id)
        check_can_send(account)
        to = list(dict.fromkeys(recipients or compose.recipients(raw)))
        check_recipients(to, account.name)
        written = envelope(parse_headers(raw)).sender
        # Written by one of mine: it goes that one's way. By anybody else: as the account's own.
        known = identity_of(account, written.address)
        sender, identity, _ = chosen(account, written if known else None)
        now = self._clock()
        copy = complete(raw, sender, now)
        wire = compose.strip_bcc(copy)
        head = envelope(parse_headers(copy))
        blob, sent_blob = self._put_pair(wire, copy)
        with self._database.write() as tx:
            tx.must_last()
            outbox_id = outbox.queue(
                tx,
                account.id,
                message_id=head.message_id,
                subject=head.subject,
                sender=sender.address,
                recipients=to,
                blob=blob,
                sent_blob=sent_blob,
                size=len(wire),
                not_before=now + delay_s,
                draft=None,
                source=None,
                kind=DraftKind.NEW,
                identity=identity,
                envelope_id=new_envelope_id(),
                answered=head.in_reply_to,
                created=now,
            )
        return outbox_id

    # --- inner

    def _opened(self, part: OutgoingPart) -> BinaryIO:
        return attached(self._blobs, part)

    def _put_pair(self, wire: bytes, copy: bytes) -> tuple[str, str]:
        blob = self._blobs.put(wire, durable=True)
        return blob, blob if copy == wire else self._blobs.put(copy, durable=True)


def taken_over(
    blobs: Blobs, message: Message, going: tuple[Attachment, ...]
) -> tuple[OutgoingPart, ...]:
    """These files of a message, kept as parts of a draft."""
    parts = []
    for attachment in going:
        found = message.part(attachment.part)
        if found is None:
            continue
        data = found.data()
        key = blobs.put(data, durable=True)
        parts.append(
            OutgoingPart(
                attachment.filename,
                attachment.content_type,
                len(data),
                key,
                attachment.content_id if attachment.inline else "",
            )
        )
    return tuple(parts)


def check_unsent(source: Source, draft: Draft) -> None:
    """Refuses a letter that was queued: two windows may hold it, a finger may be quick, an answer
    may be lost. It is sent once."""
    if outbox.holds(source, draft.id) or outbox.holds_key(source, draft.key):
        raise Refused(SENT_BEFORE)


def queue(tx: Tx, ready: Ready, now: float, not_before: float) -> OutboxId:
    """Writes a built letter down to be sent; it is no draft any more. now, not_before: Unix
    seconds; the writer may have chosen a later time. Refused if it was queued before."""
    tx.must_last()
    draft = ready.draft
    check_unsent(tx, draft)
    when = max(not_before, draft.send_at)
    outbox_id = outbox.queue(
        tx,
        draft.account_id,
        message_id=ready.message_id,
        subject=draft.subject,
        sender=ready.sender,
        recipients=ready.recipients,
        blob=ready.blob,
        sent_blob=ready.sent_blob,
        size=ready.size,
        not_before=when,
        draft=draft,
        source=draft.source,
        kind=draft.kind,
        identity=ready.identity,
        envelope_id=new_envelope_id(),
        options=draft.options,
        answered=draft.in_reply_to,
        send_at=when if draft.send_at > now else 0.0,
        created=now,
    )
    drafts.sent(tx, draft)
    return outbox_id


def new_envelope_id() -> str:
    """A name for one submission (RFC 3461, 4.4): random, saying nothing about this computer."""
    return secrets.token_hex(16)


def check_can_send(account: Account) -> None:
    """Refuses to send by an account that only receives."""
    if account.outgoing is None:
        raise Refused(f"The account {account.name} has no server to send by.", "", account.name)


def check_answers(reply_to: Iterable[Address], others: Iterable[str]) -> None:
    """Refuses a Reply-To that cannot stand in a letter to and from these others."""
    plain = all(_local(each).isascii() for each in others)
    for one in reply_to:
        check_address(one.address)
        if plain and not _local(one.address).isascii():
            raise Refused(
                f"Answers cannot go to {one.address}: servers pass on such an address only in"
                " letters to or from international ones."
            )


def _local(address: str) -> str:
    return address.rpartition("@")[0]


def check_recipients(recipients: Collection[str], account: str = "", most: int = MOST) -> None:
    """Refuses a letter to nobody, to more than so many, or to what cannot be an address."""
    if not recipients:
        raise Refused(NO_ONE, "", account)
    if len(recipients) > most:
        raise Refused(TOO_MANY.format(most=most, count=len(recipients)), "", account)
    for address in recipients:
        check_address(address)


def check_address(address: str) -> None:
    """Refuses what cannot be an address to send to (RFC 5321, 4.1.2, without its rarer forms)."""
    local, at, domain = address.rpartition("@")
    if len(address.encode("utf-8", "replace")) > LONGEST_ADDRESS:
        raise Refused(f"{address[:80]!r}… is too long for an e-mail address.")
    bad = not at or not local or not domain or domain.startswith(".") or domain.endswith("-")
    bad = bad or visible(address) != address or ".." in domain
    if bad or any(c.isspace() or c in "<>,;" for c in address):
        raise Refused(f"{address[:80]!r} is not an e-mail address.")
