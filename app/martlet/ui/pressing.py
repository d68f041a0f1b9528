"""Space and Enter press the button that has the focus, whatever else they mean in its window.

A window's shortcut goes before the button below the focus, and Enter presses none by itself. Each
window, and what has Enter for itself inside one, calls this from its own `event`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEYS = (Qt.Key.Key_Space, *_ENTER)
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def press(event: QEvent) -> bool:
    """Whether the key was for the button with the focus; it is dealt with then.

    Of Space only the shortcut is held back: pressing and letting go is the button's own.
    """
    if not isinstance(event, QKeyEvent) or event.modifiers() not in _PLAIN:
        return False
    button = QApplication.focusWidget()
    if event.key() not in _KEYS or not isinstance(button, QAbstractButton):
        return False
    if event.type() is QEvent.Type.KeyPress and event.key() in _ENTER:
        if not event.isAutoRepeat():
            button.click()
    elif event.type() is not QEvent.Type.ShortcutOverride:
        return False
    event.accept()
    return True
