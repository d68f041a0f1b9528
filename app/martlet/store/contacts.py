"""People whom mail was sent to and who sent some, and which of them are offered while one types.

Whoever was written to comes before whoever only wrote. Of these the rank says it all: the time of
the last letter, and a month on top for each doubling of their number; it need not be made anew
while time goes by.
"""

from __future__ import annotations

import math
import time
from collections.abc import Container, Iterable, Sequence
from itertools import islice

from martlet.mail.message import Address
from martlet.mail.person_words import typed_words, words_of
from martlet.store import correspondents
from martlet.store.codec import clean, ids_json
from martlet.store.database import Source, Tx, Value

_DOUBLED_S = 30 * 86_400.0
_ONLY_WROTE = -1e12
# So many are put in order; of more it is quicker to look for the first ones in the order of rank.
_FEW = 600
_UNWANTED = 12  # rows that may turn out to be from Junk
_LAST = "\U0010ffff"
_SAME_S = 600.0
# name, uses, last_used, wrote, wrote_at, words
_Row = tuple[str, int, float, int, float, str]
_NOBODY: _Row = ("", 0, 0.0, 0, 0.0, "")


def rank(uses: int, last_used: float, wrote: int = 0, wrote_at: float = 0.0) -> float:
    """Larger is offered earlier. Times in Unix seconds."""
    if uses:
        return last_used + _DOUBLED_S * math.log2(uses)
    return _ONLY_WROTE + wrote_at + _DOUBLED_S * math.log2(max(1, wrote))


def used(tx: Tx, addresses: Iterable[Address], *, when: float | None = None) -> None:
    """Counts one use of each. A name given now replaces the one known, no name does not."""
    now = time.time() if when is None else when
    people = {_key(one): clean(one.name) for one in addresses if "@" in one.address}
    known = _known(tx, people)
    rows = []
    for address, name in people.items():
        old_name, uses, _, _, _, _ = known.get(address, _NOBODY)
        rows.append((address, name or old_name, uses + 1, now, rank(uses + 1, now)))
    tx.many(
        "INSERT INTO contact (address, name, uses, last_used, rank) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (address) DO UPDATE SET name = excluded.name, uses = excluded.uses,"
        " last_used = excluded.last_used, rank = excluded.rank, hidden = 0",
        rows,
    )
    _word(tx, [(address, name) for address, name, *_ in rows], known)


def forget(tx: Tx, address: str) -> None:
    """Is not offered any more until written to again."""
    tx.execute(
        "INSERT INTO contact (address, hidden) VALUES (?, 1)"
        " ON CONFLICT (address) DO UPDATE SET hidden = 1",
        (clean(address).lower(),),
    )


def seen(
    tx: Tx,
    written_to: Iterable[tuple[Address, float]],
    writers: Iterable[tuple[Address, int, float]],
) -> None:
    """What lies in folders: to whom letters went, and when; who wrote how many, and when last.

    Nobody who was forgotten is offered again for it. A name that somebody writes under is taken
    only for one who was not written to: it is nobody's word but theirs.
    """
    sent, wrote = list(written_to), list(writers)
    known = _known(tx, {_key(row[0]) for row in sent} | {_key(row[0]) for row in wrote})
    now: dict[str, _Row] = {}
    for one, when in sent:
        name, uses, last, count, at, words = now.get(key := _key(one)) or known.get(key, _NOBODY)
        # The letter that was just counted as it went out
        again = 0 if abs(when - last) < _SAME_S else 1
        now[key] = (name or clean(one.name), uses + again, max(last, when), count, at, words)
    for one, more, when in wrote:
        name, uses, last, count, at, words = now.get(key := _key(one)) or known.get(key, _NOBODY)
        if not uses or not name:
            name = clean(one.name) or name
        now[key] = (name, uses, last, count + more, max(at, when), words)
    tx.many(
        "INSERT INTO contact (address, name, uses, last_used, wrote, wrote_at, rank)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET name = excluded.name,"
        " uses = excluded.uses, last_used = excluded.last_used, wrote = excluded.wrote,"
        " wrote_at = excluded.wrote_at, rank = excluded.rank",
        [(key, *row[:5], rank(*row[1:5])) for key, row in now.items()],
    )
    _word(tx, [(key, row[0]) for key, row in now.items()], known)


