"""Says who will be asked about an address before anybody is; the public list can be left out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from martlet.mail.discovery import ISPDB_HOST, hosts_asked
from martlet.mail.providers import domain_of
from martlet.ui.accounts.options import explained
from martlet.ui.accounts.parts import Card, note, title


class HostsBox(QWidget):
    """changed: the public list may be asked, or not any more. Hidden without an address."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        card = Card(self)
        self.heading = title(self, self.tr("What the next click does"))
        self.words = note(self)
        self.hosts = note(self, "", "")
        self.ispdb = QCheckBox(self.tr("Ask Thunderbird's public list of providers too"), self)
        self.ispdb.setChecked(True)
        self.ispdb_words = explained(self, "")
        for widget in (self.heading, self.words, self.hosts, self.ispdb, self.ispdb_words):
            card.column.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self._address = ""
        self.ispdb.toggled.connect(self._toggled)
        self.hide()

    @property
    def allowed(self) -> bool:
        """Whether the public list may be asked."""
        return self.ispdb.isChecked()

    def show_address(self, address: str) -> None:
        """address: a whole one, or "" while it is not."""
        self._address = address
        self.setVisible(bool(address))
        if not address:
            return
        domain = domain_of(address)
        hosts = hosts_asked(address, self.allowed)
        # Once the table knows the address there is no list to leave out.
        asks = bool(hosts_asked(address, True))
        if not asks:
            self.words.setText(
                self.tr(
                    "Martlet knows the servers of {domain}: nobody is asked, nothing is sent yet."
                ).format(domain=domain)
            )
        else:
            self.words.setText(
                self.tr(
                    "These are asked for the settings of {domain}, and the name server of your "
                    "network. If none of them knows, the likely mail servers of {domain} are "
                    "greeted. Only {own} is told your address; your password goes to nobody yet."
                ).format(domain=domain, own=hosts[0])
            )
        self.hosts.setText("\n".join(hosts))
        self.hosts.setAccessibleName(self.tr("Hosts that will be asked: ") + ", ".join(hosts))
        self.hosts.setVisible(bool(hosts))
        self.ispdb.setVisible(asks)
        self.ispdb_words.setVisible(asks)
        self.ispdb_words.setText(
            self.tr("{host} is told “{domain}”, never your address.").format(
                host=ISPDB_HOST, domain=domain
            )
        )

    def _toggled(self) -> None:
        self.show_address(self._address)
        self.changed.emit()
