"""The verbs of the engine that change mail and folders, and say what is fetched of them. The work
is done by `actions` and `fetching`.
"""

from __future__ import annotations

from collections.abc import Callable

from martlet.engine.accounts import Accounts
from martlet.engine.actions import Actions
from martlet.engine.fetching import Fetching
from martlet.engine.roster import Roster
from martlet.mail.account import AccountId, Keep
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import MessageId
from martlet.mail.sync import FolderInfo


class MailVerbs:
    """The part of `Engine` that keeps mail in order."""

    def __init__(
        self,
        accounts: Accounts,
        actions: Actions,
        fetching: Fetching,
        roster: Roster,
        whole: Callable[[list[MessageId]], int],
    ) -> None:
        """whole: waits until these are here; answers how many could not be had."""
        self._accounts = accounts
        self._actions = actions
        self._fetching = fetching
        self._roster = roster
        self._whole = whole

    def folder_create(self, account_id: AccountId, name: str) -> FolderId:
        self._accounts.get(account_id)
        return self._actions.create(account_id, name)

    def folder_rename(self, folder_id: FolderId, name: str) -> None:
        self._actions.rename(folder_id, name)

    def folder_delete(self, folder_id: FolderId, permanently: bool) -> None:
        self._actions.delete_folder(folder_id, permanently)

    def folder_role(self, folder_id: FolderId, role: Role | None) -> None:
        self._actions.set_role(folder_id, role)
        if role is None:
            self._fetching.list_again(self._actions.folder(folder_id).account_id)
        if role is Role.SENT:
            # Copies of what was sent may have waited for a place.
            self._roster.sent(self._actions.folder(folder_id).account_id)

    def folder_keep(self, folder_id: FolderId, keep: Keep | None, days: int) -> None:
        self._actions.set_keep(folder_id, keep, days)
        self._fetching.look_again(folder_id)

    def folder_properties(self, folder_id: FolderId) -> FolderInfo:
        return self._fetching.properties(folder_id)

    def mark_all_read(self, folder_id: FolderId) -> int:
        return self._actions.mark_all_read(folder_id)

    def folder_subscribe(self, folder_id: FolderId, subscribed: bool) -> None:
        self._actions.subscribe(folder_id, subscribed)

    def folder_opened(self, folder_id: FolderId) -> None:
        folder = self._actions.folder(folder_id)
        crew = self._roster.crew(folder.account_id)
        if crew.imap is not None and not folder.local and folder.selectable:
            crew.imap.opened(folder_id)
            self._roster.wake([folder.account_id])

    def set_flags(
        self,
        message_ids: list[MessageId],
        add: list[str],
        remove: list[str],
        by_hand: bool = True,
    ) -> int:
        return self._actions.set_flags(message_ids, add, remove, by_hand)

    def move(self, message_ids: list[MessageId], folder_id: FolderId) -> int:
        return self._actions.move(message_ids, folder_id)

    def copy(self, message_ids: list[MessageId], folder_id: FolderId) -> int:
        return self._actions.copy(message_ids, folder_id)

    def archive(self, message_ids: list[MessageId]) -> int:
        return self._actions.archive(message_ids)

    def delete(self, message_ids: list[MessageId], permanently: bool) -> int:
        return self._actions.delete(message_ids, permanently)

    def undelete(self, message_ids: list[MessageId]) -> int:
        return self._actions.undelete(message_ids)

    def download(self, message_ids: list[MessageId], wait: bool = False) -> int:
        missing = self._fetching.download(message_ids)
        return self._whole(message_ids) if wait and missing else missing

    def download_folder(self, folder_id: FolderId) -> int:
        return self._fetching.download_folder(folder_id)

    def pause_sync(self, account_ids: list[AccountId]) -> None:
        self._fetching.pause(account_ids, paused=True)

    def resume_sync(self, account_ids: list[AccountId]) -> None:
        self._fetching.pause(account_ids, paused=False)

    def stop_downloads(self, account_ids: list[AccountId]) -> None:
        self._fetching.stop(account_ids)

    def undo(self) -> str:
        return self._actions.undo()
