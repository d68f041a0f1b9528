"""Blobs that open letters may still name though no saved draft does, by when they were handed out
last. They outlast the engine: a letter's window does, too. How long they are kept is its matter.
"""

from __future__ import annotations

from collections.abc import Iterable

from martlet.store.database import Source, Tx


def lend(tx: Tx, blobs: Iterable[str], at: float) -> None:
    """These were handed out at this time, Unix seconds."""
    for blob in blobs:
        tx.execute(
            "INSERT INTO lent (blob, at) VALUES (?, ?)"
            " ON CONFLICT (blob) DO UPDATE SET at = max(at, excluded.at)",
            (blob, at),
        )


def since(source: Source, after: float) -> set[str]:
    """Those that were handed out after this time."""
    return {str(row[0]) for row in source.query("SELECT blob FROM lent WHERE at > ?", (after,))}


def forget(tx: Tx, until: float) -> None:
    """Those that were handed out at this time or before are not known any more."""
    tx.execute("DELETE FROM lent WHERE at <= ?", (until,))
