"""People for the writer: groups, who is offered, and the reading of who wrote and was written to.

What lies in folders is looked through once, in slices, while nothing else happens.
"""

from __future__ import annotations

from collections.abc import Callable

from martlet.mail.errors import Refused
from martlet.mail.message import Address
from martlet.mail.writing import Group
from martlet.store import acquaintance, contacts, groups
from martlet.store.database import Database

_SLICE = 1000  # a transaction: nobody else writes meanwhile
_SLICES = 100  # at a time: the others of the background, and the end, do not wait for all mail
_LONGEST_NAME = 200


class People:
    """Those of one profile."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def save_group(self, group: Group) -> None:
        name = " ".join(group.name.split())[:_LONGEST_NAME]
        if not name:
            raise Refused("A group needs a name.")
        if not group.members:
            raise Refused("A group needs somebody in it.")
        with self._database.write() as tx:
            groups.save(tx, Group(name, group.members))

    def remove_group(self, name: str) -> None:
        with self._database.write() as tx:
            groups.remove(tx, name)

    def forget(self, address: str) -> None:
        with self._database.write() as tx:
            contacts.forget(tx, address)

    def remember(self, address: Address) -> None:
        with self._database.write() as tx:
            contacts.used(tx, [address], when=self._clock())

    def catch_up(self) -> None:
        """Looks through what came since the last time, or through some more of it."""
        for _ in range(_SLICES):
            with self._database.write() as tx:
                if not contacts.unworded(tx, _SLICE // 4):
                    break
        for _ in range(_SLICES):
            with self._database.write() as tx:
                if not acquaintance.read(tx, _SLICE, self._clock()):
                    break
