"""Recipients in as many lines as they need, up to some; then they are scrolled."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from martlet.ui.compose.recipients import RecipientField
from martlet.ui.flow import grows_down

_HIGHEST = 160  # five lines of chips


class SomeLines(QScrollArea):
    """Around one field. Without it a window could not be smaller than its recipients."""

    def __init__(self, field: RecipientField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidgetResizable(True)
        self.setWidget(field)
        field.setAutoFillBackground(False)
        grows_down(self)
        field.resized.connect(self.updateGeometry)
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self._follow())

    def resizeEvent(self, event: QResizeEvent) -> None:
        # Asked for, the bar comes for a single pixel, and then takes room itself.
        fits = self._field.heightForWidth(event.size().width()) <= _HIGHEST
        policy = Qt.ScrollBarPolicy
        off, on = policy.ScrollBarAlwaysOff, policy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(off if fits else on)
        super().resizeEvent(event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return min(self._field.heightForWidth(width), _HIGHEST)

    def sizeHint(self) -> QSize:
        hint = self._field.sizeHint()
        return QSize(hint.width(), self.heightForWidth(max(self.width(), hint.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._field.minimumSizeHint().width(), self._field.edit.sizeHint().height())

    def _follow(self) -> None:
        """Where one types stays in sight."""
        if self._field.edit.hasFocus():
            self.ensureWidgetVisible(self._field.edit, 0, 0)
