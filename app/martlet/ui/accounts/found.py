"""The page of the settings that were found: to be read, or typed by hand, and never a trap.

searching ──► found ◄──► by hand        by hand is one click away in each of them
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtWidgets import QButtonGroup, QFormLayout, QHBoxLayout, QPushButton, QWidget

from martlet.mail.account import Account
from martlet.mail.discovery import Discovery, Offer
from martlet.mail.providers import domain_of
from martlet.mail.server import Protocol
from martlet.ui.accounts.asked import AskedList
from martlet.ui.accounts.hint import Opener, open_in_browser
from martlet.ui.accounts.options import Options
from martlet.ui.accounts.page import Page
from martlet.ui.accounts.parts import Callout, Card, Mark, note
from martlet.ui.accounts.plan import Person, SigningIn, account_from, best, guessed_server
from martlet.ui.accounts.server_grid import ServerGrid
from martlet.ui.accounts.server_summary import ServerSummary
from martlet.ui.accounts.sign_in_box import SignInBox
from martlet.ui.accounts.words import found_by, protocol_sentence
from martlet.ui.choice_box import ChoiceBox


class Place(Enum):
    """What of a server may have to be changed."""

    HOST = "host"
    PORT = "port"
    SECURITY = "security"
    USER = "user"
    PASSWORD = "password"


class FoundPage(Page):
    """Until the button is pressed nothing but the questions of discovery has been sent."""

    def __init__(self, parent: QWidget | None = None, opener: Opener = open_in_browser) -> None:
        super().__init__(parent)
        self._person = Person("")
        self._offers: Sequence[Offer] = ()
        self._searching = False
        self._sent = False
        self.busy = Card(self)
        busy = QHBoxLayout()
        busy.setSpacing(10)
        self._mark = Mark(self.busy, "busy", "accent")
        self.busy_words = note(self.busy)
        busy.addWidget(self._mark)
        busy.addWidget(self.busy_words, 1)
        self.busy.column.addLayout(busy)
        self.confirm = Callout(self, "warn")
        self.offers = ChoiceBox(self)
        self.offers.setAccessibleName(self.tr("Settings that were found"))
        self.offer_row = QWidget(self)
        row = QFormLayout(self.offer_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addRow(self.tr("Found in several places"), self.offers)
        self.protocol: Options[Protocol] = Options(self, self.tr("How mail is received"))
        for each, words in ((Protocol.IMAP, "IMAP"), (Protocol.POP3, "POP3")):
            self.protocol.add(each, words, protocol_sentence(each))
        self.tabs = QWidget(self)
        tabs = QHBoxLayout(self.tabs)
        tabs.setContentsMargins(0, 4, 0, 0)
        tabs.setSpacing(0)
        self.as_found = QPushButton(self.tr("Settings found"), self)
        self.typed = QPushButton(self.tr("By hand"), self)
        self._group = QButtonGroup(self)
        for button in (self.as_found, self.typed):
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setProperty("kind", "segment")
            self._group.addButton(button)
            tabs.addWidget(button)
        tabs.addStretch()
        self.as_found.setChecked(True)
        self.summary = ServerSummary(self)
        self.grid = ServerGrid(self)
        self.sign_in = SignInBox(self, opener)
        self.problem_line = note(self, "", "danger")
        self.problem_line.hide()
        self.asked = AskedList(self)
        for widget in (
            self.busy, self.confirm, self.offer_row, self.protocol, self.tabs, self.summary,
            self.grid, self.sign_in, self.problem_line, self.asked,
        ):  # fmt: skip
            self.body.addWidget(widget)
        self.body.addStretch()
        self.offers.activated.connect(self._offer_chosen)
        self.protocol.chosen.connect(self._protocol_chosen)
        self.typed.toggled.connect(lambda _on: self._follow())
        self.grid.edited.connect(self._edited)
        self.sign_in.edited.connect(self._edited)
        self._follow()

    # What the wizard tells

    def show_searching(self, person: Person, hosts: Sequence[str]) -> None:
        """Discovery is at work."""
        self._take(person)
        self._searching = True
        self.head(self.tr("Looking for the settings"), self._of_person())
        words = self.tr("Asking {hosts}…").format(hosts=", ".join(hosts))
        self.busy_words.setText(words if hosts else self.tr("Looking…"))
        self._follow()
        self.changed.emit()

    def show_person(self, person: Person) -> None:
        """The same address again: what is known of it stays."""
        self._take(person)
        self._follow()

    def show_found(self, person: Person, discovery: Discovery) -> None:
        """What was found; what was typed by hand meanwhile stays."""
        self._take(person)
        self._searching = False
        self._offers = discovery.offers
        self.offers.clear()
        for offer in discovery.offers:
            self.offers.addItem(found_by(offer.found_by, domain_of(person.address)))
        self.asked.show_asked(discovery.asked)
        self._show_offer()

    def begin_by_hand(self) -> None:
        """The form, filled in as far as anybody knows."""
        self.typed.setChecked(True)
        self._searching = False
        self._follow()
        self.grid.incoming.host.setFocus()
        self.changed.emit()

    def password_sent(self) -> None:
        """A test of these settings has begun."""
        self._sent = True
        self._follow()

    def point_at(self, place: Place, protocol: Protocol | None) -> None:
        """The keys go to the field that is to be changed."""
        if place is Place.PASSWORD:
            self.sign_in.focus_problem()
            self.reveal(self.sign_in.password)
            return
        self.typed.setChecked(True)
        row = self.grid.outgoing if protocol is Protocol.SMTP else self.grid.incoming
        field = {
            Place.HOST: row.host,
            Place.PORT: row.port,
            Place.SECURITY: row.security,
            Place.USER: row.user,
        }[place]
        field.setFocus()
        self.reveal(field)

    # What was chosen

    @property
    def account(self) -> Account:
        """The account as it stands on this page."""
        incoming, outgoing = self.grid.servers()
        return account_from(
            self._person, incoming, outgoing, self.sign_in.value, self.grid.smtp_secret
        )

    @property
    def signing_in(self) -> SigningIn:
        return self.sign_in.value

    @property
    def offer(self) -> Offer | None:
        """The offer the settings began with."""
        at = self.offers.currentIndex()
        return self._offers[at] if 0 <= at < len(self._offers) else None

    def problem(self) -> str:
        """What keeps one from going on, said on the page too; the keys go there."""
        found = self.grid.problem()
        if found:
            self.typed.setChecked(True)
        else:
            found = self.sign_in.problem()
            if found:
                self.sign_in.focus_problem()
        self.problem_line.setText(found)
        self.problem_line.setVisible(bool(found))
        if found:
            self.reveal(self.problem_line)
        return found

    @property
    def go(self) -> str:
        return self.tr("Sign in and test")

    @property
    def ready(self) -> bool:
        return not self._searching

    @property
    def offers_by_hand(self) -> bool:
        return not self.typed.isChecked()

    # Inner

    def _take(self, person: Person) -> None:
        if person.address != self._person.address:
            self._offers = ()
            self.offers.clear()
            self.typed.setChecked(False)
            self.as_found.setChecked(True)
            for row in (self.grid.incoming, self.grid.outgoing):
                row.forget()
            self.confirm.say("")
            self.asked.show_asked(())
            self._sent = False
        self._person = person
        self._fill()
        self.sign_in.show_offer(person, self.offer, by_hand=self.typed.isChecked())

    def _of_person(self) -> str:
        return self.tr("For {address}").format(address=self._person.address)

    def _show_offer(self) -> None:
        offer = self.offer
        if offer is not None:
            self.confirm.say(offer.confirm or offer.note)
            speaks = {server.protocol for server in offer.incoming}
            if speaks and self.protocol.value not in speaks:
                self.protocol.choose(offer.incoming[0].protocol)
                self.grid.incoming.set_protocol(offer.incoming[0].protocol)
        self.sign_in.show_offer(self._person, offer, by_hand=self.typed.isChecked())
        self._fill()
        self._follow()
        self.changed.emit()

    def _say_where_from(self) -> None:
        """Where what is shown comes from, and as long as it is true, that nobody has got it."""
        offer, address = self.offer, self._person.address
        said: list[str] = []
        if self.grid.typed:
            said.append(self.tr("These are as you have typed them."))
        elif offer is not None:
            said.append(found_by(offer.found_by, domain_of(address)))
        if not self._sent:
            said.append(self.tr("Your password has not been sent yet."))
        self.head(self.tr("Settings for {address}").format(address=address), " ".join(said))

    def _fill(self) -> None:
        """The form as the offer has it, guessed where it has nothing."""
        offer, address = self.offer, self._person.address
        wanted = self.protocol.value
        incoming = best(offer, wanted) if offer is not None else None
        outgoing = best(offer, Protocol.SMTP) if offer is not None else None
        self.grid.incoming.set_protocol(wanted)
        self.grid.incoming.suggest(incoming or guessed_server(address, wanted))
        self.grid.outgoing.suggest(outgoing or guessed_server(address, Protocol.SMTP))

    def _offer_chosen(self) -> None:
        for row in (self.grid.incoming, self.grid.outgoing):
            row.forget()
        self._show_offer()

    def _protocol_chosen(self) -> None:
        self._fill()
        self._edited()

    def _edited(self) -> None:
        self.problem_line.hide()
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        by_hand = self.typed.isChecked()
        ready = not self._searching
        self.busy.setVisible(self._searching)
        self.offer_row.setVisible(ready and len(self._offers) > 1)
        for widget in (self.protocol, self.tabs, self.sign_in):
            widget.setVisible(ready)
        self.summary.setVisible(ready and not by_hand)
        self.grid.setVisible(ready and by_hand)
        if ready and self._person.address:
            self._say_where_from()
        if self._searching:
            self.confirm.hide()
            self.asked.hide()
        self.summary.show_servers(*self.grid.servers())
        self.sign_in.be_by_hand(by_hand)
