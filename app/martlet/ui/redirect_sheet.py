"""A message is sent on as it is: to whom, and what that means. The rest is the engine's work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from martlet.link.messages import Redirect
from martlet.mail.errors import MailError
from martlet.mail.message import Envelope, MessageId
from martlet.mail.outgoing import OutboxId
from martlet.ui.compose.people.recipients import RecipientField
from martlet.ui.sheet import Sheet
from martlet.ui.shown_text import cut

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink


class RedirectSheet(Sheet):
    """sent: it is queued under this outbox id.

    delay_s: the time in which it can be taken back. utc: what is put before the message does not
    tell the time zone.
    """

    sent = Signal(int)

    def __init__(
        self,
        link: EngineLink,
        reader: Reader,
        message: MessageId,
        envelope: Envelope,
        delay_s: float,
        parent: QWidget | None = None,
        *,
        utc: bool = False,
    ) -> None:
        super().__init__(parent)
        self._link = link
        self._message = message
        self._delay_s = delay_s
        self._utc = utc
        self.head(self.tr("Redirect"), self.tr("Send on"))
        subject = cut(envelope.subject, 120) or self.tr("(no subject)")
        writer = envelope.sender.name or envelope.sender.address
        what = self.text(
            self.tr("“{subject}” from {name}").format(subject=subject, name=writer), ""
        )
        self.body.addWidget(what)
        box = QFrame(self)
        box.setObjectName("accountCard")
        row = QHBoxLayout(box)
        row.setContentsMargins(12, 7, 8, 7)
        row.setSpacing(10)
        label = QLabel(self.tr("To"), box)
        label.setProperty("tone", "second")
        self.to = RecipientField(self.tr("To"), reader.complete, box)
        self.to.asked.connect(lambda request: link.ask(request))
        self.to.changed.connect(self._ready)
        self.to.edit.done.connect(self.go.click)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.to, 1)
        self.body.addWidget(box)
        self.body.addWidget(
            self.text(
                self.tr("It goes on just as it is: its writer stays {name}, and answers go there. "
                        "Its header says that you sent it on.").format(name=writer)
            )
        )  # fmt: skip
        self.setMinimumWidth(500)
        self.go.clicked.connect(self._send)
        self._ready()
        self.to.setFocus()

    def _ready(self) -> None:
        self.notice.clear()
        self.go.setEnabled(bool(self.to.addresses()))

    def _send(self) -> None:
        self.to.take()
        wrong = self.to.wrong()
        if wrong:
            words = self.tr("“{text}” cannot be an address. Correct or remove it.")
            self.notice.say(words.format(text=wrong[0]))
            return
        self.go.setEnabled(False)  # once, however often it is pressed
        self._link.ask(
            Redirect(self._message, list(self.to.addresses()), self._delay_s, self._utc),
            self._done,
            self._refused,
            self,
        )

    def _done(self, outbox_id: OutboxId) -> None:
        self.sent.emit(int(outbox_id))
        self.accept()

    def _refused(self, error: MailError) -> None:
        self.notice.say(error.summary, error.detail)
        self.go.setEnabled(True)
