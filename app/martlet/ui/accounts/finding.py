"""Finds the settings of an address by the engine, and drops answers nobody waits for any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from martlet.link.messages import Discover
from martlet.mail.discovery import Discovery, FoundBy, Offer
from martlet.mail.errors import MailError
from martlet.mail.sign_in import DesktopAccount
from martlet.ui.accounts.plan import Person, guessed_offer

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink


class Finding(QObject):
    """found: a Person and what was found. failed: why nobody could be asked; a guess follows."""

    found = Signal(object, object)
    failed = Signal(object)

    def __init__(self, link: EngineLink, parent: QObject) -> None:
        super().__init__(parent)
        self._link = link
        self._number = 0
        self._known: tuple[str, bool] | None = None

    def knows(self, person: Person, ispdb: bool | None = None) -> bool:
        """Whether what was found last is about this address, asked like that (None: either way)."""
        if self._known is None:
            return False
        return self._known[0] == person.address and ispdb in (None, self._known[1])

    def begin(self, person: Person, ispdb: bool) -> None:
        """Asks; what was asked before is forgotten. ispdb: the public list may be asked."""
        self.stop()
        number = self._number
        self._known = None

        def answered(found: Discovery) -> None:
            if number == self._number:
                self._known = (person.address, ispdb)
                self.found.emit(person, found)

        def refused(error: MailError) -> None:
            if number == self._number:
                self.guess(person)
                self.failed.emit(error)

        self._link.ask(Discover(person.address, ispdb), answered, refused)

    def guess(self, person: Person) -> None:
        """What can be said without asking anybody: of the desktop's account, the table, a guess."""
        self.stop()
        self._known = None
        desktop = person.desktop
        offer = of_desktop(desktop) if desktop is not None else None
        self.found.emit(person, Discovery((offer or guessed_offer(person.address),)))

    def stop(self) -> None:
        """Whatever comes now is not waited for."""
        self._number += 1


def of_desktop(desktop: DesktopAccount) -> Offer | None:
    """The servers as the desktop knows them; None when it does not say."""
    if desktop.incoming is None:
        return None
    outgoing = (desktop.outgoing,) if desktop.outgoing is not None else ()
    return Offer(FoundBy.TABLE, (desktop.incoming,), outgoing, desktop.provider)
