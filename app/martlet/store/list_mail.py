"""Mailing lists as the mail here shows them: whether one is known, or only says that it is one."""

from __future__ import annotations

import re

from martlet.mail.address_key import address_key
from martlet.mail.folder import Role
from martlet.mail.providers import domain_of
from martlet.mail.registrable import bought
from martlet.store import search
from martlet.store.codec import addresses, clean
from martlet.store.database import Source
from martlet.store.search import Scope

_PLAIN = re.compile(r"[\w.+=-]{1,64}@[\w.-]{1,253}\Z", re.ASCII)
_UNWANTED = frozenset({Role.JUNK.value, Role.TRASH.value})
_READ = 300  # the newest letters that went to it
_SITES = 3
"""Whose people write to it. One swindler has two domains sooner than three that get past filters,
each with mail of its own to a list that was made up; names that cost nothing are one domain."""


def written_to(source: Source, address: str) -> bool:
    """Whether the person wrote to it before, with this program or another."""
    rows = source.query(
        "SELECT 1 FROM contact WHERE address = ? AND uses > 0", (clean(address).lower(),)
    )
    return bool(rows)


def has_writers(source: Source, address: str, before: float) -> bool:
    """Whether people of several places wrote to it, by mail that lies here and was not thrown
    away; those at the list's own place do not count.

    before: Unix seconds; only what had arrived by then is looked at."""
    if not _PLAIN.match(address):
        return False
    rows = search.find(
        source,
        "m.from_address, m.to_list, m.cc_list, f.role, m.received",
        f'to:"{address}"',
        Scope(),
        _READ,
    )
    key, own = address_key(address), bought(domain_of(address))
    sites: set[str] = set()
    for writer, to, cc, role, received in rows:
        people = (*addresses(to), *addresses(cc))
        wanted = role not in _UNWANTED and received < before
        if wanted and any(address_key(one.address) == key for one in people):
            sites.add(bought(domain_of(writer)))
    return len(sites - {"", own}) >= _SITES
