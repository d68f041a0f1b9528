"""The live list of a test: for each server, how far it has come and where it stopped.

waiting ──► busy ──► well
             └─────► failed; what comes after it stays as it is
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from martlet.mail.account import Account, TestStep
from martlet.mail.route import Stage
from martlet.mail.server import Protocol, Security, Server
from martlet.ui.accounts.parts import Card, Mark, note, title


def _tr(text: str) -> str:
    return QCoreApplication.translate("Accounts", text)


def stages(server: Server) -> tuple[Stage, ...]:
    """What a test goes through with this server."""
    last = Stage.SEND if server.protocol is Protocol.SMTP else Stage.FOLDERS
    private = () if server.security is Security.NONE else (Stage.CERTIFICATE,)
    return (Stage.NAME, Stage.CONNECTION, *private, Stage.SIGN_IN, last)


def stage_words(stage: Stage, protocol: Protocol) -> str:
    """What has been done once a stage is well."""
    match stage:
        case Stage.NAME:
            return _tr("Name found")
        case Stage.CONNECTION:
            return _tr("Connected")
        case Stage.CERTIFICATE:
            return _tr("Certificate good")
        case Stage.SIGN_IN:
            return _tr("Signed in")
        case Stage.FOLDERS if protocol is Protocol.POP3:
            return _tr("Messages counted")
        case Stage.FOLDERS:
            return _tr("Folders listed")
        case Stage.SEND:
            return _tr("Can send")


def trusted_words() -> str:
    """What is said of a certificate that a person trusts though it does not verify."""
    return _tr("Certificate trusted by you")


def name_of(server: Server) -> str:
    """As TestStep.what has it."""
    return f"{server.protocol.name} {server.host}:{server.port}"


class _State(Enum):
    WAITING = ("", "text3")
    BUSY = ("busy", "accent")
    WELL = ("check", "accent")
    FAILED = ("error", "danger")


class _Line(QWidget):
    """One stage: its mark, its words, and what was said."""

    def __init__(self, parent: QWidget, words: str) -> None:
        super().__init__(parent)
        self._words = words
        self.state = _State.WAITING
        self.mark = Mark(self)
        self.what = QLabel(words, self)
        self.what.setTextFormat(Qt.TextFormat.PlainText)
        self.what.setProperty("tone", "third")
        self.what.setFixedWidth(self._column())
        self.said = note(self, "", "third")
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(9)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self.mark, 0, top)
        row.addWidget(self.what, 0, top)
        row.addWidget(self.said, 1, top)
        self.show_state(_State.WAITING)

    def show_state(self, state: _State, said: str = "") -> None:
        self.state = state
        words = {
            _State.WAITING: self.tr("not yet"),
            _State.BUSY: self.tr("now"),
            _State.WELL: self.tr("worked"),
            _State.FAILED: self.tr("failed"),
        }[state]
        self.mark.show_symbol(*state.value)
        self.said.setText(said)
        for label, tone in (
            (self.what, "third" if state is _State.WAITING else ""),
            (self.said, "danger" if state is _State.FAILED else "third"),
        ):
            label.setProperty("tone", tone)
            label.style().unpolish(label)
            label.style().polish(label)
        self.setAccessibleName(f"{words}: {self._words} {said}".strip())

    def _column(self) -> int:
        every = [stage_words(s, p) for s in Stage for p in (Protocol.IMAP, Protocol.POP3)]
        every.append(trusted_words())
        return max(self.fontMetrics().horizontalAdvance(words) for words in every) + 8


class CheckList(QWidget):
    """A card for each server. Steps may come one by one, all at once, or both."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._cards: list[QWidget] = []
        self._lines: dict[str, dict[Stage, _Line]] = {}
        self._other: _Line | None = None

    @property
    def texts(self) -> list[str]:
        """What the list says, line by line."""
        lines = [line for each in self._lines.values() for line in each.values()]
        if self._other is not None:
            lines.append(self._other)
        return [line.accessibleName() for line in lines]

    def begin(self, account: Account) -> None:
        """A test of this account has begun."""
        self.clear()
        pinned = {pin.host for pin in account.pins}
        own = (identity.outgoing for identity in account.identities)
        for server in (account.incoming, account.outgoing, *own):
            if server is None or name_of(server) in self._lines:
                continue
            card = Card(self)
            words = (
                self.tr("Sending: {host}, port {port}")
                if server.protocol is Protocol.SMTP
                else self.tr("Receiving: {host}, port {port}")
            )
            card.column.addWidget(title(card, words.format(host=server.host, port=server.port)))
            lines: dict[Stage, _Line] = {}
            for stage in stages(server):
                words = stage_words(stage, server.protocol)
                if stage is Stage.CERTIFICATE and server.host in pinned:
                    words = trusted_words()
                lines[stage] = _Line(card, words)
                card.column.addWidget(lines[stage])
            self._lines[name_of(server)] = lines
            self._column.addWidget(card)
            self._cards.append(card)
        self._next()

    def show_step(self, step: TestStep) -> None:
        """One more step is done."""
        lines = self._lines.get(step.what)
        if lines is None:
            self._elsewhere(step)
            return
        if step.stage is None and step.ok:
            for line in lines.values():
                line.show_state(_State.WELL)
        known = list(lines)
        at = step.stage if step.stage in lines else (known[-1] if step.ok else known[0])
        # What a server has passed it has passed, whether it was told or not.
        for stage in known[: known.index(at)]:
            if lines[stage].state in (_State.WAITING, _State.BUSY):
                lines[stage].show_state(_State.WELL)
        # On the way its name says all that is to be said.
        said = "" if step.ok and at is not known[-1] else step.said
        lines[at].show_state(_State.WELL if step.ok else _State.FAILED, said)
        self._next()

    def show_steps(self, steps: Sequence[TestStep]) -> None:
        """All that was done; nothing is under way any more."""
        for step in steps:
            self.show_step(step)
        self.stop()

    def stop(self) -> None:
        """Nothing is under way any more."""
        for lines in self._lines.values():
            for line in lines.values():
                if line.state is _State.BUSY:
                    line.show_state(_State.WAITING)

    def clear(self) -> None:
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards.clear()
        self._lines.clear()
        self._other = None

    def _elsewhere(self, step: TestStep) -> None:
        """About no server of the list: the password could not be had, say."""
        card = Card(self)
        self._other = _Line(card, step.what)
        self._other.show_state(_State.WELL if step.ok else _State.FAILED, step.said)
        card.column.addWidget(self._other)
        self._column.addWidget(card)
        self._cards.append(card)

    def _next(self) -> None:
        """The first that is still to come, where none has failed before it, is under way."""
        for lines in self._lines.values():
            for line in lines.values():
                if line.state is _State.BUSY:
                    return
                if line.state is _State.WAITING:
                    line.show_state(_State.BUSY)
                    return
                if line.state is _State.FAILED:
                    break
