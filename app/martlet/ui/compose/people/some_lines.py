"""Recipients in as many lines as they need, up to some; then they are scrolled."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from martlet.ui.compose.people.recipients import RecipientField
from martlet.ui.flow import grows_down

_HIGHEST = 160  # five lines of chips


class SomeLines(QScrollArea):
    """Around one field. Without it a window could not be smaller than its recipients.

    highest: pixels it grows to.
    """

    def __init__(
        self, field: RecipientField, parent: QWidget | None = None, *, highest: int = _HIGHEST
    ) -> None:
        super().__init__(parent)
        self._field = field
        self._highest = highest
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        # Not setWidgetResizable: it keeps the height that the field needed at some width of before.
        self.setWidget(field)
        field.setAutoFillBackground(False)
        grows_down(self)
        field.resized.connect(self._grow)
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self._follow())

    def resizeEvent(self, event: QResizeEvent) -> None:
        # Of its own width, not of what a bar leaves: with the chips that go the bar does
        self._field.give_room(QSize(self.contentsRect().width(), self._highest))
        # Asked for, the bar comes for a single pixel, and then takes room itself.
        fits = self._field.heightForWidth(event.size().width()) <= self._highest
        policy = Qt.ScrollBarPolicy
        off, on = policy.ScrollBarAlwaysOff, policy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(off if fits else on)
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest and watched is self._field:
            self._grow()
        return super().eventFilter(watched, event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return min(self._field.heightForWidth(width), self._highest)

    def sizeHint(self) -> QSize:
        hint = self._field.sizeHint()
        return QSize(hint.width(), self.heightForWidth(max(self.width(), hint.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._field.minimumSizeHint().width(), self._field.edit.sizeHint().height())

    def _grow(self) -> None:
        self.updateGeometry()
        self._fit()

    def _fit(self) -> None:
        """The field is as wide as there is room, and as high as it needs then."""
        width = self.viewport().width()
        self._field.resize(width, max(self._field.heightForWidth(width), self.viewport().height()))
        self._follow()

    def _follow(self) -> None:
        """Where one types stays in sight, and all lines that there is room for."""
        if self._field.edit.hasFocus():
            layout = self._field.layout()
            if layout is not None:
                layout.activate()
            self.ensureWidgetVisible(self._field.edit, 0, 0)
