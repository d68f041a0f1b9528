"""Messages: what a list shows, what a pane shows, what a parser found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from martlet.mail.account import AccountId
from martlet.mail.folder import FolderId
from martlet.mail.piece import Piece
from martlet.mail.report import Report

MessageId = NewType("MessageId", int)

SEEN = "\\Seen"
ANSWERED = "\\Answered"
FLAGGED = "\\Flagged"
DELETED = "\\Deleted"
DRAFT = "\\Draft"
FORWARDED = "$Forwarded"
JUNK = "$Junk"
NOT_JUNK = "$NotJunk"
MDN_SENT = "$MDNSent"
SYSTEM_FLAGS = frozenset({SEEN, ANSWERED, FLAGGED, DELETED, DRAFT})


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox (RFC 5322, 3.4), decoded. name may be ""; address as written, unchecked."""

    name: str
    address: str

    def __str__(self) -> str:
        if not self.name:
            return self.address
        if any(c in '()<>[]:;@\\,."' for c in self.name):
            escaped = self.name.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}" <{self.address}>'
        return f"{self.name} <{self.address}>"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The decoded headers the store keeps of a message.

    date: Unix seconds of the Date header, or None if there is none to be read.
    message_id, in_reply_to, references: with their angle brackets, as found; "" / () if absent.
    """

    subject: str = ""
    sender: Address = Address("", "")
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    date: float | None = None
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What the store keeps of a body it holds: one line of preview, text to index, attachment
    count.

    index_text: subject, people, body and attachment names are joined by the store; this is the
    body's readable text and the attachment names, cut at a megabyte.
    report: what it says became of another message, None for mail that is no report. piece: which
    one it is of a message that came in several.
    """

    preview: str = ""
    index_text: str = ""
    attachments: int = 0
    report: Report | None = None
    piece: Piece | None = None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One row of a message list.

    sort_key: unique, larger is newer; what lists are paged and ordered by.
    uid: 0 while the server has not given one (or for POP3 and local folders).
    to: who it is for, as one short text. flags: system flags; tags: all other keywords.
    attachments: their number. has_body: whether all of it is here, as the raw message or part by
    part. partial: its text is here, some of its attachments are not (then has_body is False).
    """

    id: MessageId
    account_id: AccountId
    folder_id: FolderId
    uid: int
    sort_key: int
    subject: str
    sender: Address
    to: str
    date: float
    flags: frozenset[str]
    tags: frozenset[str]
    size: int
    attachments: int
    preview: str
    has_body: bool
    partial: bool = False

    @property
    def unread(self) -> bool:
        return SEEN not in self.flags

    @property
    def flagged(self) -> bool:
        return FLAGGED in self.flags


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment or inline part of a received message.

    part: its place in the tree as IMAP counts (RFC 9051, 6.4.5.1: "2", "1.3"), "1" for a single
    part.
    filename: decoded and made safe to save under; never empty. size: decoded bytes.
    inline: shown in the body (a cid: picture), so not listed with the attachments.
    here: False while its bytes are only on the server (size is then what the server says).
    charset: what a text says it is written in, "" if nothing.
    disguised: its name as sent held characters that nobody sees or that turn the writing round.
    inside: the file it was unpacked from ("winmail.dat"), "" for a part of its own.
    """

    part: str
    filename: str
    content_type: str
    size: int
    content_id: str = ""
    disposition: str = "attachment"
    inline: bool = False
    here: bool = True
    charset: str = ""
    disguised: bool = False
    inside: str = ""
