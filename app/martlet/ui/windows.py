"""Opens the other windows, each imported only when it is wanted, and keeps them while they live."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import structs
from PySide6.QtCore import QLocale, QObject, QProcess, Qt, QUrl, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu, QWidget
from shiboken6 import isValid

from martlet.link.messages import (
    EditDraft,
    ForwardDraft,
    ReplyDraft,
    Request,
    ResendDraft,
)
from martlet.mail.account import Account, AccountId, AccountState, Protocol, WorkerState
from martlet.mail.errors import MailError
from martlet.mail.folder import Folder
from martlet.mail.message import Address, MessageId
from martlet.mail.outgoing import Draft, DraftId
from martlet.mail.reading import AS_SENT, View
from martlet.mail.sign_in import SMTP
from martlet.mail.writing import Place, Template, TemplateKind
from martlet.ui import habits
from martlet.ui.commands import action_of
from martlet.ui.hush import Hush
from martlet.ui.link import EngineLink
from martlet.ui.mailto import from_mailto

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.compose import ComposeWindow
    from martlet.ui.compose.keeping.place import Place as Left
    from martlet.ui.compose.spelling import Dictionaries
    from martlet.ui.message_window import MessageWindow
    from martlet.ui.settings import Settings

_MOST_DRAFTS = 30


class Windows(QObject):
    """The doors of one main window. letter_sent: a letter was queued under this outbox id.
    letter_opened: this window of a letter is open.

    account_added: an account was added under this id. search_wanted: mail from an Address.
    done: what was done elsewhere and can be taken back.
    """

    letter_sent = Signal(int)
    letter_opened = Signal(object)
    account_added = Signal(int)
    search_wanted = Signal(object)
    done = Signal(str)

    def __init__(
        self, link: EngineLink, reader: Reader, settings: Settings, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._link = link
        self._reader = reader
        self._window = parent
        self._open: set[QWidget] = set()
        # Where the writer was in letters that can still be taken back.
        self._left_at: dict[int, Left] = {}
        self._dictionaries: Dictionaries | None = None
        self.hush = Hush(parent)

    @property
    def habits(self) -> habits.Habits:
        """How this person writes, as it was set last."""
        return habits.read(self._settings)

    def write(
        self, account: Account | None, draft: Draft | None = None, *, fresh: bool = False
    ) -> ComposeWindow | None:
        """An empty letter from this account, or that draft; a fresh one is still to be signed."""
        if draft is None:
            if account is None:
                return None
            draft, fresh = Draft(DraftId(0), account.id), True
        already = self.letter_of(draft.id)
        if already is not None:
            self._bring(already)
            return already
        from martlet.ui.compose import ComposeWindow

        letter = ComposeWindow(
            self._link, self._reader, draft, settings=self._settings,
            dictionaries=self._words(), fresh=fresh,
        )  # fmt: skip
        letter.original.message_wanted.connect(self.message)
        self._show(letter)
        return letter

    def open_letters(self) -> list[ComposeWindow]:
        """The letters that are written now."""
        if not self._open:
            return []
        from martlet.ui.compose import ComposeWindow

        return [w for w in self._open if isinstance(w, ComposeWindow)]

    def letter_of(self, draft_id: DraftId) -> ComposeWindow | None:
        """The window that holds this draft."""
        held = (w for w in self.open_letters() if draft_id and w.keeper.draft_id == draft_id)
        return next(held, None)

    def bring_letter(self, draft_id: DraftId) -> bool:
        """Brings the window that holds this draft to the front; False: none does."""
        held = self.letter_of(draft_id)
        if held is not None:
            self._bring(held)
        return held is not None

    def _words(self) -> Dictionaries:
        """The dictionaries of all letters, opened with the first."""
        from martlet.ui.compose.spelling import Dictionaries

        if self._dictionaries is None:
            self._dictionaries = Dictionaries(self)
        return self._dictionaries

    def write_from_template(self, account: Account | None) -> None:
        """Offers the templates, and begins a letter with the one that is taken."""
        from martlet.ui.compose.templates.picker import Picker

        if account is None:
            return
        picker = Picker(
            self.tr("New from template"),
            self._reader.templates(TemplateKind.TEMPLATE),
            self.tr("Templates are letters you write again and again. Write one, then choose "
                    "“Save as template…” in its menu."),
            self._window,
        )  # fmt: skip
        picker.chosen.connect(lambda template: self._write_template(account, template))
        picker.manage.connect(lambda: self.templates(account))
        picker.example.connect(lambda: self.templates(account))
        self._ask(picker)

    def templates(self, account: Account | None) -> None:
        """All templates and snippets."""
        from martlet.ui.compose.templates.templates_dialog import TemplatesDialog

        dialog = TemplatesDialog(self._link, self._reader, self._window)
        if account is not None:
            dialog.letter_wanted.connect(lambda one: self._write_template(account, one, keep=True))
        self._ask(dialog)

    def _write_template(self, account: Account, template: Template, *, keep: bool = False) -> None:
        """keep: it is the template itself that is to be changed."""
        letter = self.write(account)
        if letter is not None:
            letter.kept.take(template, itself=keep)

    def write_again(self, draft: Draft, letter: int) -> None:
        """A letter taken back (that outbox id), open as it was left."""
        from martlet.ui.compose.keeping.place import go_to

        window = self.write(None, draft)
        place = self._left_at.pop(letter, None)
        if window is not None and place is not None:
            go_to(window, place)

    def answer(self, request: Request[Draft]) -> None:
        """A letter the engine prepares (reply, forward, edit as new)."""
        fresh = not isinstance(request, EditDraft | ResendDraft)
        if isinstance(request, ReplyDraft) and request.place is Place.SMART:
            request = structs.replace(request, place=self.habits.place)
        if isinstance(request, ReplyDraft | ForwardDraft):
            request = structs.replace(request, language=QLocale().bcp47Name())

        def show(draft: Draft) -> None:
            self.write(None, draft, fresh=fresh)

        self._link.ask(request, show)

    def redirect(self, message: MessageId, parent: QWidget | None = None) -> None:
        """Asks whom a message is sent on to, as it is."""
        envelope = self._reader.envelope(message)
        if envelope is None:
            return
        from martlet.ui.redirect_sheet import RedirectSheet

        sheet = RedirectSheet(
            self._link,
            self._reader,
            message,
            envelope,
            self.habits.undo_s,
            parent or self._window,
            utc=self.habits.utc,
        )
        sheet.sent.connect(self.letter_sent)
        self._ask(sheet)

    def writing(self) -> None:
        """How this person writes."""
        from martlet.ui.compose.preferences import WritingPreferences

        dictionaries = self._words()
        dictionaries.open()
        self._ask(WritingPreferences(self._settings, dictionaries, self._window))

    def mailto(self, url: QUrl, account: Account | None) -> None:
        """A letter as a mailto link describes it (RFC 6068)."""
        if account is not None:
            linked = from_mailto(url, account.id)
            letter = self.write(account, linked.draft, fresh=True)
            if letter is not None and linked.remark():
                letter.notice.say(linked.remark())

    def add_account(self) -> None:
        from martlet.ui.accounts import AccountWizard

        wizard = AccountWizard(self._link, self._reader, self._window)
        wizard.added.connect(self.account_added)
        self._ask(wizard)

    def accounts(self) -> None:
        from martlet.ui.accounts import AccountsDialog

        dialog = AccountsDialog(self._link, self._reader, self._window)
        dialog.added.connect(self.account_added)
        self._ask(dialog)

    def see_to(self, state: AccountState) -> None:
        """What a person must decide for an account: its password or a certificate."""
        account = self._reader.account(state.account_id)
        if account is None:
            return
        if state.state is WorkerState.NEEDS_PASSWORD:
            from martlet.ui.accounts import PasswordDialog

            # Where sending has a password of its own, it is that which was refused.
            own = account.smtp_secret and state.protocol is Protocol.SMTP
            self._ask(
                PasswordDialog(
                    self._link, account, state.problem, self._window, part=SMTP if own else ""
                )
            )
        elif state.fingerprint:
            from martlet.ui.accounts import CertificateDialog

            self._ask(CertificateDialog(self._link, account, state, self._window))
        else:
            self.accounts()

    def outbox(self) -> None:
        from martlet.ui.outbox.window import OutboxWindow

        already = next((w for w in self._open if isinstance(w, OutboxWindow)), None)
        if already is not None:
            self._bring(already)
            return
        window = OutboxWindow(self._link, self._reader, settings=self._settings)
        window.composing.connect(self._keep)
        self._show(window)

    def drafts(self) -> None:
        """Opens the draft that is only here, or asks which when there are several."""
        known = self._reader.drafts_only_here()
        if len(known) == 1:
            self.write(None, known[0])
            return
        menu = QMenu(self._window)
        for draft in known[:_MOST_DRAFTS]:
            title = draft.subject or self.tr("(no subject)")
            people = ", ".join(to.name or to.address for to in draft.to[:2])
            words = f"{title[:60]} – {people}" if people else title[:60]
            action = menu.addAction(words.replace("&", "&&"))
            action.triggered.connect(lambda _on=False, draft=draft: self.write(None, draft))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(QCursor.pos())

    def keys(self) -> None:
        from martlet.ui.key_help import KeyHelp
        from martlet.ui.tagging import known

        self._ask(KeyHelp(self._window, [tag.name for tag in known(self._reader, self._settings)]))

    def pick_folder(
        self, account_id: AccountId, then: Callable[[Folder], None], copying: bool
    ) -> None:
        """Asks for a folder by type-ahead."""
        from martlet.ui.folder_picker import FolderPicker

        title = self.tr("Copy to folder") if copying else self.tr("Move to folder")
        picker = FolderPicker(self._reader, account_id, title, self._window)

        def accepted() -> None:
            if isinstance(picker.picked, Folder):
                then(picker.picked)

        picker.accepted.connect(accepted)
        self._ask(picker)

    def pick_place(
        self,
        folder: Folder,
        fits: Callable[[Folder | Account], bool],
        then: Callable[[Folder | Account], None],
    ) -> None:
        """Asks where a folder is to stand: in another, or at the top of its account."""
        from martlet.ui.folder_picker import FolderPicker

        title = self.tr("Move “{name}” into").format(name=folder.leaf)
        picker = FolderPicker(self._reader, folder.account_id, title, self._window, fits=fits)

        def accepted() -> None:
            if picker.picked is not None:
                then(picker.picked)

        picker.accepted.connect(accepted)
        self._ask(picker)

    def account_log(self, account: Account) -> None:
        """What an account did and what went wrong, to be read."""
        from martlet.ui.accounts.log import AccountLogDialog

        self._ask(AccountLogDialog(self._link, self._reader, account, self._window))

    def message(self, message: MessageId, view: View = AS_SENT) -> None:
        """A message, or one attached to it (view.part), in a window of its own."""
        from martlet.ui.message_window import MessageWindow

        held = (w for w in self._open if isinstance(w, MessageWindow))
        already = next((w for w in held if w.shows(message, view.part)), None)
        if already is not None:
            self._bring(already)
            return
        envelope = self._reader.envelope(message)
        if envelope is None:
            return
        window = MessageWindow(
            self._link, self._reader, self, self._settings, message, envelope, view
        )
        window.search_wanted.connect(self.search_wanted)
        self._show(window)

    def away(self, window: MessageWindow, request: Request[int], words: str) -> None:
        """Has a message leave its folder, and its window with it, which may be closed before."""

        def gone(_number: int) -> None:
            self.done.emit(words)
            if isValid(window):
                window.close()

        def failed(error: MailError) -> None:
            if isValid(window):
                window.show_error(error)
            else:
                self._link.notice.emit(error)

        self._link.ask(request, gone, failed, self)

    def write_to(self, person: Address, account: Account | None) -> None:
        """An empty letter to somebody."""
        if account is not None and person.address:
            self.write(account, Draft(DraftId(0), account.id, to=(person,)), fresh=True)

    def demo(self) -> None:
        """Starts Martlet again, on the mailbox that comes with it."""
        start_again("--demo")

    def open_files(self) -> None:
        """Asks for mail files and shows each in a window of its own, which needs no account."""
        dialog = QFileDialog(self._window, self.tr("Open mail files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self.tr("Mail files (*.eml)"), self.tr("All files (*)")])
        dialog.filesSelected.connect(show_files)
        self._ask(dialog)

    def close_all(self) -> bool:
        """Closes what is open; False when a window would not (an unsaved letter)."""
        return all(window.close() for window in list(self._open))

    def _show(self, window: QWidget) -> None:
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._keep(window)
        window.show()

    def _keep(self, window: QWidget) -> None:
        from martlet.ui.compose import ComposeWindow

        if isinstance(window, ComposeWindow):
            window.sent.connect(lambda letter: self._sent(window, letter))
            window.hands.links.letter_wanted.connect(
                lambda to: self.mailto(to, self._reader.account(window.draft().account_id))
            )
            self.letter_opened.emit(window)
            self.hush.watch(window)
        self._open.add(window)
        action_of("quit", window, self._window.close)
        window.destroyed.connect(lambda: self._open.discard(window))

    def _sent(self, window: ComposeWindow, letter: int) -> None:
        from martlet.ui.compose.keeping.place import place_in

        self._left_at[letter] = place_in(window)
        self.letter_sent.emit(letter)

    def _bring(self, window: QWidget) -> None:
        window.show()
        window.raise_()
        window.activateWindow()

    def _ask(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def start_again(*arguments: str) -> None:
    """Another Martlet, in a process of its own."""
    before = () if getattr(sys, "frozen", False) else ("-m", "martlet")
    QProcess.startDetached(sys.executable, [*before, *arguments])


def show_files(paths: list[str]) -> None:
    """A window for each of these mail files."""
    for path in paths:
        start_again("open", path)
