"""Where one server is and who signs in: one row of a form, checked as it is typed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from martlet.mail.server import DEFAULT_PORTS, Protocol, Security, Server
from martlet.mail.typed import is_host
from martlet.ui.accounts.plan import is_local
from martlet.ui.accounts.words import mechanisms, security_name
from martlet.ui.choice_box import ChoiceBox


class ServerRow(QObject):
    """The fields of one server in a grid. edited: a person changed something.

    What a person has typed is never overwritten by a guess; the port follows the security until
    then. An empty host means: no such server. “None” as security is offered only where it was
    asked for (`be_advanced`), is set already, or the server is this computer.
    """

    edited = Signal()

    def __init__(self, protocol: Protocol, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.protocol = protocol
        self._touched = self._port_touched = self._user_touched = False
        self._advanced = False
        self.title = QLabel(title, parent)
        self.host = QLineEdit(parent)
        self.host.setAccessibleName(self.tr("{server}: name of the server").format(server=title))
        self.host.setPlaceholderText(self.tr("none"))
        self.port = QLineEdit(parent)
        self.port.setAccessibleName(self.tr("{server}: port").format(server=title))
        self.port.setValidator(QIntValidator(0, 99999, self.port))
        self.port.setFixedWidth(64)
        self.security = ChoiceBox(parent)
        self.security.setAccessibleName(self.tr("{server}: security").format(server=title))
        for security in (Security.TLS, Security.STARTTLS):
            self.security.addItem(security_name(security), security.value)
        self.security.setMinimumWidth(118)
        self.user = QLineEdit(parent)
        self.user.setAccessibleName(self.tr("{server}: user name").format(server=title))
        self.auth = ChoiceBox(parent)
        self.auth.setAccessibleName(self.tr("{server}: how to sign in").format(server=title))
        self.auth.setSizeAdjustPolicy(
            ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.auth.setMinimumContentsLength(8)
        self.host.setMinimumWidth(130)
        self.auth_title = QLabel(self.tr("{server}: sign in by").format(server=title), parent)
        self.auth_title.setBuddy(self.auth)
        self._fill_mechanisms()
        self.title.setBuddy(self.host)
        self.host.textEdited.connect(self._host_typed)
        self.port.textEdited.connect(self._port_typed)
        self.security.activated.connect(self._security_chosen)
        self.user.textEdited.connect(self._user_typed)
        self.auth.activated.connect(lambda _index: self.edited.emit())
        self.be_advanced(False)
        self._follow_security()

    def put(self, grid: QGridLayout, row: int) -> None:
        """Into this row of the grid."""
        for column, widget in enumerate(
            (self.title, self.host, self.port, self.security, self.user)
        ):
            grid.addWidget(widget, row, column)

    def put_advanced(self, grid: QGridLayout, row: int) -> None:
        """What most people never need, into this row of another grid."""
        grid.addWidget(self.auth_title, row, 0)
        grid.addWidget(self.auth, row, 1)

    def be_advanced(self, advanced: bool) -> None:
        """Shows what most people never need."""
        self._advanced = advanced
        for widget in (self.auth, self.auth_title):
            widget.setVisible(advanced)
        self._offer_none()

    def suggest(self, server: Server | None) -> None:
        """Fills in what nobody has touched; None: no such server is known."""
        if not self._touched:
            self.host.setText(server.host if server is not None else "")
            if server is not None:
                self._choose(server.security)
                self.port.setText(str(server.port))
                self._choose_auth(server.auth)
        if not self._user_touched and server is not None:
            self.user.setText(server.user)
        self._show_beginnings()

    def show_server(self, server: Server | None) -> None:
        """Shows a stored server; from then on guesses change nothing."""
        self._touched = self._user_touched = True
        if server is None:
            return
        self.set_protocol(server.protocol)
        self.host.setText(server.host)
        self._choose(server.security)
        self.port.setText(str(server.port))
        default = DEFAULT_PORTS[server.protocol, server.security]
        self._port_touched = server.port != default
        self.user.setText(server.user)
        self._choose_auth(server.auth)
        self._show_beginnings()

    def forget(self) -> None:
        """Whatever was typed may be overwritten again: another address was given."""
        self._touched = self._port_touched = self._user_touched = False

    def set_protocol(self, protocol: Protocol) -> None:
        """IMAP or POP3; the port and what one can sign in by follow."""
        self.protocol = protocol
        self._fill_mechanisms()
        self._follow_security()

    @property
    def typed(self) -> bool:
        """Whether a person has changed what was suggested."""
        return self._touched or self._user_touched

    @property
    def chosen_security(self) -> Security:
        return Security(self.security.currentData())

    @property
    def bare(self) -> bool:
        """Whether others could read the password on the way."""
        host = self.host.text().strip()
        return bool(host) and self.chosen_security is Security.NONE and not is_local(host)

    def server(self) -> Server | None:
        host = self.host.text().strip()
        if not host:
            return None
        port = int(self.port.text() or 0)
        user = self.user.text().strip()
        auth = str(self.auth.currentData() or "")
        return Server(self.protocol, host, port, self.chosen_security, user, auth)

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

    def _show_beginnings(self) -> None:
        """Of what is too long, the beginning; Qt shows the end."""
        for field in (self.host, self.user):
            if not field.hasFocus():
                field.setCursorPosition(0)
                field.setToolTip(field.text())

    def _choose(self, security: Security) -> None:
        if self.security.findData(security.value) < 0:
            self.security.addItem(security_name(security), security.value)
        self.security.setCurrentIndex(self.security.findData(security.value))

    def _choose_auth(self, auth: str) -> None:
        if self.auth.findData(auth) < 0:
            self.auth.addItem(auth, auth)
        self.auth.setCurrentIndex(self.auth.findData(auth))

    def _fill_mechanisms(self) -> None:
        now = str(self.auth.currentData() or "")
        self.auth.clear()
        self.auth.addItem(self.tr("The best way offered"), "")
        for name in mechanisms(self.protocol):
            self.auth.addItem(name, name)
        self.auth.setCurrentIndex(max(0, self.auth.findData(now)))

    def _offer_none(self) -> None:
        at = self.security.findData(Security.NONE.value)
        wanted = self._advanced or is_local(self.host.text())
        if wanted and at < 0:
            self.security.addItem(security_name(Security.NONE), Security.NONE.value)
        elif not wanted and at >= 0 and self.security.currentIndex() != at:
            self.security.removeItem(at)

    def _follow_security(self) -> None:
        if not self._port_touched:
            self.port.setText(str(DEFAULT_PORTS[self.protocol, self.chosen_security]))

    def _host_typed(self) -> None:
        self._touched = True
        self._offer_none()
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
