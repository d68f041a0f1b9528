"""Which messages were written here: what only their writer may see is in those."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from martlet.engine.identities import wrote
from martlet.mail.account import Account
from martlet.mail.folder import Role
from martlet.mail.message import MessageId
from martlet.mime.headers import Headers
from martlet.store import folders, mailbox
from martlet.store.database import Database

WRITTEN_HERE = (Role.SENT, Role.DRAFTS)


class OwnMail:
    """accounts: all of them."""

    def __init__(self, database: Database, accounts: Callable[[], Iterable[Account]]) -> None:
        self._database = database
        self._accounts = accounts

    def may_tell(self, message_id: MessageId, headers: Headers) -> bool:
        """Whether it may hold what others are not to see (Bcc): it lies among what is written
        here, or says that one of mine wrote it."""
        places = mailbox.locate(self._database, [message_id])
        folder = folders.by_id(self._database, places[0].folder_id) if places else None
        here = folder is not None and folder.role in WRITTEN_HERE
        return here or wrote(self._accounts(), headers)

    def is_kept_copy(self, headers: Headers) -> bool:
        """Whether one of mine wrote it, and no server brought it: anybody can write any From, but
        nobody keeps a server from putting its Received above that."""
        return not headers.get("received") and wrote(self._accounts(), headers)
