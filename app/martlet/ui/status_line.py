"""The line at the foot: what accounts are doing, how far, and what someone must see to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QWidget,
)

from martlet.mail.account import AccountId, AccountState, Protocol, WorkerState
from martlet.mail.changes import Progress
from martlet.mail.message import MessageId
from martlet.mail.outgoing import OutboxId
from martlet.ui import theme
from martlet.ui.progress_words import how_far, time_left

if TYPE_CHECKING:
    from martlet.store.reader import Reader

_SAID_MS = 4000
_HEIGHT = 28


class StatusLine(QFrame):
    """Told of states and progress; says when a person wants to act on an account's trouble.

    While something is fetched ahead it can be paused and stopped; that it is paused stays in sight.
    """

    act_wanted = Signal(object)
    pause_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusLine")
        self.setFixedHeight(_HEIGHT)
        self._reader = reader
        # Receiving and sending have a state each.
        self._states: dict[tuple[AccountId, Protocol | None], AccountState] = {}
        self._progress: dict[tuple[AccountId, MessageId, OutboxId], Progress] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(8)
        self._words = QLabel()
        self._words.setFont(theme.font(12))
        self._words.setProperty("tone", "second")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._act = QPushButton()
        self._act.setProperty("kind", "link")
        self._act.setFont(theme.font(12))
        self._act.clicked.connect(self._on_act)
        self._act.hide()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(120, 5)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._bar.hide()
        self.pause = self._button(self.pause_wanted)
        self.stop = self._button(self.stop_wanted)
        self.stop.setIcon(theme.icon("stop"))
        self.stop.setAccessibleName(self.tr("Stop downloading"))
        self.stop.setToolTip(self.tr("Stop downloading (Ctrl+.)"))
        self._link = QLabel()
        self._link.setFont(theme.font(12))
        self._link.setProperty("tone", "third")
        self._link.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self._words)
        row.addWidget(self._act)
        row.addWidget(self._bar)
        row.addWidget(self.pause)
        row.addWidget(self.stop)
        row.addStretch(1)
        row.addWidget(self._link)
        self._troubled: AccountState | None = None
        self._left_out: tuple[AccountId, Protocol | None] | None = None
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(_SAID_MS)
        self._said.timeout.connect(self._show)

    def set_state(self, state: AccountState) -> None:
        self._states[state.account_id, state.protocol] = state
        if state.state is not WorkerState.WORKING:
            self._forget(state.account_id, sending=state.protocol is Protocol.SMTP)
        self._show()

    def set_progress(self, progress: Progress) -> None:
        key = (progress.account_id, progress.message_id, progress.outbox_id)
        if progress.total and progress.done >= progress.total:
            self._progress.pop(key, None)
        else:
            self._progress[key] = progress
        self._show()

    @property
    def paused(self) -> bool:
        """Whether any account does not fetch ahead because the person said so."""
        return any(state.paused for state in self._states.values())

    @property
    def fetching(self) -> bool:
        """Whether anything is being downloaded, as far as it is told here."""
        newest = self._newest()
        return newest is not None and not newest.outbox_id

    def _newest(self) -> Progress | None:
        """What to tell of: what was asked for before letters on their way, and these before what
        is fetched ahead, which may be paused."""
        every = self._progress.values()
        asked = [p for p in every if p.message_id]
        going = [p for p in every if p.outbox_id]
        ahead = [p for p in every if not p.message_id and not p.outbox_id and not self.paused]
        return next(iter([*asked, *going, *ahead]), None)

    def _forget(self, account_id: AccountId, *, sending: bool) -> None:
        """Nothing is received, or sent, by this account any more."""
        self._progress = {
            key: p
            for key, p in self._progress.items()
            if key[0] != account_id or bool(key[2]) is not sending
        }

    def _button(self, wanted: SignalInstance) -> QToolButton:
        button = QToolButton(self)
        button.setProperty("kind", "bare")
        button.setIconSize(QSize(14, 14))
        button.setFixedHeight(22)
        button.setFont(theme.font(12))
        button.clicked.connect(wanted)
        button.hide()
        return button

    def forget_accounts(self, alive: set[AccountId]) -> None:
        self._states = {i: s for i, s in self._states.items() if i[0] in alive}
        self._progress = {i: p for i, p in self._progress.items() if i[0] in alive}
        self._show()

    def say(self, words: str) -> None:
        """Shows words for a few seconds."""
        self._words.setText(words)
        self._act.hide()
        self._said.start()

    def leave_out(self, key: tuple[AccountId, Protocol | None] | None) -> None:
        """What this worker needs is said elsewhere in the window."""
        if key != self._left_out:
            self._left_out = key
            self._show()

    def point_at(self, target: str) -> None:
        """Where the link under the mouse leads."""
        shown = target if len(target) <= 110 else f"{target[:80]}…{target[-28:]}"
        self._link.setText(shown)
        self._words.setVisible(not shown)
        self._act.setVisible(not shown and self._troubled is not None)

    def states(self) -> dict[AccountId, AccountState]:
        """Of each account the state that matters most to a person."""
        found: dict[AccountId, AccountState] = {}
        for state in sorted(self._states.values(), key=_weight):
            found[state.account_id] = state
        return found

    def _show(self) -> None:
        if self._said.isActive():
            return
        progress = self._newest()
        self._bar.setVisible(progress is not None)
        self.stop.setVisible(self.fetching)
        self._show_pause(shown=self.fetching or self.paused)
        self._troubled = next((s for s in self._told() if needs_someone(s)), None)
        words = self._say_states()
        if progress is not None:
            # In thousandths: bytes do not fit into the bar's own numbers.
            self._bar.setRange(0, 1000 if progress.total else 0)
            if progress.total:
                self._bar.setValue(min(1000, 1000 * progress.done // progress.total))
        parts = [self.tr("Downloading is paused")] if self.paused else []
        if self._troubled is not None:
            words = "  ·  ".join([*parts, words])
        else:
            if progress is not None:
                held = self.paused and not progress.outbox_id
                left = "" if held else time_left(progress.left_s)
                parts += [how_far(progress), left]
            words = "  ·  ".join(part for part in parts if part) or words
        self._words.setText(words)
        self._act.setVisible(self._troubled is not None)
        if self._troubled is not None:
            self._act.setText(act_words(self._troubled))

    def _show_pause(self, *, shown: bool) -> None:
        """One button for both; with words beside it while it is paused."""
        words = self.tr("Go on downloading") if self.paused else self.tr("Pause downloading")
        self.pause.setIcon(theme.icon("play" if self.paused else "pause"))
        self.pause.setAccessibleName(words)
        self.pause.setText(self.tr("Go on"))
        style = Qt.ToolButtonStyle
        self.pause.setToolButtonStyle(
            style.ToolButtonTextBesideIcon if self.paused else style.ToolButtonIconOnly
        )
        self.pause.setToolTip(f"{words} (Ctrl+Alt+P)")
        self.pause.setVisible(shown)

    def _told(self) -> list[AccountState]:
        """The states that are told of here."""
        return [state for key, state in self._states.items() if key != self._left_out]

    def _say_states(self) -> str:
        told = self._told()
        state = self._troubled or next(
            (s for s in told if s.state is WorkerState.WAITING), next(iter(told), None)
        )
        if state is None:
            return ""
        account = self._reader.account(state.account_id)
        name = account.name if account is not None else ""
        if state.problem and state.state in (
            WorkerState.WAITING,
            WorkerState.NEEDS_PASSWORD,
            WorkerState.NEEDS_DECISION,
        ):
            return named(name, state.problem)
        working = {
            WorkerState.CONNECTING: self.tr("Connecting…"),
            WorkerState.WORKING: self.tr("Synchronising…"),
            WorkerState.WAITING: self.tr("Offline, trying again soon"),
            WorkerState.IDLE: self.tr("Up to date"),
        }
        busy = (WorkerState.CONNECTING, WorkerState.WORKING)
        active = next((s for s in told if s.state in busy), state)
        return working.get(active.state, "")

    def _on_act(self) -> None:
        if self._troubled is not None:
            self.act_wanted.emit(self._troubled)


def _weight(state: AccountState) -> int:
    """What someone must see to, then trouble, then receiving before sending."""
    if needs_someone(state):
        return 3
    if state.state is WorkerState.WAITING:
        return 2
    return int(state.protocol is not Protocol.SMTP)


def act_words(state: AccountState) -> str:
    """What a person is offered to do about an account that needs it."""
    tr = QCoreApplication.translate
    if state.state is WorkerState.NEEDS_PASSWORD:
        return tr("accounts", "Enter password…")
    if state.fingerprint:
        return tr("accounts", "Show certificate…")
    return tr("accounts", "Details")


def named(account: str, words: str) -> str:
    """Words about an account, with its name before them unless they say it themselves."""
    return words if not account or account in words else f"{account}: {words}"


def needs_someone(state: AccountState) -> bool:
    return state.state in (WorkerState.NEEDS_PASSWORD, WorkerState.NEEDS_DECISION)
