"""The messages between a window or command and the engine process.

Requests are numbered by the asker and answered in any order; changes come unasked (how they go over
the line is in `frames`). Each request names a verb of the engine: its
fields are that method's parameters, in snake case, and `Request[R]` names what comes back.
What the verbs mean is written at `engine.engine.Engine`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from martlet.mail.account import (
    Account,
    AccountId,
    AccountState,
    Keep,
    SyncReport,
    TestStep,
)
from martlet.mail.discovery import Discovery
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import MessageId
from martlet.mail.outgoing import Draft, DraftId, OutboxId, OutgoingPart
from martlet.mail.reading import AS_SENT, PartNode, Picture, View
from martlet.mail.rendered import Rendered
from martlet.mail.route import Proxy
from martlet.mail.sender_facts import SenderFact
from martlet.mail.sign_in import DesktopAccount, OAuthPending, OAuthSettings
from martlet.mail.sync import FolderInfo

PROTOCOL = 4

R = TypeVar("R")


class Request(msgspec.Struct, Generic[R], tag=True):
    """What is asked. `slow` ones run beside the others; all else runs in the order asked.

    aside: slow, and waits for strangers' servers: however many are asked, the other slow ones do
    not wait for them.
    """

    slow: ClassVar[bool] = False
    aside: ClassVar[bool] = False

    def __repr__(self) -> str:
        """The verb alone: requests hold passwords and mail, and a repr ends up in logs."""
        return f"<{type(self).__name__}>"


class Hello(Request[int]):
    """Must come first; answers the engine's process id, or refuses another PROTOCOL.

    lasting: a window, which finds itself another engine when this one ends; a command, which
    is not lasting, is let finish first.
    """

    protocol: int = PROTOCOL
    lasting: bool = False


class AccountAdd(Request[AccountId]):
    """secrets: beside the password, by part (mail.sign_in). grant: the ticket of a finished sign-in
    by browser.
    """

    account: Account
    password: str = ""
    secrets: Mapping[str, str] = {}
    grant: str = ""


class AccountEdit(Request[None]):
    """As AccountAdd; a secret that is not given stays as it is."""

    account: Account
    password: str = ""
    secrets: Mapping[str, str] = {}
    grant: str = ""


class AccountRemove(Request[None]):
    account_id: AccountId


class AccountTest(Request[list[TestStep]]):
    """Tries the settings of `account`, stored or not; password "" takes the stored one.

    ticket: when given, each step is told as a Tested change as soon as it is done.
    """

    slow = True
    account: Account
    password: str = ""
    secrets: Mapping[str, str] = {}
    grant: str = ""
    ticket: str = ""


class Discover(Request[Discovery]):
    """Finds the servers of an address. ispdb: whether the public table of settings may be asked
    (for the domain, never for the address).
    """

    slow = True
    address: str
    ispdb: bool = True


class SignInBegin(Request[OAuthPending]):
    """Begins a sign-in by browser; the caller opens the url. user: who is to sign in, or "".

    client_secret: for providers that gave one with the client id; "" for the one that an account
    with this client has already. ca_file, proxy, proxy_secret: how
    the provider is reached, as for an account.
    """

    oauth: OAuthSettings
    user: str = ""
    client_secret: str = ""
    ca_file: str = ""
    proxy: Proxy | None = None
    proxy_secret: str = ""


class SignInWait(Request[None]):
    """Answers when the browser has come back with a grant, which stays in the engine under the
    ticket. Refused when the person or the provider said no, Offline when nobody came.
    """

    slow = True
    ticket: str


class SignInCancel(Request[None]):
    ticket: str


class DesktopAccounts(Request[list[DesktopAccount]]):
    """The mail accounts the desktop is signed in to."""

    slow = True


class HasKeyring(Request[bool]):
    """Whether a password can be kept on this computer."""

    slow = True


class SetPassword(Request[None]):
    """part: of mail.sign_in, for a server that has a password of its own."""

    account_id: AccountId
    password: str
    part: str = ""


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
    add: list[str] = []
    remove: list[str] = []
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

    account_ids: list[AccountId] = []


class ResumeSync(Request[None]):
    account_ids: list[AccountId] = []


class StopDownloads(Request[None]):
    """Gives up what is being fetched ahead now; the next pass goes on with it."""

    account_ids: list[AccountId] = []


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


class CheckSignature(Request[list[SenderFact]]):
    """What its DKIM signatures prove, checked here; fetches all of it first and asks DNS.

    Offline: DNS gave no answer.
    """

    slow = True
    aside = True
    message_id: MessageId


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
    recipients: list[str] = []
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


class Stay(Request[None]):
    """The engine goes on when the last client has left."""


class Shutdown(Request[None]):
    """The engine ends cleanly."""


REQUESTS: tuple[type[Request[Any]], ...] = tuple(Request.__subclasses__())
