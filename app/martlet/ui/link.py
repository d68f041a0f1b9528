"""The window's line to the engine: asks without ever waiting, and hears what changed.

    connecting --connected--> up --line lost--> connecting (after 0, 1, 2, 5, 10 s) ...

The connecting itself may start a process, so it happens on a thread of its own; what is asked
meanwhile waits in order. Changes come in bursts during a sync; they are merged and announced
at most every 50 ms.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from martlet.link.messages import AccountAdd, Request, SetPassword
from martlet.mail.account import AccountId
from martlet.mail.changes import (
    BodyArrived,
    Change,
    FoldersChanged,
    MessagesChanged,
    Progress,
    StateChanged,
    TakingIn,
)
from martlet.mail.errors import MailError, Offline

R = TypeVar("R")

_log = logging.getLogger("martlet.ui")
_MERGE_MS = 50
_PAUSES_S = (0, 1, 2, 5, 10)


class Client(Protocol):
    """What a line to an engine must offer; `link.client.Client` does, and the local one."""

    on_change: Callable[[Change], None] | None
    on_lost: Callable[[], None] | None

    def submit(self, request: Request[R], done: Callable[[R | MailError], None]) -> None: ...

    def close(self) -> None: ...


class EngineLink(QObject):
    """Asks the engine and announces its changes, all on the Qt thread."""

    changed = Signal(object)
    notice = Signal(object)
    lost = Signal()
    restored = Signal()

    _answered = Signal(object, object, object, object)
    _heard = Signal(object)
    _connected = Signal(object)
    _dropped = Signal(object)

    def __init__(self, connect: Callable[[], Client], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._connect = connect
        self._client: Client | None = None
        self._waiting: deque[tuple[Request[Any], Callable[[Any], None]]] = deque()
        self._closed = False
        self._was_lost = False
        self._failures = 0
        self._given: dict[AccountId, SetPassword] = {}
        self._pending: dict[object, Change] = {}
        self._merge = QTimer(self)
        self._merge.setSingleShot(True)
        self._merge.setInterval(_MERGE_MS)
        self._merge.timeout.connect(self._announce)
        queued = Qt.ConnectionType.QueuedConnection
        self._answered.connect(self._deliver, queued)
        self._heard.connect(self._note, queued)
        self._connected.connect(self._up, queued)
        self._dropped.connect(self._down, queued)
        self._dial()

    def ask(
        self,
        request: Request[R],
        done: Callable[[R], None] | None = None,
        failed: Callable[[MailError], None] | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Sends a request; one of the two is called later. Unclaimed errors go to `notice`.

        owner: whose answer it is; nothing is called once that is deleted.
        """

        def answer(result: R | MailError) -> None:
            if isinstance(request, AccountAdd) and isinstance(result, int) and request.password:
                self._given[AccountId(result)] = SetPassword(AccountId(result), request.password)
            self._answered.emit(done, failed, result, owner)

        if isinstance(request, SetPassword):
            self._given[request.account_id] = request
        if self._client is None:
            self._waiting.append((request, answer))
        else:
            self._client.submit(request, answer)

    @property
    def away(self) -> bool:
        """Whether there is no engine now; what is asked waits for one."""
        return self._client is None

    def withdraw(self, request: Request[Any]) -> bool:
        """Takes back what was asked and waits for an engine: nobody will hear of it. False: it
        was given to one, or never asked."""
        left = deque(each for each in self._waiting if each[0] is not request)
        found = len(left) < len(self._waiting)
        self._waiting = left
        return found

    def close(self) -> None:
        """Leaves the engine. Nothing is called back afterwards."""
        self._closed = True
        self._merge.stop()
        client, self._client = self._client, None
        if client is not None:
            client.on_change = None
            client.on_lost = None
            client.close()

    def _dial(self) -> None:
        if not self._closed:
            threading.Thread(target=self._open, name="connect", daemon=True).start()

    def _open(self) -> None:
        """On its own thread."""
        try:
            client = self._connect()
        except MailError as error:
            self._dropped.emit(error)
            return
        except OSError as error:
            self._dropped.emit(Offline("The mail engine could not be started.", str(error)))
            return
        client.on_change = self._heard.emit
        client.on_lost = lambda: self._dropped.emit(None)
        self._connected.emit(client)

    def _up(self, client: Client) -> None:
        if self._closed:
            client.close()
            return
        self._client = client
        self._failures = 0
        if self._was_lost:
            # A password asked for once per run lives in the engine's memory, which is gone.
            for given in self._given.values():
                client.submit(given, lambda _result: None)
        while self._waiting:
            request, answer = self._waiting.popleft()
            client.submit(request, answer)
        if self._was_lost:
            self._was_lost = False
            self.restored.emit()

    def _down(self, error: MailError | None) -> None:
        if self._closed:
            return
        client, self._client = self._client, None
        if client is not None:
            client.on_lost = None
            client.close()
        if not self._was_lost:
            self._was_lost = True
            _log.warning("the engine is gone: %s", error.detail if error else "line lost")
            self.lost.emit()
        if error is not None and self._failures == 1:
            self.notice.emit(error)
        pause_s = _PAUSES_S[min(self._failures, len(_PAUSES_S) - 1)]
        self._failures += 1
        QTimer.singleShot(pause_s * 1000, self, self._dial)

    def _deliver(
        self,
        done: Callable[[Any], None] | None,
        failed: Callable[[MailError], None] | None,
        result: object,
        owner: QObject | None,
    ) -> None:
        if self._closed or (owner is not None and not isValid(owner)):
            return
        if not isinstance(result, MailError):
            if done is not None:
                done(result)
        elif failed is not None:
            failed(result)
        else:
            self.notice.emit(result)

    def _note(self, change: Change) -> None:
        key = _merge_key(change)
        before = self._pending.pop(key, None)  # the last word comes last, too
        if isinstance(change, MessagesChanged) and isinstance(before, MessagesChanged):
            change = _merged(before, change)
        self._pending[key] = change
        if not self._merge.isActive():
            self._merge.start()

    def _announce(self) -> None:
        pending, self._pending = self._pending, {}
        for change in pending.values():
            self.changed.emit(change)


def _merge_key(change: Change) -> object:
    """Changes with the same key stand for one another; the last says it all, or they are merged."""
    match change:
        case MessagesChanged():
            return MessagesChanged, change.folder_id
        case FoldersChanged():
            return FoldersChanged, change.account_id
        case BodyArrived():
            return BodyArrived, change.message_id
        case StateChanged():
            return StateChanged, change.state.account_id, change.state.protocol
        case Progress():
            return Progress, change.account_id, change.message_id, change.outbox_id, change.what
        case TakingIn(left_out=0):
            return TakingIn, change.ticket
        case _:
            return change


def _merged(first: MessagesChanged, then: MessagesChanged) -> MessagesChanged:
    return MessagesChanged(
        first.folder_id,
        tuple(dict.fromkeys(first.added + then.added)),
        tuple(dict.fromkeys(first.changed + then.changed)),
        tuple(dict.fromkeys(first.removed + then.removed)),
    )
