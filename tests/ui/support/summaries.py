"""A mailbox with two messages from a POP3 server that are here by their headers only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from martlet.link import messages as link
from martlet.mail.account import Protocol
from martlet.mail.folder import Role
from martlet.mail.message import MessageId
from martlet.mail.reading import AS_SENT, View
from martlet.mail.rendered import Rendered
from martlet.store import accounts, folders, pop3
from martlet.store.database import Database
from ui.support.partly import ONE
from ui.support.sample import SampleClient, arrival, fill

BIG = 12_400_000


def fill_pop3(root: Path, now: float) -> tuple[Database, list[MessageId]]:
    """The sample mailbox with two summaries that some POP3 server brought, newest first."""
    database = fill(root, now, count=6)
    account = accounts.all_accounts(database)[0]
    assert account.incoming is not None
    incoming = replace(account.incoming, protocol=Protocol.POP3, port=995)
    with database.write() as tx:
        accounts.edit(tx, replace(account, incoming=incoming))
        tx.execute("UPDATE message SET blob = 'here'")
        inbox = folders.by_role(tx, ONE, Role.INBOX)
        assert inbox is not None
        heads = [
            replace(arrival(at, now + 9000 * at), uid=0, size=BIG, content=None, blob="")
            for at in (8, 1)  # the older first
        ]
        found = pop3.add_headers(tx, inbox.id, [(head, "headers") for head in heads])
        seen = [pop3.Fetched(f"uidl-{each}", "", BIG, each) for each in found]
        pop3.note_all(tx, ONE, seen, now)
    return database, found[::-1]


class Pop3Client(SampleClient):
    """Answers summaries with their headers until they were asked for; `empty` say nothing then."""

    def __init__(self, database: Database, summaries: list[MessageId]) -> None:
        super().__init__(database)
        self.waiting = set(summaries)
        self.empty: set[MessageId] = set()

    def render(self, message_id: MessageId, view: View = AS_SENT) -> Rendered:
        shown = super().render(message_id, view)
        if message_id in self.empty and message_id not in self.waiting:
            return replace(shown, html=None, text="", attachments=(), blocked=0)
        if message_id not in self.waiting:
            return shown
        return replace(shown, html=None, text="", attachments=(), blocked=0, not_here=BIG)

    def downloads(self) -> list[list[MessageId]]:
        """What was asked for, each time."""
        return [each.message_ids for each in self.asked if isinstance(each, link.Download)]
