"""What a person asks to be fetched, held back or told about an account's folders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from martlet.engine.events import Announcer
from martlet.engine.imap_worker import ImapDriver
from martlet.engine.jobs import (
    BodiesJob,
    BodyJob,
    FolderJob,
    GivenJob,
    PassJob,
    Priority,
    PropertiesJob,
    TransferJob,
)
from martlet.engine.roster import Crew, Roster
from martlet.engine.worker import Worker
from martlet.mail.account import AccountId, Protocol
from martlet.mail.errors import Offline, Refused
from martlet.mail.folder import Folder, FolderId
from martlet.mail.message import MessageId
from martlet.mail.sync import FolderInfo
from martlet.store import folders, mailbox
from martlet.store.database import Database

WAIT_S = 120.0
PROPERTIES_WAIT_S = 30.0
NOT_HERE = "This message is not here any more."


@dataclass(frozen=True, slots=True)
class _Receiving:
    imap: ImapDriver
    receiver: Worker
    whole_kb: int


class Fetching:
    """Verbs that put jobs into IMAP workers' queues."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        announcer: Announcer,
        chosen: Callable[[list[AccountId]], list[AccountId]],
    ) -> None:
        self._database = database
        self._roster = roster
        self._announcer = announcer
        self._chosen = chosen

    def fetch(self, message_id: MessageId, section: str | None, wait: bool) -> None:
        """Has a message fetched before everything else; with wait until it is stored.

        section: None for what is needed to read it, "" for the whole, else that part.
        """
        places = mailbox.locate(self._database, [message_id])
        if not places:
            raise Refused(NOT_HERE)
        crew = self._roster.crew(places[0].account_id)
        if crew.imap is None or crew.receiver is None:
            raise Refused("This message's body is not stored here.")
        if crew.receiver.blocked is not None:
            raise crew.receiver.blocked
        job = BodyJob(message_id) if section is None else TransferJob(message_id, section)
        future = crew.imap.put(job, Priority.USER)
        crew.receiver.hurry()
        if wait:
            try:
                # A large part takes as long as it takes; only silence is too long.
                future.result(None if section is not None else WAIT_S)
            except TimeoutError as error:
                raise Offline("The server did not give the message in time.") from error

    def download(self, message_ids: list[MessageId]) -> int:
        """Has these fetched whole; answers how many are not here yet."""
        missing = [
            p
            for p in mailbox.locate(self._database, message_ids)
            if not p.blob and not mailbox.is_complete(self._database, p.id)
        ]
        for account_id in {p.account_id for p in missing}:
            crew = self._imap(account_id)
            for folder_id in {p.folder_id for p in missing if p.account_id == account_id}:
                ids = tuple(p.id for p in missing if p.folder_id == folder_id)
                crew.imap.put(GivenJob(folder_id, ids), Priority.FOLDER)
            crew.receiver.hurry()
        return len(missing)

    def download_folder(self, folder_id: FolderId) -> int:
        """Has all of a folder fetched; answers how many messages are not here whole."""
        folder = self._folder(folder_id)
        if folder.local:
            return 0
        count, _ = mailbox.count_missing(self._database, folder_id, partial=True)
        if count:
            crew = self._imap(folder.account_id)
            crew.imap.put(BodiesJob(folder_id, everything=True), Priority.OLDER)
            for message_id, _, size in mailbox.missing(
                self._database, folder_id, count, partial=True
            ):
                if size > crew.whole_kb * 1024:
                    crew.imap.put(TransferJob(message_id, ""), Priority.OLDER)
            crew.receiver.hurry()
        return count

    def properties(self, folder_id: FolderId) -> FolderInfo:
        """What the server says of a folder; what is known here for a local one."""
        folder = self._folder(folder_id)
        if folder.local:
            return FolderInfo(there=folder.total)
        crew = self._imap(folder.account_id)
        if crew.receiver.blocked is not None:
            raise crew.receiver.blocked
        future = crew.imap.put(PropertiesJob(folder_id), Priority.USER)
        crew.receiver.hurry()
        try:
            told = future.result(PROPERTIES_WAIT_S)
        except TimeoutError as error:
            raise Offline("The server did not answer in time.") from error
        return told if isinstance(told, FolderInfo) else FolderInfo()

    def look_again(self, folder_id: FolderId) -> None:
        """Something about this folder was decided anew: act on it now if the account is at work."""
        crew = self._roster.running(self._folder(folder_id).account_id)
        if crew is not None and crew.imap is not None and crew.receiver is not None:
            crew.imap.put(FolderJob(folder_id), Priority.FOLDER)
            crew.receiver.wake()

    def list_again(self, account_id: AccountId) -> None:
        """What the server says of its folders is to be asked anew, if the account is at work."""
        crew = self._roster.running(account_id)
        if crew is not None and crew.imap is not None and crew.receiver is not None:
            crew.imap.put(PassJob(), Priority.FOLDER)
            crew.receiver.wake()

    def pause(self, account_ids: list[AccountId], *, paused: bool) -> None:
        for crew in self._crews(account_ids):
            if crew.imap is not None and crew.receiver is not None:
                crew.imap.pause(paused=paused)
                self._announcer.paused(crew.account.id, Protocol.IMAP, paused=paused)
                crew.receiver.wake()

    def stop(self, account_ids: list[AccountId]) -> None:
        for crew in self._crews(account_ids):
            if crew.imap is not None:
                crew.imap.stop_downloads()

    def _crews(self, account_ids: list[AccountId]) -> Iterable[Crew]:
        return [self._roster.crew(account_id) for account_id in self._chosen(account_ids)]

    def _imap(self, account_id: AccountId) -> _Receiving:
        crew = self._roster.crew(account_id)
        if crew.imap is None or crew.receiver is None:
            raise Refused("This account has no folders on a server.")
        return _Receiving(crew.imap, crew.receiver, crew.account.whole_kb)

    def _folder(self, folder_id: FolderId) -> Folder:
        folder = folders.by_id(self._database, folder_id)
        if folder is None:
            raise Refused("There is no such folder.")
        return folder
