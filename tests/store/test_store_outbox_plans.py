"""What is asked of the outbox, the ledger, twins and drafts walks along indexes, however much is
there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from martlet.mail.account import AccountId
from martlet.mail.message import MessageId
from martlet.mail.outgoing import Draft, DraftId, OutboxId, OutboxState
from martlet.mail.report import Action, Fate, Report
from martlet.store import (
    deliveries,
    delivery_reports,
    draft_links,
    draft_sent,
    holdings,
    outbox,
    outbox_shown,
    told,
)
from martlet.store.database import Database, Row, Source, Value
from support.stores import Store

HOME = AccountId(1)
SHORT = ("json_each", "outbox_open", "outbox_state", "journal_draft")
REPORT = Report("<m@x>", "envelope", (Fate("b@x.example", Action.FAILED),))


class Planned:
    """A source that keeps how SQLite goes about what it is asked."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.steps: list[str] = []

    def query(self, sql: str, params: Sequence[Value] = ()) -> list[Row]:
        plan = self._database.query(f"EXPLAIN QUERY PLAN {sql}", params)
        self.steps.extend(str(row[-1]) for row in plan)
        return self._database.query(sql, params)


@pytest.mark.parametrize(
    "ask",
    [
        lambda s: outbox.due(s, HOME, 1.0),
        lambda s: outbox.next_due(s, HOME),
        lambda s: outbox.all_entries(s),
        lambda s: outbox_shown.standing(s),
        lambda s: outbox_shown.tally(s, [OutboxId(1)]),
        lambda s: outbox_shown.some(s, [OutboxId(1)]),
        lambda s: outbox.in_states(s, HOME, [OutboxState.SENT]),
        lambda s: outbox.blobs(s),
        lambda s: outbox.kept_drafts(s),
        lambda s: outbox.source_of(s, OutboxId(1)),
        lambda s: outbox.holds(s, DraftId(1)),
        lambda s: outbox.holds_key(s, "k"),
        lambda s: draft_sent.as_queued(s, Draft(DraftId(1), HOME, key="k")),
        lambda s: draft_links.may_be_twice(s, MessageId(1)),
        lambda s: draft_links.is_replaced(s, MessageId(1)),
        lambda s: told.told_of(s, REPORT, HOME),
        lambda s: deliveries.of_message(s, "<m@x>"),
        lambda s: deliveries.summary(s, [MessageId(1)]),
        lambda s: deliveries.first_deferred(s, "envelope"),
        lambda s: deliveries.accepted_at(s, "envelope"),
        lambda s: deliveries.last_filed(s, HOME),
        lambda s: delivery_reports.told_by(s, MessageId(1)),
        lambda s: delivery_reports.with_message_id(s, "<m@x>"),
        lambda s: holdings.twins(s, [MessageId(1)]),
    ],
)
def test_no_table_is_read_through(store: Store, ask: Callable[[Source], object]) -> None:
    planned = Planned(store.db)
    ask(planned)
    assert planned.steps
    whole = [
        step
        for step in planned.steps
        # Indexes of what is open are short; one by folder has all of a folder.
        if (step.startswith("SCAN") and not any(one in step for one in SHORT))
        or "message_folder" in step
    ]
    assert whole == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda s: outbox.due(s, HOME, 1.0),
        lambda s: outbox.next_due(s, HOME),
        lambda s: outbox.in_states(s, HOME, [OutboxState.SENT, OutboxState.UNKNOWN]),
    ],
)
def test_thousands_that_wait_are_not_read_each_time(
    store: Store, ask: Callable[[Source], object]
) -> None:
    """A merge asks so with every letter, while all others of it wait."""
    planned = Planned(store.db)
    ask(planned)
    assert "outbox_state (account_id=? AND state=?" in planned.steps[0]