def unworded(tx: Tx, most: int) -> int:
    """Makes the words of so many contacts that are not right yet; answers how many."""
    rows = tx.query("SELECT address FROM contact WHERE words >= '?' LIMIT ?", (most,))
    known = _known(tx, [address for (address,) in rows])
    tx.many(
        "UPDATE contact SET rank = ? WHERE address = ?",
        [(rank(*row[1:5]), address) for address, row in known.items()],
    )
    _word(tx, [(address, row[0]) for address, row in known.items()], known)
    return len(rows)


def complete(source: Source, typed: str, limit: int, *, but: Container[str] = ()) -> list[Address]:
    """People of whom each typed word begins a word (`mail.person_words`), best ranked first.

    Nothing typed: the first of all. but: addresses, in small letters, that are left out.
    """
    wanted = typed_words(typed)
    longest = max(wanted, key=len, default="")
    near = source.query(
        "SELECT address FROM contact_word WHERE word >= ? AND word < ? LIMIT ?",
        (longest, longest + _LAST, _FEW + 1),
    )
    where = " AND ".join(["hidden = 0", *("instr(words, ?) > 0" for _ in wanted)])
    params: list[Value] = [f"\n{word}" for word in wanted]
    if len(near) <= _FEW:
        rows = source.query(
            "SELECT name, address, rank FROM contact"
            " WHERE address IN (SELECT value FROM json_each(?))"
            f" AND {where} ORDER BY rank DESC, address LIMIT ?",
            (ids_json({str(address) for (address,) in near}), *params, limit + _UNWANTED),
        )
    else:
        rows = source.query(
            f"SELECT name, address, rank FROM contact INDEXED BY contact_rank WHERE {where}"
            " ORDER BY rank DESC LIMIT ?",
            (*params, limit + _UNWANTED),
        )
    # Of who only wrote, nobody whose mail went to Junk or was thrown away
    others = (row for row in rows if row[1] not in but)
    good = (row for row in others if row[2] > 0 or correspondents.wrote(source, [row[1]], 1))
    return [Address(name, address) for name, address, _ in islice(good, limit)]


def _key(one: Address) -> str:
    return clean(one.address).lower()


def _known(tx: Tx, addresses: Iterable[str]) -> dict[str, _Row]:
    rows = tx.query(
        "SELECT address, name, uses, last_used, wrote, wrote_at, words FROM contact"
        " WHERE address IN (SELECT value FROM json_each(?))",
        (ids_json(set(addresses)),),
    )
    return {row[0]: (row[1], row[2], row[3], row[4], row[5], row[6]) for row in rows}


def _word(tx: Tx, people: Sequence[tuple[str, str]], known: dict[str, _Row]) -> None:
    """Keeps right what these are found by; known: rows of before, with their words."""
    changed: list[tuple[str, str]] = []
    gone: list[tuple[str, str]] = []
    come: list[tuple[str, str]] = []
    for address, name in people:
        words = [clean(word) for word in words_of(Address(name, address))]
        before = known[address][5] if address in known else ""
        after = "".join(f"\n{word}" for word in words) or "\n"
        if after == before:
            continue
        changed.append((after, address))
        old = set(before.split("\n"))
        gone += [(word, address) for word in old.difference(words)]
        come += [(word, address) for word in words if word not in old]
    tx.many("UPDATE contact SET words = ? WHERE address = ?", changed)
    tx.many("DELETE FROM contact_word WHERE word = ? AND address = ?", gone)
    tx.many("INSERT OR IGNORE INTO contact_word (word, address) VALUES (?, ?)", come)
