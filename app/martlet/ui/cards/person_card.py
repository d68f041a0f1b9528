"""Somebody's visiting card (vCard) that came with a message."""

from __future__ import annotations

from PySide6.QtCore import Signal

from martlet.mail.cards import Person
from martlet.mail.message import Address
from martlet.ui.avatar import Avatar
from martlet.ui.cards.card import Card
from martlet.ui.people_line import PeopleLine
from martlet.ui.shown_text import cut

_FIELDS = 12
_PHONES = 5
_ADDRESSES = 50
_FIELD = 400


class PersonCard(Card):
    """open_wanted, save_wanted: the part's section. picked: an address, and the widget."""

    open_wanted = Signal(str)
    save_wanted = Signal(str)
    picked = Signal(object, object)

    def __init__(self, person: Person) -> None:
        first = person.addresses[0] if person.addresses else ""
        super().__init__("account", person.name or first or "?")
        avatar = Avatar(self)
        avatar.show_sender(Address(person.name, first))
        self.replace_mark(avatar)
        if person.organization:
            self.say(person.organization)
        if person.addresses:
            line = PeopleLine(13, parent=self)
            self.body.addWidget(line)
            line.show_people(
                [Address("", each) for each in person.addresses[:_ADDRESSES]], self.tr("Addresses")
            )
            line.picked.connect(
                lambda who: self.picked.emit(Address(person.name, who.address), line)
            )
            line.turned.connect(self.resized)
        if person.phones:
            self.say(", ".join(cut(each, 60) for each in person.phones[:_PHONES]))
        self.fold(
            self.tr("More about them"),
            [cut(f"{what}: {value}", _FIELD) for what, value in person.fields[:_FIELDS]],
        )
        save = self.offer(self.tr("Save…"), "save")
        save.clicked.connect(lambda: self.save_wanted.emit(person.part))
        open_button = self.offer(self.tr("Open in address book"), "open")
        open_button.clicked.connect(lambda: self.open_wanted.emit(person.part))
