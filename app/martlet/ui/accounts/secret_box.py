"""Where a password is kept: the system's keyring, nowhere, or wherever a command finds it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from martlet.mail.account import SecretSource
from martlet.ui.accounts.options import Options
from martlet.ui.accounts.parts import Callout, title


class SecretBox(QWidget):
    """edited: a person chose or typed something."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.missing = Callout(self, "warn")
        self.source: Options[SecretSource] = Options(self, self.tr("Where the password is kept"))
        self.source.add(
            SecretSource.KEYRING,
            self.tr("In the keyring of this computer"),
            self.tr("Encrypted by the system, never in a file of Martlet's."),
        )
        self.source.add(
            SecretSource.ASK,
            self.tr("Nowhere: ask me each time I start"),
            self.tr("It stays in memory until Martlet ends."),
        )
        self.source.add(
            SecretSource.COMMAND,
            self.tr("A command prints it"),
            self.tr("For password stores such as pass, gopass or a script of your own."),
            self._make_command,
        )
        self._touched = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(title(self, self.tr("Your password")))
        column.addWidget(self.missing)
        column.addWidget(self.source)
        self.source.chosen.connect(self._chosen)
        self.command.textEdited.connect(lambda _text: self.edited.emit())

    def _make_command(self, parent: QWidget) -> QWidget:
        self.command = QLineEdit(parent)
        self.command.setPlaceholderText("pass show mail/example.org")
        self.command.setAccessibleName(self.tr("Command"))
        return self.command

    def show_keyring(self, has: bool, *, chosen: bool = False) -> None:
        """Whether this computer has a keyring that answers. chosen: what is kept there stays."""
        self.source.offer(SecretSource.KEYRING, has or chosen)
        self.missing.say(
            ""
            if has
            else self.tr(
                "This computer has no keyring that answers, and Martlet never writes a password "
                "into a file."
            )
        )
        if not has and not chosen and self.source.value is SecretSource.KEYRING:
            self.source.choose(SecretSource.ASK)
        elif has and not self._touched and self.source.value is SecretSource.ASK:
            self.source.choose(SecretSource.KEYRING)

    def show_source(self, source: SecretSource, command: str) -> None:
        """What is stored; a source that is none of these shows nothing chosen by hand."""
        self._touched = True
        if source in (SecretSource.KEYRING, SecretSource.ASK, SecretSource.COMMAND):
            self.source.choose(source)
        self.command.setText(command)

    @property
    def value(self) -> SecretSource:
        return self.source.value

    @property
    def command_text(self) -> str:
        """The command, "" unless it is one that prints it."""
        return self.command.text().strip() if self.value is SecretSource.COMMAND else ""

    def problem(self) -> str:
        if self.value is SecretSource.COMMAND and not self.command_text:
            return self.tr("Enter the command that prints the password.")
        return ""

    def _chosen(self) -> None:
        self._touched = True
        if self.value is SecretSource.COMMAND:
            self.command.setFocus()
        self.edited.emit()
