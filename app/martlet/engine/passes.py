"""One whole pass over accounts, on request: what waits goes out, what is new comes in, and what
came of it is told. How that is done is known by each account's threads (`roster`).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from martlet.engine.roster import Roster
from martlet.mail.account import Account, AccountId, SyncReport
from martlet.mail.errors import MailError
from martlet.store import journal
from martlet.store.database import Database

T = TypeVar("T")


class Passes:
    """chosen: the accounts of these ids; all of them when there are none."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        chosen: Callable[[list[AccountId]], list[Account]],
    ) -> None:
        self._database = database
        self._roster = roster
        self._chosen = chosen

    def check(self, account_ids: list[AccountId]) -> None:
        """Has their servers asked, and returns at once."""
        for account in self._chosen(account_ids):
            self._roster.receive(account.id, headers_only=False)
            self._roster.flush(account.id)

    def sync(self, account_ids: list[AccountId], headers_only: bool) -> list[SyncReport]:
        """All that waits goes out and all that is new comes in; a report of each account."""
        reports = self._one_pass(account_ids, headers_only)
        # What one account had to wait for another to do (a move between them) goes out now.
        late = [
            account.id
            for account in self._chosen(account_ids)
            if not any(r.error for r in reports if r.account == account.name)
            and journal.pending(self._database, account.id)
        ]
        more = {r.account: r for r in self._one_pass(late, True)} if late else {}
        return [_together(r, more[r.account]) if r.account in more else r for r in reports]

    def _one_pass(self, account_ids: list[AccountId], headers_only: bool) -> list[SyncReport]:
        waiting = []
        for account in self._chosen(account_ids):
            sending = self._roster.flush(account.id)
            waiting.append((account, sending))
        reports = []
        # What is sent first can be filed in the same pass.
        receiving = []
        for account, sending in waiting:
            sent, send_error = _outcome(sending, 0)
            received = self._roster.receive(account.id, headers_only=headers_only)
            receiving.append((account, sent, send_error, received))
        for account, sent, send_error, received in receiving:
            empty = SyncReport(account.name)
            answered, error = _outcome(received, empty)
            report = answered if isinstance(answered, SyncReport) else empty
            reports.append(
                SyncReport(
                    account.name,
                    report.new,
                    sent,
                    report.changed,
                    report.removed,
                    error or send_error or report.error,
                    report.problems,
                )
            )
        return reports


def _outcome(future: Future[T] | None, nothing: T) -> tuple[T, str]:
    """What came of a job: its result, or `nothing` and the error's sentence."""
    if future is None:
        return nothing, ""
    try:
        return future.result(), ""
    except MailError as error:
        return nothing, error.summary


def _together(one: SyncReport, more: SyncReport) -> SyncReport:
    """Two passes over an account as one report."""
    return SyncReport(
        one.account,
        one.new + more.new,
        one.sent + more.sent,
        one.changed + more.changed,
        one.removed + more.removed,
        one.error or more.error,
        (*one.problems, *more.problems),
    )
