"""From the press of Send to the closed window: what must be right, what is asked, what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from martlet.link.messages import Send
from martlet.mail.errors import MailError
from martlet.mail.letter import promises_attachment
from martlet.mail.outgoing import OutboxId
from martlet.ui.compose.questions import Choice, ask

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow
    from martlet.ui.link import EngineLink


class Sending(QObject):
    """Checks, asks, sends. An error leaves the window open with one sentence."""

    def __init__(self, link: EngineLink, window: ComposeWindow, delay_s: float) -> None:
        super().__init__(window)
        self._link = link
        self._window = window
        self._delay_s = delay_s
        self.under_way = False

    def start(self) -> None:
        """Send was pressed."""
        window = self._window
        if self.under_way or window.intake.busy:
            return
        window.header.take_typed()
        refusal = self._refusal()
        if refusal:
            window.notice.say(refusal)
            return
        window.notice.clear()
        self._ask_subject()

    def _refusal(self) -> str:
        """Why this cannot be sent at all, or ""."""
        header = self._window.header
        if header.account is None:
            return self.tr("No account can send mail. Add an account with a server for sending.")
        header.writer.take_typed()
        if header.writer.wrong:
            return header.hint.words
        wrong = header.wrong()
        if wrong:
            words = self.tr("“{text}” cannot be an address. Correct it or take it out.")
            return words.format(text=wrong[0])
        if not header.anyone():
            header.to.setFocus()
            return self.tr("Say to whom this goes: enter at least one recipient.")
        return ""

    def _ask_subject(self) -> None:
        if self._window.header.subject.text().strip():
            self._ask_attachment()
            return
        self._window.question = ask(
            self._window,
            self.tr("No subject"),
            self.tr("Send without a subject?"),
            self.tr("A subject helps people to find this letter again."),
            [
                Choice(
                    self.tr("Add a subject"),
                    QMessageBox.ButtonRole.RejectRole,
                    self._window.header.subject.setFocus,
                    True,
                ),
                Choice(
                    self.tr("Send anyway"),
                    QMessageBox.ButtonRole.AcceptRole,
                    self._ask_attachment,
                ),
            ],
        )

    def _ask_attachment(self) -> None:
        draft = self._window.draft()
        if draft.parts or not promises_attachment(f"{draft.subject}\n{draft.text}"):
            self._send()
            return
        self._window.question = ask(
            self._window,
            self.tr("No attachment"),
            self.tr("Did you forget the attachment?"),
            self.tr("Your letter speaks of an attachment, but nothing is attached."),
            [
                Choice(
                    self.tr("Attach a file…"),
                    QMessageBox.ButtonRole.ActionRole,
                    self._window.attach,
                ),
                Choice(self.tr("Send anyway"), QMessageBox.ButtonRole.AcceptRole, self._send),
                Choice(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole, None, True),
            ],
        )

    def _send(self) -> None:
        self.under_way = True
        self._window.top.show_busy(False, True)

        def send() -> None:
            self._link.ask(
                Send(self._window.keeper.current(), self._delay_s), self._sent, self._failed
            )

        # A save under way gives the letter its id; sent before, it would stay behind as a draft.
        self._window.keeper.settle(send)

    def _sent(self, outbox_id: OutboxId) -> None:
        self.under_way = False
        self._window.sent.emit(int(outbox_id))
        self._window.finish()

    def _failed(self, error: MailError) -> None:
        self.under_way = False
        self._window.top.show_busy(False, False)
        self._window.top.show_saved(False)
        self._window.notice.say(error.summary, error.detail)
        self._window.keeper.changed()
