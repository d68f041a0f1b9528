"""The wizard that adds an account: what follows what, and what is asked of the engine.

    person ──► found ──► (browser) ──► check ──► keep ──► the account is added
                 ▲                       │ change            Back goes one page back; what is
                 └───────────────────────┘                   under way there is given up

The pages do not know each other. Nothing is asked of any host before the first page says which,
and no password is sent before the settings were shown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QStackedWidget, QVBoxLayout, QWidget

from martlet.link.messages import AccountAdd, DesktopAccounts, HasKeyring
from martlet.mail.account import Account, AccountId, Pin, SecretSource
from martlet.mail.discovery import Discovery, hosts_asked
from martlet.mail.errors import MailError
from martlet.mail.server import Protocol
from martlet.mail.sign_in import OAuthSettings
from martlet.ui import room
from martlet.ui.accounts.advice import Custom
from martlet.ui.accounts.browser_page import BrowserPage
from martlet.ui.accounts.check_page import CheckPage
from martlet.ui.accounts.check_panel import Trying
from martlet.ui.accounts.finding import Finding
from martlet.ui.accounts.foot import Foot
from martlet.ui.accounts.found import FoundPage, Place
from martlet.ui.accounts.hint import Opener, open_in_browser
from martlet.ui.accounts.keep_page import KeepPage
from martlet.ui.accounts.page import Page
from martlet.ui.accounts.person import PersonPage
from martlet.ui.accounts.plan import Method, Person
from martlet.ui.accounts.trail import Trail
from martlet.ui.accounts.words import with_pin
from martlet.ui.notice import NoticeLine

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink


class AccountWizard(QDialog):
    """added: an account was added under this id; the dialog closes then.

    opener: opens a page in the person's browser.
    """

    added = Signal(int)

    def __init__(
        self,
        link: EngineLink,
        reader: Reader,
        parent: QWidget | None = None,
        opener: Opener = open_in_browser,
    ) -> None:
        super().__init__(parent)
        self._link = link
        self._open = True
        self._pins: tuple[Pin, ...] = ()
        self._grant = ""
        self._granted_for: tuple[str, OAuthSettings | None] = ("", None)
        self.setWindowTitle(self.tr("Add an account"))
        self.setObjectName("accountWizard")
        others = reader.accounts()
        self.finding = Finding(link, self)
        self.notice = NoticeLine(self)
        self.person = PersonPage(self, opener)
        self.found = FoundPage(self, opener)
        self.browser = BrowserPage(link, opener, self)
        self.check = CheckPage(link, opener, self)
        self.keep = KeepPage(others, self)
        self.pages = QStackedWidget(self)
        self._order: tuple[Page, ...] = (
            self.person, self.found, self.browser, self.check, self.keep,
        )  # fmt: skip
        for page in self._order:
            self.pages.addWidget(page)
        self.trail = Trail(
            (
                self.tr("You"),
                self.tr("Settings"),
                self.tr("Test"),
                self.tr("On this computer"),
            ),
            self,
        )
        self._lay_out()
        self._connect()
        self._show(self.person)
        link.ask(DesktopAccounts(), self._desktop_found, lambda _error: None)
        link.ask(HasKeyring(), self._keyring_known, lambda _error: None)

    def _lay_out(self) -> None:
        self.foot = Foot(self)
        self.back, self.by_hand = self.foot.back, self.foot.by_hand
        self.cancel, self.next = self.foot.cancel, self.foot.next
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.trail)
        column.addSpacing(8)
        column.addWidget(self.pages, 1)
        column.addWidget(self.foot)
        self.setMinimumSize(600, 420)
        room.fit(self, 740, 660)

    def _connect(self) -> None:
        self.back.clicked.connect(self._back)
        self.next.clicked.connect(self._next)
        self.cancel.clicked.connect(self.reject)
        self.by_hand.clicked.connect(self._by_hand)
        for page in self._order:
            page.changed.connect(self._follow)
            page.wanted.connect(self._next)
        self.finding.found.connect(self._found)
        self.finding.failed.connect(lambda error: self.notice.say(error.summary, error.detail))
        self.found.typed.clicked.connect(self.finding.stop)
        self.browser.granted.connect(self._granted)
        self.check.panel.change_wanted.connect(self._change)
        self.check.panel.pinned.connect(self._pinned)
        self.check.panel.browser_wanted.connect(self._to_browser)
        self.check.untested.connect(self._to_keep)

    # From page to page

    @property
    def page(self) -> Page:
        """The one that is shown."""
        return next(page for page in self._order if page is self.pages.currentWidget())

    def _show(self, page: Page) -> None:
        self.notice.clear()
        self.pages.setCurrentWidget(page)
        steps = {self.person: 0, self.found: 1, self.browser: 2, self.check: 2, self.keep: 3}
        self.trail.show_step(steps[page])
        page.begin()
        self._follow()

    def _follow(self) -> None:
        page = self.page
        self.foot.follow(page, first=page is self.person)
        if page is self.check and page.ready:
            self.next.setFocus()

    def _next(self) -> None:
        page = self.page
        if not page.ready:
            return
        if page is self.person:
            self._discover()
        elif page is self.found:
            self._sign_in()
        elif page is self.browser:
            self._test()
        elif page is self.check:
            self._to_keep()
        else:
            self._add()

    def _back(self) -> None:
        page = self.page
        if page is self.found:
            self.finding.stop()
            self.person.set_password(self.found.signing_in.password)
            self._show(self.person)
        elif page is self.keep:
            self._show(self.check if self.check.panel.steps else self.found)
        else:
            self.browser.leave()
            self.check.panel.stop()
            self._show(self.found)

    # Finding

    def _desktop_found(self, found: object) -> None:
        if self._open and isinstance(found, list):
            self.person.show_desktop(found)

    def _keyring_known(self, has: object) -> None:
        if self._open:
            self.keep.show_keyring(bool(has))

    def _discover(self) -> None:
        person, ispdb = self.person.person, self.person.hosts.allowed
        self._show(self.found)
        if self.finding.knows(person, ispdb):
            self.found.show_person(person)
            self._follow()
        elif person.desktop is not None and person.desktop.incoming is not None:
            self.finding.guess(person)
        else:
            self.found.show_searching(person, hosts_asked(person.address, ispdb))
            self.finding.begin(person, ispdb)

    def _found(self, person: Person, discovery: Discovery) -> None:
        self.found.show_found(person, discovery)
        if self.page is self.found and self.found.sign_in.problem():
            self.found.sign_in.focus_problem()
        elif self.page is self.found:
            self.next.setFocus()

    def _by_hand(self) -> None:
        if self.page is self.person and not self.person.ready:
            self.person.ask_for_address()
            return
        person = self.person.person
        self.browser.leave()
        self.check.panel.stop()
        if self.page is self.person and self.finding.knows(person):
            self.found.show_person(person)
        elif self.page is self.person or self.found.offer is None:
            self.finding.guess(person)
        self._show(self.found)
        self.found.begin_by_hand()

    # Trying

    @property
    def account(self) -> Account:
        """As it stands, with the certificates that were trusted on the way."""
        return replace(self.found.account, pins=self._pins)

    def _trying(self) -> Trying:
        how = self.found.signing_in
        password = how.password if how.method is Method.PASSWORD else ""
        grant = self._grant if how.method is Method.BROWSER else ""
        return Trying(self.account, password, self.found.grid.secrets(), grant)

    def _sign_in(self) -> None:
        if self.found.problem():
            return
        self.person.set_password(self.found.signing_in.password)
        if self.found.signing_in.method is Method.BROWSER and not self._has_grant():
            self._to_browser()
        else:
            self._test()

    def _has_grant(self) -> bool:
        account = self.account
        return bool(self._grant) and self._granted_for == (account.address, account.oauth)

    def _to_browser(self) -> None:
        self.found.sign_in.choose(Method.BROWSER)
        if self.found.problem():
            self._show(self.found)
            self.found.problem()
            return
        self._show(self.browser)
        self.browser.start(self.account, self.found.signing_in)

    def _granted(self, ticket: str) -> None:
        account = self.account
        self._grant, self._granted_for = ticket, (account.address, account.oauth)
        if self.page is self.browser:
            self._test()

    def _test(self) -> None:
        self.found.password_sent()
        self._show(self.check)
        self.check.start(self._trying(), self._custom())

    def _custom(self) -> Custom:
        offer = self.found.offer
        if offer is None:
            return Custom()
        return Custom(
            offer.who,
            offer.sign_in,
            offer.help_url,
            offer.oauth is not None,
            self.found.signing_in.method is Method.BROWSER,
        )

    def _change(self, place: Place, protocol: Protocol | None) -> None:
        if place is Place.PASSWORD and self.found.signing_in.method is Method.BROWSER:
            self._grant = ""
            self._to_browser()
            return
        self._show(self.found)
        self.found.point_at(place, protocol)

    def _pinned(self, host: str, sha256: str) -> None:
        self._pins = with_pin(self._pins, host, sha256)

    # The end

    def _to_keep(self) -> None:
        self.keep.show_account(self.account)
        self._show(self.keep)

    def _add(self) -> None:
        if self.keep.problem():
            return
        self.next.setEnabled(False)
        trying = self._trying()
        account = self.keep.account
        # What a command prints is the password from now on, not what was typed to try it.
        password = "" if account.secret is SecretSource.COMMAND else trying.password
        self._link.ask(
            AccountAdd(account, password, trying.secrets, trying.grant),
            self._added,
            self._refused,
        )

    def _added(self, account_id: AccountId) -> None:
        if self._open:
            self.added.emit(int(account_id))
            self.accept()

    def _refused(self, error: MailError) -> None:
        if not self._open:
            return
        self.next.setEnabled(True)
        self.keep.trouble.say(error.summary, error.detail)
        self.keep.reveal(self.keep.trouble)
        if "keyring" in f"{error.summary} {error.detail}".casefold():
            self.keep.show_keyring(False)

    def done(self, result: int) -> None:
        self._open = False
        self.finding.stop()
        self.browser.leave()
        self.check.panel.stop()
        super().done(result)
