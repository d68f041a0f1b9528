"""Mail on its way out: drafts and the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NewType

from martlet.mail.account import AccountId
from martlet.mail.message import Address, MessageId

DraftId = NewType("DraftId", int)
OutboxId = NewType("OutboxId", int)

# How long a letter waits in the outbox, in which it can be taken back (PRODUCT 4.4).
UNDO_S = 10


@dataclass(frozen=True, slots=True)
class OutgoingPart:
    """A file to send. blob: SHA-256 (hex) under which the store holds its bytes.

    content_id: set (without angle brackets) for a picture inside the HTML, else "".
    """

    name: str
    content_type: str
    size: int
    blob: str
    content_id: str = ""


class DraftKind(Enum):
    """What a draft answers, so that the original can be marked when it is sent."""

    NEW = "new"
    REPLY = "reply"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter being written. id 0: not saved yet.

    text: the plain body. html: the rich body's inner markup, or None for a plain letter; when set,
        `text` is made from it on sending.
    in_reply_to, references: Message-IDs with angle brackets.
    source: the stored message this replies to or forwards, or None.
    """

    id: DraftId
    account_id: AccountId
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str = ""
    text: str = ""
    html: str | None = None
    parts: tuple[OutgoingPart, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    kind: DraftKind = DraftKind.NEW
    source: MessageId | None = None
    updated: float = 0.0


class OutboxState(Enum):
    """Life of a message to be sent.

    queued -> sending -> sent -> filed          (filed: its copy is in Sent, or the provider
    keeps one)
    sending -> queued (4xx, offline) | failed (5xx) | unknown (line lost after the final dot)
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FILED = "filed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RecipientResult:
    """What the server said about one recipient. code 250 is accepted, 0 not asked."""

    address: str
    code: int
    said: str


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One row of the outbox. not_before, created: Unix seconds. problem: one sentence or ""."""

    id: OutboxId
    account_id: AccountId
    message_id: str
    subject: str
    sender: str
    recipients: tuple[str, ...]
    state: OutboxState
    size: int
    created: float
    not_before: float = 0.0
    attempts: int = 0
    problem: str = ""
    detail: str = ""
    results: tuple[RecipientResult, ...] = ()
    blob: str = ""
