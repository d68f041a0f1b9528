"""The outbox as windows show it: much of it at a glance, little of it whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from martlet.mail.outgoing import OutboxEntry, OutboxId, OutboxState
from martlet.store.codec import ids_json
from martlet.store.database import Source
from martlet.store.outbox import COLUMNS, OPEN, entry_of


def standing(source: Source) -> list[tuple[OutboxId, OutboxState]]:
    """Those not sent and filed by number and state alone, those that need a person first: quick
    for tens of thousands.
    """
    rows = source.query(
        f"SELECT id, state FROM outbox WHERE {OPEN} ORDER BY state NOT IN ('failed', 'unknown'), id"
    )
    states = {state.value: state for state in OutboxState}
    return [(row[0], states[row[1]]) for row in rows]


def some(source: Source, ids: Iterable[OutboxId]) -> list[OutboxEntry]:
    """Those of these that are still there, in any state and order."""
    rows = source.query(
        f"SELECT {COLUMNS} FROM outbox WHERE id IN (SELECT value FROM json_each(?))",
        (ids_json(ids),),
    )
    return [entry_of(row) for row in rows]


def soon(source: Source, until: float, also: Iterable[OutboxId] = ()) -> list[OutboxEntry]:
    """Those not sent and filed, by number, without those that were not tried yet and wait until
    later than this Unix time. also: of these, whatever they wait for; a mail merge has thousands.
    """
    rows = source.query(
        f"SELECT {COLUMNS} FROM outbox WHERE {OPEN} AND (state <> 'queued' OR attempts > 0"
        " OR not_before <= ? OR id IN (SELECT value FROM json_each(?))) ORDER BY id",
        (until, ids_json(also)),
    )
    return [entry_of(row) for row in rows]


def tally(source: Source, among: Iterable[OutboxId]) -> Counter[OutboxState]:
    """How many of these stand how; those taken back stand nowhere."""
    rows = source.query(
        "SELECT state, COUNT(*) FROM outbox WHERE id IN (SELECT value FROM json_each(?))"
        " GROUP BY state",
        (ids_json(among),),
    )
    return Counter({OutboxState(row[0]): row[1] for row in rows})


def count(source: Source) -> int:
    """How many are not sent and filed."""
    return int(source.query(f"SELECT COUNT(*) FROM outbox WHERE {OPEN}")[0][0])
