"""The commands that begin a letter from a message: answer it, pass it on, write it once more."""

from __future__ import annotations

from martlet.link import messages as ask
from martlet.mail.writing import AnswerTo, ForwardAs
from martlet.ui.answering import has_others, selection, takes_list_mail
from martlet.ui.seeing import Seeing


class Beginning(Seeing):
    """The part of the verbs of one main window that begins letters."""

    def reply(self) -> None:
        self._answer(AnswerTo.SENDER)

    def reply_all(self) -> None:
        self._answer(AnswerTo.ALL)

    def reply_list(self) -> None:
        self._answer(AnswerTo.LIST)

    def forward(self) -> None:
        self._forward(self._w.windows.habits.forward)

    def forward_inline(self) -> None:
        self._forward(ForwardAs.INLINE)

    def forward_attached(self) -> None:
        self._forward(ForwardAs.ATTACHED)

    def can_begin(self, command: str) -> bool:
        """Whether this command makes sense for the message that is chosen."""
        row = self._one()
        if row is None or command not in ("reply.all", "reply.list"):
            return True
        if command == "reply.list":
            return takes_list_mail(self._rendered(row))
        return has_others(self._w.reader.envelope(row.id), self._w.reader.accounts())

    def _answer(self, to: AnswerTo) -> None:
        if row := self._one():
            chosen = selection(self._w.pane, row.id)
            self._w.windows.answer(ask.ReplyDraft(row.id, to, selection=chosen))

    def _forward(self, how: ForwardAs) -> None:
        if ids := [row.id for row in self._w.list.selected_rows()]:
            self._w.windows.answer(ask.ForwardDraft(ids, how))
