"""Somebody's visiting card (vCard) that came with a message."""

from __future__ import annotations

from martlet.mail.cards import Person
from martlet.mail.message import Address
from martlet.ui.avatar import Avatar
from martlet.ui.cards.file_card import FileCard
from martlet.ui.shown_text import cut

_FIELDS = 12
_PHONES = 5
_ADDRESSES = 50
_FIELD = 400


class PersonCard(FileCard):
    """Who it is, and how to reach them."""

    def __init__(self, person: Person) -> None:
        first = person.addresses[0] if person.addresses else ""
        super().__init__("account", person.name or first or "?")
        avatar = Avatar(self)
        avatar.show_sender(Address(person.name, first))
        self.replace_mark(avatar)
        if person.organization:
            self.say(person.organization)
        if person.addresses:
            people = [Address("", each) for each in person.addresses[:_ADDRESSES]]
            self.body.addWidget(self.line_of(people, self.tr("Addresses"), person.name))
        if person.phones:
            self.say(", ".join(cut(each, 60) for each in person.phones[:_PHONES]))
        self.fold(
            self.tr("More about them"),
            [cut(f"{what}: {value}", _FIELD) for what, value in person.fields[:_FIELDS]],
        )
        self.offer_save(person.part)
        self.offer_open(self.tr("Open in address book"), person.part)
