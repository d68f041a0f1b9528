"""The page that asks who somebody is: name, address, password, or an account of the desktop."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from martlet.mail.providers import SignIn, lookup
from martlet.mail.sign_in import DesktopAccount
from martlet.mail.typed import is_address
from martlet.ui import theme
from martlet.ui.accounts.hint import Opener, ProviderHint, open_in_browser
from martlet.ui.accounts.hosts import HostsBox
from martlet.ui.accounts.page import Page
from martlet.ui.accounts.parts import link_button, note
from martlet.ui.accounts.plan import Person
from martlet.ui.accounts.secret_edit import SecretEdit
from martlet.ui.accounts.words import password_name

_COLUMNS = 2
_MOST_OFFERED = 6


class _Offered(QPushButton):
    """An account of the desktop, cut short where there is no room for all of its address."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(theme.icon("account"), words, parent)
        self._words = words
        self.setMinimumWidth(120)
        self.setToolTip(words)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - 62
        middle = Qt.TextElideMode.ElideMiddle
        lines = (self.fontMetrics().elidedText(t, middle, room) for t in self._words.split("\n"))
        self.setText("\n".join(lines))


class PersonPage(Page):
    """Nothing leaves the computer from here; what the next click asks is said below."""

    def __init__(self, parent: QWidget | None = None, opener: Opener = open_in_browser) -> None:
        super().__init__(parent)
        self.head(
            self.tr("Your mail account"),
            self.tr("Martlet finds the settings by your address. You can also set it up by hand."),
        )
        self._desktop: DesktopAccount | None = None
        self._by_browser = False
        self._address_left = False
        self.offers = QWidget(self)
        self._grid = QGridLayout(self.offers)
        self._grid.setContentsMargins(0, 0, 0, 6)
        self._grid.setSpacing(8)
        self.offers.hide()
        self.offer_buttons: list[QPushButton] = []
        self.full_name = QLineEdit(self)
        self.full_name.setPlaceholderText(self.tr("As others shall see it"))
        self.address = QLineEdit(self)
        self.address.setPlaceholderText("name@example.org")
        self.password = SecretEdit(self)
        self.browser = link_button(self, self.tr("Sign in with the browser instead"))
        self.browser.hide()
        self.hint = ProviderHint(self, opener)
        self.problem_line = note(self, "", "danger")
        self.problem_line.hide()
        self.hosts = HostsBox(self)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for text, field in (
            (self.tr("Your name"), self.full_name),
            (self.tr("Mail address"), self.address),
        ):
            field.setAccessibleName(text)
            form.addRow(text, field)
        form.addRow("", self.problem_line)
        self.password.setAccessibleName(self.tr("Password"))
        form.addRow(self.tr("Password"), self.password)
        form.addRow("", self.browser)
        form.addRow("", self.hint)
        self._form = form
        self._password_label = form.labelForField(self.password)
        self.body.addWidget(self.offers)
        self.body.addLayout(form)
        self.body.addWidget(self.hosts)
        self.body.addStretch()
        self.address.textEdited.connect(self._address_typed)
        self.address.editingFinished.connect(self._address_done)
        self.password.textEdited.connect(self._password_typed)
        self.browser.clicked.connect(self._use_browser)
        self._follow()

    # What was typed

    @property
    def person(self) -> Person:
        return Person(
            self.address.text().strip(),
            self.full_name.text().strip(),
            self.password.text(),
            self._desktop,
            self._by_browser,
        )

    @property
    def go(self) -> str:
        return self.tr("Find settings")

    @property
    def ready(self) -> bool:
        return is_address(self.address.text().strip())

    @property
    def offers_by_hand(self) -> bool:
        return True

    def begin(self) -> None:
        first = next((f for f in (self.full_name, self.address) if not f.text()), self.password)
        first.setFocus()

    def show_problem(self, sentence: str) -> None:
        self.problem_line.setText(sentence)
        self.problem_line.setVisible(bool(sentence))

    def ask_for_address(self) -> None:
        """Says that nothing goes on without it."""
        self._address_done()
        if not self.address.text().strip():
            self.show_problem(self.tr("First enter your mail address."))
        self.address.setFocus()

    def set_password(self, password: str) -> None:
        """What was typed on another page shows here too."""
        self.password.setText(password)

    # Accounts of the desktop

    def show_desktop(self, found: Sequence[DesktopAccount]) -> None:
        """A button for each account the desktop is signed in to."""
        for at, account in enumerate(found[:_MOST_OFFERED]):
            words = self.tr("{address}\nsigned in by {service}").format(
                address=account.address.replace("&", "&&"),
                service=account.service.replace("&", "&&"),
            )
            button = _Offered(words, self.offers)
            button.setObjectName("desktopAccount")
            button.setAutoDefault(False)
            button.setAccessibleName(
                self.tr("Use {address} of {service}").format(
                    address=account.address, service=account.service
                )
            )
            button.clicked.connect(lambda _on=False, one=account: self._use(one))
            self._grid.addWidget(button, at // _COLUMNS, at % _COLUMNS)
            before = self.full_name.previousInFocusChain()
            if before is not None:
                QWidget.setTabOrder(before, button)
            self.offer_buttons.append(button)
        self.offers.setVisible(bool(found))

    def _use(self, account: DesktopAccount) -> None:
        self._desktop = account
        self.address.setText(account.address)
        if account.full_name and not self.full_name.text():
            self.full_name.setText(account.full_name)
        self._follow()
        self.wanted.emit()

    def _use_browser(self) -> None:
        self._by_browser = True
        self.password.clear()
        self.wanted.emit()

    # Following the fields

    def _password_typed(self) -> None:
        self._by_browser = False
        self.changed.emit()

    def _address_typed(self) -> None:
        if self._desktop is not None and self._desktop.address != self.address.text().strip():
            self._desktop = None
        if self._address_left:
            self._address_done()
        self._follow()

    def _address_done(self) -> None:
        text = self.address.text().strip()
        self._address_left = bool(text)
        wrong = self._address_left and not is_address(text)
        sentence = self.tr("“{text}” cannot be a mail address.").format(text=text) if wrong else ""
        self.show_problem(sentence)

    def _follow(self) -> None:
        address = self.address.text().strip()
        whole = address if is_address(address) else ""
        provider = lookup(whole) if whole else None
        if provider is None:
            self.hint.say(SignIn.PASSWORD, "", "")
        else:
            self.hint.say(provider.sign_in, provider.name, provider.help_url, provider.note)
        name = password_name(provider.sign_in if provider is not None else SignIn.PASSWORD)
        self.password.setAccessibleName(name)
        if isinstance(self._password_label, QLabel):
            self._password_label.setText(name)
        browser = provider is not None and provider.oauth is not None
        self._form.setRowVisible(self.browser, browser)
        self.hosts.show_address(whole)
        self.changed.emit()
