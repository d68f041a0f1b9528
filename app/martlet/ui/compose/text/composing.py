"""Words that an input method still composes, before the cursor goes elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QTextEdit


def end_composing(editor: QTextEdit) -> None:
    """What is composed stands where it was begun; of one that hands over nothing, no ghost stays.

    Qt sees to it for the mouse only, not where the cursor is moved by the program.
    """
    QGuiApplication.inputMethod().commit()
    if editor.textCursor().block().layout().preeditAreaText():
        QCoreApplication.sendEvent(editor, QInputMethodEvent())
