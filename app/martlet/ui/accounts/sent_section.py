"""Who puts the copy of a sent message into the folder for sent mail."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from martlet.mail.account import Account, SentCopies
from martlet.ui.accounts.options import Options
from martlet.ui.accounts.parts import note, title


class SentSection(QWidget):
    """edited: a person chose another one."""

    edited = Signal()

    def __init__(self, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.copies: Options[SentCopies] = Options(self, self.tr("Copies of sent mail"))
        self.copies.add(
            SentCopies.AUTO,
            self.tr("Find out: one copy, whoever makes it"),
            self.tr("Martlet looks whether the provider has filed it, and does so if not."),
        )
        self.copies.add(
            SentCopies.ALWAYS,
            self.tr("Martlet always files it"),
            self.tr("With a provider that files by itself there are two."),
        )
        self.copies.add(
            SentCopies.NEVER,
            self.tr("Martlet never files it"),
            self.tr("For providers that file it, and for those who want no copy."),
        )
        self.copies.choose(account.sent_copies)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(9)
        column.addWidget(title(self, self.tr("Copies of sent mail")))
        column.addWidget(note(self, self.tr("In the folder for sent mail of this account.")))
        column.addWidget(self.copies)
        column.addStretch()
        self.copies.chosen.connect(self.edited)

    def into(self, account: Account) -> Account:
        return replace(account, sent_copies=self.copies.value)
