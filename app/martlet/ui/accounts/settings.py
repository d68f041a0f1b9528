"""The settings of an account that is there already, in parts; a test is one more of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from martlet.link.messages import AccountEdit, HasKeyring
from martlet.mail.account import Account, Protocol, SecretSource
from martlet.mail.errors import MailError
from martlet.mail.providers import lookup
from martlet.ui import theme
from martlet.ui.accounts.account_section import AccountSection
from martlet.ui.accounts.advice import Custom
from martlet.ui.accounts.check_panel import CheckPanel, Trying
from martlet.ui.accounts.checks import name_of
from martlet.ui.accounts.found import Place
from martlet.ui.accounts.hint import Opener, open_in_browser
from martlet.ui.accounts.identities_section import IdentitiesSection
from martlet.ui.accounts.keeping import KeepingBox
from martlet.ui.accounts.parts import note, plain_button
from martlet.ui.accounts.pop3_box import Pop3Box
from martlet.ui.accounts.route_section import RouteSection
from martlet.ui.accounts.section_tabs import SectionTabs
from martlet.ui.accounts.sent_section import SentSection
from martlet.ui.accounts.server_grid import ServerGrid
from martlet.ui.accounts.words import protocol_sentence, with_pin
from martlet.ui.notice import NoticeLine
from martlet.ui.room import fit

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink


class AccountSettings(QDialog):
    """saved: the engine has taken the changes; the dialog closes then."""

    saved = Signal(int)

    def __init__(
        self,
        link: EngineLink,
        reader: Reader,
        account: Account,
        parent: QWidget | None = None,
        opener: Opener = open_in_browser,
    ) -> None:
        super().__init__(parent)
        self._link = link
        self._account = account
        self._open = True
        self._others = [each for each in reader.accounts() if each.id != account.id]
        self.setWindowTitle(self.tr("Settings of {name}").format(name=account.name))
        self.setObjectName("accountSettings")
        self.notice = NoticeLine(self)
        self.sections = SectionTabs(self.tr("Parts of the settings"), self)
        self.tabs = self.sections.bar
        self.account_section = AccountSection(link, account, opener, self)
        self.grid = ServerGrid(self)
        self.route = RouteSection(account, self)
        self.identities = IdentitiesSection(
            account, reader.folders(account.id), self, link=link, reader=reader
        )
        self.keeping = KeepingBox(account, self)
        self.keeping.show_traffic(reader.traffic(account.id))
        self.pop3 = Pop3Box(account, self._others, self, full=True)
        self.sent = SentSection(account, self)
        self.panel = CheckPanel(link, opener, self)
        protocol = account.incoming.protocol if account.incoming is not None else None
        self.sections.put(self.tr("Account"), self.account_section)
        self.sections.put(self.tr("Servers"), self._servers(protocol))
        self.sections.put(self.tr("Identities"), self.identities)
        if protocol is Protocol.POP3:
            self.sections.put(self.tr("Mail on the server"), self.pop3)
        else:
            self.sections.put(self.tr("On this computer"), self.keeping)
        self.sections.put(self.tr("Sent mail"), self.sent)
        self.sections.put(self.tr("Connection"), self.route)
        self._test_tab = self.sections.put(self.tr("Test"), self.panel)
        for unused in (self.pop3, self.keeping):
            unused.setVisible(unused.parent() is not self)
        self.grid.show_account(account)
        self._lay_out()
        self._connect()
        link.ask(HasKeyring(), self._keyring_known, lambda _error: None)

    def _servers(self, protocol: Protocol | None) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        if protocol is not None:
            words = f"{protocol.name}: {protocol_sentence(protocol)}"
            column.addWidget(note(page, words))
        column.addWidget(self.grid)
        column.addStretch()
        return page

    def _lay_out(self) -> None:
        heading = QLabel(self._account.name, self)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setFont(theme.font(18, bold=True))
        self.problem_line = note(self, "", "danger")
        self.problem_line.setContentsMargins(28, 4, 28, 0)
        self.problem_line.hide()
        self.test = plain_button(self, self.tr("Test"))
        self.test.setToolTip(self.tr("Signs in to the servers; nothing is changed or sent"))
        self.cancel = plain_button(self, self.tr("Cancel"))
        self.save = plain_button(self, self.tr("Save"))
        self.save.setProperty("kind", "primary")
        self.save.setDefault(True)
        foot = QHBoxLayout()
        foot.setContentsMargins(28, 12, 28, 18)
        foot.setSpacing(8)
        foot.addWidget(self.test)
        foot.addStretch()
        foot.addWidget(self.cancel)
        foot.addWidget(self.save)
        top = QVBoxLayout()
        top.setContentsMargins(28, 18, 28, 0)
        top.setSpacing(10)
        top.addWidget(heading)
        top.addWidget(self.tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addLayout(top)
        column.addWidget(self.sections, 1)
        column.addWidget(self.problem_line)
        column.addLayout(foot)
        self.setMinimumSize(640, 420)
        fit(self, 760, 660)

    def _connect(self) -> None:
        self.test.clicked.connect(self._test)
        self.cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._save)
        for section in (self.account_section, self.grid, self.route, self.identities):
            section.edited.connect(self._edited)
        self.panel.ended.connect(lambda _well: self.test.setEnabled(True))
        self.panel.change_wanted.connect(self._change)
        self.panel.pinned.connect(self._pinned)
        self.panel.browser_wanted.connect(lambda: self.tabs.setCurrentIndex(0))

    # What it says

    @property
    def account(self) -> Account:
        """The account as the dialog says it."""
        incoming, outgoing = self.grid.servers()
        account = replace(
            self._account,
            incoming=incoming,
            outgoing=outgoing,
            smtp_secret=self.grid.smtp_secret,
        )
        account = self.account_section.into(account)
        for section in (self.route, self.identities, self.sent):
            account = section.into(account)
        if incoming is not None and incoming.protocol is Protocol.POP3:
            return self.pop3.into_account(account)
        return self.keeping.into(account)

    def secrets(self) -> dict[str, str]:
        """What was typed beside the password, by part."""
        return {**self.grid.secrets(), **self.route.secrets(), **self.identities.secrets()}

    def _checked(self) -> Account | None:
        """The account if all is right; else the problem is shown with the part it is in."""
        problems = (
            (0, self.account_section.problem() or self._name_taken()),
            (1, self.grid.problem()),
            (2, self.identities.problem()),
            (5, self.route.problem()),
        )
        self.notice.clear()
        for tab, problem in problems:
            if problem:
                self.tabs.setCurrentIndex(tab)
                self.show_problem(problem)
                return None
        self.show_problem("")
        return self.account

    def show_problem(self, sentence: str) -> None:
        self.problem_line.setText(sentence)
        self.problem_line.setVisible(bool(sentence))

    def _name_taken(self) -> str:
        name = self.account_section.name.text().strip()
        if any(other.name.casefold() == name.casefold() for other in self._others):
            return self.tr("Another account is called “{name}”.").format(name=name)
        return ""

    # Testing

    def _test(self) -> None:
        account = self._checked()
        if account is None:
            return
        self.tabs.setCurrentIndex(self._test_tab)
        self.test.setEnabled(False)
        section = self.account_section
        provider = lookup(account.address)
        custom = Custom()
        if provider is not None:
            browser = provider.oauth is not None
            by_browser = account.secret is SecretSource.OAUTH
            custom = Custom(provider.name, provider.sign_in, provider.help_url, browser, by_browser)
        self.panel.start(
            Trying(account, section.new_password, self.secrets(), section.grant), custom
        )

    def _change(self, place: Place, protocol: Protocol | None) -> None:
        if place is Place.PASSWORD:
            self.tabs.setCurrentIndex(0)
            self.account_section.password.setFocus()
            return
        failed, account = self.panel.failed, self.account
        own = [name_of(s) for s in (account.incoming, account.outgoing) if s is not None]
        if failed is not None and failed.what not in own:
            self.tabs.setCurrentIndex(2)  # it is an identity's server
            self.identities.list.setFocus()
            return
        self.tabs.setCurrentIndex(1)
        row = self.grid.outgoing if protocol is Protocol.SMTP else self.grid.incoming
        fields = {
            Place.HOST: row.host,
            Place.PORT: row.port,
            Place.SECURITY: row.security,
            Place.USER: row.user,
        }
        fields[place].setFocus()

    def _pinned(self, host: str, sha256: str) -> None:
        self.test.setEnabled(False)
        self.route.trust(with_pin(self.route.trusted, host, sha256))

    def _edited(self) -> None:
        self.show_problem("")
        if self.panel.running:
            self.panel.stop()
        self.test.setEnabled(True)

    def _keyring_known(self, has: object) -> None:
        # One that is kept there stays chosen even while the keyring does not answer.
        if self._open:
            chosen = self._account.secret is SecretSource.KEYRING
            self.account_section.secret.show_keyring(bool(has), chosen=chosen)

    # Saving

    def _save(self) -> None:
        account = self._checked()
        if account is None:
            return
        self.save.setEnabled(False)
        section = self.account_section
        self._link.ask(
            AccountEdit(account, section.new_password, self.secrets(), section.grant),
            lambda _none: self._saved(),
            self._refused,
        )

    def _saved(self) -> None:
        if self._open:
            self.saved.emit(int(self._account.id))
            self.accept()

    def _refused(self, error: MailError) -> None:
        if self._open:
            self.save.setEnabled(True)
            self.notice.say(error.summary, error.detail)

    def done(self, result: int) -> None:
        self._open = False
        self.account_section.leave()
        self.panel.stop()
        super().done(result)
