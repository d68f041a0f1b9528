"""For whose mail a person said that its pictures may always be fetched from the internet."""

from __future__ import annotations

from martlet.mail.address_key import shown_address
from martlet.mail.errors import Refused
from martlet.mail.picture_senders import entries_for, entry_of
from martlet.store.codec import clean
from martlet.store.database import Source, Tx


def allow(tx: Tx, who: str, allowed: bool) -> None:
    """who: an address, or a domain with "@" before it. Raises Refused for anything else."""
    entry = entry_of(clean(who))
    if not entry:
        raise Refused(f"{who[:80]!r} is neither an address nor @ and a domain.")
    if allowed:
        tx.execute("INSERT OR IGNORE INTO pictures_allowed (who) VALUES (?)", (entry,))
    else:
        tx.execute("DELETE FROM pictures_allowed WHERE who = ?", (entry,))


def allowed_by(source: Source, address: str) -> str:
    """The entry that lets mail from this address show its pictures, "" if none does."""
    for entry in entries_for(clean(address)):
        if source.query("SELECT 1 FROM pictures_allowed WHERE who = ?", (entry,)):
            return shown_address(entry)
    return ""


def all_allowed(source: Source) -> list[str]:
    """Every entry as people read it, in order."""
    rows = source.query("SELECT who FROM pictures_allowed")
    return sorted(shown_address(str(who)) for (who,) in rows)
