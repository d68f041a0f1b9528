"""A card of a file that came with a message: other programs can have it, its people are met."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from martlet.mail.message import Address
from martlet.ui.cards.card import Card
from martlet.ui.people_line import PeopleLine


class FileCard(Card):
    """open_wanted, save_wanted: the part's section. picked: somebody, and the widget."""

    open_wanted = Signal(str)
    save_wanted = Signal(str)
    picked = Signal(object, object)

    def offer_open(self, words: str, part: str) -> None:
        """In the program that the system has for it."""
        self.offer(words, "open").clicked.connect(lambda: self.open_wanted.emit(part))

    def offer_save(self, part: str) -> None:
        self.offer(self.tr("Save…"), "save").clicked.connect(lambda: self.save_wanted.emit(part))

    def line_of(self, people: Sequence[Address], caption: str, name: str = "") -> PeopleLine:
        """To be put somewhere in the card. name: of whoever has no name there."""
        line = PeopleLine(13, parent=self)
        line.show_people(people, caption)
        line.picked.connect(
            lambda who: self.picked.emit(Address(who.name or name, who.address), line)
        )
        line.turned.connect(self.resized)
        return line
