"""Telling how far long jobs are: now and then, with the time they still take."""

from __future__ import annotations

import time
from collections.abc import Callable

from martlet.engine.estimate import Estimate
from martlet.mail.account import AccountId
from martlet.mail.changes import Progress, Unit
from martlet.mail.folder import Folder, FolderId

EVERY_S = 0.2


class Teller:
    """Progress of one account's folders. tell: takes what is to be told."""

    def __init__(self, account_id: AccountId, tell: Callable[[Progress], None]) -> None:
        self._account_id = account_id
        self._tell = tell
        self._estimates: dict[tuple[FolderId, Unit], Estimate] = {}
        self._totals: dict[tuple[FolderId, Unit], int] = {}
        self._told_at = 0.0

    def begin(self) -> None:
        """A new connection: nothing is under way."""
        self._estimates.clear()
        self._totals.clear()

    def left(self, folder: Folder, unit: Unit, left: int) -> None:
        """So much is left; how much there was to begin with is the most that was ever told."""
        key = (folder.id, unit)
        total = self._totals[key] = max(self._totals.get(key, 0), left)
        estimate = self._estimates.setdefault(key, Estimate())
        left_s = estimate.left_s(total - left, total)
        moment = time.monotonic()
        if not left:
            # The end is always told, but not of what nobody heard begin.
            del self._estimates[key], self._totals[key]
            if not total:
                return
        elif moment - self._told_at < EVERY_S:
            return
        self._told_at = moment
        self._tell(Progress(self._account_id, folder.leaf, total - left, total, unit, left_s))
