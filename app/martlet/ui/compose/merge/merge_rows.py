"""Which rows of a table get a letter, and what each letter says. Knows no window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from martlet.mail import merge
from martlet.mail.address_key import address_key
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft
from martlet.ui.compose.merge.merge_work import Found


class MergeRows:
    """had: how often the letter reached an address before the rest of it was taken back."""

    def __init__(self, found: Found, had: Counter[str]) -> None:
        self._problems = found.problems
        self._had = had
        self.to = found.to
        self.rows = found.table.rows

    def letter(self, at: int, draft: Draft, me: Address, common: dict[str, str]) -> Draft:
        """Of this row (from 0), exactly as it will be sent."""
        return merge.letter(draft, self.rows[at], self.to, me, common)

    def sendable(self, *, careful: bool, skip: bool) -> list[dict[str, str]]:
        """The rows that letters go to. careful: none with a problem; skip: none who has it."""
        bad = {one.row for one in self._problems if one.fatal or careful}
        if skip:
            bad |= self.having()
        return [row for at, row in enumerate(self.rows) if at not in bad]

    def having(self) -> set[int]:
        """The rows whose people have the letter; of two for one of them, as many as went."""
        if not self._had:
            return set()
        left = Counter(self._had)
        found: set[int] = set()
        for at, key in enumerate(self._keys):
            if left[key] > 0:
                left[key] -= 1
                found.add(at)
        return found

    def reached(self, rows: Iterable[merge.Row]) -> None:
        """These went before the rest was taken back."""
        self._had.update(_key(row, self.to) for row in rows)

    @cached_property
    def _keys(self) -> tuple[str, ...]:
        return tuple(_key(row, self.to) for row in self.rows)


def _key(row: merge.Row, to: str) -> str:
    person = merge.recipient(row, to)
    return address_key(person.address) if person is not None else ""
