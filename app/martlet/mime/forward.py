"""Drafts that pass mail on: in the letter, or as files of it."""

from __future__ import annotations

from martlet.mail.account import AccountId
from martlet.mail.message import Attachment, MessageId
from martlet.mail.outgoing import Draft, DraftId, DraftKind
from martlet.mime import reply
from martlet.mime.headers import envelope
from martlet.mime.part import Message
from martlet.mime.subjects import forward_subject


def inline(
    message: Message, account_id: AccountId, source: MessageId | None, language: str = ""
) -> tuple[Draft, tuple[Attachment, ...]]:
    """The message inside a new letter, and the files of it that go along."""
    return reply.forward(message, account_id, source)


def attached(
    message: Message, account_id: AccountId, source: MessageId | None, count: int = 1
) -> Draft:
    """A letter that messages go along with as files, this the first of `count`."""
    return Draft(
        DraftId(0),
        account_id,
        subject=forward_subject(envelope(message.headers).subject),
        html="<p><br></p>",
        kind=DraftKind.FORWARD,
        source=source,
    )
