"""Letters: drafts, attachments taken in, replies made, and the way into the outbox. What is done
to them there is in `going_out`.

On sending the MIME is built once, with its Message-ID and Date fixed; the blob is synced to disk
before the outbox row that names it is written.
"""

from __future__ import annotations

import mimetypes
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from martlet.engine.identities import answering, chosen, mine, written_to
from martlet.mail.account import Account, AccountId
from martlet.mail.errors import Refused, StoreError
from martlet.mail.folder import Role
from martlet.mail.message import Attachment, MessageId
from martlet.mail.outgoing import (
    Draft,
    DraftId,
    DraftKind,
    OutboxId,
    OutgoingPart,
)
from martlet.mail.sender import identity_of
from martlet.mail.writing import AnswerTo, ForwardAs, Place
from martlet.mime import compose, reply
from martlet.mime.complete import complete
from martlet.mime.content import safe_filename
from martlet.mime.headers import envelope, parse_headers
from martlet.mime.parse import parse
from martlet.mime.part import Message
from martlet.store import drafts, folders, mailbox, outbox, pop3
from martlet.store.blobs import Blobs
from martlet.store.database import Database

NO_ONE = "The message has no recipient."


class Letters:
    """Drafts of a profile, and what is to be sent.

    account: finds an account by id. accounts: all of them. readable: the bytes of a
    message, maybe without large files; with_parts: with these of its parts.
    """

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        *,
        clock: Callable[[], float],
        account: Callable[[AccountId], Account],
        accounts: Callable[[], list[Account]],
        readable: Callable[[MessageId], bytes],
        with_parts: Callable[[MessageId, list[str]], bytes],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._account = account
        self._accounts = accounts
        self._readable = readable
        self._with_parts = with_parts

    # --- attachments

    def attach_file(self, path: str) -> OutgoingPart:
        file = Path(path).expanduser()
        try:
            if file.is_dir():
                raise Refused(f"{file.name} is a folder; only files can be attached.")
            data = file.read_bytes()
        except OSError as error:
            raise Refused(
                f"The file {file.name} could not be read.", error.strerror or ""
            ) from error
        kind, encoding = mimetypes.guess_type(file.name)
        if kind is None or encoding is not None:
            kind = "application/octet-stream"
        return self.attach_bytes(file.name, kind, data)

    def attach_bytes(self, name: str, content_type: str, data: bytes) -> OutgoingPart:
        key = self._blobs.put(data, durable=True)
        return OutgoingPart(safe_filename(name, content_type), content_type, len(data), key)

    # --- drafts

    def reply_draft(
        self,
        message_id: MessageId,
        to: AnswerTo = AnswerTo.SENDER,
        place: Place = Place.SMART,
        selection: str = "",
        language: str = "",
    ) -> Draft:
        message, account, own = self._message(message_id)
        me = mine(self._accounts(), account, message.headers, own=own)
        draft, going = reply.reply(message, me, to is AnswerTo.ALL, account.id, message_id)
        sender = answering(account, message.headers, own=own)
        return replace(draft, sender=sender, parts=self._fetched(message_id, going))

    def forward_draft(
        self,
        message_ids: list[MessageId],
        how: ForwardAs = ForwardAs.INLINE,
        language: str = "",
    ) -> Draft:
        message_id = message_ids[0]
        message, account, own = self._message(message_id)
        draft, going = reply.forward(message, account.id, message_id)
        sender = answering(account, message.headers, own=own)
        parts = draft.parts + self._fetched(message_id, going)
        return replace(draft, sender=sender, parts=parts)

    def edit_draft(self, message_id: MessageId) -> Draft:
        message, account, own = self._message(message_id)
        draft, going = reply.edit(message, account.id)
        sender = answering(account, message.headers, own=own)
        parts = draft.parts + self._fetched(message_id, going)
        return replace(draft, sender=sender, parts=parts)

    def save_draft(self, draft: Draft) -> DraftId:
        with self._database.write() as tx:
            return drafts.save(tx, replace(draft, updated=self._clock()))

    def discard_draft(self, draft_id: DraftId) -> None:
        with self._database.write() as tx:
            drafts.discard(tx, draft_id)

    # --- the outbox

    def send(self, draft: Draft, delay_s: float) -> OutboxId:
        account = self._account(draft.account_id)
        _can_send(account)
        people = [*draft.to, *draft.cc, *draft.bcc]
        recipients = list(dict.fromkeys(a.address for a in people))
        if not recipients:
            raise Refused(NO_ONE, "", account.name)
        for address in recipients:
            check_address(address)
        sender, identity, reply_to = chosen(account, draft.sender)
        check_address(sender.address)
        message_id = compose.new_message_id(sender.address)
        now = self._clock()

        def built(*, include_bcc: bool) -> bytes:
            return compose.build(
                draft, sender, message_id, now, self._part_bytes, include_bcc, reply_to
            )

        raw = built(include_bcc=False)
        copy = built(include_bcc=True) if draft.bcc else raw
        blob, sent_blob = self._put_pair(raw, copy)
        with self._database.write() as tx:
            tx.must_last()
            outbox_id = outbox.queue(
                tx,
                account.id,
                message_id=message_id,
                subject=draft.subject,
                sender=sender.address,
                recipients=recipients,
                blob=blob,
                sent_blob=sent_blob,
                size=len(raw),
                not_before=now + delay_s,
                draft=draft,
                source=draft.source,
                kind=draft.kind,
                identity=identity,
                envelope_id=new_envelope_id(),
                options=draft.options,
                answered=draft.in_reply_to,
            )
            if draft.id:
                drafts.discard(tx, draft.id)
        return outbox_id

    def send_raw(
        self, account_id: AccountId, raw: bytes, recipients: list[str], delay_s: float
    ) -> OutboxId:
        account = self._account(account_id)
        _can_send(account)
        to = list(dict.fromkeys(recipients or compose.recipients(raw)))
        if not to:
            raise Refused(NO_ONE, "", account.name)
        for address in to:
            check_address(address)
        written = envelope(parse_headers(raw)).sender
        # Written by one of mine: it goes that one's way. By anybody else: as the account's own.
        known = identity_of(account, written.address)
        sender, identity, _ = chosen(account, written if known else None)
        copy = complete(raw, sender, self._clock())
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
                not_before=self._clock() + delay_s,
                draft=None,
                source=None,
                kind=DraftKind.NEW,
                identity=identity,
                envelope_id=new_envelope_id(),
                answered=head.in_reply_to,
            )
        return outbox_id

    # --- inner

    def _message(self, message_id: MessageId) -> tuple[Message, Account, bool]:
        """A message, who answers it, and whether it lies among what is written here."""
        raw = self._readable(message_id)
        places = mailbox.locate(self._database, [message_id])
        folder = folders.by_id(self._database, places[0].folder_id) if places else None
        if folder is None:
            raise Refused("This message is not here any more.")
        message = parse(raw)
        # What several accounts bring to one inbox is answered by whom it came to.
        here = self._account(folder.account_id)
        brought = pop3.owners(self._database, [message_id])
        every = [one for one in self._accounts() if one.outgoing is not None]
        by = [one for one in every if one.id in brought]
        beside = [one for one in every if one.into == here.id]
        account = written_to([*by, here, *beside], message.headers)
        return message, account, folder.role in (Role.SENT, Role.DRAFTS)

    def _fetched(
        self, message_id: MessageId, going: tuple[Attachment, ...]
    ) -> tuple[OutgoingPart, ...]:
        """Files of a message that may lack them so far."""
        if not going:
            return ()
        raw = self._with_parts(message_id, [one.part for one in going])
        return taken_over(self._blobs, parse(raw), going)

    def _part_bytes(self, part: OutgoingPart) -> bytes:
        data = self._blobs.get(part.blob)
        if data is None:
            raise StoreError(f"The attachment {part.name} is not in the store any more.")
        return data

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


def new_envelope_id() -> str:
    """A name for one submission (RFC 3461, 4.4): random, saying nothing about this computer."""
    return secrets.token_hex(16)


def _can_send(account: Account) -> None:
    if account.outgoing is None:
        raise Refused(f"The account {account.name} has no server to send by.", "", account.name)


def check_address(address: str) -> None:
    """Refuses what cannot be an address to send to (RFC 5321, 4.1.2, without its rarer forms)."""
    local, at, domain = address.rpartition("@")
    bad = not at or not local or not domain or domain.startswith(".") or domain.endswith("-")
    if bad or any(c.isspace() or ord(c) < 32 or c in "<>,;" for c in address) or ".." in domain:
        raise Refused(f"{address[:80]!r} is not an e-mail address.")
