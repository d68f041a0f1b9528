"""Asks what to do about a certificate an account's server showed that is not trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from martlet.link.messages import TrustCertificate
from martlet.mail.account import Account, AccountState
from martlet.mail.errors import MailError
from martlet.ui import theme
from martlet.ui.accounts.trust import CertificateCard

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink


class CertificateDialog(QDialog):
    """state: the account's, with the certificate to decide on. A changed pin is said loudly."""

    def __init__(
        self,
        link: EngineLink,
        account: Account,
        state: AccountState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._link = link
        self._account = account
        self._open = True
        self.setWindowTitle(self.tr("Certificate of {host}").format(host=state.host))
        changed = any(
            pin.host == state.host and pin.sha256 != state.fingerprint for pin in account.pins
        )
        heading = QLabel(
            self.tr("This certificate is not the one you trusted")
            if changed
            else self.tr("Is this the right server?"),
            self,
        )
        heading.setFont(theme.font(16, bold=True))
        if changed:
            heading.setProperty("tone", "danger")
        words = (
            self.tr(
                "{host} showed another certificate than before. Someone may stand between you and "
                "it. Until you decide, no password is sent there."
            )
            if changed
            else self.tr(
                "Nobody vouches for the certificate of {host}. That is usual for a server of your "
                "own; elsewhere it is a warning. Until you decide, no password is sent there."
            )
        )
        explanation = QLabel(words.format(host=state.host), self)
        explanation.setWordWrap(True)
        self.problem = QLabel(self)
        self.problem.setProperty("tone", "danger")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.card = CertificateCard(self)
        self.card.show_certificate(
            state.host, state.fingerprint, state.certificate or state.problem
        )
        self.cancel = QPushButton(self.tr("Do not connect"), self)
        self.cancel.setProperty("kind", "primary")
        self.cancel.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        for widget in (heading, explanation, self.card, self.problem):
            column.addWidget(widget)
        column.addStretch()
        column.addLayout(buttons)
        self.setMinimumWidth(540)
        self.card.trusted.connect(self._trust)
        self.cancel.setFocus()

    def _trust(self, host: str, sha256: str) -> None:
        self._link.ask(
            TrustCertificate(self._account.id, host, sha256),
            lambda _none: self._trusted(),
            self._refused,
        )

    def _trusted(self) -> None:
        if self._open:
            self.accept()

    def _refused(self, error: MailError) -> None:
        if self._open:
            self.card.show()
            self.problem.setText(error.summary)
            self.problem.setToolTip(error.detail)
            self.problem.show()

    def done(self, result: int) -> None:
        self._open = False
        super().done(result)
