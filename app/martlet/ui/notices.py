"""What the banner over the panes says, and when it goes.

An error stays until the account works again (if it was about the line), until something else is
done or opened, or until it is closed. What an account needs stays until it has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from martlet.mail.account import AccountId, AccountState, Protocol, WorkerState
from martlet.mail.errors import ErrorKind, MailError
from martlet.ui.status_line import act_words, named, needs_someone

if TYPE_CHECKING:
    from martlet.ui.window import MainWindow

# Over once the account works. Others are about one thing that was done, not about the line.
_OF_THE_LINE = (ErrorKind.OFFLINE, ErrorKind.AUTH, ErrorKind.TLS)
_WORKS = (WorkerState.IDLE, WorkerState.WORKING)
_Key = tuple[AccountId, Protocol | None]


class Notices(QObject):
    """For one main window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
        self._error: MailError | None = None
        self._shown: _Key | None = None
        self._needs: dict[_Key, AccountState] = {}
        window.notice.closed.connect(self._on_closed)

    def error(self, error: MailError) -> None:
        words = named(error.account, error.summary)
        self._error = error
        self._show_need(None)
        self._w.notice.say(words, error.detail)

    def over(self) -> None:
        """Something else was done or opened: an error before it is old."""
        if self._error is not None:
            self._error = None
            self._show_next()

    def state(self, state: AccountState) -> None:
        """An account's worker does something else now."""
        key = (state.account_id, state.protocol)
        if needs_someone(state):
            if self._needs.get(key) != state:
                self._needs[key] = state
                self._show(key)
            return
        known = self._needs.pop(key, None)
        if known is not None and self._shown == key:
            self._show_next()
        if state.state in _WORKS and not state.problem and self._is_over(state):
            self.over()

    def forget_accounts(self, alive: set[AccountId]) -> None:
        for key in [key for key in self._needs if key[0] not in alive]:
            del self._needs[key]
            if self._shown == key:
                self._show_next()

    def _is_over(self, state: AccountState) -> bool:
        error = self._error
        if error is None or error.kind not in _OF_THE_LINE or state.protocol is Protocol.SMTP:
            return False
        account = self._w.reader.account(state.account_id)
        return not error.account or (account is not None and account.name == error.account)

    def _show_next(self) -> None:
        self._show_need(None)
        self._w.notice.hide()
        if self._needs:
            self._show(next(iter(self._needs)))

    def _show(self, key: _Key) -> None:
        state = self._needs[key]
        account = self._w.reader.account(state.account_id)
        if account is None:
            return
        self._error = None
        self._show_need(key)
        problem = state.problem or self.tr("The password is needed.")
        self._w.notice.say(
            named(account.name, problem),
            state.detail,
            act_words(state),
            lambda: self._w.windows.see_to(state),
        )

    def _on_closed(self) -> None:
        """Whoever has seen it needs it no more; the status line goes on saying what is needed."""
        self._error = None
        self._show_need(None)

    def _show_need(self, key: _Key | None) -> None:
        """The banner is about this; the status line does not say it a second time."""
        self._shown = key
        self._w.status_line.leave_out(key)
