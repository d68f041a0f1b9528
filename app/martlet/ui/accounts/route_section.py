"""How an account's servers are reached: proxy, certificates of its own, those that are trusted."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.account import Account, Pin
from martlet.mail.route import Proxy, ProxyKind
from martlet.mail.sign_in import CERTIFICATE, PROXY
from martlet.mail.typed import is_host
from martlet.ui.accounts.parts import note, plain_button, title
from martlet.ui.accounts.path_field import PathField
from martlet.ui.accounts.secret_edit import SecretEdit
from martlet.ui.accounts.words import certificate_words
from martlet.ui.choice_box import ChoiceBox

_PORTS = {ProxyKind.SOCKS5: 1080, ProxyKind.HTTP: 8080}


class RouteSection(QWidget):
    """edited: a person changed something."""

    edited = Signal()

    def __init__(self, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pins: list[Pin] = list(account.pins)
        proxy = account.proxy
        self.kind = ChoiceBox(self)
        self.kind.setAccessibleName(self.tr("Proxy"))
        self.kind.addItem(self.tr("None: straight to the servers"), None)
        self.kind.addItem(self.tr("SOCKS5 (Tor, SSH)"), ProxyKind.SOCKS5)
        self.kind.addItem(self.tr("HTTP (CONNECT)"), ProxyKind.HTTP)
        self.host = QLineEdit(proxy.host if proxy else "", self)
        self.port = QLineEdit(str(proxy.port) if proxy else "", self)
        self.port.setValidator(QIntValidator(0, 99999, self.port))
        self.port.setFixedWidth(70)
        self.user = QLineEdit(proxy.user if proxy else "", self)
        self.user.setPlaceholderText(self.tr("nobody has to sign in"))
        self.secret = SecretEdit(self)
        self.secret.setPlaceholderText(self.tr("Unchanged"))
        place = QWidget(self)
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.host, 1)
        row.addWidget(self.port)
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(16)
        self.form.setVerticalSpacing(8)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.port.setAccessibleName(self.tr("Proxy's port"))
        self.host.setAccessibleName(self.tr("Proxy's name"))
        self._rows: tuple[QWidget, ...] = (place, self.user, self.secret)
        self.form.addRow(self.tr("Proxy"), self.kind)
        for words, field in (
            (self.tr("Server and port"), place),
            (self.tr("User name"), self.user),
            (self.tr("Password"), self.secret),
        ):
            if field is not place:
                field.setAccessibleName(self.tr("Proxy: {what}").format(what=words))
            self.form.addRow(words, field)
        self.certificate = PathField(
            self, self.tr("Your own certificate and key (PEM)"), account.certificate
        )
        self.certificate_secret = SecretEdit(self)
        self.certificate_secret.setPlaceholderText(self.tr("Unchanged"))
        self.certificate_secret.setAccessibleName(self.tr("What the key is locked with"))
        self.ca_file = PathField(self, self.tr("Certificates to trust besides"), account.ca_file)
        shown = QFormLayout()
        shown.setHorizontalSpacing(16)
        shown.setVerticalSpacing(8)
        shown.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        shown.addRow(self.tr("Your own (PEM)"), self.certificate)
        shown.addRow(self.tr("Its key's password"), self.certificate_secret)
        shown.addRow(self.tr("Also trusted (CA file)"), self.ca_file)
        self.pins = QListWidget(self)
        self.pins.setObjectName("accountList")
        self.pins.setAccessibleName(self.tr("Certificates you trust"))
        self.pins.setMaximumHeight(130)
        self.no_pins = note(self, self.tr("None. Certificates are checked as usual."))
        self.forget = plain_button(self, self.tr("Forget"))
        self.forget.setAccessibleName(self.tr("Trust the chosen certificate no more"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(9)
        column.addWidget(title(self, self.tr("On the way to the servers")))
        column.addLayout(self.form)
        column.addSpacing(6)
        column.addWidget(title(self, self.tr("Certificates")))
        column.addLayout(shown)
        column.addSpacing(6)
        column.addWidget(title(self, self.tr("Certificates you trust by hand")))
        column.addWidget(self.no_pins)
        column.addWidget(self.pins)
        column.addWidget(self.forget, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()
        if proxy is not None:
            self.kind.setCurrentIndex(self.kind.findData(proxy.kind))
        self.kind.activated.connect(self._kind_chosen)
        for edit in (self.host, self.port, self.user, self.secret, self.certificate_secret):
            edit.textEdited.connect(lambda _text: self.edited.emit())
        for path in (self.certificate, self.ca_file):
            path.edited.connect(self._changed)
        self.forget.clicked.connect(self._forget)
        self._fill_pins()
        self._follow()

    def trust(self, pins: tuple[Pin, ...]) -> None:
        """A test trusted one more."""
        self._pins = list(pins)
        self._fill_pins()

    @property
    def trusted(self) -> tuple[Pin, ...]:
        return tuple(self._pins)

    def into(self, account: Account) -> Account:
        """The account with what is chosen here."""
        kind = self.kind.currentData()
        proxy = None
        if isinstance(kind, ProxyKind):
            port = int(self.port.text() or 0)
            proxy = Proxy(kind, self.host.text().strip(), port, self.user.text().strip())
        return replace(
            account,
            proxy=proxy,
            certificate=self.certificate.path,
            ca_file=self.ca_file.path,
            pins=tuple(self._pins),
        )

    def secrets(self) -> dict[str, str]:
        """What was typed; nothing where it stays as it is."""
        typed = {PROXY: self.secret.text(), CERTIFICATE: self.certificate_secret.text()}
        return {part: secret for part, secret in typed.items() if secret}

    def problem(self) -> str:
        if self.kind.currentData() is None:
            return ""
        host, port = self.host.text().strip(), self.port.text()
        if not host:
            return self.tr("Enter the proxy's name.")
        if not is_host(host):
            return self.tr("“{host}” cannot be the name of a server.").format(host=host)
        if not port.isdecimal() or not 1 <= int(port) <= 65535:
            return self.tr("A port is a number from 1 to 65535.")
        return ""

    def _kind_chosen(self) -> None:
        kind = self.kind.currentData()
        usual = {str(port) for port in _PORTS.values()}
        if isinstance(kind, ProxyKind) and self.port.text() in {"", *usual}:
            self.port.setText(str(_PORTS[kind]))
        self._changed()

    def _changed(self) -> None:
        self._follow()
        self.edited.emit()

    def _follow(self) -> None:
        through = self.kind.currentData() is not None
        for field in self._rows:
            self.form.setRowVisible(field, through)
        self.certificate_secret.setEnabled(bool(self.certificate.path))

    def _fill_pins(self) -> None:
        self.pins.clear()
        for pin in self._pins:
            printed = certificate_words(pin.sha256).replace("\n", ":")
            item = QListWidgetItem(f"{pin.host}\n{printed[:47]}…")
            item.setToolTip(f"SHA-256 {printed}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{pin.host}, SHA-256 {printed}")
            self.pins.addItem(item)
        for widget in (self.pins, self.forget):
            widget.setVisible(bool(self._pins))
        self.no_pins.setVisible(not self._pins)
        if self._pins:
            self.pins.setCurrentRow(0)

    def _forget(self) -> None:
        row = self.pins.currentRow()
        if 0 <= row < len(self._pins):
            del self._pins[row]
            self._fill_pins()
            self.edited.emit()
