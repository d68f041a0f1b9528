"""The messages between a window or command and the engine process.

A frame is one MessagePack value (see `encode_*`). Requests are numbered by the asker and
answered in any order; changes come unasked. Each request names a verb of the engine: its
fields are that method's parameters, in snake case, and `Request[R]` names what comes back.
What the verbs mean is written at `engine.engine.Engine`.
"""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from martlet.mail import changes
from martlet.mail.account import Account, AccountId, AccountState, SyncReport, TestStep
from martlet.mail.errors import BY_KIND, ErrorKind, MailError, TlsRefused
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId, Rendered
from martlet.mail.outgoing import Draft, DraftId, OutboxId, OutgoingPart

PROTOCOL = 1

R = TypeVar("R")


class Request(msgspec.Struct, Generic[R], tag=True, frozen=True):
    """What is asked. `slow` ones run beside the others; all else runs in the order asked."""

    slow: ClassVar[bool] = False


class Hello(Request[int]):
    """Must come first; answers the engine's process id, or refuses another PROTOCOL."""

    protocol: int = PROTOCOL


class AccountAdd(Request[AccountId]):
    account: Account
    password: str = ""


class AccountEdit(Request[None]):
    account: Account
    password: str = ""


class AccountRemove(Request[None]):
    account_id: AccountId


class AccountTest(Request[list[TestStep]]):
    """Tries the settings of `account` (which need not be stored); password "" takes the stored one."""

    slow = True
    account: Account
    password: str = ""


class SetPassword(Request[None]):
    account_id: AccountId
    password: str


class TrustCertificate(Request[None]):
    account_id: AccountId
    host: str
    sha256: str


class AccountStates(Request[list[AccountState]]):
    pass


class CheckMail(Request[None]):
    """Wakes the workers of these accounts (all when empty) and returns at once."""

    account_ids: list[AccountId] = []


class Sync(Request[list[SyncReport]]):
    """One whole pass: replay, fetch, send; answers when it is done."""

    slow = True
    account_ids: list[AccountId] = []
    headers_only: bool = False


class FolderCreate(Request[FolderId]):
    account_id: AccountId
    name: str


class FolderRename(Request[None]):
    folder_id: FolderId
    name: str


class FolderDelete(Request[None]):
    folder_id: FolderId


class FolderSubscribe(Request[None]):
    folder_id: FolderId
    subscribed: bool


class FolderOpened(Request[None]):
    """The user looks at this folder: its news are fetched before those of others."""

    folder_id: FolderId


class SetFlags(Request[int]):
    """Adds and removes flags or keywords; answers how many messages really changed."""

    message_ids: list[MessageId]
    add: list[str] = []
    remove: list[str] = []


class Move(Request[int]):
    message_ids: list[MessageId]
    folder_id: FolderId


class Copy(Request[int]):
    message_ids: list[MessageId]
    folder_id: FolderId


class Archive(Request[int]):
    message_ids: list[MessageId]


class Delete(Request[int]):
    """To Trash; for good when they are there already or `permanently`."""

    message_ids: list[MessageId]
    permanently: bool = False


class Undo(Request[str]):
    """Takes the newest undoable action back; answers what was undone, "" if nothing is left."""


class Render(Request[Rendered]):
    slow = True
    message_id: MessageId


class PartBytes(Request[bytes]):
    """The decoded bytes of one part; fetched first if need be."""

    slow = True
    message_id: MessageId
    part: str


class SavePart(Request[str]):
    """Writes a part below `directory` under its safe name, never over another file; answers the path."""

    slow = True
    message_id: MessageId
    part: str
    directory: str


class OpenPart(Request[str]):
    """Like SavePart, to a private folder of the profile and read-only, for another program to open."""

    slow = True
    message_id: MessageId
    part: str


class RawMessage(Request[bytes]):
    """The raw bytes of a message; fetched first if need be."""

    slow = True
    message_id: MessageId


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
    """An unsaved draft made from a stored message (one in a Drafts folder, or any to edit as new)."""

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
    """Queues a ready message. Recipients are taken from To, Cc and Bcc when none are given; Bcc is taken out."""

    slow = True
    account_id: AccountId
    raw: bytes
    recipients: list[str] = []


class OutboxRetry(Request[None]):
    outbox_id: OutboxId


class OutboxCancel(Request[DraftId]):
    """Takes a message back that has not been sent, as a draft again."""

    outbox_id: OutboxId


class OutboxResolve(Request[None]):
    """The user says what became of an `unknown` one: it was sent, or it is to be sent again."""

    outbox_id: OutboxId
    was_sent: bool


class Stay(Request[None]):
    """The engine goes on when the last client has left."""


class Shutdown(Request[None]):
    """The engine ends cleanly."""


REQUESTS: tuple[type[Request[Any]], ...] = tuple(Request.__subclasses__())

CHANGES: dict[str, type[Any]] = {
    cls.__name__: cls
    for cls in (
        changes.AccountsChanged,
        changes.FoldersChanged,
        changes.MessagesChanged,
        changes.BodyArrived,
        changes.OutboxChanged,
        changes.DraftsChanged,
        changes.StateChanged,
        changes.Progress,
        changes.Notice,
    )
}


class _RequestFrame(msgspec.Struct, array_like=True):
    number: int
    verb: str
    body: msgspec.Raw


class ErrorInfo(msgspec.Struct, frozen=True):
    """A MailError on the wire."""

    kind: ErrorKind
    summary: str
    detail: str = ""
    account: str = ""
    host: str = ""
    fingerprint: str = ""
    certificate: str = ""

    @classmethod
    def of(cls, error: MailError) -> ErrorInfo:
        if isinstance(error, TlsRefused):
            return cls(
                error.kind, error.summary, error.detail, error.account,
                error.host, error.fingerprint, error.certificate,
            )  # fmt: skip
        return cls(error.kind, error.summary, error.detail, error.account)

    def error(self) -> MailError:
        if self.kind is ErrorKind.TLS:
            return TlsRefused(
                self.summary,
                self.detail,
                self.account,
                host=self.host,
                fingerprint=self.fingerprint,
                certificate=self.certificate,
            )
        return BY_KIND[self.kind](self.summary, self.detail, self.account)
