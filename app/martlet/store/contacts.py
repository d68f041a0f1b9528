"""Whom mail was sent to, counted, for completing addresses."""

from __future__ import annotations

import time
from collections.abc import Iterable

from martlet.mail.message import Address
from martlet.store.codec import clean
from martlet.store.database import Source, Tx


def used(tx: Tx, addresses: Iterable[Address], *, when: float | None = None) -> None:
    """Counts one use of each. A name given now replaces the one known, no name does not."""
    now = time.time() if when is None else when
    tx.many(
        "INSERT INTO contact (address, name, uses, last_used) VALUES (?, ?, 1, ?)"
        " ON CONFLICT (address) DO UPDATE SET uses = uses + 1, last_used = excluded.last_used,"
        " name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END",
        [
            (clean(one.address).lower(), clean(one.name), now)
            for one in addresses
            if "@" in one.address
        ],
    )


def complete(source: Source, prefix: str, limit: int) -> list[Address]:
    """Addresses that begin with this, or have a name with a word that does; most used first."""
    wanted = prefix.strip().casefold()
    found: list[Address] = []
    # Read whole and matched here: SQLite's LIKE knows no letters beyond ASCII, and a lifetime of
    # correspondents is some thousands.
    for address, name in source.query(
        "SELECT address, name FROM contact ORDER BY uses DESC, last_used DESC, address"
    ):
        words = name.casefold()
        if address.startswith(wanted) or words.startswith(wanted) or f" {wanted}" in f" {words}":
            found.append(Address(name, address))
            if len(found) >= limit:
                break
    return found
