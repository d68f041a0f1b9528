"""Finds what became of the message that is shown, or which message a report is about.

Follows the store: news of a delivery are shown at once, what was unfolded stays so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from martlet.mail.errors import MailError
from martlet.mail.message import Envelope, MessageId
from martlet.ui.ledger_line import LedgerLine

if TYPE_CHECKING:
    from martlet.store.reader import Reader


class Ledger(QObject):
    """For one line. show: brings a stored message before the eye."""

    def __init__(
        self, line: LedgerLine, reader: Reader, show: Callable[[MessageId], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._line = line
        self._reader = reader
        self._message: MessageId | None = None
        self._header = ""
        line.open_wanted.connect(show)

    def look_at(self, message: MessageId, envelope: Envelope) -> None:
        """This message is shown now."""
        if message == self._message:
            return
        self._message, self._header = message, envelope.message_id
        self._line.clear()
        self._show()

    def look_away(self) -> None:
        self._message, self._header = None, ""
        self._line.clear()

    def heard(self, message_id_header: str) -> None:
        """There is more to tell of the message with this Message-ID."""
        if self._message is not None and message_id_header == self._header:
            self._show()

    def body_arrived(self, message: MessageId) -> None:
        """Only now it is known whether this is a report."""
        if message == self._message:
            self._show()

    def _show(self) -> None:
        message = self._message
        if message is None:
            return
        try:
            # Who got it here has no part in what became of it: only who sent it.
            row = next(iter(self._reader.rows([message])), None) if self._header else None
            ledger = self._reader.deliveries(self._header, row.account_id) if row else []
            if ledger:
                self._line.show_ledger(ledger)
                return
            about = self._reader.told_by(message)
            found = self._reader.with_message_id(about[0]) if about else []
        except MailError:
            return  # what is shown is more than this line about it
        if found:
            sent = self._reader.envelope(found[0].id)
            date = sent.date if sent is not None else None
            self._line.show_about(found[0].subject, date, found[0].id)
