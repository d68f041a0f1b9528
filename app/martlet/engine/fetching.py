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
    Job,
    PassJob,
    Priority,
    PropertiesJob,
    TransferJob,
)
from martlet.engine.roster import Crew, Roster
from martlet.engine.worker import Worker
from martlet.mail.account import AccountId
from martlet.mail.errors import Offline, Refused
from martlet.mail.folder import Folder, FolderId
from martlet.mail.message import MessageId
from martlet.mail.sync import FolderInfo
from martlet.store import folders, mailbox, pop3
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
    """Verbs that put jobs into the queues of those who receive."""

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
        # By POP3 a message comes whole or not at all, and its server is another account's where
        # several share an inbox.
        mailbox_place = pop3.place(self._database, message_id)
        crew = self._roster.crew(mailbox_place[0] if mailbox_place else places[0].account_id)
        driver = crew.pop3 if mailbox_place else crew.imap
        if driver is None or crew.receiver is None:
            raise Refused("This message's body is not stored here.")
        if crew.receiver.blocked is not None:
            raise crew.receiver.blocked
        job: Job = BodyJob(message_id) if section is None else TransferJob(message_id, section)
        if mailbox_place:
            job = TransferJob(message_id, "")
        future = driver.put(job, Priority.USER)
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
        by_pop3 = self._download_by_pop3([p.id for p in missing])
        missing_there = [p for p in missing if p.id not in by_pop3]
        for account_id in {p.account_id for p in missing_there}:
            crew = self._imap(account_id)
            for folder_id in {p.folder_id for p in missing_there if p.account_id == account_id}:
                ids = tuple(p.id for p in missing_there if p.folder_id == folder_id)
                crew.imap.put(GivenJob(folder_id, ids), Priority.FOLDER)
            crew.receiver.hurry()
        return len(missing)

    def download_folder(self, folder_id: FolderId) -> int:
        """Has all of a folder fetched; answers how many messages are not here whole."""
        folder = self._folder(folder_id)
        if folder.local:
            return self.download(pop3.lacking(self._database, folder_id))
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
            driver = crew.imap or crew.pop3
            if driver is not None and crew.receiver is not None:
                driver.pause(paused=paused)
                self._announcer.paused(crew.account.id, driver.protocol, paused=paused)
                crew.receiver.wake()

    def stop(self, account_ids: list[AccountId]) -> None:
        for crew in self._crews(account_ids):
            driver = crew.imap or crew.pop3
            if driver is not None:
                driver.stop_downloads()

    def _download_by_pop3(self, message_ids: list[MessageId]) -> set[MessageId]:
        """Those of them that are on POP3 servers."""
        wanted: dict[AccountId, list[MessageId]] = {}
        for message_id in message_ids:
            place = pop3.place(self._database, message_id)
            if place is not None:
                wanted.setdefault(place[0], []).append(message_id)
        for account_id, ids in wanted.items():
            crew = self._roster.crew(account_id)
            if crew.pop3 is not None and crew.receiver is not None:
                crew.pop3.put(GivenJob(FolderId(0), tuple(ids)), Priority.FOLDER)
                crew.receiver.hurry()
        return {message_id for ids in wanted.values() for message_id in ids}

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
