"""A field for a password, with an eye to look at what was typed."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from martlet.ui import theme


class SecretEdit(QLineEdit):
    """Hides its text until the eye is pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = self.addAction(theme.icon("eye"), QLineEdit.ActionPosition.TrailingPosition)
        self._eye.setText(self.tr("Show the password"))
        self._eye.setToolTip(self._eye.text())
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._look)

    def _look(self, shown: bool) -> None:
        self._eye.setIcon(theme.icon("eye-off" if shown else "eye"))
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.setEchoMode(mode)
