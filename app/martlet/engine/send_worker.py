"""Sending an account's outbox.

    queued -> sending -> sent -> filed
    sending -> queued   the server said 4xx, or was not reached: again later
    sending -> failed   the server said 5xx; each recipient's reason is kept
    sending -> unknown  the line was lost after the final dot: never resent by itself

The state `sending` is on disk before the first byte leaves; what is found in it at
start was cut off and becomes `unknown`.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from concurrent.futures import Future
from threading import Event, Lock

from martlet.engine.backoff import delay_s
from martlet.engine.events import Announcer
from martlet.engine.secrets import Secrets
from martlet.engine.sent_copy import after_sent
from martlet.engine.signing_in import signed_in
from martlet.mail.account import Account, AccountId, Protocol, Server
from martlet.mail.changes import Notice, Progress
from martlet.mail.errors import AuthFailed, MailError, Offline, Refused, StoreError, TlsRefused
from martlet.mail.outgoing import OutboxEntry, OutboxState
from martlet.net.smtp import DeliveryUnknown, submit
from martlet.store import outbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database

log = logging.getLogger("martlet.send")

TIMEOUT_S = 60.0
LONGEST_WAIT_S = 3600.0
BUG = "Something went wrong while this was sent; it may have gone out."


class SendDriver:
    """Drives submissions of one account. See worker.Driver."""

    protocol = Protocol.SMTP

    def __init__(
        self,
        account: Account,
        server: Server,
        database: Database,
        blobs: Blobs,
        secrets: Secrets,
        announcer: Announcer,
        *,
        clock: Callable[[], float],
        sent: Callable[[AccountId], None],
    ) -> None:
        self.stopping = Event()
        self._account = account
        self._server = server
        self._database = database
        self._blobs = blobs
        self._secrets = secrets
        self._announcer = announcer
        self._clock = clock
        self._sent = sent
        self._nudge = Event()
        self._jitter = random.Random()
        self._asked: list[Future[int]] = []
        self._closed: MailError | None = None
        self._lock = Lock()

    def flush(self) -> Future[int]:
        """Sends what is due now; the future tells how many went out."""
        future: Future[int] = Future()
        with self._lock:
            if self._closed is None:
                self._asked.append(future)
                return future
        future.set_exception(self._closed)
        return future

    def wake(self) -> None:
        self._nudge.set()

    def wanted(self) -> bool:
        with self._lock:
            return bool(self._asked)

    def connect(self) -> None:
        """A submission opens its own connection: letters are rare, idle connections are dropped."""

    def work(self) -> None:
        self._nudge.clear()
        with self._lock:
            asked, self._asked = self._asked, []
        count = 0
        try:
            for entry in outbox.due(self._database, self._account.id, self._clock()):
                if self.stopping.is_set():
                    break
                count += self._send(entry)
        except Exception as error:
            told = error
            if not isinstance(error, MailError):
                told = StoreError("Something went wrong inside Martlet.", type(error).__name__)
            for future in asked:
                if future.set_running_or_notify_cancel():
                    future.set_exception(told)
            raise
        for future in asked:
            if future.set_running_or_notify_cancel():
                future.set_result(count)

    def wait(self) -> None:
        due = outbox.next_due(self._database, self._account.id)
        timeout_s = None
        if due is not None:
            timeout_s = min(max(0.0, due - self._clock()), LONGEST_WAIT_S)
        self._nudge.wait(timeout_s)

    def disconnect(self) -> None:
        """Nothing stays open."""

    def abort(self) -> None:
        """A submission under way is left to end by itself: cut off, its fate would be unknown."""

    def close(self, error: MailError) -> None:
        with self._lock:
            self._closed = error
        self.failed(error)

    def failed(self, error: MailError) -> None:
        with self._lock:
            asked, self._asked = self._asked, []
        for future in asked:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)

    def _send(self, listed: OutboxEntry) -> int:
        """Tries one message; 1 when the server took it."""
        try:
            raw = self._blobs.get(listed.blob)
            if raw is None:
                raise StoreError("The message is not in the store any more.")
        except StoreError as error:
            # This one cannot be sent; the letters behind it can.
            self._set(listed, OutboxState.FAILED, error.summary, error.detail)
            return 0
        with self._database.write() as tx:
            # Read again: since it was listed, the user may have taken it back.
            entry = outbox.entry(tx, listed.id)
            if entry is None or entry.state is not OutboxState.QUEUED:
                return 0
            if entry.not_before > self._clock():
                return 0
            attempts = entry.attempts + 1
            outbox.set_state(tx, entry.id, OutboxState.SENDING, attempts=attempts)
            tx.must_last()
        try:
            return self._submit(entry, raw, attempts)
        except Exception as error:
            if not isinstance(error, MailError):
                # A bug in the middle of sending: whether it went out, nobody knows.
                self._set(entry, OutboxState.UNKNOWN, BUG, type(error).__name__)
            raise

    def _submit(self, entry: OutboxEntry, raw: bytes, attempts: int) -> int:
        try:
            done = signed_in(
                self._secrets,
                self._account,
                self._server,
                lambda secret, route: submit(
                    self._server,
                    secret,
                    sender=entry.sender,
                    recipients=list(entry.recipients),
                    raw=raw,
                    route=route,
                    timeout_s=TIMEOUT_S,
                    progress=lambda sent, total: self._announcer.tell(
                        Progress(self._account.id, entry.subject, sent, total)
                    ),
                ),
            )
        except DeliveryUnknown as error:
            self._set(entry, OutboxState.UNKNOWN, error.summary, error.detail)
            self._sent(self._account.id)
            return 0
        except (AuthFailed, TlsRefused) as error:
            self._set(entry, OutboxState.QUEUED, error.summary, error.detail)
            raise
        except Refused as error:
            with self._database.write() as tx:
                outbox.set_state(
                    tx,
                    entry.id,
                    OutboxState.FAILED,
                    problem=error.summary,
                    detail=error.detail,
                    results=getattr(error, "results", ()),
                )
            self._announcer.tell(
                Notice(self._account.name, error.kind, error.summary, error.detail)
            )
            return 0
        except MailError as error:
            later = self._clock() + delay_s(attempts, self._jitter)
            self._set(entry, OutboxState.QUEUED, error.summary, error.detail, not_before=later)
            if not isinstance(error, Offline):
                raise
            return 0
        refused = [r for r in done.results if r.code >= 500]
        # A mailbox that is full now may not be in an hour: only these are tried again.
        deferred = [r for r in done.results if 400 <= r.code < 500]
        problem = ""
        if refused or deferred:
            names = ", ".join(r.address for r in (*refused, *deferred))
            problem = f"The server did not accept it for: {names}."
            self._announcer.tell(
                Notice(
                    self._account.name,
                    Refused.kind,
                    problem,
                    "; ".join(r.said for r in (*refused, *deferred)),
                )
            )
        with self._database.write() as tx:
            if deferred:
                outbox.set_state(
                    tx,
                    entry.id,
                    OutboxState.QUEUED,
                    problem=problem,
                    detail=done.said,
                    results=done.results,
                    not_before=self._clock() + delay_s(attempts, self._jitter),
                    recipients=tuple(r.address for r in deferred),
                )
            else:
                tx.must_last()
                outbox.set_state(
                    tx,
                    entry.id,
                    OutboxState.SENT,
                    problem=problem,
                    detail=done.said,
                    results=done.results,
                )
                after_sent(tx, self._blobs, entry.id, self._clock())
        if not deferred:
            self._sent(self._account.id)
        return 1

    def _set(
        self,
        entry: OutboxEntry,
        state: OutboxState,
        problem: str = "",
        detail: str = "",
        *,
        not_before: float = 0.0,
        attempts: int | None = None,
    ) -> None:
        with self._database.write() as tx:
            outbox.set_state(
                tx,
                entry.id,
                state,
                problem=problem,
                detail=detail,
                not_before=not_before,
                attempts=attempts,
            )
