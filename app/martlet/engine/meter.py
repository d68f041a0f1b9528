"""Counts an account's bytes, by day, and says when a month's allowance is used up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from martlet.mail.account import Account
from martlet.store import traffic
from martlet.store.database import Database


class Counted(Protocol):
    """A connection that counts what went over it."""

    @property
    def bytes_in(self) -> int: ...

    @property
    def bytes_out(self) -> int: ...


class Meter:
    """One connection's bytes, written down now and then; used by the thread that drives it."""

    def __init__(
        self, account: Account, database: Database, clock: Callable[[], float] = time.time
    ) -> None:
        self._account = account
        self._database = database
        self._clock = clock
        self._noted_in = self._noted_out = 0

    def begin(self) -> None:
        """A new connection counts from nothing."""
        self._noted_in = self._noted_out = 0

    def note(self, line: Counted) -> None:
        """Writes down what went over the line since the last time."""
        came, went = line.bytes_in - self._noted_in, line.bytes_out - self._noted_out
        if came <= 0 and went <= 0:
            return
        self._noted_in, self._noted_out = line.bytes_in, line.bytes_out
        day = time.strftime("%Y-%m-%d", time.gmtime(self._clock()))
        with self._database.write() as tx:
            traffic.add(tx, self._account.id, day, came, went)

    def used_up(self, line: Counted) -> bool:
        """Whether what may be fetched ahead of need this month has been."""
        if not self._account.month_mb:
            return False
        month = time.strftime("%Y-%m", time.gmtime(self._clock()))
        had = traffic.month_received(self._database, self._account.id, month)
        return had + line.bytes_in - self._noted_in >= self._account.month_mb * 1_000_000
