"""A profile with raw messages in it, as if they had come; for an engine to show.

shelf = Shelf(tmp_path)
message = shelf.put(b"From: a@example.org\r\n...")
engine = Engine(shelf.profile)
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import MessageId
from martlet.mail.route import Proxy
from martlet.mime.content import summarise
from martlet.paths import Profile
from martlet.store import accounts, folders, mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database


class Shelf:
    """account, other: two accounts of the profile, both IMAP; their servers are never reached."""

    def __init__(self, root: Path) -> None:
        self.profile = Profile(root)
        self.profile.create()
        self.account = self.add_account("work")
        self.other = self.add_account("other")
        self._uids = count(1)

    def add_account(
        self, name: str, proxy: Proxy | None = None, host: str = "localhost"
    ) -> AccountId:
        server = Server(Protocol.IMAP, host, 1, Security.NONE, name)
        account = Account(
            AccountId(0),
            name,
            f"{name}@example.org",
            incoming=server,
            secret=SecretSource.ASK,
            proxy=proxy,
        )
        database = Database(self.profile.root)
        with database.write() as tx:
            account_id = accounts.add(tx, account)
            folders.create(tx, account_id, "Junk", "/", Role.JUNK)
        database.close()
        return account_id

    def put(
        self, raw: bytes, account: AccountId | None = None, role: Role = Role.INBOX
    ) -> MessageId:
        """Stores a message in a folder of the account (else the first)."""
        database, blobs = Database(self.profile.root), Blobs(self.profile.root)
        folder = folders.by_role(database, account or self.account, role)
        assert folder is not None
        head, content = summarise(raw)
        key = blobs.put(raw)
        with database.write() as tx:
            message = mailbox.add(
                tx,
                FolderId(folder.id),
                next(self._uids),
                head,
                flags=frozenset(),
                size=len(raw),
                received=1.0,
                content=content,
                blob=key,
            )
        database.close()
        blobs.close()
        return message

    def put_all(self, raws: Sequence[bytes]) -> list[MessageId]:
        """Several, in this order."""
        return [self.put(raw) for raw in raws]
