"""The form of an account, for a new one as for one that is changed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.account import Account, AccountId, Pin, Protocol, SecretSource, Security
from martlet.mail.providers import Provider, domain_of, guess
from martlet.mail.typed import is_address
from martlet.ui.accounts.keeping import KeepingBox
from martlet.ui.accounts.secret_edit import SecretEdit
from martlet.ui.accounts.servers import ServerRow
from martlet.ui.accounts.words import sign_in_hint, with_pin
from martlet.ui.choice_box import ChoiceBox


class AccountForm(QWidget):
    """edited: a person changed something. account None: a new one."""

    edited = Signal()

    def __init__(self, account: Account | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given = account or Account(AccountId(0), "", "")
        self._pins: tuple[Pin, ...] = self._given.pins
        self._label_touched = account is not None
        self._address_left = account is not None
        self.full_name = QLineEdit(self)
        self.full_name.setPlaceholderText(self.tr("As others shall see it"))
        self.address = QLineEdit(self)
        self.address.setPlaceholderText("name@example.org")
        self.password = SecretEdit(self)
        if account is not None:
            self.password.setPlaceholderText(self.tr("Unchanged"))
        self.label = QLineEdit(self)
        self.ask_each_time = QCheckBox(self.tr("Ask me each time instead of keeping it"), self)
        self.imap = QRadioButton(
            self.tr("IMAP: mail stays on the server and looks the same on every device."), self
        )
        self.pop3 = QRadioButton(
            self.tr("POP3: mail is copied to this computer, and can be read without the server."),
            self,
        )
        self.imap.setChecked(True)
        self.leave = ChoiceBox(self)
        for days, text in (
            (0, self.tr("Leave mail on the server; never delete it there")),
            (14, self.tr("Delete it on the server after 14 days")),
            (30, self.tr("Delete it on the server after 30 days")),
            (90, self.tr("Delete it on the server after 90 days")),
        ):
            self.leave.addItem(text, days)
        self.leave.setAccessibleName(self.tr("Copies on the server"))
        self.keeping = KeepingBox(self._given, self)
        self.incoming = ServerRow(Protocol.IMAP, self.tr("Incoming"), self)
        self.outgoing = ServerRow(Protocol.SMTP, self.tr("Outgoing"), self)
        self.hint = _note(self, "second")
        self.problem_line = _note(self, "danger")
        self.problem_line.setObjectName("problem")
        self.danger_line = _note(self, "danger")
        self._lay_out()
        if account is not None:
            self._show(account)
        self._connect()
        self._follow()

    def account(self) -> Account:
        """The account as the form says it, the stored one's other settings kept."""
        address = self.address.text().strip()
        secret = self._given.secret
        if self.ask_each_time.isChecked():
            secret = SecretSource.ASK
        elif secret is SecretSource.ASK:
            secret = SecretSource.KEYRING
        days = int(self.leave.currentData())
        given = self._given if self.pop3.isChecked() else self.keeping.into(self._given)
        return replace(
            given,
            name=self.label.text().strip(),
            address=address,
            full_name=self.full_name.text().strip(),
            incoming=self.incoming.server(),
            outgoing=self.outgoing.server(),
            secret=secret,
            pins=self._pins,
            leave_on_server=True if self.pop3.isChecked() else self._given.leave_on_server,
            leave_days=days if self.pop3.isChecked() else self._given.leave_days,
        )

    @property
    def provider(self) -> Provider:
        return guess(self.address.text().strip())

    def trust(self, host: str, sha256: str) -> None:
        """The certificate of that host is trusted in this account."""
        self._pins = with_pin(self._pins, host, sha256)

    def check(self, *, final: bool) -> str:
        """The first thing that is wrong, or "". final: things still missing count too."""
        address = self.address.text().strip()
        if (final or (address and self._address_left)) and not is_address(address):
            if not address:
                return self.tr("Enter your mail address.")
            return self.tr("“{text}” cannot be a mail address.").format(text=address)
        problem = self.incoming.problem() or self.outgoing.problem()
        if problem or not final:
            return problem
        if not self.label.text().strip():
            return self.tr("Give the account a name, so that you can tell it from others.")
        if self.incoming.server() is None and self.outgoing.server() is None:
            return self.tr("Enter a server: one to receive from, one to send by, or both.")
        return ""

    def show_problem(self, sentence: str) -> None:
        self.problem_line.setText(sentence)
        self.problem_line.setVisible(bool(sentence))

    def _lay_out(self) -> None:
        top = QFormLayout()
        top.setHorizontalSpacing(14)
        top.setVerticalSpacing(9)
        top.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for text, field in (
            (self.tr("Your name"), self.full_name),
            (self.tr("Mail address"), self.address),
            (self.tr("Password"), self.password),
        ):
            field.setAccessibleName(text)
            top.addRow(text, field)
        top.addRow("", self.hint)
        top.addRow("", self.ask_each_time)
        self.label.setAccessibleName(self.tr("Account name"))
        top.addRow(self.tr("Account name"), self.label)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(7)
        for column, text in enumerate(
            ("", self.tr("Server"), self.tr("Port"), self.tr("Security"), self.tr("User name"))
        ):
            head = QLabel(text, self)
            head.setProperty("tone", "third")
            grid.addWidget(head, 0, column)
        self.incoming.put(grid, 1)
        self.outgoing.put(grid, 2)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(4, 2)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(0, 0, 0, 0)
        column_box.setSpacing(10)
        column_box.addLayout(top)
        column_box.addSpacing(4)
        column_box.addWidget(self.imap)
        column_box.addWidget(self.pop3)
        column_box.addWidget(self.leave)
        column_box.addSpacing(4)
        column_box.addLayout(grid)
        column_box.addWidget(self.danger_line)
        column_box.addWidget(self.problem_line)
        column_box.addWidget(self.keeping)
        QWidget.setTabOrder(self.password, self.ask_each_time)
        QWidget.setTabOrder(self.ask_each_time, self.label)

    def _connect(self) -> None:
        self.address.textEdited.connect(self._address_typed)
        self.address.editingFinished.connect(self._address_done)
        self.label.textEdited.connect(self._label_typed)
        self.full_name.textEdited.connect(self._edited)
        self.password.textEdited.connect(self._edited)
        self.pop3.toggled.connect(self._protocol_chosen)
        self.incoming.edited.connect(self._edited)
        self.outgoing.edited.connect(self._edited)

    def _show(self, account: Account) -> None:
        self.full_name.setText(account.full_name)
        self.address.setText(account.address)
        self.label.setText(account.name)
        self.ask_each_time.setChecked(account.secret is SecretSource.ASK)
        self.incoming.show_server(account.incoming)
        self.outgoing.show_server(account.outgoing)
        pop3 = account.incoming is not None and account.incoming.protocol is Protocol.POP3
        self.pop3.setChecked(pop3)
        # Another protocol is another account: its folders and copies are others.
        self.imap.setEnabled(not pop3)
        self.pop3.setEnabled(pop3)
        self.leave.setCurrentIndex(max(0, self.leave.findData(account.leave_days)))

    def _address_typed(self) -> None:
        address = self.address.text().strip()
        if not self._label_touched:
            self.label.setText(address)
        self._suggest()
        self._edited()

    def _address_done(self) -> None:
        self._address_left = bool(self.address.text())
        self._follow()

    def _label_typed(self) -> None:
        self._label_touched = True
        self._edited()

    def _protocol_chosen(self) -> None:
        self.incoming.set_protocol(Protocol.POP3 if self.pop3.isChecked() else Protocol.IMAP)
        self._suggest()
        self._edited()

    def _suggest(self) -> None:
        address = self.address.text().strip()
        if "." not in domain_of(address):
            return
        found = self.provider
        self.incoming.suggest(found.pop3 if self.pop3.isChecked() else found.imap, address)
        self.outgoing.suggest(found.smtp, address)

    def _edited(self) -> None:
        self._follow()
        self.edited.emit()

    def _follow(self) -> None:
        self.leave.setVisible(self.pop3.isChecked())
        self.keeping.setVisible(not self.pop3.isChecked())
        hint = sign_in_hint(self.provider)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        rows = (self.incoming, self.outgoing)
        bare = any(row.chosen_security is Security.NONE and row.host.text().strip() for row in rows)
        self.danger_line.setText(
            self.tr("Without security, anyone on the way can read your password and your mail.")
        )
        self.danger_line.setVisible(bare)
        self.show_problem(self.check(final=False))


def _note(parent: QWidget, tone: str) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    label.setProperty("tone", tone)
    label.hide()
    return label
