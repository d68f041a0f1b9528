"""For whose mail a person said that its pictures may always be fetched from the internet."""

from __future__ import annotations

from martlet.store.codec import clean
from martlet.store.database import Source, Tx


def allow(tx: Tx, who: str, allowed: bool) -> None:
    """who: an address, or a domain with "@" before it."""
    name = clean(who).strip().casefold()
    if allowed and "@" in name:
        tx.execute("INSERT OR IGNORE INTO pictures_allowed (who) VALUES (?)", (name,))
    else:
        tx.execute("DELETE FROM pictures_allowed WHERE who = ?", (name,))


def allowed_by(source: Source, address: str) -> str:
    """The entry that lets mail from this address show its pictures, "" if none does."""
    folded = clean(address).strip().casefold()
    domain = f"@{folded.rpartition('@')[2]}"
    for (who,) in source.query(
        "SELECT who FROM pictures_allowed WHERE who IN (?, ?) ORDER BY length(who) DESC",
        (folded, domain),
    ):
        return str(who)
    return ""


def all_allowed(source: Source) -> list[str]:
    """Every entry, in order."""
    return [str(who) for (who,) in source.query("SELECT who FROM pictures_allowed ORDER BY who")]
