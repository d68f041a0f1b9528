"""Shows a certificate that does not verify, and lets the user trust it for its one server."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from martlet.ui import theme
from martlet.ui.accounts.words import certificate_words


class CertificateCard(QFrame):
    """trusted: host and SHA-256 the user trusts from now on. Hidden while there is none to show."""

    trusted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("factLine")
        self._host = ""
        self._sha256 = ""
        self._title = QLabel(self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self._title.setFont(theme.font(13, bold=True))
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._print = QLabel(self)
        self._print.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        for label in (self._words, self._print):
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self.trust = QPushButton(self.tr("Trust this certificate for this server"), self)
        self.trust.setAutoDefault(False)
        self.trust.clicked.connect(self._trust)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(7)
        for widget in (self._title, self._words, self._print):
            column.addWidget(widget)
        column.addWidget(self.trust, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_certificate(self, host: str, sha256: str, words: str) -> None:
        """words: names and dates, as the engine says them."""
        self._host, self._sha256 = host, sha256
        self._title.setText(self.tr("The certificate of {host} is not trusted.").format(host=host))
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._print.setText(f"SHA-256\n{certificate_words(sha256)}")
        self._print.setAccessibleName(f"SHA-256 {sha256}")
        self.show()

    def _trust(self) -> None:
        self.hide()
        self.trusted.emit(self._host, self._sha256)
