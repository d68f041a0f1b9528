"""The window a letter is written in; what it is made of lives in the parts beside this file."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QMainWindow,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.identity import Identity
from martlet.mail.message import Envelope
from martlet.mail.outgoing import Draft, DraftKind
from martlet.ui import habits
from martlet.ui.compose import window_place
from martlet.ui.compose.busy import Busy, Reason
from martlet.ui.compose.commands import LetterCommands
from martlet.ui.compose.escape import Escape
from martlet.ui.compose.files.attachments import AttachmentBar
from martlet.ui.compose.files.intake import Intake
from martlet.ui.compose.files.luggage import Luggage
from martlet.ui.compose.files.original import OriginalCard
from martlet.ui.compose.going.options import begun
from martlet.ui.compose.going.sending import Sending
from martlet.ui.compose.hands import Hands
from martlet.ui.compose.images.letter_pictures import LetterPictures
from martlet.ui.compose.images.pasted_pictures import PastedPictures
from martlet.ui.compose.keeping.closing import Closing
from martlet.ui.compose.keeping.elsewhere import ElsewhereBar
from martlet.ui.compose.keeping.keeper import DraftKeeper
from martlet.ui.compose.keeping.restoring import words_of
from martlet.ui.compose.keeping.waiting import Waiting
from martlet.ui.compose.lock import Lock
from martlet.ui.compose.people.header import LetterHeader
from martlet.ui.compose.people.letter_groups import LetterGroups
from martlet.ui.compose.questions import Choice, ask
from martlet.ui.compose.reminder import Reminder
from martlet.ui.compose.signing.signer import Signer
from martlet.ui.compose.spelling import Dictionaries, Spelling
from martlet.ui.compose.spelling import menu as spelling_menu
from martlet.ui.compose.templates.kept import Kept
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.looks import Looks
from martlet.ui.compose.tools.formatting import FormatBar
from martlet.ui.compose.topbar import TopBar
from martlet.ui.menu_rest import rests_after
from martlet.ui.notice import NoticeLine
from martlet.ui.settings import Settings

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink


class ComposeWindow(QMainWindow):
    """sent: queued under this outbox id; the window closes then.

    settings: how this person writes (`habits`). dictionaries: shared with other letters.
    fresh: nothing of the draft is the writer's own yet, so that it gets their signature.
    """

    sent = Signal(int)

    def __init__(
        self,
        link: EngineLink,
        reader: Reader,
        draft: Draft,
        *,
        settings: Settings | None = None,
        dictionaries: Dictionaries | None = None,
        fresh: bool = False,
    ) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self.settings = settings or Settings()
        window_place.begin(self)
        self.habits = habits.read(self.settings)
        self._link = link
        draft = begun(draft, self.habits) if fresh else draft
        self._given = draft
        self.touched = False
        self._loading = True
        self.question: QDialog | None = None

        self.top: TopBar = TopBar(self)
        self.notice = NoticeLine(self)
        self.header: LetterHeader = LetterHeader(reader.accounts(), reader.complete, self)
        self.editor: BodyEditor = BodyEditor(self)
        self.editor.setAccessibleName(self.tr("Letter"))
        self.pictures: LetterPictures = LetterPictures(reader, self.editor)
        self.looks: Looks = Looks(self.editor)
        self.format_bar: FormatBar = FormatBar(self.looks, self)
        self.attachments = AttachmentBar(self)
        self.intake = Intake(link, self.attachments, self.editor, self)
        self.busy = Busy(self)
        self.keeper = DraftKeeper(
            link, self.draft, draft, self, lambda: words_of(self),
            held=lambda: self.editor.pasted.busy,
        )  # fmt: skip
        self.reminder = Reminder(self.editor.document, self)
        self.sending: Sending = Sending(link, self, self.habits.undo_s)
        self.closing: Closing = Closing(link, self)
        self.waiting: Waiting = Waiting(link, self)
        self.elsewhere: ElsewhereBar = ElsewhereBar(link, reader, self)
        self.pasted_pictures = PastedPictures(link, reader, self)
        self.spelling: Spelling = Spelling(
            self.editor, self.settings, dictionaries or Dictionaries(self)
        )
        self.commands = LetterCommands(self)
        menu = self.commands.menu(self)
        self.top.show_menu(menu)
        rests_after(menu, self.top.menu)
        self.format_bar.fill(self.commands)
        self.hands: Hands = Hands(self, reader)
        self.escape = Escape(self)
        self.signer = Signer(
            self.editor, self.intake, self.pictures, self._identity, draft.kind, self,
            below=self.habits.signature_below, over=bool(draft.original),
        )  # fmt: skip
        self.kept: Kept = Kept(self, link, reader)
        self.luggage: Luggage = Luggage(self, link, reader)
        self.groups: LetterGroups = LetterGroups(link, reader, self.header)
        self._reader = reader
        self.original: OriginalCard = OriginalCard(self, draft, there=_is_there(reader, draft))
        self.intake.along = self.original.ids
        self._lay_out()
        self.header.load(draft, _answered(reader, draft))
        if fresh and self.habits.bcc_self:
            self.header.hidden_copy()
        self._load(draft, fresh)
        self._connect()
        self._loading = False
        self._show_title()

    def draft(self) -> Draft:
        """The letter as it stands."""
        rich = self.editor.rich
        sender = self.header.writer.chosen
        return replace(
            self._given,
            account_id=self.header.account_id or self._given.account_id,
            sender=sender.address if sender is not None else self._given.sender,
            options=self.top.options,
            send_at=self.top.send_at,
            to=self.header.to.addresses(),
            cc=self.header.cc.addresses(),
            bcc=self.header.bcc.addresses(),
            reply_to=self.header.reply_to.addresses(),
            subject=self.header.subject.text().strip(),
            text=self.editor.text(),
            html=self.signer.wrapped(self.editor.html()) if rich else None,
            parts=(*self.intake.parts(), *self.original.parts()),
            original=self.original.markup if rich else "",
            updated=0.0,
        )

    def attach(self) -> None:
        """Lets the user pick files."""
        dialog = QFileDialog(self, self.tr("Attach files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self.intake.take_files)
        dialog.open()

    def set_rich(self, rich: bool) -> None:
        """Switches between plain and rich; asks first if something would be lost."""
        if rich == self.editor.rich or self.busy.locked:
            self.top.show_rich(self.editor.rich)
            return
        looks = self.editor.has_looks(self.signer.lines)
        if rich or not (looks or self.original.markup):
            self._switch(rich)
            return
        self.top.show_rich(True)
        self.question = ask(
            self,
            self.tr("Plain text"),
            self.tr("Plain text has no formatting."),
            self.tr("Bold and italic words, lists and links become plain words; pictures in the "
                    "letter become attachments."),
            [
                Choice(self.tr("Keep formatting"), QMessageBox.ButtonRole.RejectRole, None, True),
                Choice(
                    self.tr("Make it plain"),
                    QMessageBox.ButtonRole.AcceptRole,
                    lambda: self._switch(False),
                ),
            ],
        )  # fmt: skip

    def spell_next(self, back: bool = False, tries: int = 5) -> None:
        """Goes to the next word that is misspelt, and offers what may be meant.

        tries: how often words are waited for that nobody has looked up so far.
        """
        if spelling_menu.open_at(self.spelling, self.editor, back):
            return
        again = partial(self.spell_next, back, tries - 1)
        if not tries or not self.spelling.when_sure(again):
            self.notice.tell(self.tr("No misspelt word was found."))

    def choose_languages(self) -> None:
        """Which languages spelling is checked in."""
        menu = spelling_menu.languages(self.spelling, self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.top.menu.mapToGlobal(self.top.menu.rect().bottomLeft()))

    def ask_close(self) -> None:
        """Puts away what is open over the letter; else closes, and what was written is kept."""
        self.escape.press()

    def finish(self) -> None:
        """Closes, and keeps nothing: the letter is sent."""
        self.closing.finish()

    def is_empty(self) -> bool:
        """Whether nobody would miss anything of it."""
        subject = self.header.subject.text().strip()
        attached = self.attachments.cards
        return not (subject or attached or self.header.anyone()) and self.editor.is_blank(
            self.signer.lines
        )

    # Putting together

    def _lay_out(self) -> None:
        centre = QWidget(self)
        centre.setAutoFillBackground(True)
        centre.setBackgroundRole(self.editor.viewport().backgroundRole())
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bars = (self.top, self.notice, self.waiting, self.elsewhere, self.header, self.top.line)
        for widget in (*bars, self.pasted_pictures, self.format_bar):
            column.addWidget(widget)
        column.addWidget(self.editor, 1)
        column.addWidget(self.original)
        column.addWidget(self.hands.find_bar)
        column.addWidget(self.reminder)
        column.addWidget(self.attachments)
        self.setCentralWidget(centre)
        open_to_hands = (
            self.top, self.elsewhere, self.header, self.top.line, self.pasted_pictures,
            self.format_bar, self.editor, self.original, self.hands.find_bar, self.reminder,
            self.attachments,
        )  # fmt: skip
        self._lock = Lock(self.busy, self, open_to_hands)

    def _load(self, draft: Draft, fresh: bool) -> None:
        self.top.load_options(draft.options, draft.send_at)
        parts = [part for part in draft.parts if not self.original.own(part)]
        self.intake.load(parts, self.pictures.begin(parts))
        if draft.html is not None:
            self.editor.load_html(draft.html)
        else:
            self.editor.load_text(draft.text)
        self._show_kind()
        signed = self.signer.begin(fresh=fresh)
        if draft.below and fresh:
            self.editor.go_below(signed)
        if not draft.to and draft.kind is not DraftKind.REPLY:
            self.header.to.setFocus()
        elif not draft.subject:
            self.header.subject.setFocus()
        else:
            self.editor.setFocus()

        self.header.order_tabs()
        QWidget.setTabOrder(self.header.subject, self.editor)

    def _connect(self) -> None:
        self.top.send.clicked.connect(self.sending.start)
        self.top.attach.clicked.connect(self.attach)
        self.top.rich_wanted.connect(self.set_rich)
        self.editor.turning.changed.connect(self._turned)
        self.top.options_changed.connect(self._changed)
        self.header.changed.connect(self._changed)
        self.header.sender_changed.connect(self._sign_anew)
        self.header.done.connect(self.editor.setFocus)
        self.header.asked.connect(self._link.ask)
        self.header.noted.connect(self.notice.say)
        self.reminder.attach_wanted.connect(self.attach)
        self.editor.textChanged.connect(self._changed)
        self.editor.files_given.connect(self.hands.drops.given)
        self.editor.picture_given.connect(self.intake.take_picture)
        self.intake.changed.connect(self._changed)
        self.intake.refused.connect(self.notice.say)
        self.editor.pasted.failed.connect(
            lambda: self.notice.say(self.tr("What was copied cannot be pasted here."))
        )
        self.original.changed.connect(self._changed)
        self.original.changed.connect(self.intake.follow_pictures)
        watched = (
            (Reason.PASTING, lambda: self.editor.pasted.busy, self.editor.pasted.changed),
            (Reason.SENDING, lambda: self.sending.under_way, self.sending.changed),
            (Reason.READING, lambda: self.header.reading, self.header.changed),
            (Reason.TAKING, lambda: self.intake.busy, self.intake.changed),
            (Reason.KEEPING, lambda: self.closing.keeping, self.closing.changed),
        )
        for reason, asked, told in watched:
            self.busy.watch(reason, asked, told)
        self.busy.changed.connect(self._show_busy)

    # What happens

    def _changed(self) -> None:
        if self._loading:
            return
        self.touched = True
        self.top.show_saved(False)
        self._show_busy()
        self._show_title()
        wanted = self.habits.remind and not self.attachments.cards
        self.reminder.written(self.header.subject.text(), wanted=wanted)
        self.keeper.changed()

    def _show_busy(self) -> None:
        self.top.show_busy(self.busy.reason)

    def _sign_anew(self) -> None:
        """Another identity writes: with its own signature."""
        if not self._loading:
            self.signer.sender_changed()

    def _identity(self) -> Identity | None:
        sender = self.header.writer.chosen
        return sender.identity if sender is not None else None

    def _show_title(self) -> None:
        self.setWindowTitle(self.header.subject.text().strip() or self.tr("New message"))

    def _show_kind(self) -> None:
        self.format_bar.setVisible(self.editor.rich)
        self.top.show_rich(self.editor.rich)

    def _switch(self, rich: bool) -> None:
        leaving = (
            self.original.into_letter, self.signer.leave_rich, self.intake.unlink_pictures,
        )  # fmt: skip
        below = bool(self.original.markup)
        self.editor.set_rich(rich, () if rich else leaving, (self.signer.come_rich,))
        if below:
            self.original.stays_in()
        self._turned()
        self.editor.setFocus()

    def _turned(self) -> None:
        """The letter is of the other kind now, by its writer's wish or by undo."""
        self._show_kind()
        self._changed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.editor.ensureCursorVisible()

    def closeEvent(self, event: QCloseEvent) -> None:
        may_go = self.closing.may_go()
        if may_go:
            window_place.remember(self)
        event.setAccepted(may_go)


def _is_there(reader: Reader, draft: Draft) -> bool:
    """Whether what a draft is about is still in the store."""
    return draft.source is not None and reader.envelope(draft.source) is not None


def _answered(reader: Reader, draft: Draft) -> Envelope | None:
    """The head of what a draft answers."""
    if draft.kind is not DraftKind.REPLY or draft.source is None:
        return None
    return reader.envelope(draft.source)
