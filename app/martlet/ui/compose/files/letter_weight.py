"""How heavy the letter is against what its server takes: shown while it is written, said once when
it becomes too much, and a reason not to send it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from martlet.mail.letter_size import as_sent
from martlet.mail.outgoing import Draft
from martlet.ui import dates
from martlet.ui.compose.files.weight_line import Weight

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.compose.window import ComposeWindow


class LetterWeight(QObject):
    """Of one window. said: a sentence, when the letter has become too heavy."""

    said = Signal(str)

    def __init__(self, window: ComposeWindow, reader: Reader) -> None:
        super().__init__(window)
        self._window = window
        self._reader = reader
        self._known = Weight.LIGHT
        # Once for all files that come in one turn of the loop.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.look)
        window.intake.changed.connect(self._soon.start)
        window.header.sender_changed.connect(self.look)

    def look(self) -> None:
        """Weighs it anew. Text is so little that typing need not."""
        window = self._window
        parts = window.intake.parts()
        size = as_sent(parts, window.editor.document().characterCount())
        files = sum(part.size for part in parts)
        limit = self._limit()
        # Pictures in the text are seen there, and are no files.
        bar = window.attachments
        found = bar.weight.show_weight(len(bar.cards), size, files, limit)
        if found is not self._known and found is Weight.OVER:
            self.said.emit(_over(size, limit))
        elif found is not self._known and found is Weight.HEAVY:
            words = self.tr("With {size} of attachments, many servers will refuse this letter.")
            self.said.emit(words.format(size=dates.size(files)))
        self._known = found

    def refusal(self, draft: Draft) -> str:
        """Why the letter cannot be sent, "" when it can, as far as is known."""
        size, limit = as_sent(draft.parts, len(draft.text) + len(draft.html or "")), self._limit()
        return _over(size, limit) if limit and size > limit else ""

    def _limit(self) -> int:
        account = self._window.header.account_id
        chosen = self._window.header.writer.chosen
        return (
            self._reader.size_limit(account, chosen.identity.id if chosen else 0) if account else 0
        )


def _over(size: int, limit: int) -> str:
    words = QCoreApplication.translate(
        "LetterWeight",
        "This letter is {size}, and the server takes {limit} at most. Take something out, zip it,"
        " or make pictures smaller.",
    )
    return words.format(size=dates.size(size), limit=dates.size(limit))
