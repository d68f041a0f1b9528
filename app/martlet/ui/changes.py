"""Takes up what the engine says has changed: reads the store again where the window shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from martlet.mail.account import AccountState
from martlet.mail.changes import (
    AccountsChanged,
    BodyArrived,
    Change,
    DeliveryChanged,
    DraftsChanged,
    FoldersChanged,
    MessagesChanged,
    Notice,
    OutboxChanged,
    Progress,
    StateChanged,
)
from martlet.mail.errors import BY_KIND
from martlet.ui.followed_draft import FollowedDraft

if TYPE_CHECKING:
    from martlet.ui.window import MainWindow


class Changes(QObject):
    """For one main window. Changes come merged already (`link.py`)."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
        self._followed = FollowedDraft(window)
        window.link.changed.connect(self._take)
        window.link.restored.connect(self._everything)

    def _take(self, change: Change) -> None:
        match change:
            case MessagesChanged():
                self._followed.around(lambda: self._w.list_model.apply(change))
                if self._w.pane.message_id in change.changed:
                    self._w.show_tags()
                self._w.pane.forget([*change.changed, *change.removed])
                self._came()
            case AccountsChanged():
                self._w.refresh_accounts()
            case FoldersChanged() | OutboxChanged() | DraftsChanged():
                self._w.refresh_folders()
            case BodyArrived():
                self._w.pane.body_arrived(change.message_id)
                self._w.ledger.body_arrived(change.message_id)
                self._came()
            case StateChanged():
                self.state(change.state)
            case Progress():
                # The same numbers wherever they are shown.
                told = self._w.pane.downloads.heard(change)
                self._w.status_line.set_progress(told)
                self._w.pane.set_progress(told)
            case DeliveryChanged():
                self._w.ledger.heard(change.message_id)
                self._w.list_model.deliveries_changed()
            case Notice():
                error = BY_KIND[change.kind](change.summary, change.detail, change.account)
                self._w.show_error(error)

    def state(self, state: AccountState) -> None:
        """An account's worker does something else now."""
        self._w.status_line.set_state(state)
        # Receiving may be well while sending is not: what matters most is marked.
        self._w.folders.set_state(self._w.status_line.states()[state.account_id])
        self._w.pane.set_paused(self._w.status_line.paused)
        self._w.notices.state(state)

    def _came(self) -> None:
        self._w.batches.look()
        self._w.summaries.look_again()
        self._w.looking.look_again()

    def _everything(self) -> None:
        """After the engine was away nobody knows what was missed, or is still fetched."""
        self._w.batches.stop()
        self._w.pane.forget()
        self._w.refresh_accounts()
        self._w.list_model.compare()
