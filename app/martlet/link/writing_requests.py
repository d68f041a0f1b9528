"""Requests about letters: drafts, files, sending, the outbox."""

from __future__ import annotations

from pathlib import Path

import msgspec

from martlet.link.request import Request
from martlet.mail.account import AccountId
from martlet.mail.message import Address, MessageId
from martlet.mail.outgoing import Draft, DraftId, OutboxId, OutgoingPart
from martlet.mail.writing import AnswerTo, ForwardAs, Group, Place, TakenBack, Template, TemplateId


class AttachFile(Request[OutgoingPart]):
    """A file of this computer as it is now, read in pieces straight into the store.

    path: or its address as file managers give it (file:, and smb: and others where they are shown
    here), for a name that is no UTF-8, or a file on a share.

    ticket: how far it is, is told as TakingIn changes under this name; StopAttaching ends it.
    """

    slow = True
    path: str
    ticket: str = ""

    @classmethod
    def of(cls, file: Path) -> AttachFile:
        """Of an absolute path whose name may be no UTF-8."""
        name = str(file)
        return cls(name if name.isprintable() else file.as_uri())


class AttachFolder(Request[OutgoingPart]):
    """All files of a folder as one zip, as AttachFile."""

    slow = True
    path: str
    ticket: str = ""


class StopAttaching(Request[None]):
    """What is taken in under this ticket ends with Refused, and nothing of it stays."""

    ticket: str


class OpenAttached(Request[str]):
    """Writes a file of a letter where only we may read it; answers the path of that copy."""

    slow = True
    part: OutgoingPart


class AttachBytes(Request[OutgoingPart]):
    slow = True
    name: str
    content_type: str
    data: bytes


class AttachMessage(Request[OutgoingPart]):
    """A stored message as a file of a letter (message/rfc822), byte for byte."""

    slow = True
    message_id: MessageId


class AskSizeLimit(Request[None]):
    """Asks, if nobody has of late, what the server of this sender takes at most; whoever looks it
    up afterwards finds it. No error where it cannot be had.

    identity: whose own server it may be, 0 for the account's.
    """

    slow = True
    aside = True
    account_id: AccountId
    identity: int = 0

    @property
    def whose(self) -> AccountId:
        return self.account_id


class FetchPicture(Request[OutgoingPart]):
    """A picture on the internet that a text pasted into a letter has, and the writer wants in it.

    account_id: whose way to the internet is taken. Only public addresses are asked, and only
    pictures taken.
    """

    slow = True
    aside = True
    account_id: AccountId
    url: str

    @property
    def whose(self) -> AccountId:
        return self.account_id


class ReplyDraft(Request[Draft]):
    """An unsaved draft answering a message.

    selection: the words that alone are to be quoted, as a view shows them: they are found again
    in the message, with their looks; "": all of it. language: of the line that announces the
    quote, as "de" or "zh-Hant".
    """

    slow = True
    message_id: MessageId
    to: AnswerTo = AnswerTo.SENDER
    place: Place = Place.SMART
    selection: str = ""
    language: str = ""


class ForwardDraft(Request[Draft]):
    """An unsaved draft with these messages in it; several go as files whatever `how` says."""

    slow = True
    message_ids: list[MessageId]
    how: ForwardAs = ForwardAs.INLINE
    language: str = ""


class OpenDraft(Request[Draft]):
    """A draft that lies in a folder of drafts, to go on with: saved here, with an id."""

    slow = True
    message_id: MessageId


class Redirect(Request[OutboxId]):
    """Queues a stored message for others, as it is, with Resent- fields (RFC 5322, 3.6.6).

    utc: these do not tell the sender's time zone."""

    slow = True
    message_id: MessageId
    to: list[Address]
    delay_s: float = 0.0
    utc: bool = False


class ResendDraft(Request[Draft]):
    """An unsaved draft to send a letter of one's own again; of a report that it did not arrive,
    the letter told of, to those whom it did not reach."""

    slow = True
    message_id: MessageId


