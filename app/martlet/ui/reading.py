"""Marks a message read once it has been looked at for two seconds; never while arrows fly past."""

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
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._mark)

    def look_at(self, row: MessageRow) -> None:
        """This message is shown now."""
        if row.id == self._message:
            return
        self._message = row.id
        if row.unread:
            self._timer.start()
        else:
            self._timer.stop()

    def look_away(self) -> None:
        self._message = None
        self._timer.stop()

    def forget(self) -> None:
        """The person marked it by hand: their word stands."""
        self._timer.stop()

    def _mark(self) -> None:
        if self._message is not None:
            self._link.ask(SetFlags([self._message], add=[SEEN], by_hand=False))
