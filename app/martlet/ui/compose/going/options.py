"""What is asked of servers and readers for one letter, and when it is to go: set here, shown by
others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QObject, Signal

from martlet.mail.outgoing import Draft, DraftKind, Priority, SendOptions
from martlet.ui.habits import Habits


class LetterOptions(QObject):
    """changed: something else is asked now. send_at: Unix seconds, 0 for at once."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.given = SendOptions()
        self.send_at = 0.0

    def load(self, options: SendOptions, send_at: float = 0.0) -> None:
        """Those of a letter that is opened; nothing was changed by that."""
        self.given, self.send_at = options, send_at
        self.changed.emit()

    def set_dsn(self, on: bool) -> None:
        self._take(replace(self.given, dsn=on))

    def set_require_tls(self, on: bool) -> None:
        self._take(replace(self.given, require_tls=on))

    def set_receipt(self, on: bool) -> None:
        self._take(replace(self.given, receipt=on))

    def set_priority(self, priority: Priority) -> None:
        self._take(replace(self.given, priority=priority))

    def set_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        self._take(replace(self.given, headers=tuple(headers)))

    def set_send_at(self, when: float) -> None:
        if when != self.send_at:
            self.send_at = when
            self.changed.emit()

    def _take(self, options: SendOptions) -> None:
        if options != self.given:
            self.given = options
            self.changed.emit()


def begun(draft: Draft, habits: Habits) -> Draft:
    """A letter that nobody has written on yet, as this person always wants it."""
    options = replace(
        draft.options,
        dsn=draft.options.dsn or habits.dsn,
        receipt=draft.options.receipt or habits.receipt,
        utc=habits.utc,
        agent=habits.agent,
    )
    new = draft.kind is DraftKind.NEW and not draft.text
    html = "" if new and habits.rich and draft.html is None else draft.html
    return replace(draft, options=options, html=html)


def priority_name(priority: Priority) -> str:
    """ "High priority" and so on."""
    tr = QCoreApplication.translate
    return {
        Priority.HIGHEST: tr("compose", "Highest priority"),
        Priority.HIGH: tr("compose", "High priority"),
        Priority.NORMAL: tr("compose", "Normal priority"),
        Priority.LOW: tr("compose", "Low priority"),
        Priority.LOWEST: tr("compose", "Lowest priority"),
    }[priority]
