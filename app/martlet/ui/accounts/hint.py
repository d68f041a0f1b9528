"""What a provider wants as password, in a sentence, with the page where one gets it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from martlet.mail.providers import SignIn
from martlet.ui.accounts.parts import link_button, note
from martlet.ui.accounts.words import help_words, sign_in_hint

Opener = Callable[[str], object]


def open_in_browser(url: str) -> bool:
    """Opens a page in the person's browser; whether there is one."""
    return QDesktopServices.openUrl(QUrl(url))


class ProviderHint(QWidget):
    """Hidden while there is nothing to say. opener: opens a page in the browser."""

    def __init__(self, parent: QWidget, opener: Opener = open_in_browser) -> None:
        super().__init__(parent)
        self._url = ""
        self._opener = opener
        self.words = note(self)
        self.link = link_button(self, "")
        self.link.clicked.connect(lambda: self._opener(self._url))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.words)
        column.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def say(self, sign_in: SignIn, name: str, help_url: str, more: str = "") -> None:
        """more: one sentence besides (Provider.note)."""
        sentences = [sentence for sentence in (sign_in_hint(sign_in, name), more) if sentence]
        self._url = help_url if help_url.startswith("https://") else ""
        self.words.setText(" ".join(sentences))
        self.words.setVisible(bool(sentences))
        self.link.setText(help_words(sign_in, name))
        self.link.setToolTip(self._url)
        self.link.setAccessibleName(self.link.text())
        self.link.setVisible(bool(self._url) and sign_in is not SignIn.PASSWORD)
        self.setVisible(bool(sentences))

    @property
    def text(self) -> str:
        return "" if self.isHidden() else self.words.text()
