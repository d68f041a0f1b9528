"""The life of an account's thread: connect, work, wait, and what to do when that fails.

    CONNECTING -> WORKING -> IDLE -> WORKING ...
        any network error        -> WAITING (back-off; a wake-up by the user ends it)
        credentials refused      -> NEEDS_PASSWORD, until others are given
        certificate not trusted  -> NEEDS_DECISION, until the user decides

What connecting and working mean is the driver's (imap_worker, pop3_worker, send_worker).
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Protocol as TypingProtocol

from martlet.engine.backoff import delay_s
from martlet.engine.events import Announcer
from martlet.mail.account import Account, AccountState, Protocol, WorkerState
from martlet.mail.changes import Notice, StateChanged
from martlet.mail.errors import AuthFailed, MailError, Offline, StoreError, TlsRefused

log = logging.getLogger("martlet.worker")

BUG = "Something went wrong inside Martlet; it is tried again, and the log has the details."
POLITE_S = 2.0
CUT_OFF_S = 3.0
LASTED_S = 60.0
ENDED = "The account's work here has ended."


class Driver(TypingProtocol):
    """What a worker drives. Every method may raise MailError; all run in the worker's thread
    but wake.
    """

    protocol: Protocol
    # Set by the worker; set means: come back from `work` at the next point where it is safe.
    stopping: Event

    def wanted(self) -> bool:
        """Whether there is anything to do (a worker that does not stay connects only then)."""

    def connect(self) -> None:
        """Opens the connection unless it is open."""

    def work(self) -> None:
        """Does all there is to do and returns."""

    def wait(self) -> None:
        """Waits for news or a wake-up."""

    def disconnect(self) -> None:
        """Closes the connection; never raises."""

    def failed(self, error: MailError) -> None:
        """Tells those who wait for a job."""

    def wake(self) -> None:
        """Ends `wait` from another thread."""

    def abort(self) -> None:
        """Cuts the connection from another thread, so that a read on a silent server ends."""

    def close(self, error: MailError) -> None:
        """The worker has ended: whoever waits, or asks from now on, gets this error."""


class Worker:
    """One thread with one driver.

    stay: keep connected and wait for news; else connect when woken with something to do.
    noted: writes what went wrong into the account's log, once for the same trouble in a row.
    back: called when its server is reached again after it was not.
    """

    def __init__(
        self,
        account: Account,
        driver: Driver,
        announcer: Announcer,
        *,
        stay: bool,
        noted: Callable[[MailError], None],
        back: Callable[[], None] | None = None,
    ) -> None:
        self._account = account
        self._driver = driver
        self._announcer = announcer
        self._stay = stay
        self._nudge = Event()
        # Two events: the user's impatience must never try refused credentials again.
        self._hurry = Event()
        self._settled = Event()
        self._stopping = driver.stopping = Event()
        self._blocked: MailError | None = None
        self._failures = 0
        self._idle_since = 0.0
        self._told = ""
        self._noted = noted
        self._back = back
        self._last_noted = ""
        self._jitter = random.Random()
        # A daemon: a server that hangs in a read must not keep the program from ending. What is
        # half done then is a transaction that never happened.
        self._thread = Thread(
            target=self._run, name=f"{driver.protocol.value}:{account.name}", daemon=True
        )

    @property
    def blocked(self) -> MailError | None:
        """Why it waits for a person, or None."""
        return self._blocked

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There is something new to do."""
        self._nudge.set()
        self._driver.wake()

    def retry(self) -> None:
        """Credentials, trust or settings changed: try again now."""
        self._settled.set()
        self.hurry()

    def hurry(self) -> None:
        """The user asked: do not sit out a pause."""
        self._hurry.set()
        self.wake()

    def ask_to_stop(self) -> None:
        """Ends the thread as soon as it can."""
        self._stopping.set()
        self.retry()

    def stop(self) -> None:
        """Ends the thread and waits for it; a server that keeps silent is not waited for."""
        self.ask_to_stop()
        if not self._thread.is_alive():
            return
        self._thread.join(POLITE_S)
        if self._thread.is_alive():
            self._driver.abort()
            self._thread.join(CUT_OFF_S)
        if self._thread.is_alive():
            log.warning("%s did not end in time", self._thread.name)

    def _run(self) -> None:
        try:
            self._live()
        finally:
            self._end()

    def _live(self) -> None:
        while not self._stopping.is_set():
            self._nudge.clear()
            self._hurry.clear()
            if self._stopping.is_set():
                # Asked between the two lines above: its wake-up has just been cleared.
                break
            if not self._stay and not self._driver.wanted():
                self._driver.disconnect()
                self._tell(WorkerState.STOPPED)
                self._nudge.wait()
                continue
            self._turn()

    def _end(self) -> None:
        try:
            self._driver.disconnect()
        except MailError as trouble:
            log.warning("%s: %s", self._thread.name, trouble.summary)
        finally:
            # Whatever happened: nobody is to wait for an answer that cannot come.
            self._driver.close(Offline(ENDED, "", self._account.name))
            self._tell(WorkerState.STOPPED)

    def _turn(self) -> None:
        self._settled.clear()
        self._idle_since = time.monotonic()
        try:
            self._tell(WorkerState.CONNECTING)
            self._driver.connect()
            if self._stopping.is_set():
                # A successor may be at work already.
                return
            self._tell(WorkerState.WORKING)
            if self._failures and self._back is not None:
                self._back()
            self._driver.work()
            self._told = self._last_noted = ""
            if self._stay and not self._stopping.is_set():
                self._tell(WorkerState.IDLE)
                self._idle_since = time.monotonic()
                self._driver.wait()
            self._failures = 0
        except (AuthFailed, TlsRefused) as error:
            self._fail(error)
            state = WorkerState.NEEDS_PASSWORD
            if isinstance(error, TlsRefused):
                state = WorkerState.NEEDS_DECISION
            self._blocked = error
            self._tell(state, error)
            self._until_settled(error)
            self._blocked = None
        except MailError as error:
            self._fail(error)
            if not isinstance(error, Offline):
                self._say(error)
            self._pause(error)
        except Exception as error:
            # A bug: its stack goes to the log and a sentence to the user; the account goes on.
            log.exception("bug in %s", self._thread.name)
            bug = StoreError(BUG, type(error).__name__, self._account.name)
            self._fail(bug)
            self._say(bug)
            self._pause(bug)

    def _fail(self, error: MailError) -> None:
        if error.summary != self._last_noted and not self._stopping.is_set():
            self._last_noted = error.summary
            self._noted(error)
        try:
            self._driver.disconnect()
        except MailError as trouble:
            # The store may be what failed in the first place.
            log.warning("%s: %s", self._thread.name, trouble.summary)
        finally:
            self._driver.failed(error)

    def _say(self, error: MailError) -> None:
        """Tells the user, once for the same trouble in a row."""
        if self._stopping.is_set() or self._told == error.summary:
            return
        self._told = error.summary
        self._announcer.tell(Notice(self._account.name, error.kind, error.summary, error.detail))

    def _until_settled(self, error: MailError) -> None:
        while not (self._settled.is_set() or self._stopping.is_set()):
            self._nudge.wait()
            self._nudge.clear()
            if not self._settled.is_set():
                # Nobody waits for an answer that cannot come.
                self._driver.failed(error)

    def _pause(self, error: MailError) -> None:
        if self._stopping.is_set() or not self._stay:
            return
        if time.monotonic() - self._idle_since > LASTED_S:
            # It worked for a while; this is a new trouble. A server that ends every connection
            # at once is asked less and less.
            self._failures = 0
        self._failures += 1
        wait_s = delay_s(self._failures, self._jitter)
        self._tell(WorkerState.WAITING, error, retry_at=time.time() + wait_s)
        self._hurry.wait(wait_s)

    def _tell(
        self, state: WorkerState, error: MailError | None = None, retry_at: float = 0.0
    ) -> None:
        tls = error if isinstance(error, TlsRefused) else None
        self._announcer.tell(
            StateChanged(
                AccountState(
                    self._account.id,
                    state,
                    error.summary if error else "",
                    error.detail if error else "",
                    retry_at,
                    tls.fingerprint if tls else "",
                    tls.host if tls else "",
                    tls.certificate if tls else "",
                    self._driver.protocol,
                )
            )
        )
