"""Asks about a text on the clipboard that nobody could edit: it is rather a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from martlet.ui.compose.markup.long_words import MOST, broken
from martlet.ui.compose.questions import Choice, ask

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow


class LongPaste(QObject):
    """question: what is asked now, if anything."""

    def __init__(self, window: ComposeWindow) -> None:
        super().__init__(window.editor)
        self._window = window
        self.question: QMessageBox | None = None
        window.editor.long_text_pasted.connect(self._ask)

    def _ask(self, text: str) -> None:
        if self.question is not None:
            return
        whole = Choice(
            self.tr("Attach it as a file"),
            QMessageBox.ButtonRole.AcceptRole,
            lambda: self._window.intake.take_text(text),
        )
        left = Choice(self.tr("Leave it out"), QMessageBox.ButtonRole.RejectRole, None, True)
        if len(text) > MOST:
            sentence = self.tr("This text is too long for a letter.")
            more = self.tr("It has {count} characters.").format(
                count=self._window.locale().toString(len(text))
            )
            choices = [whole, left]
        else:
            sentence = self.tr("A word in this text is too long to be edited.")
            more = self.tr("Put in, it goes on in new lines where there were none.")
            put = Choice(
                self.tr("Put it in"),
                QMessageBox.ButtonRole.NoRole,
                lambda: self._window.editor.pasted.put_text(
                    broken(text), self._window.editor.look_here()
                ),
            )
            choices = [whole, put, left]
        self.question = ask(self._window, self.tr("Paste"), sentence, more, choices)
        self.question.finished.connect(self._answered)

    def _answered(self) -> None:
        self.question = None
