"""A sheet that opens beside a button or the cursor and closes when one looks elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Popup(QFrame):
    """Goes away for good when it closes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("letterPopup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def open_at(self, place: QPoint, above: int = 0) -> None:
        """Opens with its upper left corner there (of the screen), or as near as there is room:
        sideways in the letter's window, where it fits into that.

        above: it ends so much higher (pixels) instead when the window has no room below.
        """
        self.adjustSize()
        room = self.screen().availableGeometry()
        parent = self.parentWidget()
        if parent is not None:
            window = parent.window().frameGeometry().intersected(room)
            if window.width() >= self.width():
                room.setLeft(window.left())
                room.setRight(window.right())
            higher = place.y() - above - self.height()
            if above and place.y() + self.height() > window.bottom() and higher >= window.top():
                place = QPoint(place.x(), higher)
        x = max(room.left(), min(place.x(), room.right() - self.width()))
        y = max(room.top(), min(place.y(), room.bottom() - self.height()))
        self.move(x, y)
        self.show()


class _GridKeys(QObject):
    def __init__(self, parent: QObject, buttons: Sequence[QWidget]) -> None:
        super().__init__(parent)
        self._buttons = list(buttons)
        for button in self._buttons:
            button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not isinstance(watched, QWidget):
            return False
        x, y = step
        if watched.isRightToLeft():
            x = -x
        if y:
            return self._go_down(watched, y)
        at = self._buttons.index(watched) + x
        if 0 <= at < len(self._buttons):
            self._buttons[at].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _go_down(self, watched: QWidget, y: int) -> bool:
        """To the next one straight above or below, whatever lies between."""
        here = watched.geometry().center()
        rows = [
            each
            for each in self._buttons
            if (each.geometry().center().y() - here.y()) * y > watched.height() // 2
        ]
        if rows:
            nearest = min(
                rows,
                key=lambda each: (
                    abs(each.geometry().center().y() - here.y()),
                    abs(each.geometry().center().x() - here.x()),
                ),
            )
            nearest.setFocus(Qt.FocusReason.TabFocusReason)
        return True


def grid_keys(parent: QObject, buttons: Sequence[QWidget]) -> None:
    """Lets the arrow keys go about buttons that lie in a grid."""
    _GridKeys(parent, buttons)
