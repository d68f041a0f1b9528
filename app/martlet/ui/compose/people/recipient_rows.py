"""The recipients of one line, each once; quick with very many of them. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from martlet.mail.address_key import address_key
from martlet.mail.message import Address
from martlet.mail.typed import Typed


@dataclass(frozen=True, slots=True)
class Row:
    """key: one spelling for all of its address. wrong: it cannot be an address."""

    entry: Typed
    key: str
    wrong: bool


class RecipientRows:
    """In the order in which they came."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._wrong: dict[str, Row] = {}
        self._people: tuple[Address, ...] | None = ()

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    @property
    def keys(self) -> Iterable[str]:
        return self._rows.keys()

    @property
    def people(self) -> tuple[Address, ...]:
        if self._people is None:
            self._people = tuple(row.entry.address for row in self._rows.values())
        return self._people

    @property
    def wrong(self) -> list[str]:
        return [row.entry.written for row in self._wrong.values()]

    def first(self, most: int) -> list[Row]:
        return [row for row, _ in zip(self._rows.values(), range(most), strict=False)]

    def add(self, entry: Typed) -> bool:
        """Whether it was not there."""
        key = address_key(entry.address.address)
        if key in self._rows:
            return False
        row = Row(entry, key, not entry.valid)
        self._rows[key] = row
        if row.wrong:
            self._wrong[key] = row
        self._people = None
        return True

    def take_all(self, rows: RecipientRows) -> None:
        """Those of another line come here, as they are; none is left there."""
        for key, row in rows._rows.items():
            if key not in self._rows:
                self._rows[key] = row
                if row.wrong:
                    self._wrong[key] = row
        self._people = None
        rows.clear()

    def remove(self, key: str) -> None:
        self._rows.pop(key, None)
        self._wrong.pop(key, None)
        self._people = None

    def replace(self, key: str, entry: Typed) -> None:
        """Another one in its place."""
        new = address_key(entry.address.address)
        if new != key and new in self._rows:
            self.remove(key)
            return
        row = Row(entry, new, not entry.valid)
        self._rows = {row.key if k == key else k: row if k == key else r
                      for k, r in self._rows.items()}  # fmt: skip
        self._wrong.pop(key, None)
        if row.wrong:
            self._wrong[new] = row
        self._people = None

    def clear(self) -> None:
        self._rows.clear()
        self._wrong.clear()
        self._people = ()
