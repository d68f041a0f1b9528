"""What the commands do that change nothing: how things look, and where one goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from martlet.mail.folder import Role
from martlet.mail.message import MessageId
from martlet.ui import original_colours, rounds, theme
from martlet.ui.folder_model import shown_name
from martlet.ui.ways import Mode

if TYPE_CHECKING:
    from martlet.ui.window import MainWindow


class Going(QObject):
    """The quiet half of the verbs of one main window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window

    # The view

    def toggle_plain(self) -> None:
        self._w.pane.toggle_plain()

    def toggle_simple(self) -> None:
        self._w.pane.toggle_mode(Mode.SIMPLE)

    def toggle_original(self) -> None:
        original_colours.turn(self._w.pane, self._w.say)

    def toggle_quotes(self) -> None:
        if not self._w.pane.toggle_quotes():
            self._w.say(self.tr("There is no quote to fold in this message."))

    def print_message(self) -> None:
        self._w.printing.ask(self._w.pane)

    def save_pdf(self) -> None:
        self._w.printing.ask_file(self._w.pane)

    def find(self) -> None:
        self._w.panes.open()
        self._w.pane.begin_finding()

    def deliveries(self) -> None:
        """What became of a sent message; what a report is about."""
        if self._w.pane.ledger.isVisible():
            self._w.pane.ledger.turn()
        else:
            self._w.say(self.tr("Nothing is known of how this message was delivered."))

    def zoom_in(self) -> None:
        self._w.pane.zoom(1)

    def zoom_out(self) -> None:
        self._w.pane.zoom(-1)

    def zoom_reset(self) -> None:
        self._w.pane.zoom(0)

    def toggle_dark(self) -> None:
        """From then on, whatever the system says."""
        scheme = "light" if theme.current().dark else "dark"
        self._w.settings.put(colours=scheme)
        theme.choose(scheme)

    def system_colours(self) -> None:
        self._w.settings.put(colours="")
        theme.choose("")

    def toggle_pane(self) -> None:
        self._w.panes.toggle()
        (self._w.pane.body() if self._w.panes.may_go_back else self._w.list).setFocus()

    def next_pane(self) -> None:
        self._focus(1)

    def last_pane(self) -> None:
        self._focus(-1)

    # Going places

    def show_message(self, message: MessageId) -> None:
        """Goes to a stored message, in its folder."""
        w = self._w
        row = w.reader.row(message)
        folder = w.reader.folder(row.folder_id) if row is not None else None
        if row is None or folder is None:
            w.say(self.tr("This message is not here any more."))
            return
        current = w.folders.current_folder()
        if current is None or current.id != folder.id:
            w.folders.choose(folder.id)
        elif w.list_pane.searching:
            w.folders.announce()
        at = w.list_model.position_of(row.sort_key)
        if at < 0:
            # Too far down to be loaded yet: it is shown by itself, Escape leads to the folder.
            w.list_pane.show_found([row], more=False, title=shown_name(folder))
            at = 0
        w.list.choose(at)
        w.panes.open()

    def back(self) -> None:
        """From the message to the list, from what was found to the folder."""
        if self._w.pane.stop_finding():
            return
        if self._w.panes.may_go_back:
            self._w.panes.back()
            self._w.list.setFocus()
        elif self._w.search.text():
            self._w.search.leave()
        else:
            self._w.looking.leave()

    def next_message(self) -> None:
        self._step(1, unread=False)

    def previous_message(self) -> None:
        self._step(-1, unread=False)

    def next_unread(self) -> None:
        self._step(1, unread=True)

    def previous_unread(self) -> None:
        self._step(-1, unread=True)

    def onward(self) -> None:
        if not self._w.pane.page_down():
            self._step(1, unread=True)

    def go_inbox(self) -> None:
        self._w.folders.choose_role(Role.INBOX)

    def go_sent(self) -> None:
        self._w.folders.choose_role(Role.SENT)

    def go_drafts(self) -> None:
        self._w.folders.choose_role(Role.DRAFTS)

    def go_archive(self) -> None:
        self._w.folders.choose_role(Role.ARCHIVE)

    def outbox(self) -> None:
        self._w.windows.outbox()

    def search(self) -> None:
        self._w.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._w.search.selectAll()

    def _step(self, by: int, *, unread: bool) -> None:
        model, current = self._w.list_model, self._w.list.currentIndex()
        at = (current.row() if current.isValid() else -1 if by > 0 else model.row_count()) + by
        tries = 0
        while 0 <= at < model.row_count() and tries < 5000:
            row = model.row_at(at)
            if row is not None and (row.unread or not unread):
                self._w.list.choose(at)
                return
            at += by
            tries += 1

    def _focus(self, by: int) -> None:
        w = self._w
        stops = [(w.folders, w.folders), (w.list_pane, w.list), *rounds.of_message(w.pane)]
        rounds.go(stops, by)
