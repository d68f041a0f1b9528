"""What one press of undo takes back of what was typed: a word, not the whole paragraph.

Qt makes one step of all that is typed without moving the cursor. It joins nothing to a document
that counts as unchanged, so that saying so begins a new step.
"""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTextEdit

from martlet.ui.compose.text.places16 import before

_REST_MS = 1000
"""After a rest of so long a new step begins, too."""


class Steps:
    """Of one editor, which says what is typed before it puts it in."""

    def __init__(self, editor: QTextEdit) -> None:
        self._editor = editor
        self._last = 0

    def begin(self) -> None:
        """What is put in next can be undone by itself."""
        self._editor.document().setModified(False)

    def key(self, event: QKeyEvent) -> None:
        """A key was pressed: at the beginning of a word, or after a rest, a step begins."""
        rested = event.timestamp() - self._last > _REST_MS
        self._last = event.timestamp()
        typed = event.text()
        if not typed or not typed.isprintable():
            return
        there = before(self._editor.textCursor())
        if rested or (not typed.isspace() and there[-1:].isspace()):
            self.begin()
