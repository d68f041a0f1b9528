"""A line below a letter that speaks of an attachment while there is none."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QTextBlock, QTextDocument
from PySide6.QtWidgets import QWidget

from martlet.mail.letter import promise
from martlet.ui.compose.text.document import quote_level
from martlet.ui.compose.text.paper import MARGIN, WIDEST_TEXT
from martlet.ui.quiet_line import QuietLine

_REST_MS = 900
_READ = 20_000  # characters: what a person reads in ten minutes
_MARK = "-- "


class Reminder(QuietLine):
    """attach_wanted: its button was pressed. denied: nothing is to be attached.

    It looks some time after the last key, at the beginning of the writer's own words.
    """

    attach_wanted = Signal()

    def __init__(
        self, document: Callable[[], QTextDocument], parent: QWidget | None = None
    ) -> None:
        super().__init__("attachment", gap=4, margin=MARGIN, above=6, parent=parent)
        self._line.setMaximumWidth(WIDEST_TEXT)
        self._document = document
        self._subject = ""
        self._wanted = True
        self.denied = False
        self.attach = self._add(self.tr("Attach…"), self.attach_wanted)
        self.never = self._add(self.tr("Not this time"), self._deny)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.look)
        self.hide()

    def written(self, subject: str, *, wanted: bool) -> None:
        """Something was written; wanted: whether there is anything to remind of at all."""
        self._subject, self._wanted = subject, wanted and not self.denied
        if not self._wanted:
            self._rest.stop()
            self.hide()
        else:
            self._rest.start()

    def look(self) -> None:
        """Looks now."""
        word = promise(f"{self._subject}\n{self._own_words()}") if self._wanted else ""
        if word:
            words = self.tr("Your letter speaks of an attachment: “{word}”.")
            self._words.setText(words.format(word=word))
            self.setAccessibleName(self._words.text())
        self.setVisible(bool(word))

    def _own_words(self) -> str:
        lines: list[str] = []
        room = _READ
        block: QTextBlock = self._document().begin()
        while block.isValid() and room > 0:
            text = block.text()
            if text == _MARK:
                break
            if quote_level(block):
                text = ">"
            lines.append(text[:room])
            room -= len(text) + 1
            block = block.next()
        return "\n".join(lines)

    def _deny(self) -> None:
        self.denied = True
        self.hide()
