"""A store with two IMAP accounts and a POP3 account, and short words to fill it and ask it."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from martlet.mail.account import Account, AccountId, Protocol, Security, Server
from martlet.mail.changes import Change
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import Address, Content, Envelope, MessageId
from martlet.mail.sync import Op
from martlet.store import accounts, folders, journal, mailbox
from martlet.store.database import Database


def imap(name: str) -> Account:
    server = Server(Protocol.IMAP, "imap.example.org", 993, Security.TLS, name)
    return Account(AccountId(0), name, f"{name}@example.org", incoming=server)


def pop3(name: str) -> Account:
    server = Server(Protocol.POP3, "pop.example.org", 995, Security.TLS, name)
    return Account(AccountId(0), name, f"{name}@example.org", incoming=server)


ANNA = Address("Anna Berg", "anna@example.org")


class Store:
    """A database and what one says of it in tests."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.db = Database(root)
        self.changes: list[Change] = []
        self.db.listen(self.changes.append)
        self._uids = count(1)
        with self.db.write() as tx:
            self.home = accounts.add(tx, imap("home"))
            self.work = accounts.add(tx, imap("work"))
            self.old = accounts.add(tx, pop3("old"))
            self.archive = folders.create(tx, self.home, "Archive", "/", Role.ARCHIVE)
            self.trash = folders.create(tx, self.home, "Trash", "/", Role.TRASH)
            self.work_archive = folders.create(tx, self.work, "Archive", "/", Role.ARCHIVE)
        self.inbox = self.role(self.home, Role.INBOX)
        self.local = self.role(self.old, Role.INBOX)
        self.local_trash = self.role(self.old, Role.TRASH)

    def role(self, account: AccountId, role: Role) -> FolderId:
        found = folders.by_role(self.db, account, role)
        assert found is not None
        return found.id

    def put(
        self,
        folder: FolderId,
        *,
        uid: int | None = None,
        flags: frozenset[str] = frozenset(),
        subject: str = "Hello",
        date: float = 1_700_000_000.0,
        sender: Address = ANNA,
        text: str | None = None,
        blob: str = "",
    ) -> MessageId:
        uid = next(self._uids) if uid is None else uid
        head = Envelope(
            subject, sender, (Address("Bob", "bob@example.net"),), date=date,
            message_id=f"<{folder}.{uid}.{next(self._uids)}@example.org>",
        )  # fmt: skip
        content = None if text is None else Content("preview", text, 0)
        with self.db.write() as tx:
            return mailbox.add(
                tx, folder, uid, head, flags=flags, size=100, received=date, content=content,
                blob=blob,
            )  # fmt: skip

    def move(self, folder: FolderId, *ids: MessageId) -> int:
        with self.db.write() as tx:
            return journal.move(tx, ids, folder)

    def flag(self, add: str, remove: str, *ids: MessageId) -> int:
        with self.db.write() as tx:
            return journal.flag(tx, ids, frozenset(add.split()), frozenset(remove.split()))

    def delete(self, *ids: MessageId) -> int:
        with self.db.write() as tx:
            return journal.delete(tx, ids)

    def done(self, op: Op, uid: int = 0) -> None:
        with self.db.write() as tx:
            journal.done(tx, [op.id], "OK", {op.message: uid} if uid else None)

    def refuse(self, *ops: Op) -> None:
        with self.db.write() as tx:
            journal.refuse(tx, [op.id for op in ops], "NO")

    def undo(self) -> str:
        with self.db.write() as tx:
            return journal.undo(tx)

    def pending(self, account: AccountId | None = None) -> list[Op]:
        return journal.pending(self.db, account or self.home)

    def where(self, message: MessageId) -> tuple[FolderId, int, frozenset[str]] | None:
        """(folder, uid, flags) of a visible message."""
        found = mailbox.locate(self.db, [message])
        return (found[0].folder_id, found[0].uid, found[0].flags) if found else None
