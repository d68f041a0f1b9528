"""The messages between a window or command and the engine process.

Requests are numbered by the asker and answered in any order; changes come unasked (how they go over
the line is in `frames`). Each request names a verb of the engine: its
fields are that method's parameters, in snake case, and `Request[R]` names what comes back.
What the verbs mean is written at the engine's classes of verbs (`engine.engine`).
"""

from __future__ import annotations

from typing import Any

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
from martlet.link.mail_requests import (
    Archive,
    Copy,
    Delete,
    Download,
    DownloadFolder,
    FolderCreate,
    FolderDelete,
    FolderKeep,
    FolderOpened,
    FolderProperties,
    FolderRename,
    FolderRole,
    FolderSubscribe,
    MarkAllRead,
    Move,
    PauseSync,
    ResumeSync,
    SetFlags,
    StopDownloads,
    Undelete,
    Undo,
)
from martlet.link.reading_requests import (
    AllowPictures,
    CheckSignature,
    OpenPart,
    PartBytes,
    RawMessage,
    RemotePicture,
    Render,
    SavePart,
    Structure,
)
from martlet.link.request import Request
from martlet.link.writing_requests import (
    AskSizeLimit,
    AttachBytes,
    AttachFile,
    AttachFolder,
    AttachMessage,
    CallBack,
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
    OutboxDelayAll,
    OutboxDiscardAll,
    OutboxResolve,
    OutboxRetry,
    OutboxRetryAll,
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
from martlet.mail.account import AccountId, SyncReport

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
    "AskSizeLimit",
    "AttachBytes",
    "AttachFile",
    "AttachFolder",
    "AttachMessage",
    "CallBack",
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
    "OutboxDelayAll",
    "OutboxDiscardAll",
    "OutboxResolve",
    "OutboxRetry",
    "OutboxRetryAll",
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


class Stay(Request[None]):
    """The engine goes on when the last client has left."""


class Shutdown(Request[None]):
    """The engine ends cleanly."""


REQUESTS: tuple[type[Request[Any]], ...] = tuple(Request.__subclasses__())
