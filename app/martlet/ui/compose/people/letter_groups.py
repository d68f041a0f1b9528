"""Groups as a letter's writer meets them: all of them, or one made of the letter's recipients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from martlet.mail.message import Address
from martlet.mail.writing import Group
from martlet.ui.compose.people.group_sheet import GroupSheet
from martlet.ui.compose.people.header import LetterHeader

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink


class LetterGroups(QObject):
    """Those of one letter."""

    def __init__(self, link: EngineLink, reader: Reader, header: LetterHeader) -> None:
        super().__init__(header)
        self._link = link
        self._reader = reader
        self._header = header
        self.sheet: GroupSheet | None = None
        header.group_wanted.connect(self._open)

    def show(self) -> None:
        """All groups, to be changed or written to."""
        self._open(())

    def keep(self) -> None:
        """A group of everybody this letter goes to."""
        self._header.take_typed()
        rows = (row for field in self._header.fields for row in field.rows if not row.wrong)
        people = {row.key: row.entry.address for row in rows}
        if people:
            self._open(tuple(people.values()))
        else:
            self._header.noted.emit(self.tr("There are no recipients yet to make a group of."))

    def _open(self, members: Sequence[Address]) -> None:
        header = self._header
        self.sheet = sheet = GroupSheet(
            self._reader.groups(), self._reader.complete, [each.name for each in header.fields],
            header, members=members,
        )  # fmt: skip
        sheet.asked.connect(self._link.ask)
        sheet.chosen.connect(self._put)
        sheet.open()

    def _put(self, line: str, group: Group) -> None:
        field = next(each for each in self._header.fields if each.name == line)
        self._header.reveal(field)
        field.take_chosen(group)