class EditDraft(Request[Draft]):
    """An unsaved draft made from a stored message: one of Drafts, or any to edit as new."""

    slow = True
    message_id: MessageId


class SaveDraft(Request[DraftId]):
    """Keeps it here at once; on its server later. closed: nobody writes on it now.

    place: the window's own words on where it stands; with `closed` it is to come back at the next
    start. What comes after the letter was sent changes nothing.
    """

    draft: Draft
    closed: bool = False
    place: str = ""


class CloseDraft(Request[None]):
    """Nobody writes on it now, and nothing was changed since it was saved."""

    draft_id: DraftId


class SettleDraft(Request[None]):
    """A person knows what another program made of this draft, and keeps it as it is here."""

    draft_id: DraftId


class DiscardDraft(Request[None]):
    draft_id: DraftId


class Send(Request[OutboxId]):
    """Queues a draft (and forgets it as draft). delay_s: the time in which it can be taken back.
    ticket: a random word by which it can be called back before it was answered.
    """

    slow = True
    draft: Draft
    delay_s: float = 0.0
    ticket: str = ""


class CallBack(Request[DraftId]):
    """The letter given to be sent under this ticket is not to go, wherever it is by now: the draft
    it is again, 0 if it had not come, which it is Refused then. key: of its draft.

    Refused: it is on its way already.
    """

    ticket: str
    key: str


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


class OutboxDelay(Request[None]):
    """Has a letter that was not tried yet go out not before that time (Unix seconds)."""

    outbox_id: OutboxId
    not_before: float


class OutboxCancel(Request[DraftId]):
    """Takes a message back that has not been sent, as a draft again."""

    outbox_id: OutboxId


class OutboxResolve(Request[None]):
    """The user says what became of an `unknown` one: it was sent, or it is to be sent again."""

    outbox_id: OutboxId
    was_sent: bool


class OutboxRetryAll(Request[int]):
    """Sends all of these now; answers how many it came too late for."""

    slow = True
    outbox_ids: list[OutboxId]


class OutboxDelayAll(Request[int]):
    """Has all of these go not before that time (Unix seconds), letters of one merge as far apart
    as they were; answers how many it came too late for."""

    slow = True
    outbox_ids: list[OutboxId]
    not_before: float


class OutboxDiscardAll(Request[int]):
    """Throws away all of these that have not begun to go; answers how many it came too late for."""

    slow = True
    outbox_ids: list[OutboxId]


class SaveGroup(Request[None]):
    """Keeps people under a name, in place of those it named before."""

    group: Group


class RemoveGroup(Request[None]):
    name: str


class ForgetAddress(Request[None]):
    """An address is not offered any more until it is written to again."""

    address: str


class RememberAddress(Request[None]):
    """Somebody to be offered from now on, also one that was forgotten."""

    address: Address


class SaveTemplate(Request[TemplateId]):
    template: Template


class RemoveTemplate(Request[None]):
    template_id: TemplateId


class Merge(Request[list[OutboxId]]):
    """Queues one letter for each row, its variables filled in from it: all of them or none.

    rows: values by the name of their column. to: the column of addresses. common: values that
    all letters share, as the date in the writer's own way. delay_s: of the first; pace_s: of each
    after the one before. ticket: how far it is, is told as Merging changes under this name.
    """

    slow = True
    draft: Draft
    rows: list[dict[str, str]]
    to: str
    delay_s: float = 0.0
    pace_s: float = 1.0
    common: dict[str, str] = msgspec.field(default_factory=dict)
    ticket: str = ""


class StopMerge(Request[None]):
    """A merge under way under this ticket ends with Refused and nothing queued."""

    ticket: str


class TakeBackMerge(Request[TakenBack]):
    """Takes back all of these that have not begun to go; their letter is a draft once more."""

    slow = True
    outbox_ids: list[OutboxId]
    draft: Draft
