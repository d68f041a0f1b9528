"""The client id a provider wants of mail programs, typed by a person where Martlet has none."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from martlet.mail.sign_in import OAuthSettings
from martlet.ui.accounts.hint import Opener
from martlet.ui.accounts.parts import link_button, note
from martlet.ui.accounts.secret_edit import SecretEdit


class ClientIdBox(QWidget):
    """edited: a person changed something. Hidden where the provider's settings have an id."""

    edited = Signal()

    def __init__(self, parent: QWidget, opener: Opener) -> None:
        super().__init__(parent)
        self._oauth: OAuthSettings | None = None
        self.why = note(self)
        self.link = link_button(self, "")
        self._opener = opener
        self.link.clicked.connect(self._open)
        self.client_id = QLineEdit(self)
        self.client_id.setPlaceholderText(self.tr("Client id"))
        self.client_id.setAccessibleName(self.tr("Client id"))
        self.secret = SecretEdit(self)
        self.secret.setPlaceholderText(self.tr("Client secret, if the provider gave one"))
        self.secret.setAccessibleName(self.tr("Client secret"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.why)
        column.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.client_id)
        column.addWidget(self.secret)
        for field in (self.client_id, self.secret):
            field.textEdited.connect(lambda _text: self.edited.emit())
        self.hide()

    def show_oauth(self, oauth: OAuthSettings | None, *, ask: bool = False) -> None:
        """ask: show the fields even when there is an id, so that it can be another."""
        self._oauth = oauth
        if oauth is None:
            self.hide()
            return
        self.why.setText(
            self.tr(
                "{provider} lets in only programs it has registered, and does not register free "
                "ones that anybody may build. Register a “desktop app” of your own there, once, "
                "and copy its client id here."
            ).format(provider=oauth.provider)
        )
        self.link.setText(self.tr("Register at {provider}…").format(provider=oauth.provider))
        self.link.setToolTip(oauth.register_url)
        self.link.setVisible(oauth.register_url.startswith("https://"))
        if oauth.client_id:
            self.client_id.setText(oauth.client_id)
        self.setVisible(ask or not oauth.client_id)

    @property
    def oauth(self) -> OAuthSettings | None:
        """The settings with what was typed."""
        if self._oauth is None:
            return None
        return replace(self._oauth, client_id=self.client_id.text().strip())

    @property
    def client_secret(self) -> str:
        return self.secret.text().strip()

    def _open(self) -> None:
        if self._oauth is not None:
            self._opener(self._oauth.register_url)

    def problem(self) -> str:
        if self._oauth is not None and not self.client_id.text().strip():
            return self.tr("Enter the client id, or sign in another way.")
        return ""
