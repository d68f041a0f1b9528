"""One page of the wizard: a heading, a sentence, and what is to be done, which may scroll."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from martlet.ui.accounts.parts import note, title


class Page(QWidget):
    """changed: whether one may go on, or what the button says, may be another now.

    wanted: Enter or a button on the page asks to go on. by_hand: the settings are to be typed.
    """

    changed = Signal()
    wanted = Signal()
    by_hand = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = title(self, "", 19)
        self.lead = note(self)
        inside = QWidget(self)
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(28, 4, 28, 16)
        self.body.setSpacing(12)
        self.area = QScrollArea(self)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        head = QVBoxLayout()
        head.setContentsMargins(28, 2, 28, 10)
        head.setSpacing(5)
        head.addWidget(self.heading)
        head.addWidget(self.lead)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.area, 1)

    def head(self, heading: str, lead: str) -> None:
        self.heading.setText(heading)
        self.lead.setText(lead)
        self.lead.setVisible(bool(lead))
        self.setAccessibleName(heading)

    @property
    def go(self) -> str:
        """What the button says that goes on."""
        return self.tr("Next")

    @property
    def ready(self) -> bool:
        """Whether one may go on."""
        return True

    @property
    def offers_by_hand(self) -> bool:
        """Whether the button “Set up by hand” belongs below this page."""
        return False

    def begin(self) -> None:
        """The page is shown now: the first thing to fill in gets the keys, else nothing does."""
        self.setFocus()

    def reveal(self, widget: QWidget) -> None:
        """Scrolls there once wrapped lines have their height."""

        def show() -> None:
            self.area.ensureWidgetVisible(widget, 0, 24)

        QTimer.singleShot(0, widget, show)
