"""Asks what to do about a certificate an account's server showed that is not trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from martlet.link.messages import TrustCertificate
from martlet.mail.account import Account, AccountState
from martlet.mail.errors import MailError
from martlet.ui.accounts.certificate_sheet import CertificateSheet

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink


class CertificateDialog(CertificateSheet):
    """state: the account's, with the certificate to decide on. Accepted once it is trusted."""

    def __init__(
        self,
        link: EngineLink,
        account: Account,
        state: AccountState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            state.host,
            state.fingerprint,
            state.certificate,
            state.problem,
            changed=any(
                pin.host == state.host and pin.sha256 != state.fingerprint for pin in account.pins
            ),
            parent=parent,
        )
        self._link = link
        self._account = account
        self._open = True

    def _trust(self) -> None:
        self.trust.setEnabled(False)
        self._link.ask(
            TrustCertificate(self._account.id, self._host, self._sha256),
            lambda _none: self._done(),
            self._refused,
        )

    def _done(self) -> None:
        if self._open:
            self.trusted.emit(self._host, self._sha256)
            self.accept()

    def _refused(self, error: MailError) -> None:
        if self._open:
            self.trust.setEnabled(True)
            self.notice.say(error.summary, error.detail)

    def done(self, result: int) -> None:
        self._open = False
        super().done(result)
