"""An invitation, its change, its cancelling, or somebody's answer to one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from martlet.mail.cards import Invitation, Method
from martlet.mail.message import Address
from martlet.ui.cards import event_words
from martlet.ui.cards.date_leaf import DateLeaf
from martlet.ui.cards.file_card import FileCard
from martlet.ui.fact_row import plain

_ASKED = 8
_READ = 400


class InvitationCard(FileCard):
    """What is planned, when, where, with whom."""

    def __init__(self, event: Invitation) -> None:
        gone = event.cancelled or event.method is Method.CANCEL
        super().__init__("calendar", event_words.heading(event), "danger" if gone else "")
        self._people = QGridLayout()
        day = event_words.first_day(event)
        if day is not None:
            self.replace_mark(DateLeaf(day, gone=gone, parent=self))
        if gone:
            font = self.heading.font()
            font.setStrikeOut(True)
            self.heading.setFont(font)
        when = event_words.when(event, self.locale())
        self.say(when or self.tr("It does not say when."), "")
        there = event_words.elsewhere(event, self.locale())
        for words in (there, event.repeats, event.location):
            if words:
                self.say(words)
        if event.method is Method.REPLY:
            self._say_answer(event)
        else:
            self._say_people(event)
        if event.description:
            self.fold(self.tr("More about it"), [event.description])
        self.offer_open(self.tr("Open in calendar"), event.part)
        self.offer_save(event.part)

    def _say_answer(self, event: Invitation) -> None:
        for who, status in event.attendees[:_ASKED]:
            said = event_words.answer(status) or self.tr("has not decided")
            self.say(self.tr("{who}: {answer}").format(who=str(who), answer=said), "")

    def _say_people(self, event: Invitation) -> None:
        self._people.setContentsMargins(0, 3, 0, 0)
        self._people.setHorizontalSpacing(10)
        self._people.setVerticalSpacing(3)
        self._people.setColumnStretch(1, 1)
        self.body.addLayout(self._people)
        if event.organizer is not None:
            self._line(self.tr("Invited by"), [event.organizer])
        by_answer: dict[str, list[Address]] = {}
        for who, status in event.attendees[:_READ]:
            by_answer.setdefault(event_words.answer(status), []).append(who)
        for said in sorted(by_answer, key=lambda words: not words):
            caption = said[:1].upper() + said[1:] if said else self.tr("Invited")
            self._line(caption, by_answer[said])

    def _line(self, caption: str, people: list[Address]) -> None:
        label = plain(caption, "third", self, 12)
        label.setWordWrap(False)
        at = self._people.rowCount()
        self._people.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
        self._people.addWidget(self.line_of(people, caption), at, 1)
