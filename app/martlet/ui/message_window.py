"""A stored message, or one that is attached to it, in a window of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal

from martlet.link.messages import (
    Archive,
    Delete,
    EditDraft,
    ForwardDraft,
    ReplyDraft,
    Request,
    ResendDraft,
    SetFlags,
)
from martlet.mail.account import Account
from martlet.mail.changes import BodyArrived, Change, DeliveryChanged, MessagesChanged, Progress
from martlet.mail.folder import Role
from martlet.mail.message import FLAGGED, Envelope, MessageId, MessageRow
from martlet.mail.reading import AS_SENT, View
from martlet.mail.rendered import Rendered
from martlet.mail.writing import AnswerTo, ForwardAs
from martlet.ui.address_menu import pop_up
from martlet.ui.answering import has_others, selection, takes_list_mail
from martlet.ui.ledger import Ledger
from martlet.ui.link import EngineLink
from martlet.ui.reading_window import ReadingWindow
from martlet.ui.shown_text import cut
from martlet.ui.tagging import Tagging

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.settings import Settings
    from martlet.ui.windows import Windows

_HEAD = ("reply", "reply.all", "forward", "archive", "delete")


class MessageWindow(ReadingWindow):
    """search_wanted: mail from an Address is to be looked for, where there is a list."""

    search_wanted = Signal(object)

    def __init__(
        self,
        link: EngineLink,
        reader: Reader,
        windows: Windows,
        settings: Settings,
        message: MessageId,
        envelope: Envelope,
        view: View = AS_SENT,
    ) -> None:
        self._link = link
        self._reader = reader
        self._windows = windows
        own = not view.part
        calls: dict[str, Callable[[], None]] = {}
        if own:
            calls = {
                "reply": lambda: self._answer(AnswerTo.SENDER),
                "reply.all": lambda: self._answer(AnswerTo.ALL),
                "reply.list": lambda: self._answer(AnswerTo.LIST),
                "forward.inline": lambda: windows.answer(ForwardDraft([message])),
                "forward.attached": lambda: windows.answer(
                    ForwardDraft([message], ForwardAs.ATTACHED)
                ),
                "forward": lambda: windows.answer(ForwardDraft([message], windows.habits.forward)),
                "edit": lambda: windows.answer(EditDraft(message)),
                "redirect": lambda: windows.redirect(message, self),
                "again": lambda: windows.answer(ResendDraft(message)),
                "archive": self._archive,
                "delete": self._delete,
                "star": self._star,
                "tags": self._tags,
                **{f"tag.{n}": self._number(n) for n in range(1, 10)},
                "tag.0": lambda: self.tagging.clear(),
                "sender": lambda: self.pane.top.check_sender(),
            }
        super().__init__(link, message, calls, _HEAD if own else (), settings)
        self.tagging = Tagging(link, reader, settings, self, self._rows, self._tagged)
        self.ledger = Ledger(self.pane.ledger, reader, windows.message, self)
        for doors in (self.inside, self.files):
            doors.message_wanted.connect(
                lambda whole, part: windows.message(whole, View(part=part))
            )
        self.pane.top.write_wanted.connect(lambda who: windows.write_to(who, self._account()))
        self.pane.top.search_wanted.connect(self.search_wanted)
        link.changed.connect(self._heard)
        self._title(envelope)
        self.pane.show_message(message, envelope, view=view)
        if own:
            self.ledger.look_at(message, envelope)
            self._show_tags()
        self.pane.shown.connect(self._on_shown)

    def shows(self, message: MessageId, part: str) -> bool:
        """Whether this is the window of that one."""
        return message == self.message and part == self.part

    def mailto(self, url: QUrl) -> None:
        self._windows.mailto(url, self._account())

    def _on_shown(self, rendered: Rendered) -> None:
        if not self.part:
            everybody = has_others(rendered.envelope, self._reader.accounts())
            self.actions_by_id["reply.all"].setEnabled(everybody)
            self.actions_by_id["reply.list"].setEnabled(takes_list_mail(rendered))
        self._title(rendered.envelope)
        self.pane.body().setFocus()

    def _title(self, envelope: Envelope) -> None:
        self.setWindowTitle(cut(envelope.subject, 120) or self.tr("(no subject)"))

    def _heard(self, change: Change) -> None:
        match change:
            case BodyArrived():
                self.pane.body_arrived(change.message_id)
                self.ledger.body_arrived(change.message_id)
            case DeliveryChanged():
                self.ledger.heard(change.message_id)
            case MessagesChanged():
                if self.message in change.changed and not self.part:
                    self._show_tags()
            case Progress():
                self.pane.set_progress(self.pane.downloads.heard(change))

    def _rows(self) -> list[MessageRow]:
        row = self._reader.row(self.message)
        return [row] if row is not None else []

    def _account(self) -> Account | None:
        row = self._reader.row(self.message)
        return self._reader.account(row.account_id) if row is not None else None

    def _show_tags(self) -> None:
        for row in self._rows():
            self.pane.top.show_tags(row.tags)

    def _star(self) -> None:
        for row in self._rows():
            flag = [FLAGGED]
            request = SetFlags([row.id], remove=flag) if row.flagged else SetFlags([row.id], flag)
            self._link.ask(request)

    def _tagged(self, words: str, _undo: bool) -> None:
        self.toast.say(words)

    def _number(self, number: int) -> Callable[[], None]:
        return lambda: self.tagging.number(number)

    def _tags(self) -> None:
        pop_up(self.tagging.menu(), self.pane)

    def _answer(self, to: AnswerTo) -> None:
        chosen = selection(self.pane, self.message)
        self._windows.answer(ReplyDraft(self.message, to, selection=chosen))

    def _archive(self) -> None:
        self._away(Archive([self.message]), self.tr("Archived 1 message"))

    def _delete(self) -> None:
        folders = (self._reader.folder(row.folder_id) for row in self._rows())
        if any(folder is not None and folder.role is Role.TRASH for folder in folders):
            # For good only where the list shows which are meant, and after a question.
            self.notice.say(self.tr("It is in Trash already."))
            return
        self._away(Delete([self.message]), self.tr("Moved 1 message to Trash"))

    def _away(self, request: Request[int], words: str) -> None:
        """It leaves its folder; its window is closed, and the main window can take that back."""
        self._windows.away(self, request, words)
