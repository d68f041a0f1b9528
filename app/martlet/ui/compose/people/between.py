"""What the lines of recipients have to do with each other: moves, doubles, a copy to oneself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from martlet.mail.address_key import address_key
from martlet.mail.message import Address
from martlet.mail.typed import Typed

if TYPE_CHECKING:
    from martlet.ui.compose.people.header import LetterHeader
    from martlet.ui.compose.people.recipients import RecipientField


class Between(QObject):
    """Those of one letter. copy_to_self: the writer gets a hidden copy by habit."""

    def __init__(self, header: LetterHeader) -> None:
        super().__init__(header)
        self._header = header
        self.copy_to_self = False
        self._self = ""
        for field in header.fields:
            field.others = tuple(each.name for each in header.fields if each is not field)
            field.moved.connect(self._move)

    def mark(self) -> None:
        """Marks those that stand in two lines: in the later one, for it is not needed there."""
        before: dict[str, str] = {}
        if sum(len(field.rows) > 0 for field in self._header.fields) < 2:
            for field in self._header.fields:
                field.show_twice({})
            return
        for field in self._header.fields:
            rows = field.rows
            small, large = (before, rows) if len(before) < len(rows) else (rows.keys, before)
            field.show_twice({key: before[key] for key in small if key in large})
            for key in rows.keys:
                before.setdefault(key, field.name)

    def gather(self, into: RecipientField, out_of: Sequence[RecipientField]) -> None:
        """Everybody of these lines goes to that one."""
        for field in out_of:
            into.take_all(field)

    def correct(self, meant: Mapping[str, str]) -> None:
        better = {address_key(typed): address for typed, address in meant.items()}
        for field in self._header.fields:
            for row in list(field.rows):
                if row.key in better:
                    field.replace(row.key, Address(row.entry.address.name, better[row.key]))

    def sent_by(self, sender: Address | None) -> None:
        """The copy to oneself follows whom the letter is from."""
        if not self.copy_to_self or sender is None:
            return
        key, bcc = address_key(sender.address), self._header.bcc
        if key == self._self:
            return
        if self._self:
            bcc.remove([self._self])
        self._self = key
        bcc.add([Typed(sender, str(sender))])
        self._header.reveal(bcc, focus=False)

    def _move(self, line: str, entries: Sequence[Typed]) -> None:
        field = next(each for each in self._header.fields if each.name == line)
        self._header.reveal(field, focus=False)
        field.add(entries)
