"""Counting what a pass does, for its report."""

from __future__ import annotations

from dataclasses import dataclass, field

from martlet.mail.account import SyncReport


@dataclass(slots=True)
class Tally:
    """Grows while a pass runs."""

    new: int = 0
    sent: int = 0
    changed: int = 0
    removed: int = 0
    problems: list[str] = field(default_factory=list)

    def report(self, account: str, error: str = "") -> SyncReport:
        return SyncReport(
            account, self.new, self.sent, self.changed, self.removed, error, tuple(self.problems)
        )
