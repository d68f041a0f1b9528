"""Mail on its way out: drafts and the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NewType

from martlet.mail.account import AccountId
from martlet.mail.attached import OutgoingPart as OutgoingPart
from martlet.mail.message import Address, MessageId
from martlet.mail.priority import Priority as Priority

DraftId = NewType("DraftId", int)
OutboxId = NewType("OutboxId", int)
NO_SOURCE = MessageId(0)

# How long a letter waits in the outbox, in which it can be taken back (PRODUCT 4.4).
UNDO_S = 10


@dataclass(frozen=True, slots=True)
class SendOptions:
    """What is asked of servers and readers. dsn: tell me when it arrived (RFC 3461).

    require_tls: only over verified TLS all the way, or not at all (RFC 8689).
    receipt: the reader is asked to say that it was read (Disposition-Notification-To, RFC 8098).
    headers: fields of the writer's own, (name, value), as typed; what may not be set is refused.
    utc: the letter does not tell in which time zone it was written. agent: it tells that Martlet
    has written it.
    """

    dsn: bool = False
    require_tls: bool = False
    receipt: bool = False
    priority: Priority = Priority.NORMAL
    headers: tuple[tuple[str, str], ...] = ()
    utc: bool = False
    agent: bool = True


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
    sender: From; None: the account's main identity. An address that is none of the account's
        identities (a plus or catch-all address) goes out by the account's own server.
    reply_to: where answers are to go; empty: what the identity says.
    original: cleaned HTML of a forwarded message that goes along below `html` just as it was, or
        "". Its pictures (cid:) are among `parts`. Only with html.
    key: a name of the letter that stays its own on the server and on other devices
        (X-Martlet-Draft-Id); "": it has none yet.
    send_at: Unix seconds before which the writer does not want it sent; 0 at once.
    below: the writer's words, the cursor and the signature go below what is quoted, where the
        letter has an empty line for them; else above it. Of a letter just begun.
    lists: where the mailing list takes mail that brought what this answers (List-Post), if it is
        believed to be one; an answer that goes there is nothing to warn of.
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
    sender: Address | None = None
    options: SendOptions = SendOptions()
    reply_to: tuple[Address, ...] = ()
    original: str = ""
    key: str = ""
    send_at: float = 0.0
    below: bool = False
    lists: tuple[str, ...] = ()


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

    @property
    def good(self) -> bool:
        """Whether a server took the message for this one."""
        return 200 <= self.code < 300


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One row of the outbox. not_before, created: Unix seconds. problem: one sentence or "".

    identity: whose server sends it, 0 for the account's. envelope_id: ENVID (RFC 3461, 4.4), a
    name for it that comes back in reports. send_at: when the writer wants it sent, Unix seconds, 0
    at once. resent: somebody's message that is sent on as it is, and is no letter to go on with.
    """

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
    identity: int = 0
    envelope_id: str = ""
    options: SendOptions = SendOptions()
    send_at: float = 0.0
    resent: bool = False


class DeliveryKind(Enum):
    """What became of a sent message for one recipient, or for all (recipient "").

    By our server: ACCEPTED, REFUSED, DEFERRED; UNKNOWN. By us: FILED. By reports (RFC 3464):
    FAILED, DELAYED, DELIVERED, RELAYED, EXPANDED. By the recipient: ANSWERED.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"
    FILED = "filed"
    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One line of a sent message's ledger. time: Unix seconds.

    status: the enhanced status code (RFC 3463), or "". said: a sentence, the server's words in it.
    source: the stored message (a report, an answer) that told it, 0 for none.
    """

    time: float
    recipient: str
    kind: DeliveryKind
    status: str = ""
    said: str = ""
    source: MessageId = NO_SOURCE
