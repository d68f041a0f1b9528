"""For whose mail pictures may always be fetched: an address, or all of a domain, as an entry.

Which entries there are is kept by `store.pictures`.
"""

from __future__ import annotations

import re

from martlet.mail.address_key import address_key
from martlet.mail.typed import is_address, is_host

# Senders exist whose names no standard allows ("a..b@example.org").
_LOOSE = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+\Z")


def entry_of(who: str) -> str:
    """The entry for an address, or for a domain with "@" before it; "" for anything else."""
    entry = address_key(who)
    local, at, domain = entry.rpartition("@")
    if not at:
        return ""
    if not local:
        return entry if "." in domain.strip(".") and is_host(domain) else ""
    return entry if is_address(entry) or (_LOOSE.match(local) and is_host(domain)) else ""


def entries_for(address: str) -> tuple[str, ...]:
    """The entries that let mail from this address show its pictures, the narrowest first."""
    own = entry_of(address)
    local, _, domain = own.rpartition("@")
    return tuple(filter(None, (own, entry_of(f"@{domain}")))) if local else ()
