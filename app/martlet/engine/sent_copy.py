"""The copy of a sent message: filed once, whoever files it.

    NEVER           nobody here puts one anywhere
    AUTO, ALWAYS    it is looked for by its Message-ID in Sent; if it is there, it is filed
    ALWAYS          else it is put there
    AUTO            else nothing is done where the provider is known to file by itself (Gmail,
                    Outlook, iCloud, 163, QQ: an APPEND would make two); where the server was seen
                    to do so it is waited for; everywhere else it is put there

That a server files by itself, only later, shows when the letter before lies there twice.

The same search settles what became of a message whose sending ended in silence. An account without
a Sent folder gets none behind the user's back: the copy waits, and it is asked once which it is.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from martlet.engine import stored_letter
from martlet.engine.actions import no_folder_for
from martlet.mail.account import Account, SentCopies
from martlet.mail.changes import Notice
from martlet.mail.errors import Busy, Refused, StoreError
from martlet.mail.folder import Folder, Role
from martlet.mail.message import ANSWERED, FORWARDED, SEEN, Address, Content, Envelope
from martlet.mail.outgoing import (
    Delivery,
    DeliveryKind,
    DraftKind,
    OutboxEntry,
    OutboxId,
    OutboxState,
)
from martlet.mail.providers import files_sent
from martlet.net.imap import ImapSession
from martlet.store import (
    account_log,
    accounts,
    contacts,
    deliveries,
    folders,
    journal,
    mailbox,
    outbox,
)
from martlet.store.blobs import Blobs
from martlet.store.database import Database, Source, Tx

log = logging.getLogger("martlet.outbox")

# The ledger's words; the first is also how it is known by later letters.
BY_SERVER = "The server put a copy into Sent by itself."
BY_PROVIDER = "The provider keeps a copy in Sent by itself."
BY_US = "A copy was put into"
FOUND = "It was found in"
# So long a server that files by itself may take.
PATIENCE_S = 900.0


@dataclass(frozen=True, slots=True)
class Copy:
    """A sent letter's copy, as far as it was gone through. size: None if it is not here. head,
    content: None where it cannot be read; content only of one that is filed here."""

    key: str
    size: int | None
    head: Envelope | None = None
    content: Content | None = None


def looked_at(source: Source, blobs: Blobs, outbox_id: OutboxId) -> Copy:
    """Goes through a letter's copy, for `after_sent` and `file_here`: before their transaction,
    as a large one takes its time. What is sent does not change any more."""
    key = outbox.sent_blob(source, outbox_id)
    size = blobs.size(key)
    entry = outbox.entry(source, outbox_id)
    if entry is None or entry.resent or size is None:
        return Copy(key, size)
    account, sent = _place(source, entry)
    here = sent is not None and sent.local
    try:
        if here and account is not None and account.sent_copies is not SentCopies.NEVER:
            head, content, size = stored_letter.summary(blobs, key)
            return Copy(key, size, head, content)
        return Copy(key, size, stored_letter.head(blobs, key))
    except StoreError as error:
        log.warning("the copy of outbox entry %s cannot be read: %s", outbox_id, error.summary)
        return Copy(key, size)


def after_sent(tx: Tx, copy: Copy, outbox_id: OutboxId, time: float) -> None:
    """What follows once a message is known to be sent, in the transaction that says so.

    The people written to are remembered, the message answered is marked, and the copy is filed
    where that is done here (`file_here`).
    """
    _remember(tx, copy, outbox_id)
    source, kind = outbox.source_of(tx, outbox_id)
    if source is not None and kind is not DraftKind.NEW and mailbox.locate(tx, [source]):
        mark = ANSWERED if kind is DraftKind.REPLY else FORWARDED
        # Not the user's own action: Ctrl+Z goes past it.
        journal.flag(tx, [source], frozenset({mark}), frozenset(), cause="server")
    file_here(tx, copy, outbox_id, time)


def _remember(tx: Tx, copy: Copy, outbox_id: OutboxId) -> None:
    """The people written to are offered first from now on."""
    entry = outbox.entry(tx, outbox_id)
    if entry is not None and entry.resent:
        # Whom it was written to is not whom it was sent on to.
        contacts.used(tx, [Address("", one.address) for one in entry.results])
    elif copy.head is not None:
        contacts.used(tx, [*copy.head.to, *copy.head.cc, *copy.head.bcc])


def file_here(tx: Tx, copy: Copy, outbox_id: OutboxId, time: float) -> None:
    """Puts the copy of a sent message into the local Sent, for an account without folders on a
    server; where it has no Sent just now, or the copy cannot be read, the letter waits as it is.
    """
    entry = outbox.entry(tx, outbox_id)
    if entry is not None and entry.resent:
        outbox.file(tx, entry, time)  # it lies where it lay
        return
    account, sent = _place(tx, entry) if entry is not None else (None, None)
    if entry is None or account is None or sent is None or not sent.local:
        return
    said = ""
    if copy.size is None:
        log.warning("the copy of outbox entry %s is not here any more", outbox_id)
    elif account.sent_copies is not SentCopies.NEVER:
        if copy.head is None or copy.content is None:
            return
        said = f"{BY_US} {sent.name}."
        mailbox.add(
            tx,
            sent.id,
            0,
            copy.head,
            flags=frozenset({SEEN}),
            size=copy.size,
            received=time,
            content=copy.content,
            blob=copy.key,
        )
    outbox.file(tx, entry, time, said)


def _place(source: Source, entry: OutboxEntry) -> tuple[Account | None, Folder | None]:
    """Whose letter it is, and where its copy goes."""
    account = accounts.get(source, entry.account_id)
    return account, folder_for(source, account, entry.identity) if account is not None else None


def folder_for(source: Source, account: Account, identity: int) -> Folder | None:
    """Where copies of what this identity sends go: a folder of its own, else Sent."""
    own = next((one.sent for one in account.identities if one.id == identity), "")
    named = folders.by_name(source, account.id, own) if own else None
    return named or folders.by_role(source, account.id, Role.SENT)


class SentCopy:
    """Settles outbox entries of one IMAP account that were sent, or may have been."""

    def __init__(
        self,
        account: Account,
        database: Database,
        blobs: Blobs,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._account = account
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._asked = False
        self._learned = False
        self._refused: set[OutboxId] = set()

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
        if entry.resent:
            # No copy is kept of it, and one in Sent, with its Message-ID, would prove nothing.
            return
        how = self._account.sent_copies
        if how is SentCopies.NEVER and entry.state is OutboxState.SENT:
            self._filed(entry, "")
            return
        sent = folder_for(self._database, self._account, entry.identity)
        if sent is None:
            self._without_sent(entry)
            return
        unknown = entry.state is OutboxState.UNKNOWN
        if unknown and any(one.good for one in entry.results):
            # Some had it before: a copy may be of that, and says nothing of the others.
            return
        if self._is_there(session, sent, entry.message_id):
            self._filed(entry, f"{FOUND} {sent.name}." if unknown else BY_SERVER)
        elif entry.state is OutboxState.SENT:
            if how is SentCopies.AUTO and self._files_by_itself(entry):
                self._filed(entry, BY_PROVIDER)
            elif how is SentCopies.ALWAYS or not self._is_awaited(session, sent, entry):
                self._put(session, sent, entry)

    def _is_there(self, session: ImapSession, sent: Folder, message_id: str) -> bool:
        """Whether it is in that folder, or in Sent, where servers put what they file."""
        usual = folders.by_role(self._database, self._account.id, Role.SENT)
        for folder in dict.fromkeys((sent, usual or sent)):
            session.select(folder.name)
            if session.search_message_id(message_id):
                return True
        return False

    def _filed(self, entry: OutboxEntry, said: str) -> None:
        copy = looked_at(self._database, self._blobs, entry.id)
        with self._database.write() as tx:
            # Read again: the user may have decided meanwhile what became of it.
            now = outbox.entry(tx, entry.id)
            if now is None or now.state is not entry.state:
                return
            if entry.state is OutboxState.UNKNOWN:
                after_sent(tx, copy, entry.id, entry.created)
            outbox.file(tx, replace(now, problem=self._kept(now)), self._clock(), said)

    @staticmethod
    def _kept(entry: OutboxEntry) -> str:
        """Of what was said of it, what still holds: who did not get it."""
        return entry.problem if entry.state is OutboxState.SENT else ""

    def _put(self, session: ImapSession, sent: Folder, entry: OutboxEntry) -> None:
        try:
            self._append(session, sent, entry.id)
        except Busy:
            return  # the next pass finds more time
        except (Refused, StoreError) as error:
            # It is tried again with every pass; told once.
            if entry.id not in self._refused:
                self._refused.add(entry.id)
                why = f"The copy of a sent message could not be put into {sent.leaf}."
                with self._database.write() as tx:
                    account_log.write(tx, self._account.id, error.kind.value, why, error.detail)
                    tx.note(Notice(self._account.name, error.kind, why, error.detail))
            return
        self._filed(entry, f"{BY_US} {sent.name}.")

    def _files_by_itself(self, entry: OutboxEntry) -> bool:
        own = (one.outgoing for one in self._account.identities if one.id == entry.identity)
        server = next(own, None) or self._account.outgoing
        return server is not None and files_sent(server.host)

    def _is_awaited(self, session: ImapSession, sent: Folder, entry: OutboxEntry) -> bool:
        """Whether this server has shown that it files by itself, and may still do so."""
        filed = deliveries.last_filed(self._database, self._account.id)
        if filed is None:
            return False
        message_id, said = filed
        if said.startswith(BY_US) and not self._learned:
            self._learned = True
            session.select(sent.name)
            if len(session.search_message_id(message_id)) > 1:
                said = BY_SERVER
                line = Delivery(self._clock(), "", DeliveryKind.FILED, said=said)
                with self._database.write() as tx:
                    deliveries.note(tx, self._account.id, message_id, "", [line])
        if said != BY_SERVER:
            return False
        since = deliveries.accepted_at(self._database, entry.envelope_id)
        return self._clock() - since < PATIENCE_S

    def _append(self, session: ImapSession, sent: Folder, outbox_id: OutboxId) -> None:
        key = outbox.sent_blob(self._database, outbox_id)
        if self._blobs.size(key) is None:
            log.warning("the copy of outbox entry %s is not here any more", outbox_id)
            return
        head, content, size = stored_letter.summary(self._blobs, key)
        flags = frozenset({SEEN})
        raw = partial(stored_letter.opened, self._blobs, key)
        uid = session.append(sent.name, raw, flags, head.date)
        if uid:
            with self._database.write() as tx:
                mailbox.add(
                    tx,
                    sent.id,
                    uid,
                    head,
                    flags=flags,
                    size=size,
                    received=head.date or 0.0,
                    content=content,
                    blob=key,
                )

    def _without_sent(self, entry: OutboxEntry) -> None:
        """The letter stays as it is, with its copy; once a session it is asked where that goes."""
        if entry.state is OutboxState.UNKNOWN:
            return
        if self._account.sent_copies is SentCopies.AUTO and self._files_by_itself(entry):
            self._filed(entry, BY_PROVIDER)
        elif not self._asked:
            self._asked = True
            with self._database.write() as tx:
                refused = no_folder_for(tx, self._account.id, Role.SENT)
                account_log.write(tx, self._account.id, refused.kind.value, refused.summary)
                tx.note(Notice(self._account.name, refused.kind, refused.summary, refused.detail))
