"""Requests that change mail and folders, or say what is fetched of them."""

from __future__ import annotations

import msgspec

from martlet.link.request import Request
from martlet.mail.account import AccountId, Keep
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import MessageId
from martlet.mail.sync import FolderInfo


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
