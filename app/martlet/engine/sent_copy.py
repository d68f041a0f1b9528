"""The copy of a sent message: filed once, whoever files it.

Gmail, Outlook and iCloud file by themselves; so Sent is searched for the Message-ID first, and for
these hosts nothing is appended. The same search settles what became of a message whose sending
ended in silence.

An account without a Sent folder gets none behind the user's back: the copy waits, and it is asked
once which folder it is.
"""

from __future__ import annotations

import logging

from martlet.engine.actions import no_folder_for
from martlet.mail.account import Account
from martlet.mail.changes import Notice
from martlet.mail.folder import Folder, Role
from martlet.mail.message import ANSWERED, FORWARDED, SEEN
from martlet.mail.outgoing import DraftKind, OutboxId, OutboxState
from martlet.mime.content import summarise
from martlet.net.imap import ImapSession
from martlet.store import account_log, contacts, folders, journal, mailbox, outbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database, Tx

log = logging.getLogger("martlet.outbox")

# Seen by their documentation (PRODUCT 4.12): a message submitted there is in Sent by itself.
FILE_BY_THEMSELVES = (
    "smtp.gmail.com",
    "smtp.googlemail.com",
    "smtp.office365.com",
    "smtp-mail.outlook.com",
    "outlook.office365.com",
    "smtp.mail.me.com",
    "smtp.163.com",
    "smtp.126.com",
    "smtp.yeah.net",
    "smtp.qq.com",
)


def after_sent(tx: Tx, blobs: Blobs, outbox_id: OutboxId, time: float) -> None:
    """What follows once a message is known to be sent, in the transaction that says so.

    The people written to are remembered, the message answered is marked, and an account without
    folders on a server gets its copy in the local Sent.
    """
    entry = outbox.entry(tx, outbox_id)
    key = outbox.sent_blob(tx, outbox_id)
    raw = blobs.get(key)
    if entry is None or raw is None:
        return
    head, content = summarise(raw)
    contacts.used(tx, [*head.to, *head.cc, *head.bcc])
    source, kind = outbox.source_of(tx, outbox_id)
    if source is not None and kind is not DraftKind.NEW and mailbox.locate(tx, [source]):
        mark = ANSWERED if kind is DraftKind.REPLY else FORWARDED
        # Not the user's own action: Ctrl+Z goes past it.
        journal.flag(tx, [source], frozenset({mark}), frozenset(), cause="server")
    sent = folders.by_role(tx, entry.account_id, Role.SENT)
    if sent is not None and sent.local:
        mailbox.add(
            tx,
            sent.id,
            0,
            head,
            flags=frozenset({SEEN}),
            size=len(raw),
            received=time,
            content=content,
            blob=key,
        )
        outbox.set_state(tx, outbox_id, OutboxState.FILED, problem=entry.problem)


class SentCopy:
    """Settles outbox entries of one IMAP account that were sent, or may have been."""

    def __init__(self, account: Account, database: Database, blobs: Blobs) -> None:
        self._account = account
        self._database = database
        self._blobs = blobs
        self._asked = False

    def unsettled(self) -> list[OutboxId]:
        """Entries that are sent but not filed, or unknown."""
        return outbox.in_states(
            self._database, self._account.id, (OutboxState.SENT, OutboxState.UNKNOWN)
        )

    def settle(self, session: ImapSession, outbox_id: OutboxId) -> None:
        """Looks for the message in Sent; files it when it is known to be sent and is not there."""
        entry = outbox.entry(self._database, outbox_id)
        if entry is None or entry.state not in (OutboxState.SENT, OutboxState.UNKNOWN):
            return
        sent = folders.by_role(self._database, self._account.id, Role.SENT)
        if sent is None:
            self._without_sent(entry.state, outbox_id, entry.problem)
            return
        session.select(sent.name)
        there = session.search_message_id(entry.message_id)
        if not there:
            if entry.state is OutboxState.UNKNOWN:
                return
            if not self._files_by_itself():
                self._append(session, sent, outbox_id)
        with self._database.write() as tx:
            # Read again: the user may have decided meanwhile what became of it.
            now = outbox.entry(tx, outbox_id)
            if now is None or now.state is not entry.state:
                return
            if entry.state is OutboxState.UNKNOWN:
                after_sent(tx, self._blobs, outbox_id, entry.created)
            outbox.set_state(tx, outbox_id, OutboxState.FILED, problem=entry.problem)

    def _files_by_itself(self) -> bool:
        server = self._account.outgoing
        return server is not None and server.host.casefold() in FILE_BY_THEMSELVES

    def _append(self, session: ImapSession, sent: Folder, outbox_id: OutboxId) -> None:
        key = outbox.sent_blob(self._database, outbox_id)
        raw = self._blobs.get(key)
        if raw is None:
            log.warning("the copy of outbox entry %s is not here any more", outbox_id)
            return
        head, content = summarise(raw)
        flags = frozenset({SEEN})
        uid = session.append(sent.name, raw, flags, head.date)
        if uid:
            with self._database.write() as tx:
                mailbox.add(
                    tx,
                    sent.id,
                    uid,
                    head,
                    flags=flags,
                    size=len(raw),
                    received=head.date or 0.0,
                    content=content,
                    blob=key,
                )

    def _without_sent(self, state: OutboxState, outbox_id: OutboxId, problem: str) -> None:
        """The letter stays as it is, with its copy; once a session it is asked where that goes."""
        if state is OutboxState.UNKNOWN:
            return
        with self._database.write() as tx:
            if self._files_by_itself():
                outbox.set_state(tx, outbox_id, OutboxState.FILED, problem=problem)
            elif not self._asked:
                self._asked = True
                refused = no_folder_for(tx, self._account.id, Role.SENT)
                account_log.write(tx, self._account.id, refused.kind.value, refused.summary)
                tx.note(Notice(self._account.name, refused.kind, refused.summary, refused.detail))
