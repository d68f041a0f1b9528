"""Shows a certificate that is not trusted, why, and lets a person trust it for its one server.

The safe button is the one that Enter presses; a certificate that has changed is said loudly.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton, QWidget

from martlet.ui.accounts.parts import Callout, Card, note
from martlet.ui.accounts.words import certificate_facts, certificate_words
from martlet.ui.sheet import Sheet

_SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)


_WIDTH = 620


class CertificateSheet(Sheet):
    """trusted: host and SHA-256 that are trusted from now on.

    words: names and dates as the engine says them. why: why it is not trusted, one sentence.
    changed: another one is trusted for this host.
    """

    trusted = Signal(str, str)

    def __init__(
        self,
        host: str,
        sha256: str,
        words: str,
        why: str,
        *,
        changed: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._host, self._sha256 = host, sha256
        self.setObjectName("certificateSheet")
        self.head(
            self.tr("This certificate is not the one you trusted")
            if changed
            else self.tr("Is this the right server?")
        )
        self.setWindowTitle(self.tr("Certificate of {host}").format(host=host))
        if changed:
            self.heading.setProperty("tone", "danger")
        self.loud = Callout(self, "danger")
        self.body.addWidget(self.loud)
        if changed:
            self.loud.say(
                self.tr(
                    "{host} showed another certificate than before. Someone may stand between you "
                    "and it and read your password and your mail."
                ).format(host=host),
                _fault(why, host),
            )
        elif why:
            self.body.addWidget(self.text(why, ""))
        card = Card(self)
        self.facts = QFormLayout()
        self.facts.setHorizontalSpacing(16)
        self.facts.setVerticalSpacing(6)
        self.facts.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.facts.addRow(self._label(self.tr("Server")), self._fact(host))
        for label, fact in certificate_facts(words):
            self.facts.addRow(self._label(label), self._fact(fact))
        printed = self._fact(certificate_words(sha256))
        printed.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        printed.setAccessibleName(f"SHA-256 {sha256}")
        printed.setWordWrap(False)
        self.print = printed
        self.facts.addRow(self._label("SHA-256"), printed)
        card.column.addLayout(self.facts)
        self.body.addWidget(card)
        self.body.addWidget(
            self.text(
                self.tr(
                    "If you trust it, then only for {host} and only as long as it shows exactly "
                    "this one. Compare the SHA-256 with what whoever runs the server tells you. "
                    "Until you decide, no password is sent there."
                ).format(host=host)
            )
        )
        self.body.addStretch()
        self.cancel.setText(self.tr("Do not connect"))
        self.cancel.setProperty("kind", "primary")
        self.cancel.setDefault(True)
        self.cancel.setAutoDefault(True)
        self.trust = QPushButton(self.tr("Trust it for this server"), self)
        self.trust.setAutoDefault(False)
        if changed:
            self.trust.setProperty("kind", "danger")
        self.trust.setEnabled(bool(sha256))
        self.trust.clicked.connect(self._trust)
        self.buttons.insertWidget(0, self.trust)
        self.setMinimumWidth(_WIDTH)
        layout = self.layout()
        if layout is not None:  # wrapped lines: what Qt would guess is too high
            self.resize(_WIDTH, layout.totalHeightForWidth(_WIDTH))
        self.cancel.setFocus()

    def _label(self, words: str) -> QLabel:
        label = QLabel(words, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("tone", "third")
        return label

    def _fact(self, words: str) -> QLabel:
        label = note(self, words, "")
        label.setTextInteractionFlags(_SELECTABLE)
        return label

    def _trust(self) -> None:
        self.trusted.emit(self._host, self._sha256)
        self.accept()


def _fault(why: str, host: str) -> str:
    """What is wrong with the certificate itself; that it is another one is said already."""
    at = why.find(f"The certificate of {host} ")
    return why[at:] if at > 0 else why
