"""Messages of POP3 accounts of which only the headers are here: said above the list, and what a
person decides about one: download it, leave it there, delete it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMessageBox

from martlet.link.messages import Delete
from martlet.mail.account import Protocol
from martlet.mail.errors import MailError
from martlet.mail.folder import Folder
from martlet.mail.message import MessageId, MessageRow

if TYPE_CHECKING:
    from martlet.ui.window import MainWindow

_AGAIN_MS = 300
# More are not counted, so that looking costs no time while thousands of headers come.
_COUNTED = 1000
_ALL = 1 << 60
SYMBOL = "cloud"


class Summaries(QObject):
    """For one main window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
        self.question: QMessageBox | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self._look_now)

    def wait_there(self, rows: Sequence[MessageRow]) -> int:
        """How many of these are only on a POP3 server."""
        absent = [row.id for row in rows if not row.has_body]
        return len(self._w.reader.on_pop3(absent)) if absent else 0

    def look(self, folder: Folder) -> None:
        """Says above the list of this folder how many messages are only on the server."""
        bar = self._w.list_pane.bar
        count = len(self._in(folder, _COUNTED + 1)) if self._fed(folder) else 0
        if count:
            words = self.tr("1 message is only on the server.")
            if count > 1:
                words = self.tr("{count} messages are only on the server.")
                if count > _COUNTED:
                    words = self.tr("More than {count} messages are only on the server.")
                number = self._w.locale().toString(min(count, _COUNTED))
                words = words.format(count=number)
            bar.say(
                words,
                self.tr("Download all") if count > 1 else self.tr("Download"),
                lambda: self._download_all(folder),
                symbol=SYMBOL,
            )
        elif bar.about == SYMBOL:
            bar.leave()

    def look_again(self) -> None:
        """Something has come or gone."""
        if not self._timer.isActive():
            self._timer.start()

    def delete_shown(self) -> None:
        """The message in the pane is deleted on the server, once that is meant."""
        rows = self._w.list.selected_rows()
        if len(rows) == 1:
            self.delete_there(rows[0])

    def delete_there(self, row: MessageRow) -> None:
        """Asks, and deletes it there and here, for good."""
        from martlet.ui.compose.questions import Choice, ask  # the composer's, not wanted at once

        self.question = ask(
            self._w,
            self.tr("Delete on the server"),
            self.tr("Delete this message on the server?"),
            self.tr("Only its headers are here: what it says is lost. This cannot be undone."),
            [
                Choice(self.tr("Keep it"), QMessageBox.ButtonRole.RejectRole, None, True),
                Choice(
                    self.tr("Delete it there"),
                    QMessageBox.ButtonRole.DestructiveRole,
                    lambda: self._delete(row.id),
                ),
            ],
        )

    def _delete(self, message: MessageId) -> None:
        words = self.tr("It is deleted on the server with the next connection.")
        self._w.link.ask(Delete([message], True), lambda _count: self._w.say(words))

    def _look_now(self) -> None:
        w = self._w
        folder = w.folders.current_folder()
        plain = not w.looking.only_missing and not w.looking.at_deleted
        if folder is not None and plain and not w.list_pane.searching:
            self.look(folder)

    def _fed(self, folder: Folder) -> bool:
        """Whether any account brings mail by POP3 to where this folder is."""
        return any(
            each.incoming is not None
            and each.incoming.protocol is Protocol.POP3
            and folder.account_id in (each.id, each.into)
            for each in self._w.reader.accounts()
        )

    def _in(self, folder: Folder, limit: int = _ALL) -> list[MessageId]:
        try:
            return self._w.reader.summaries(folder.id, limit)
        except MailError as error:
            self._w.show_error(error)
            return []

    def _download_all(self, folder: Folder) -> None:
        self._w.verbs.download_ids(self._in(folder))
