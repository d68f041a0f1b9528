"""Both servers of an account as a form; what few people need is folded."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from martlet.mail.account import Account
from martlet.mail.server import Protocol, Server
from martlet.mail.sign_in import SMTP
from martlet.ui.accounts.parts import note
from martlet.ui.accounts.secret_edit import SecretEdit
from martlet.ui.accounts.servers import ServerRow


class ServerGrid(QWidget):
    """edited: a person changed something."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.incoming = ServerRow(Protocol.IMAP, self.tr("Receiving"), self)
        self.outgoing = ServerRow(Protocol.SMTP, self.tr("Sending"), self)
        self.advanced = QCheckBox(self.tr("Advanced"), self)
        self.advanced.setToolTip(
            self.tr("Connections without encryption, ways to sign in, another password to send")
        )
        self.own_password = QCheckBox(self.tr("Sending has a password of its own"), self)
        self.smtp_password = SecretEdit(self)
        self.smtp_password.setAccessibleName(self.tr("Password for sending"))
        self.smtp_password.setPlaceholderText(self.tr("Password for sending"))
        self.danger_line = note(self, "", "danger")
        self.danger_line.setText(
            self.tr("Without security, anyone on the way can read your password and your mail.")
        )
        self.problem_line = note(self, "", "danger")
        self.problem_line.setObjectName("problem")
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(7)
        heads = ("", self.tr("Server"), self.tr("Port"), self.tr("Security"), self.tr("User name"))
        for column, text in enumerate(heads):
            head = QLabel(text, self)
            head.setProperty("tone", "third")
            grid.addWidget(head, 0, column)
        self.incoming.put(grid, 1)
        self.outgoing.put(grid, 2)
        grid.setColumnStretch(1, 5)
        grid.setColumnStretch(4, 4)
        # Below the box that unfolds it, which stays under the mouse.
        folded = QGridLayout()
        folded.setContentsMargins(24, 0, 0, 0)
        folded.setHorizontalSpacing(12)
        folded.setVerticalSpacing(7)
        self.incoming.put_advanced(folded, 0)
        self.outgoing.put_advanced(folded, 1)
        folded.addWidget(self.own_password, 2, 0)
        folded.addWidget(self.smtp_password, 2, 1)
        folded.setColumnStretch(1, 1)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(0, 0, 0, 0)
        column_box.setSpacing(8)
        column_box.addLayout(grid)
        column_box.addWidget(self.danger_line)
        column_box.addWidget(self.problem_line)
        column_box.addWidget(self.advanced)
        column_box.addLayout(folded)
        self.advanced.toggled.connect(self._be_advanced)
        self.own_password.toggled.connect(lambda _on: self._changed())
        self.smtp_password.textEdited.connect(lambda _text: self._changed())
        for row in (self.incoming, self.outgoing):
            row.edited.connect(self._changed)
        self._be_advanced(False)

    def show_account(self, account: Account) -> None:
        """Shows what is stored."""
        self.incoming.show_server(account.incoming)
        self.outgoing.show_server(account.outgoing)
        self.own_password.setChecked(account.smtp_secret)
        self.smtp_password.setPlaceholderText(self.tr("Unchanged"))
        servers = [each for each in (account.incoming, account.outgoing) if each is not None]
        self.advanced.setChecked(account.smtp_secret or any(each.auth for each in servers))
        self._follow()

    def servers(self) -> tuple[Server | None, Server | None]:
        """Receiving and sending."""
        return self.incoming.server(), self.outgoing.server()

    @property
    def typed(self) -> bool:
        """Whether a person has changed what was suggested."""
        return self.incoming.typed or self.outgoing.typed

    @property
    def smtp_secret(self) -> bool:
        """Whether sending has a password of its own."""
        return self.own_password.isChecked()

    def secrets(self) -> dict[str, str]:
        """The sending server's own password, when one was typed."""
        typed = self.smtp_password.text()
        return {SMTP: typed} if self.smtp_secret and typed else {}

    def problem(self) -> str:
        """The first thing that is wrong, or ""."""
        found = self.incoming.problem() or self.outgoing.problem()
        if not found and self.servers() == (None, None):
            return self.tr("Enter a server: one to receive from, one to send by, or both.")
        return found

    def _be_advanced(self, advanced: bool) -> None:
        self.incoming.be_advanced(advanced)
        self.outgoing.be_advanced(advanced)
        self._follow()

    def _changed(self) -> None:
        self._follow()
        self.edited.emit()

    def _follow(self) -> None:
        advanced = self.advanced.isChecked()
        self.own_password.setVisible(advanced or self.own_password.isChecked())
        self.smtp_password.setVisible(self.own_password.isChecked())
        self.danger_line.setVisible(self.incoming.bare or self.outgoing.bare)
        # What is merely missing is said when somebody wants to go on.
        problem = self.incoming.problem() or self.outgoing.problem()
        self.problem_line.setText(problem)
        self.problem_line.setVisible(bool(problem))
