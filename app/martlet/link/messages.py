"""The messages between a window or command and the engine process.

Requests are numbered by the asker and answered in any order; changes come unasked (how they go over
the line is in `frames`). Each request names a verb of the engine: its
fields are that method's parameters, in snake case, and `Request[R]` names what comes back.
What the verbs mean is written at `engine.engine.Engine`.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from martlet.link.account_requests import (
    AccountAdd,
    AccountEdit,
    AccountRemove,
    AccountStates,
    AccountTest,
    DesktopAccounts,
    Discover,
    HasKeyring,
    SetPassword,
    SignInBegin,
    SignInCancel,
    SignInWait,
    TrustCertificate,
)
from martlet.link.request import Request
from martlet.link.writing_requests import (
    AttachBytes,
    AttachFile,
    AttachFolder,
    AttachMessage,
    CloseDraft,
    DiscardDraft,
    EditDraft,
    FetchPicture,
    ForgetAddress,
    ForwardDraft,
    Merge,
    OpenAttached,
    OpenDraft,
    OutboxCancel,
    OutboxDelay,
    OutboxResolve,
    OutboxRetry,
    Redirect,
    RememberAddress,
    RemoveGroup,
    RemoveTemplate,
    ReplyDraft,
    ResendDraft,
    SaveDraft,
    SaveGroup,
    SaveTemplate,
    Send,
    SendRaw,
    SettleDraft,
    StopAttaching,
    StopMerge,
    TakeBackMerge,
)
from martlet.mail.account import AccountId, Keep, SyncReport
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import MessageId
from martlet.mail.reading import AS_SENT, PartNode, Picture, View
from martlet.mail.rendered import Rendered
from martlet.mail.sender_facts import SenderFact
from martlet.mail.sync import FolderInfo

__all__ = [
    "PROTOCOL",
    "REQUESTS",
    "AccountAdd",
    "AccountEdit",
    "AccountRemove",
    "AccountStates",
    "AccountTest",
    "AllowPictures",
    "Archive",
    "AttachBytes",
    "AttachFile",
    "AttachFolder",
    "AttachMessage",
    "CheckMail",
    "CheckSignature",
    "CloseDraft",
    "Copy",
    "Delete",
    "DesktopAccounts",
    "DiscardDraft",
    "Discover",
    "Download",
    "DownloadFolder",
    "EditDraft",
    "FetchPicture",
    "FolderCreate",
    "FolderDelete",
    "FolderKeep",
    "FolderOpened",
    "FolderProperties",
    "FolderRename",
    "FolderRole",
    "FolderSubscribe",
    "ForgetAddress",
    "ForwardDraft",
    "HasKeyring",
    "Hello",
    "MarkAllRead",
    "Merge",
    "Move",
    "OpenAttached",
    "OpenDraft",
    "OpenPart",
    "OutboxCancel",
    "OutboxDelay",
    "OutboxResolve",
    "OutboxRetry",
    "PartBytes",
    "PauseSync",
    "RawMessage",
    "Redirect",
    "RememberAddress",
    "RemotePicture",
    "RemoveGroup",
    "RemoveTemplate",
    "Render",
    "ReplyDraft",
    "Request",
    "ResendDraft",
    "ResumeSync",
    "SaveDraft",
    "SaveGroup",
    "SavePart",
    "SaveTemplate",
    "Send",
    "SendRaw",
    "SetFlags",
    "SetPassword",
    "SettleDraft",
    "Shutdown",
    "SignInBegin",
    "SignInCancel",
    "SignInWait",
    "Stay",
    "StopAttaching",
    "StopDownloads",
    "StopMerge",
    "Structure",
    "Sync",
    "TakeBackMerge",
    "TrustCertificate",
    "Undelete",
    "Undo",
]

PROTOCOL = 5

R = TypeVar("R")


class Hello(Request[int]):
    """Must come first; answers the engine's process id, or refuses another PROTOCOL.

    lasting: a window, which finds itself another engine when this one ends; a command, which
    is not lasting, is let finish first.
    """

    protocol: int = PROTOCOL
    lasting: bool = False


class CheckMail(Request[None]):
    """Wakes the workers of these accounts (all when empty) and returns at once."""

    account_ids: list[AccountId] = msgspec.field(default_factory=list)


class Sync(Request[list[SyncReport]]):
    """One whole pass: replay, fetch, send; answers when it is done."""

    slow = True
    account_ids: list[AccountId] = msgspec.field(default_factory=list)
    headers_only: bool = False


class FolderCreate(Request[FolderId]):
    account_id: AccountId
    name: str


class FolderRename(Request[None]):
    folder_id: FolderId
    name: str


class FolderDelete(Request[None]):
    """Into Trash, with what is below and in it; for good when it is there already or
    `permanently`.
    """

    folder_id: FolderId
    permanently: bool = False


class FolderRole(Request[None]):
    """The user says what a folder is for; Role.NONE: nothing, whatever the server says.

    None: the server's word and the name count again.
    """

    folder_id: FolderId
    role: Role | None


class FolderKeep(Request[None]):
    """How much of it is kept here; None: as the account says. days: for Keep.RECENT."""

    folder_id: FolderId
    keep: Keep | None
    days: int = 0


class FolderProperties(Request[FolderInfo]):
    """Asks the server for size, rights and quota."""

    slow = True
    folder_id: FolderId


class MarkAllRead(Request[int]):
    """Marks every message of a folder read, as one action for Undo; answers how many were not."""

    folder_id: FolderId


class FolderSubscribe(Request[None]):
    folder_id: FolderId
    subscribed: bool


class FolderOpened(Request[None]):
    """The user looks at this folder: its news are fetched before those of others."""

    folder_id: FolderId


class SetFlags(Request[int]):
    """Adds and removes flags or keywords; answers how many messages really changed.

    by_hand: the user meant it, so that it can be undone; marking as read while reading is not.
    """

    message_ids: list[MessageId]
    add: list[str] = msgspec.field(default_factory=list)
    remove: list[str] = msgspec.field(default_factory=list)
    by_hand: bool = True


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


class Undelete(Request[int]):
    """Takes back \\Deleted from messages marked so there and not yet expunged."""

    message_ids: list[MessageId]


class Download(Request[int]):
    """Has these fetched whole, with progress; answers how many are not here yet.

    wait: answers when they are; how many could not be had then.
    """

    slow = True
    message_ids: list[MessageId]
    wait: bool = False


class DownloadFolder(Request[int]):
    """Has all of a folder that is not here fetched; answers how many messages that are."""

    folder_id: FolderId


class PauseSync(Request[None]):
    """Stops fetching ahead for these accounts (all when empty) until ResumeSync.

    What the user opens or changes still goes over the line.
    """

    account_ids: list[AccountId] = msgspec.field(default_factory=list)


class ResumeSync(Request[None]):
    account_ids: list[AccountId] = msgspec.field(default_factory=list)


class StopDownloads(Request[None]):
    """Gives up what is being fetched ahead now; the next pass goes on with it."""

    account_ids: list[AccountId] = msgspec.field(default_factory=list)


class Undo(Request[str]):
    """Takes the newest undoable action back; answers what was undone, "" if nothing is left."""


class Render(Request[Rendered]):
    """wait: answered when what is needed to read it is here; else BodyArrived follows."""

    slow = True
    message_id: MessageId
    wait: bool = False
    view: View = AS_SENT


class Structure(Request[PartNode]):
    """The entities of a message as they are written there; fetched first if need be."""

    slow = True
    message_id: MessageId


class AllowPictures(Request[None]):
    """Pictures from the internet are shown in mail from `who`, always, or no more.

    who: an address, or a domain with "@" before it.
    """

    who: str
    allowed: bool = True


class RemotePicture(Request[Picture]):
    """A picture from the internet that a message names (Remote.pictures), fetched for it.

    Refused for every other address: it is the window's only way out.
    """

    slow = True
    aside = True
    message_id: MessageId
    url: str

    @property
    def whose(self) -> MessageId:
        return self.message_id


class CheckSignature(Request[list[SenderFact]]):
    """What its DKIM signatures prove, checked here; fetches all of it first and asks DNS.

    Offline: DNS gave no answer.
    """

    slow = True
    aside = True
    message_id: MessageId

    @property
    def whose(self) -> MessageId:
        return self.message_id


class PartBytes(Request[bytes]):
    """The decoded bytes of one part; fetched first if need be."""

    slow = True
    message_id: MessageId
    part: str


class SavePart(Request[str]):
    """Writes a part to `directory` under a safe name, never over a file; answers the path."""

    slow = True
    message_id: MessageId
    part: str
    directory: str


class OpenPart(Request[str]):
    """Like SavePart, read-only to a private folder of the profile, for a program to open."""

    slow = True
    message_id: MessageId
    part: str


class RawMessage(Request[bytes]):
    """The raw bytes of a message; fetched first if need be."""

    slow = True
    message_id: MessageId


class Stay(Request[None]):
    """The engine goes on when the last client has left."""


class Shutdown(Request[None]):
    """The engine ends cleanly."""


REQUESTS: tuple[type[Request[Any]], ...] = tuple(Request.__subclasses__())
