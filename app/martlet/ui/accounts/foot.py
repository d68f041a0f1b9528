"""The buttons below the pages of the wizard: back, by hand, cancel, and the one that goes on."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from martlet.ui.accounts.page import Page
from martlet.ui.accounts.parts import link_button, plain_button


class Foot(QWidget):
    """Follows the page that is shown; what the buttons do is left to others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = plain_button(self, self.tr("Back"))
        self.back.setShortcut("Alt+Left")
        self.by_hand = link_button(self, self.tr("Set up by hand"))
        self.by_hand.setShortcut("Alt+H")
        self.cancel = plain_button(self, self.tr("Cancel"))
        self.next = plain_button(self, self.tr("Next"))
        self.next.setProperty("kind", "primary")
        self.next.setDefault(True)
        for button in (self.back, self.by_hand):
            button.setToolTip(f"{button.text()} ({button.shortcut().toString()})")
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 12, 28, 18)
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addWidget(self.by_hand)
        row.addStretch()
        row.addWidget(self.cancel)
        row.addWidget(self.next)

    def follow(self, page: Page, *, first: bool) -> None:
        """What this page wants. first: there is none before it."""
        self.next.setText(page.go)
        self.next.setEnabled(page.ready)
        self.back.setVisible(not first)
        self.by_hand.setVisible(page.offers_by_hand)
