"""Requests about letters: drafts, files, sending, the outbox."""

from __future__ import annotations

import msgspec

from martlet.link.request import Request
from martlet.mail.account import AccountId
from martlet.mail.message import MessageId
from martlet.mail.outgoing import Draft, DraftId, OutboxId, OutgoingPart


class AttachFile(Request[OutgoingPart]):
    """Takes a file into the store, so that it may vanish afterwards."""

    slow = True
    path: str


class AttachBytes(Request[OutgoingPart]):
    slow = True
    name: str
    content_type: str
    data: bytes


class ReplyDraft(Request[Draft]):
    """An unsaved draft answering a message."""

    slow = True
    message_id: MessageId
    to_all: bool = False


class ForwardDraft(Request[Draft]):
    slow = True
    message_id: MessageId


class EditDraft(Request[Draft]):
    """An unsaved draft made from a stored message: one of Drafts, or any to edit as new."""

    slow = True
    message_id: MessageId


class SaveDraft(Request[DraftId]):
    draft: Draft


class DiscardDraft(Request[None]):
    draft_id: DraftId


class Send(Request[OutboxId]):
    """Queues a draft (and forgets it as draft). delay_s: the time in which it can be taken back."""

    slow = True
    draft: Draft
    delay_s: float = 0.0


class SendRaw(Request[OutboxId]):
    """Queues a ready message. Bcc is taken out.

    Recipients are taken from To, Cc and Bcc when none are given.
    """

    slow = True
    account_id: AccountId
    raw: bytes
    recipients: list[str] = msgspec.field(default_factory=list)
    delay_s: float = 0.0


class OutboxRetry(Request[None]):
    outbox_id: OutboxId


class OutboxCancel(Request[DraftId]):
    """Takes a message back that has not been sent, as a draft again."""

    outbox_id: OutboxId


class OutboxResolve(Request[None]):
    """The user says what became of an `unknown` one: it was sent, or it is to be sent again."""

    outbox_id: OutboxId
    was_sent: bool
