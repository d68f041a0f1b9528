"""Going round an account's folders: which are there, and which are to be looked at.

A pass lists the folders with what STATUS says of each, in one round trip where the server can
(LIST-STATUS, RFC 5819). Only those that this does not prove unchanged are selected.
"""

from __future__ import annotations

from martlet.engine.bodies import Bodies
from martlet.engine.jobs import BodiesJob, FolderJob, JobQueue, PassJob, Priority
from martlet.engine.sync_plan import unchanged
from martlet.mail.account import Account, Keep
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.sync import FolderStatus, ListedFolder, SyncState
from martlet.net.imap import ImapSession, Selected
from martlet.store import account_log, folders, mailbox
from martlet.store.database import Database

# Views of messages that are in other folders too; their bodies would come twice (PRODUCT 4.3).
VIEWS = (Role.ALL, Role.FLAGGED, Role.IMPORTANT)


class Rounds:
    """Queues what is to be done about an account's folders.

    opened: the folder the user looks at, as far as is known.
    """

    def __init__(
        self, account: Account, database: Database, queue: JobQueue, bodies: Bodies
    ) -> None:
        self._account = account
        self._database = database
        self._queue = queue
        self._bodies = bodies
        self.opened: FolderId | None = None

    def go(self, session: ImapSession, *, headers_only: bool) -> int:
        """Lists the folders and queues a job for each that is to be looked at; answers how many
        messages went with folders that are gone.
        """
        listed = session.list_folders(status=True)
        before = folders.of_account(self._database, self._account.id)
        with self._database.write() as tx:
            folders.put_listed(tx, self._account.id, listed)
            known = {f.name: f for f in folders.of_account(tx, self._account.id)}
            stayed = {f.id for f in known.values()}
            gone = [f for f in before if f.id not in stayed]
            for lost in gone:
                words = f"The folder {lost.name} is not on the server any more."
                if lost.total:
                    words = f"{words[:-1]}, nor are its {lost.total} messages."
                account_log.write(tx, self._account.id, "info", words)
        for item in listed:
            folder = known.get(item.name) or folders.by_name(
                self._database, self._account.id, item.name
            )
            if folder is not None and self.wanted(folder):
                self._look_at(folder, item, headers_only=headers_only)
        return sum(lost.total for lost in gone)

    def told(self, told: dict[str, FolderStatus]) -> None:
        """What the server said unasked of other folders (NOTIFY)."""
        for name, status in told.items():
            folder = folders.by_name(self._database, self._account.id, name)
            if folder is None:
                self._queue.put(PassJob(), Priority.FOLDER)
            elif self.wanted(folder) and not self._is_same(folder, status):
                self._queue.put(FolderJob(folder.id), Priority.FOLDER)

    def is_as(self, folder_id: FolderId, selected: Selected) -> bool:
        """Whether SELECT tells nothing new. From any thread."""
        state = folders.sync_state(self._database, folder_id)
        said = SyncState(selected.uid_validity, selected.uid_next, selected.modseq)
        return state == said and selected.exists == mailbox.count_known(self._database, folder_id)

    def _look_at(self, folder: Folder, item: ListedFolder, *, headers_only: bool) -> None:
        priority = Priority.INBOX if folder.role is Role.INBOX else Priority.FOLDER
        if item.status is None or not self._is_same(folder, item.status):
            self._queue.put(FolderJob(folder.id, headers_only), priority)
        elif not headers_only and self._bodies.lacking(folder):
            self._queue.put(BodiesJob(folder.id), Priority.PREFETCH)

    def wanted(self, folder: Folder) -> bool:
        """Whether this folder is kept the same here as there."""
        if not folder.selectable or folder.local or folder.parked:
            return False
        if folder.id == self.opened:
            return True
        keep = folder.keep if folder.keep is not None else self._account.keep
        return keep is not Keep.OFF and folder.role not in VIEWS

    def _is_same(self, folder: Folder, status: FolderStatus) -> bool:
        state = folders.sync_state(self._database, folder.id)
        # The count costs a look at every row; the numbers decide most cases alone.
        if status.modseq != state.modseq or status.uid_next != state.uid_next:
            return False
        return unchanged(state, mailbox.count_known(self._database, folder.id), status)
