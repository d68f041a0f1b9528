"""A button looks at rest again when its menu has closed.

While a menu is open a button is not told that the pointer left it: it stayed grey for good.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QToolButton


def rests_after(menu: QMenu, button: QToolButton) -> None:
    """Sees to it each time this menu closes."""

    def rest() -> None:
        if not button.rect().contains(button.mapFromGlobal(QCursor.pos())):
            button.setDown(False)
            button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
            button.update()

    # When it has closed; while it does, its button is still held down.
    menu.aboutToHide.connect(lambda: QTimer.singleShot(0, button, rest))
