"""The workers of a profile: which threads run for which account."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock, RLock

from martlet.engine.events import Announcer
from martlet.engine.imap_worker import ImapDriver
from martlet.engine.jobs import Answer
from martlet.engine.pop3_turns import Turns
from martlet.engine.pop3_worker import Pop3Driver
from martlet.engine.secrets import Secrets
from martlet.engine.send_worker import SendDriver
from martlet.engine.worker import Worker
from martlet.mail.account import Account, AccountId, Protocol
from martlet.mail.errors import MailError, Offline
from martlet.store import account_log
from martlet.store.blobs import Blobs
from martlet.store.database import Database

log = logging.getLogger("martlet.worker")


@dataclass(frozen=True, slots=True)
class Crew:
    """The threads of one account. receiver or sender is None where the account has no such
    server.
    """

    account: Account
    imap: ImapDriver | None
    pop3: Pop3Driver | None
    receiver: Worker | None
    sending: SendDriver | None
    sender: Worker | None

    def workers(self) -> list[Worker]:
        return [w for w in (self.receiver, self.sender) if w is not None]


class Roster:
    """Starts, wakes and stops workers.

    Before `start` they are made when something needs them and connect only while there is work,
    as a
    one-shot command wants it; after `start` every account has its workers and they stay connected.
    """

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        secrets: Secrets,
        announcer: Announcer,
        *,
        clock: Callable[[], float],
        spool: Path,
        account: Callable[[AccountId], Account],
        timeout_s: float,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._secrets = secrets
        self._announcer = announcer
        self._clock = clock
        self._spool = spool
        self._account = account
        self._timeout_s = timeout_s
        self._crews: dict[AccountId, Crew] = {}
        self._turns: dict[AccountId, RLock] = {}
        self._lock = Lock()
        self._pop3_turns = Turns()
        self._stay = False
        self._closed = False

    def start(self, accounts: Iterable[Account]) -> None:
        self._stay = True
        for account in accounts:
            # One that a verb needed before did not mean to stay.
            self.reform(account.id)

    def crew(self, account_id: AccountId) -> Crew:
        """The account's threads, started if they do not run."""
        with self._one(account_id):
            with self._lock:
                crew = self._crews.get(account_id)
            if crew is None and self._closed:
                raise Offline("The mail engine is ending.")
            if crew is None:
                crew = self._hire(self._account(account_id))
                with self._lock:
                    self._crews[account_id] = crew
                for worker in crew.workers():
                    worker.start()
            return crew

    def running(self, account_id: AccountId) -> Crew | None:
        """The account's threads if they run."""
        with self._lock:
            return self._crews.get(account_id)

    def wake(self, account_ids: Iterable[AccountId]) -> None:
        """Something new is to be done for these accounts (only if they have workers)."""
        with self._lock:
            crews = [self._crews[i] for i in set(account_ids) if i in self._crews]
        for crew in crews:
            for worker in crew.workers():
                worker.wake()

    def _wake_others(self, account_id: AccountId) -> None:
        """A move between accounts is an upload here, then a deletion there."""
        with self._lock:
            others = [crew for known, crew in self._crews.items() if known != account_id]
        for crew in others:
            if crew.receiver is not None and crew.imap is not None:
                crew.receiver.wake()

    def retry(self, account_id: AccountId) -> None:
        with self._lock:
            crew = self._crews.get(account_id)
        if crew is not None:
            for worker in crew.workers():
                worker.retry()

    def wake_sender(self, account_id: AccountId) -> None:
        with self._lock:
            crew = self._crews.get(account_id)
        if crew is not None and crew.sender is not None:
            crew.sender.wake()

    @contextmanager
    def without(self, account_id: AccountId) -> Iterator[None]:
        """Ends the account's threads; none are made anew before the block has ended."""
        with self._one(account_id):
            self._dismiss(account_id)
            yield

    def reform(self, account_id: AccountId) -> None:
        """The account is new or its settings changed: new threads for old."""
        with self.without(account_id):
            pass
        if self._stay:
            self.crew(account_id)

    def _dismiss(self, account_id: AccountId) -> None:
        with self._lock:
            crew = self._crews.pop(account_id, None)
        if crew is not None:
            for worker in crew.workers():
                worker.ask_to_stop()
            for worker in crew.workers():
                worker.stop()

    def _one(self, account_id: AccountId) -> RLock:
        """What is held while an account's threads are made or ended: never two crews at once."""
        with self._lock:
            return self._turns.setdefault(account_id, RLock())

    def close(self) -> None:
        with self._lock:
            self._closed = True
            crews = list(self._crews.values())
        for crew in crews:
            for worker in crew.workers():
                worker.ask_to_stop()
        for crew in crews:
            with self.without(crew.account.id):
                pass

    def receive(self, account_id: AccountId, *, headers_only: bool) -> Future[Answer] | None:
        """Asks for a whole pass; None when the account does not receive."""
        crew = self.crew(account_id)
        driver = crew.imap or crew.pop3
        if driver is None or crew.receiver is None:
            return None
        future = driver.whole_pass(headers_only=headers_only)
        _set_going(crew.receiver, driver)
        return future

    def flush(self, account_id: AccountId) -> Future[int] | None:
        """Asks for the outbox to be sent; None when the account does not send."""
        crew = self.crew(account_id)
        if crew.sending is None or crew.sender is None:
            return None
        future = crew.sending.flush()
        _set_going(crew.sender, crew.sending)
        return future

    def sent(self, account_id: AccountId) -> None:
        """A message went out: its copy is to be filed by the IMAP worker, if there is one."""
        with self._lock:
            crew = self._crews.get(account_id)
        if crew is not None and crew.imap is not None and crew.receiver is not None:
            crew.imap.settle_sent()
            crew.receiver.wake()

    def _hasten(self) -> None:
        """There is a network again: letters that wait for it need not sit out their pause."""
        with self._lock:
            crews = list(self._crews.values())
        for crew in crews:
            if crew.sending is not None and crew.sender is not None:
                crew.sending.flush()
                _set_going(crew.sender, crew.sending)

    def _note(self, account: Account, error: MailError) -> None:
        try:
            with self._database.write() as tx:
                account_log.write(tx, account.id, error.kind.value, error.summary, error.detail)
        except MailError as trouble:
            log.warning("%s: not noted: %s", account.name, trouble.summary)

    def _hire(self, account: Account) -> Crew:
        imap: ImapDriver | None = None
        pop3: Pop3Driver | None = None
        sending: SendDriver | None = None
        receiver: Worker | None = None
        sender: Worker | None = None
        incoming, outgoing = account.incoming, account.outgoing
        if incoming is not None and incoming.protocol is Protocol.IMAP:
            imap = ImapDriver(
                account,
                incoming,
                self._database,
                self._blobs,
                self._secrets,
                self._announcer,
                stay=self._stay,
                spool=self._spool,
                replayed=lambda: self._wake_others(account.id),
                timeout_s=self._timeout_s,
            )
        elif incoming is not None:
            pop3 = Pop3Driver(
                account,
                incoming,
                self._database,
                self._blobs,
                self._secrets,
                self._announcer,
                clock=self._clock,
                turns=self._pop3_turns,
                stay=self._stay,
            )
        driver = imap or pop3
        if driver is not None:
            receiver = Worker(
                account,
                driver,
                self._announcer,
                stay=self._stay,
                noted=partial(self._note, account),
                back=self._hasten,
            )
        if outgoing is not None:
            sending = SendDriver(
                account,
                outgoing,
                self._database,
                self._blobs,
                self._secrets,
                self._announcer,
                clock=self._clock,
                sent=self.sent,
            )
            sender = Worker(
                account,
                sending,
                self._announcer,
                stay=self._stay,
                noted=partial(self._note, account),
            )
        return Crew(account, imap, pop3, receiver, sending, sender)


def _set_going(worker: Worker, driver: ImapDriver | Pop3Driver | SendDriver) -> None:
    """Wakes the worker; one that waits for a person answers with why it cannot."""
    blocked: MailError | None = worker.blocked
    if blocked is not None:
        driver.failed(blocked)
    worker.hurry()
