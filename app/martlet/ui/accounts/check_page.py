"""The page of the wizard on which the settings are tried, live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from martlet.ui.accounts.advice import Custom
from martlet.ui.accounts.check_panel import CheckPanel, Trying
from martlet.ui.accounts.hint import Opener
from martlet.ui.accounts.page import Page
from martlet.ui.accounts.parts import link_button

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink


class CheckPage(Page):
    """untested: a person wants to keep the settings though the test did not go well."""

    untested = Signal()

    def __init__(self, link: EngineLink, opener: Opener, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel = CheckPanel(link, opener, self)
        self.anyway = link_button(self, self.tr("Keep these settings all the same"))
        self.anyway.setToolTip(self.tr("For servers that are away, or cannot be reached from here"))
        self.anyway.hide()
        self._well = False
        self.panel.foot.insertWidget(1, self.anyway)
        self.body.addWidget(self.panel)
        self.body.addStretch()
        self.panel.ended.connect(self._ended)
        self.anyway.clicked.connect(self.untested)

    def start(self, trying: Trying, custom: Custom) -> None:
        """Begins the test."""
        self._say(
            self.tr("Trying it out"),
            self.tr("Martlet signs in and looks around. Nothing is changed, nothing is sent."),
        )
        self._well = False
        self.anyway.hide()
        self.panel.start(trying, custom)
        self.changed.emit()

    @property
    def ready(self) -> bool:
        return self._well

    @property
    def offers_by_hand(self) -> bool:
        return True

    def _ended(self, well: bool) -> None:
        self._well = well
        self.anyway.setVisible(not well)
        if well:
            self._say(self.tr("It works"), self.tr("Martlet could sign in everywhere."))
        else:
            self._say(self.tr("That did not work yet"), self.tr("Nothing was changed or lost."))
            self.reveal(self.panel.trouble)
        self.changed.emit()

    def _say(self, heading: str, lead: str) -> None:
        self.head(heading, lead)
