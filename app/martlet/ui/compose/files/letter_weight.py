"""How heavy the letter is against what its server takes: shown while it is written, below its files
or, where there are none, said once when it becomes too much; and a reason not to send it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from martlet.link.messages import AskSizeLimit
from martlet.mail.account import AccountId
from martlet.mail.letter_size import LARGE, SizeLimit, as_sent
from martlet.mail.outgoing import Draft
from martlet.ui import dates
from martlet.ui.compose.files.weight_line import Weight

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.compose.window import ComposeWindow
    from martlet.ui.link import EngineLink


class LetterWeight(QObject):
    """Of one window. said: a sentence, when the letter has become too heavy by the pictures in its
    text alone."""

    said = Signal(str)

    def __init__(self, window: ComposeWindow, link: EngineLink, reader: Reader) -> None:
        super().__init__(window)
        self._window = window
        self._link = link
        self._reader = reader
        # Whose servers were asked for this letter.
        self._asked: set[tuple[AccountId, int]] = set()
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
        limit = self._limit().bytes
        if files >= LARGE:
            self._ask()
        # Pictures in the text are seen there, and are no files.
        bar = window.attachments
        found = bar.weight.show_weight(len(bar.cards), size, files, limit)
        if found is not self._known and bar.weight.isHidden():
            if found is Weight.OVER:
                self.said.emit(_over(size, limit))
            elif found is Weight.HEAVY:
                words = self.tr("With {size} of attachments, many servers will refuse this letter.")
                self.said.emit(words.format(size=dates.size(files)))
        self._known = found

    def refusal(self, draft: Draft) -> tuple[str, bool]:
        """Why the letter cannot be sent, "" when it can, as far as is known; and whether that is
        sure."""
        size, limit = as_sent(draft.parts, len(draft.text) + len(draft.html or "")), self._limit()
        return _over(size, limit.bytes) if 0 < limit.bytes < size else "", limit.sure

    def _limit(self) -> SizeLimit:
        sender = self._sender()
        return self._reader.size_limit(*sender) if sender is not None else SizeLimit()

    def _ask(self) -> None:
        """Has the server asked, in good time; nobody waits for it."""
        sender = self._sender()
        if sender is None or sender in self._asked:
            return
        self._asked.add(sender)
        self._link.ask(AskSizeLimit(*sender), lambda _: self.look(), lambda _: None, owner=self)

    def _sender(self) -> tuple[AccountId, int] | None:
        account = self._window.header.account_id
        chosen = self._window.header.writer.chosen
        return (account, chosen.identity.id if chosen else 0) if account else None


def _over(size: int, limit: int) -> str:
    words = QCoreApplication.translate(
        "LetterWeight",
        "This letter is {size}, and the server takes {limit} at most. Take something out, zip it,"
        " or make pictures smaller.",
    )
    return words.format(size=dates.size(size), limit=dates.size(limit))
