"""Where one server is and who signs in: one row of a form, checked as it is typed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from martlet.mail.account import DEFAULT_PORTS, Protocol, Security, Server
from martlet.mail.providers import Place
from martlet.mail.typed import is_host
from martlet.ui.accounts.words import security_name
from martlet.ui.choice_box import ChoiceBox


class ServerRow(QObject):
    """The fields of one server in a grid. edited: a person changed something.

    What a person has typed is never overwritten by a guess; the port follows the security until
    then. An empty host means: no such server.
    """

    edited = Signal()

    def __init__(self, protocol: Protocol, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.protocol = protocol
        self._touched = False
        self._port_touched = False
        self._auth = ""
        self.title = QLabel(title, parent)
        self.host = QLineEdit(parent)
        self.host.setAccessibleName(self.tr("{server}: name of the server").format(server=title))
        self.host.setPlaceholderText(self.tr("none"))
        self.port = QLineEdit(parent)
        self.port.setAccessibleName(self.tr("{server}: port").format(server=title))
        self.port.setValidator(QIntValidator(0, 99999, self.port))
        self.port.setFixedWidth(70)
        self.security = ChoiceBox(parent)
        self.security.setAccessibleName(self.tr("{server}: security").format(server=title))
        for security in Security:
            self.security.addItem(security_name(security), security.value)
        self.user = QLineEdit(parent)
        self.user.setAccessibleName(self.tr("{server}: user name").format(server=title))
        self.title.setBuddy(self.host)
        self._user_touched = False
        self.host.textEdited.connect(self._host_typed)
        self.port.textEdited.connect(self._port_typed)
        self.security.activated.connect(self._security_chosen)
        self.user.textEdited.connect(self._user_typed)
        self._follow_security()

    def put(self, grid: QGridLayout, row: int) -> None:
        for column, widget in enumerate(
            (self.title, self.host, self.port, self.security, self.user)
        ):
            grid.addWidget(widget, row, column)

    def suggest(self, place: Place, user: str) -> None:
        """Fills in what nobody has touched."""
        if not self._touched:
            self.host.setText(place.host)
            self._choose(place.security)
            self.port.setText(str(place.port))
        if not self._user_touched:
            self.user.setText(user)

    def show_server(self, server: Server | None) -> None:
        """Shows a stored server; from then on guesses change nothing."""
        self._touched = self._user_touched = True
        if server is None:
            return
        self.protocol = server.protocol
        self._auth = server.auth
        self.host.setText(server.host)
        self._choose(server.security)
        self.port.setText(str(server.port))
        default = DEFAULT_PORTS[server.protocol, server.security]
        self._port_touched = server.port != default
        self.user.setText(server.user)

    def set_protocol(self, protocol: Protocol) -> None:
        """IMAP or POP3; the port follows."""
        self.protocol = protocol
        self._follow_security()

    @property
    def chosen_security(self) -> Security:
        return Security(self.security.currentData())

    def server(self) -> Server | None:
        host = self.host.text().strip()
        if not host:
            return None
        port = int(self.port.text() or 0)
        user = self.user.text().strip()
        return Server(self.protocol, host, port, self.chosen_security, user, self._auth)

    def problem(self) -> str:
        """One sentence about what is wrong, or ""."""
        host = self.host.text().strip()
        if not host:
            return ""
        if "/" in host or ":" in host.strip("[]").replace("::", "").rstrip("0123456789abcdef:"):
            words = self.tr("“{host}” is more than a server's name: leave out “://” and paths.")
            return words.format(host=host)
        if not is_host(host):
            return self.tr("“{host}” cannot be the name of a server.").format(host=host)
        port = self.port.text()
        if not port.isdecimal() or not 1 <= int(port) <= 65535:
            return self.tr("A port is a number from 1 to 65535.")
        if not self.user.text().strip():
            return self.tr("Enter the user name for {host}.").format(host=host)
        return ""

    def _choose(self, security: Security) -> None:
        self.security.setCurrentIndex(self.security.findData(security.value))

    def _follow_security(self) -> None:
        if not self._port_touched:
            self.port.setText(str(DEFAULT_PORTS[self.protocol, self.chosen_security]))

    def _host_typed(self) -> None:
        self._touched = True
        self.edited.emit()

    def _port_typed(self) -> None:
        self._touched = self._port_touched = True
        self.edited.emit()

    def _user_typed(self) -> None:
        self._user_touched = True
        self.edited.emit()

    def _security_chosen(self) -> None:
        self._touched = True
        self._follow_security()
        self.edited.emit()
