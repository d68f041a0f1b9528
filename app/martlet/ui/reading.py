"""Marks a message read once it has been looked at for two seconds; never while arrows fly past.

One of which there is nothing to read yet (its body is not here) is not read.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from martlet.link.messages import SetFlags
from martlet.mail.message import SEEN, MessageId, MessageRow
from martlet.ui.link import EngineLink

DELAY_MS = 2000


class Reading(QObject):
    """Told what is on screen. Something marked unread by hand stays so while it is shown."""

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._message: MessageId | None = None
        self._shown: MessageId | None = None
        self._due = False  # the time is up, only the text is still to come
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._mark)

    def look_at(self, row: MessageRow) -> None:
        """This message is shown now."""
        if row.id == self._message:
            return
        self._message = row.id
        self._due = False
        if row.unread:
            self._timer.start()
        else:
            self._timer.stop()

    def shown(self, message: MessageId) -> None:
        """The text of this one is to be seen."""
        self._shown = message
        if message == self._message and self._due:
            self._mark()

    @property
    def due(self) -> bool:
        """Whether it is read as soon as its text is here."""
        return self._due

    def look_away(self) -> None:
        self._message = self._shown = None
        self._due = False
        self._timer.stop()

    def forget(self) -> None:
        """The person marked it by hand: their word stands."""
        self._timer.stop()
        self._due = False

    def _mark(self) -> None:
        self._due = self._message != self._shown
        if self._message is not None and not self._due:
            self._link.ask(SetFlags([self._message], add=[SEEN], by_hand=False))
