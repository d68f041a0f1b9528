"""What the window's commands do, by their names. Everything lasting is asked of the engine."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox

from martlet.link import messages as ask
from martlet.mail.account import AccountId
from martlet.mail.errors import MailError, Refused
from martlet.mail.folder import Folder, Role
from martlet.mail.message import FLAGGED, SEEN, MessageId, MessageRow
from martlet.ui.address_menu import pop_up
from martlet.ui.beginning import Beginning
from martlet.ui.folder_model import shown_name


class Verbs(Beginning):
    """The verbs of one main window."""

    # Writing

    def write(self) -> None:
        self._w.windows.write(self._w.current_account())

    def write_from_template(self) -> None:
        self._w.windows.write_from_template(self._w.current_account())

    def templates(self) -> None:
        self._w.windows.templates(self._w.current_account())

    def at_draft(self) -> bool:
        """Whether one draft is chosen, in a folder of drafts."""
        row = self._one()
        folder = self._w.reader.folder(row.folder_id) if row is not None else None
        return folder is not None and folder.role is Role.DRAFTS

    def edit_draft(self) -> None:
        if (row := self._one()) and self.at_draft():
            self._w.letters.open(row.id)

    def edit_as_new(self) -> None:
        if row := self._one():
            self._w.windows.answer(ask.EditDraft(row.id))

    def send_again(self) -> None:
        if row := self._one():
            self._w.windows.answer(ask.ResendDraft(row.id))

    def redirect(self) -> None:
        if row := self._one():
            self._w.windows.redirect(row.id)

    # Messages

    def archive(self) -> None:
        if ids := self._ids():
            words = self._counted(
                len(ids), self.tr("Archived 1 message"), self.tr("Archived {count} messages")
            )
            self._to_role(ask.Archive(ids), words)

    def delete(self) -> None:
        rows = self._w.list.selected_rows()
        if not rows:
            return
        folder = self._w.reader.folder(rows[0].folder_id)
        if folder is not None and folder.role is Role.TRASH:
            self.delete_forever()
            return
        words = self._counted(
            len(rows),
            self.tr("Moved 1 message to Trash"),
            self.tr("Moved {count} messages to Trash"),
        )
        self._to_role(ask.Delete([row.id for row in rows]), words)

    def delete_forever(self) -> None:
        ids = self._ids()
        question = self._counted(
            len(ids),
            self.tr("Delete 1 message permanently? This cannot be undone."),
            self.tr("Delete {count} messages permanently? This cannot be undone."),
        )
        there = self._w.summaries.wait_there(self._w.list.selected_rows())
        if there:
            question += "\n\n" + self._counted(
                there,
                self.tr("1 is only on the server, and is deleted there."),
                self.tr("{count} are only on the server, and are deleted there."),
            )
        if ids and self.sure(self.tr("Delete permanently"), question):
            self._w.link.ask(ask.Delete(ids, True))

    def junk(self) -> None:
        row = next(iter(self._w.list.selected_rows()), None)
        if row is None:
            return
        if self._to_junk(row.account_id, self._ids()):
            return
        account = self._w.reader.account(row.account_id)
        if account is not None:
            ids, number = self._ids(), account.id

            def again() -> None:
                self._to_junk(number, ids)

            self._w.missing_roles.ask(account, Role.JUNK, again)

    def move(self) -> None:
        self._to_folder(copying=False)

    def copy(self) -> None:
        self._to_folder(copying=True)

    def move_to(self, ids: list[MessageId], folder: Folder, copying: bool = False) -> None:
        """Moves or copies these, and says so with an undo."""
        if not ids:
            return
        one, many = (
            (
                self.tr("Copied 1 message to {folder}"),
                self.tr("Copied {count} messages to {folder}"),
            )
            if copying
            else (
                self.tr("Moved 1 message to {folder}"),
                self.tr("Moved {count} messages to {folder}"),
            )
        )
        words = self._counted(len(ids), one, many, folder=shown_name(folder))
        request = ask.Copy(ids, folder.id) if copying else ask.Move(ids, folder.id)

        def refused(error: MailError) -> None:
            if self._w.reader.folder(folder.id) is None:
                gone = self.tr("The folder “{name}” is not there any more.")
                stayed = self._counted(
                    len(ids),
                    self.tr("The message stayed where it was."),
                    self.tr("The {count} messages stayed where they were."),
                )
                name = shown_name(folder)
                error = Refused(f"{gone.format(name=name)} {stayed}", "", error.account)
            self._w.show_error(error)

        self._w.link.ask(request, lambda _n: self._w.say(words, undo=True), refused)

    def star(self) -> None:
        self.star_rows(self._w.list.selected_rows())

    def star_rows(self, rows: list[MessageRow]) -> None:
        """Stars these; takes the star away when all have one."""
        self._toggle(rows, FLAGGED, all(row.flagged for row in rows))

    def toggle_read(self) -> None:
        rows = self._w.list.selected_rows()
        self._w.reading.forget()
        self._toggle(rows, SEEN, not any(row.unread for row in rows))

    def tag(self, number: int) -> None:
        self._w.tagging.number(number)

    def untag(self) -> None:
        self._w.tagging.clear()

    def tags(self) -> None:
        pop_up(self._w.tagging.menu(), self._w.pane if self._w.panes.reading else self._w.list)

    # Mail and the program

    def get_mail(self) -> None:
        self._w.link.ask(ask.CheckMail())
        self._w.status_line.say(self.tr("Looking for new mail…"))

    def undo(self) -> None:
        if self._w.taking_back.offered:
            self._w.taking_back.take_back()
        else:
            self._w.link.ask(ask.Undo(), self._undone)

    def add_account(self) -> None:
        self._w.windows.add_account()

    def writing(self) -> None:
        self._w.windows.writing()

    def accounts(self) -> None:
        self._w.windows.accounts()

    def keys(self) -> None:
        self._w.windows.keys()

    def open_menu(self) -> None:
        self._w.top_bar.open_menu()

    def quit(self) -> None:
        # The letters with it, which are open again at the next start; closed before, they are not.
        self._w.close()

    # Between the verbs

    def _to_junk(self, account_id: AccountId, ids: list[MessageId]) -> bool:
        """False when the account has no folder for junk."""
        folders = self._w.reader.folders(account_id)
        junk = next((f for f in folders if f.role is Role.JUNK), None)
        if junk is not None:
            self.move_to(ids, junk)
        return junk is not None

    def _to_role(self, request: ask.Archive | ask.Delete, words: str) -> None:
        """Asks for it; where the account has no such folder, asks which, and then again."""
        row = next(iter(self._w.list.selected_rows()), None)
        account = self._w.reader.account(row.account_id) if row is not None else None

        def refused(error: MailError) -> None:
            if not self._w.missing_roles.take(error, account, again):
                self._w.show_error(error)

        def again() -> None:
            self._w.link.ask(request, lambda _n: self._w.say(words, undo=True))

        self._w.link.ask(request, lambda _n: self._w.say(words, undo=True), refused)

    def _ids(self) -> list[MessageId]:
        return [row.id for row in self._w.list.selected_rows()]

    def _toggle(self, rows: list[MessageRow], flag: str, has: bool) -> None:
        ids = [row.id for row in rows]
        if ids:
            self._w.link.ask(
                ask.SetFlags(ids, remove=[flag]) if has else ask.SetFlags(ids, add=[flag])
            )

    def _to_folder(self, *, copying: bool) -> None:
        rows = self._w.list.selected_rows()
        if rows:
            ids = [row.id for row in rows]
            self._w.windows.pick_folder(
                rows[0].account_id, lambda folder: self.move_to(ids, folder, copying), copying
            )

    def _undone(self, what: str) -> None:
        words = self.tr("Undone: {what}").format(what=what) if what else self.tr("Nothing to undo.")
        self._w.say(words, stays=True)  # what comes back may be chosen by that

    def _counted(self, number: int, one: str, many: str, *, folder: str = "") -> str:
        return (one if number == 1 else many).format(count=number, folder=folder)

    def sure(self, title: str, question: str) -> bool:
        """Asks a question whose yes cannot be undone."""
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._w, title, question, button.Yes | button.Cancel, button.Cancel
        )
        return answer == button.Yes  # equal, but not the same object
