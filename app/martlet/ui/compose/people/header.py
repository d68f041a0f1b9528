"""The lines above a letter's body: From, Reply-To, To, Cc, Bcc and Subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from martlet.mail.account import Account, AccountId
from martlet.mail.address_key import address_key
from martlet.mail.message import Envelope
from martlet.mail.outgoing import Draft
from martlet.mail.recipients import MOST
from martlet.mail.safe_domain import safe_address
from martlet.ui import theme
from martlet.ui.compose.people.answering import Detour, detour, to_whom
from martlet.ui.compose.people.between import Between
from martlet.ui.compose.people.header_line import HeaderLine, revealer
from martlet.ui.compose.people.hint import HintLine
from martlet.ui.compose.people.recipient_edit import begins_at_its_name
from martlet.ui.compose.people.recipients import BARE_EDIT, Complete, RecipientField
from martlet.ui.compose.people.sender import SenderLine
from martlet.ui.flow import grows_down

_NARROW = 480


class LetterHeader(QWidget):
    """changed: any of its lines says something else now. done: the subject was ended with Enter.

    sender_changed: the letter is from another identity now. asked: a request for the engine.
    noted: one sentence about what was pasted. group_wanted: these people are to become a group.
    """

    changed = Signal()
    sender_changed = Signal()
    done = Signal()
    asked = Signal(object)
    noted = Signal(str)
    group_wanted = Signal(object)

    def __init__(
        self, accounts: Sequence[Account], complete: Complete, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._answered: tuple[str, ...] = ()
        self._reply_wanted = False
        self.detour: Detour | None = None
        self.writer = SenderLine(accounts, self)
        self.from_choice = self.writer.box
        self.hint = HintLine(self)
        self.remark = HintLine(self)
        self.reply_to: RecipientField = RecipientField(self.tr("Reply-To"), complete, self)
        self.to: RecipientField = RecipientField(self.tr("To"), complete, self)
        self.cc: RecipientField = RecipientField(self.tr("Cc"), complete, self)
        self.bcc: RecipientField = RecipientField(self.tr("Bcc"), complete, self)
        self.fields = (self.to, self.cc, self.bcc)
        self.subject = QLineEdit(self)
        self.subject.setStyleSheet(BARE_EDIT)
        self.subject.setAcceptDrops(False)  # files belong to the letter
        begins_at_its_name(self.subject)
        self.subject.setAccessibleName(self.tr("Subject"))
        self._weigh_subject("")
        self.subject.textChanged.connect(self._weigh_subject)
        self.subject.setPlaceholderText(self.tr("What it is about"))

        self.show_cc = revealer(self, self.tr("Cc"), self.tr("Add a line for copies (Cc)"))
        self.show_bcc = revealer(
            self, self.tr("Bcc"), self.tr("Add a line for hidden copies (Bcc)")
        )
        self.show_cc.clicked.connect(lambda: self.reveal(self.cc))
        self.show_bcc.clicked.connect(lambda: self.reveal(self.bcc))

        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        self._from_line = HeaderLine(self.tr("From"), self.writer)
        self._reply_line = HeaderLine(self.tr("Reply-To"), self.reply_to)
        self._reply_line.hide()
        self._cc_line = HeaderLine(self.tr("Cc"), self.cc)
        self._bcc_line = HeaderLine(self.tr("Bcc"), self.bcc)
        lines.addWidget(self._from_line)
        lines.addWidget(self.hint)
        lines.addWidget(self._reply_line)
        self._to_line = HeaderLine(self.tr("To"), self.to, self.show_cc, self.show_bcc)
        lines.addWidget(self._to_line)
        lines.addWidget(self._cc_line)
        lines.addWidget(self._bcc_line)
        lines.addWidget(self.remark)
        lines.addWidget(HeaderLine(self.tr("Subject"), self.subject))
        self._cc_line.hide()
        self._bcc_line.hide()
        grows_down(self)
        self._between = Between(self)
        for field in self.fields:
            field.changed.connect(self._people_changed)
            field.read.connect(self._note_many)
            field.asked.connect(self.asked)
            field.group_wanted.connect(self.group_wanted)
        self.reply_to.changed.connect(self.changed)
        self.reply_to.asked.connect(self.asked)
        self.subject.textEdited.connect(lambda _text: self.changed.emit())
        self.subject.returnPressed.connect(self.done)
        self.writer.changed.connect(self._show_sender)
        self.hint.action.clicked.connect(self._use_answered)
        self.remark.action.clicked.connect(self.answer_writer)

    def _weigh_subject(self, words: str) -> None:
        """What only says what is to be written there is no subject yet, and not as heavy as one."""
        self.subject.setFont(theme.font(15, bold=bool(words)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow letter the recipients have their line for themselves."""
        super().resizeEvent(event)
        line = self._from_line if event.size().width() < _NARROW else self._to_line
        if self.show_cc.parentWidget() is not line:
            line.hold(self.show_cc, self.show_bcc)

    def reveal(self, field: RecipientField, *, focus: bool = True) -> None:
        """Shows the line of Cc, Bcc or Reply-To."""
        if field is self.reply_to:
            self._reply_wanted = True
            self._reply_line.show()
        elif field is not self.to:
            at = (
                (self._cc_line, self.show_cc)
                if field is self.cc
                else (self._bcc_line, self.show_bcc)
            )
            at[0].show()
            at[1].hide()
        if focus:
            field.setFocus()

    def order_tabs(self) -> None:
        """Tab leads from line to line; the buttons for more lines come before To."""
        order = (
            self.writer.box,
            self.writer.edit,
            self.reply_to.edit,
            self.show_cc,
            self.show_bcc,
            self.to.edit,
            self.cc.edit,
            self.bcc.edit,
            self.subject,
        )
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def load(self, draft: Draft, answered: Envelope | None = None) -> None:
        """answered: the head of what this answers."""
        self._answered = to_whom(answered)
        self.detour = detour(draft, answered)
        self.to.set_addresses(draft.to)
        self.cc.set_addresses(draft.cc)
        self.bcc.set_addresses(draft.bcc)
        self.reply_to.set_addresses(draft.reply_to)
        self._reply_wanted = bool(draft.reply_to)
        for field, given in ((self.cc, draft.cc), (self.bcc, draft.bcc)):
            if given:
                self.reveal(field, focus=False)
        self.subject.setText(draft.subject)
        self.writer.load(draft.account_id, draft.sender)
        self._show_sender()
        self._between.mark()
        self._remark()

    @property
    def account(self) -> Account | None:
        """The account it is sent from, or None where none can send."""
        sender = self.writer.chosen
        return sender.account if sender is not None else None

    @property
    def account_id(self) -> AccountId:
        return self.account.id if self.account is not None else AccountId(0)

    @property
    def reading(self) -> bool:
        """Whether a long list is still being read."""
        return any(field.reading for field in (*self.fields, self.reply_to))

    def wrong(self) -> list[str]:
        every = (*self.fields, self.reply_to)
        return [each for field in every for each in field.wrong()]

    def take_typed(self) -> None:
        for field in (*self.fields, self.reply_to):
            field.take()

    def anyone(self) -> bool:
        return any(len(field.rows) or field.addresses() for field in self.fields)

    # What mends a letter (`checks`)

    def hide_all(self) -> None:
        """Those of To and Cc go to Bcc."""
        self._between.gather(self.bcc, (self.to, self.cc))
        self.reveal(self.bcc, focus=False)

    def keep_first(self) -> None:
        """Of an answer to all only whom it answers."""
        first = self.to.addresses()[:1]
        self.to.set_addresses(first)
        self.cc.set_addresses(())
        self._people_changed()

    def correct(self, meant: Mapping[str, str]) -> None:
        """Puts other addresses in the place of these."""
        self._between.correct(meant)

    def take_out(self, addresses: Sequence[str]) -> None:
        keys = [address_key(each) for each in addresses]
        for field in self.fields:
            field.remove(keys)

    def edit_reply_to(self) -> None:
        self.reveal(self.reply_to)

    def answer_writer(self) -> None:
        """To who wrote, instead of whom they named for answers."""
        way, self.detour = self.detour, None
        if way is not None:
            self.to.replace(address_key(way.goes_to.address), way.wrote)
        self._remark()

    def hidden_copy(self) -> None:
        """Has the writer get a hidden copy, by the address that it is from."""
        self._between.copy_to_self = True
        self._show_sender()

    # What follows

    def _people_changed(self) -> None:
        self._between.mark()
        self._remark()
        self.changed.emit()

    def _remark(self) -> None:
        way = self.detour
        if way is not None and address_key(way.goes_to.address) in self.to.rows:
            words = self.tr("Your answer goes to {other}, not to {writer} who wrote.")
            self.remark.say(
                words.format(
                    other=safe_address(way.goes_to.address), writer=safe_address(way.wrote.address)
                ),
                self.tr("Answer the writer"),
            )
            return
        self.remark.say("")

    def _note_many(self, count: int) -> None:
        words = self.tr("{n} recipients were pasted.").format(n=self.locale().toString(count))
        every = sum(len(field.rows) for field in self.fields)
        if every > MOST:
            most = self.locale().toString(MOST)
            more = self.tr("A letter can go to at most {most} people at once.").format(most=most)
            words = f"{words} {more}"
        self.noted.emit(words)

    def _show_sender(self) -> None:
        """What follows from whom the letter is from."""
        sender = self.writer.chosen
        reply_to = sender.identity.reply_to if sender is not None else ""
        self.reply_to.edit.setPlaceholderText(reply_to)
        self._reply_line.setVisible(bool(reply_to) or self._reply_wanted)
        self._between.sent_by(sender.address if sender is not None else None)
        written_to = self.writer.of(self._answered)
        own = sender.address.address.casefold() if sender is not None else ""
        answered = {each.casefold() for each in self._answered}
        if self.writer.wrong:
            words = self.tr(
                "“{text}” is none of your addresses. In Accounts it can be added as an identity."
            )
            self.hint.say(words.format(text=self.writer.wrong))
        elif written_to and own not in answered:
            words = self.tr("What you answer was written to {address}.")
            use = self.tr("Use that address")
            self.hint.say(words.format(address=written_to), use)
        else:
            self.hint.say("")
        self.sender_changed.emit()
        self.changed.emit()

    def _use_answered(self) -> None:
        self.writer.choose(self.writer.of(self._answered))
