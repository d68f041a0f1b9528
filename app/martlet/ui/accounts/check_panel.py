"""Runs a test of an account's settings, shows it live, and offers the one thing to try."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from martlet.link.messages import AccountTest
from martlet.mail.account import Account, TestStep
from martlet.mail.changes import Tested
from martlet.mail.errors import MailError, TlsRefused
from martlet.ui.accounts.advice import Advice, Custom, Deed, advice, first_failure
from martlet.ui.accounts.certificate_sheet import CertificateSheet
from martlet.ui.accounts.checks import CheckList
from martlet.ui.accounts.hint import Opener
from martlet.ui.accounts.parts import Callout, link_button, note
from martlet.ui.accounts.report import report
from martlet.ui.accounts.words import with_pin

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink


@dataclass(frozen=True, slots=True)
class Trying:
    """What is tried: settings, and what a person has just given to sign in with."""

    account: Account
    password: str = field(default="", repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    grant: str = ""


class CheckPanel(QWidget):
    """ended: a test is over; whether all went well. change_wanted: with Place and Protocol.

    pinned: a person trusts this certificate (SHA-256) for this host; the test begins again.
    browser_wanted: the advice is to sign in with the browser.
    """

    ended = Signal(bool)
    change_wanted = Signal(object, object)
    pinned = Signal(str, str)
    browser_wanted = Signal()

    def __init__(self, link: EngineLink, opener: Opener, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._opener = opener
        self._ticket = ""
        self._trying: Trying | None = None
        self._custom = Custom()
        self._steps: list[TestStep] = []
        self._told: list[TestStep] = []
        self._advice: Advice | None = None
        self.sheet: CertificateSheet | None = None
        self.list = CheckList(self)
        self.trouble = Callout(self, "danger")
        # Enter presses the one that has the keys.
        self.fix = QPushButton(self)
        self.again = QPushButton(self.tr("Try again"), self)
        self.page = link_button(self, "")
        for button in (self.fix, self.again, self.page):
            self.trouble.add_button(button)
        self.well = Callout(self, "info")
        self.well.mark.show_symbol("check", "accent")
        self.copy = link_button(self, self.tr("Copy a report"))
        self.copy.setToolTip(
            self.tr("What was tried and what was said, without passwords and names")
        )
        self.copy.hide()
        self.idle = note(self, self.tr("“Test” signs in with what is set here, saved or not."))
        self.foot = QHBoxLayout()
        self.foot.addWidget(self.copy)
        self.foot.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (self.idle, self.trouble, self.well, self.list):
            column.addWidget(widget)
        column.addLayout(self.foot)
        self.fix.clicked.connect(self._do)
        self.again.clicked.connect(self.retry)
        self.page.clicked.connect(self._open_page)
        self.copy.clicked.connect(self._copy)
        link.changed.connect(self._heard)

    @property
    def running(self) -> bool:
        return bool(self._ticket)

    @property
    def steps(self) -> list[TestStep]:
        """What the last test answered."""
        return list(self._steps)

    @property
    def failed(self) -> TestStep | None:
        """Where the last test stopped first."""
        return first_failure(self._steps)

    def start(self, trying: Trying, custom: Custom) -> None:
        """Begins a test; one under way is forgotten."""
        self._trying, self._custom = trying, custom
        self._ticket = ticket = uuid.uuid4().hex
        self._steps, self._told = [], []
        self.trouble.say("")
        self.well.say("")
        self.copy.hide()
        self.idle.hide()
        self.list.begin(trying.account)
        self._link.ask(
            AccountTest(
                trying.account, trying.password, trying.secrets, trying.grant, ticket=ticket
            ),
            lambda steps: self._answered(ticket, steps),
            lambda error: self._refused(ticket, error),
        )

    def stop(self) -> None:
        """What comes of the test under way is not shown any more."""
        self._ticket = ""
        self.list.stop()

    def retry(self) -> None:
        """The same once more."""
        if self._trying is not None:
            self.start(self._trying, self._custom)

    def _heard(self, change: object) -> None:
        if isinstance(change, Tested) and change.ticket == self._ticket != "":
            self._told.append(change.step)
            self.list.show_step(change.step)

    def _answered(self, ticket: str, steps: list[TestStep]) -> None:
        if ticket != self._ticket or self._trying is None:
            return
        self._ticket = ""
        self._steps = steps
        self.list.show_steps([step for step in steps if step not in self._told])
        self.list.stop()
        self.copy.show()
        self._advise()
        self.ended.emit(first_failure(steps) is None)

    def _refused(self, ticket: str, error: MailError) -> None:
        """The settings themselves were refused, or nobody could be asked."""
        if ticket != self._ticket:
            return
        self._ticket = ""
        host = error.host if isinstance(error, TlsRefused) else ""
        self._steps = [TestStep(host, False, error.summary, kind=error.kind)]
        self.list.stop()
        self.copy.show()
        self._advice = None
        self.trouble.say(error.summary, error.detail)
        self.fix.hide()
        self.page.hide()
        self.again.show()
        self.ended.emit(False)

    def _advise(self) -> None:
        found = self._advice = advice(self._steps, self._custom)
        if found is None:
            self.well.say(self.tr("Everything works."))
            return
        failed = first_failure(self._steps)
        self.trouble.say(found.sentence)
        words = {
            Deed.AGAIN: "",
            Deed.CHANGE: self.tr("Change it…"),
            Deed.CERTIFICATE: self.tr("Look at the certificate…"),
            Deed.BROWSER: self.tr("Sign in with the browser"),
        }[found.deed]
        self.fix.setText(words)
        self.fix.setVisible(bool(words))
        self.again.setVisible(found.deed is not Deed.CERTIFICATE)
        self.page.setText(found.link_words)
        self.page.setToolTip(found.link)
        self.page.setVisible(bool(found.link))
        for button in (self.fix, self.again, self.page):
            button.setAccessibleName(button.text())
            if failed is not None:
                button.setAccessibleDescription(found.sentence)
        (self.fix if words else self.again).setFocus()

    def _do(self) -> None:
        found, failed = self._advice, first_failure(self._steps)
        if found is None or failed is None:
            return
        match found.deed:
            case Deed.CHANGE:
                self.change_wanted.emit(found.place, found.protocol)
            case Deed.BROWSER:
                self.browser_wanted.emit()
            case Deed.CERTIFICATE if self._trying is not None:
                pins = self._trying.account.pins
                self.sheet = CertificateSheet(
                    failed.host,
                    failed.fingerprint,
                    failed.certificate,
                    failed.said,
                    changed=any(pin.host == failed.host for pin in pins),
                    parent=self.window(),
                )
                self.sheet.trusted.connect(self._pin)
                self.sheet.open()

    def _pin(self, host: str, sha256: str) -> None:
        if self._trying is None:
            return
        old = self._trying
        account = replace(old.account, pins=with_pin(old.account.pins, host, sha256))
        self.pinned.emit(host, sha256)
        self.start(Trying(account, old.password, old.secrets, old.grant), self._custom)

    def _open_page(self) -> None:
        if self._advice is not None and self._advice.link:
            self._opener(self._advice.link)

    def _copy(self) -> None:
        if self._trying is None:
            return
        given = (self._trying.password, *self._trying.secrets.values())
        QGuiApplication.clipboard().setText(report(self._trying.account, self._steps, given))
