"""The main window: folders, list and message side by side, and what passes between them.

The panes do not know each other; what one says the window tells the others. What the commands do
is in `verbs.py`, which windows they open in `windows.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QUrl
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from martlet.link.messages import AccountStates
from martlet.mail.account import NO_ACCOUNT, Account, AccountId, AccountState
from martlet.mail.errors import MailError
from martlet.mail.folder import Role
from martlet.mail.message import MessageId, MessageRow
from martlet.mail.reading import View
from martlet.ui import links, pressing, theme
from martlet.ui.bars import NoticeBar, Toast
from martlet.ui.batches import Batches
from martlet.ui.changes import Changes
from martlet.ui.commands import DELETED_MENU, HEAD, LIST_MENU, MORE, Commands
from martlet.ui.files import Files
from martlet.ui.folder_model import Place
from martlet.ui.folder_pane import FolderPane
from martlet.ui.folder_verbs import FolderVerbs
from martlet.ui.folders import rights
from martlet.ui.folders.missing import MissingRoles
from martlet.ui.going_stack import GoingStack
from martlet.ui.leaving import Leaving
from martlet.ui.ledger import Ledger
from martlet.ui.letters import Letters
from martlet.ui.link import EngineLink
from martlet.ui.list_pane import ListPane
from martlet.ui.looking import Looking
from martlet.ui.looking_inside import LookingInside
from martlet.ui.message_pane import MessagePane
from martlet.ui.notices import Notices
from martlet.ui.panes import Panes
from martlet.ui.printing import Printing
from martlet.ui.reading import Reading
from martlet.ui.remembering import remember, restore
from martlet.ui.settings import Settings
from martlet.ui.status_line import StatusLine
from martlet.ui.summaries import Summaries
from martlet.ui.tagging import Tagging
from martlet.ui.taking_back import TakingBack
from martlet.ui.top_bar import TopBar
from martlet.ui.verbs import Verbs
from martlet.ui.welcome import Welcome
from martlet.ui.windows import Windows

if TYPE_CHECKING:
    from martlet.store.reader import Reader


class MainWindow(QMainWindow):
    """One window over one profile."""

    def __init__(
        self, link: EngineLink, reader: Reader, settings: Settings, title: str = ""
    ) -> None:
        super().__init__()
        self.link = link
        self.reader = reader
        self.settings = settings
        self._title = title or "Martlet"
        self._open_inbox_of = NO_ACCOUNT
        self.setWindowTitle(self._title)
        self.setWindowIcon(theme.application_icon())
        self.windows = Windows(link, reader, settings, self)
        self.files = Files(link, self, self.say)
        self.printing = Printing(link, self)
        self.inside = LookingInside(link, self, self.files)
        self.reading = Reading(link, self)
        self.folder_verbs = FolderVerbs(self)
        self.missing_roles = MissingRoles(link, reader, self)
        self.looking = Looking(self)
        self.summaries = Summaries(self)
        self.tagging = Tagging(link, reader, settings, self, self._tagged, self.say)
        self.verbs = Verbs(self)
        self.commands = Commands(self, self.verbs)
        self._build()
        self._connect()
        self._changes = Changes(self)
        self.refresh_accounts()
        restore(self)
        link.ask(AccountStates(), self._on_states, lambda _error: None)

    # Parts

    def _build(self) -> None:
        self.top_bar = TopBar(
            self.commands["write"], self.commands["get"], self.commands.menu(self)
        )
        self.search = self.top_bar.search
        self.notice = NoticeBar()
        self.folders = FolderPane(self.reader)
        self.list_pane = ListPane(self.reader)
        self.list_model, self.list = self.list_pane.model, self.list_pane.view
        more = self.commands.some(MORE, self)
        self.pane = MessagePane(self.link, [self.commands[each] for each in HEAD], more)
        self.status_line = StatusLine(self.reader)
        self.panes = Panes(self.folders, self.list_pane, self.pane)
        self.empty = Welcome(self.verbs.add_account, self.windows.open_files, self._try_demo)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.panes)
        self._pages.addWidget(self.empty)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.top_bar, self.notice):
            column.addWidget(widget)
        column.addWidget(self._pages, 1)
        column.addWidget(self.status_line)
        self.setCentralWidget(middle)
        self.toast = Toast(middle, self.pane.attachments)
        going = GoingStack(middle, self.pane.attachments)
        self.taking_back = TakingBack(
            self.link, self.reader, self.windows, self.toast, going, settings=self.settings
        )
        self.leaving = Leaving(self)
        self.letters = Letters(self)
        self.ledger = Ledger(self.pane.ledger, self.reader, self.verbs.show_message, self)
        self.notices = Notices(self)
        self.batches = Batches(self.reader, lambda words: self.say(words, stays=True), self)
        self.setMinimumSize(560, 420)
        self.resize(1240, 800)

    def _connect(self) -> None:
        self.link.notice.connect(self.show_error)
        self.link.lost.connect(lambda: self.status_line.say(self.tr("Restarting the mail engine…")))
        self.link.restored.connect(lambda: self.link.ask(AccountStates(), self._on_states))
        self.folders.chosen.connect(self.looking.folder)
        self.folders.barren.connect(self.looking.barren)
        self.folders.place_opened.connect(self._open_place)
        self.folders.account_opened.connect(self._see_to_account)
        self.folders.may_move = self.folder_verbs.may_move
        self.folders.menu_wanted.connect(self.folder_verbs.menu)
        self.folders.folder_dropped.connect(self.folder_verbs.move_into)
        self.folders.dropped.connect(self.verbs.move_to)
        self.folders.selectionModel().currentChanged.connect(lambda *_: self._enable())
        self.list_pane.missing_toggled.connect(self.looking.toggle_missing)
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(self._on_opened)
        self.list.row_clicked.connect(self._on_row_clicked)
        self.panes.turned.connect(self._on_turned)
        self.list.star_clicked.connect(lambda row: self.verbs.star_rows([row]))
        self.list.menu_wanted.connect(self._show_list_menu)
        self._connect_top()
        self.pane.link_clicked.connect(self._follow)
        self.pane.link_hovered.connect(self.status_line.point_at)
        self.printing.written.connect(self._say_saved)
        self.printing.failed.connect(self.show_error)
        self.pane.text.set_zoom((self.settings.number("zoom") or 100) / 100)
        self.pane.text.zoomed.connect(lambda zoom: self.settings.put(zoom=round(zoom * 100)))
        self.pane.painted.connect(lambda rendered: self.reading.shown(rendered.message_id))
        self.pane.painted.connect(lambda _rendered: self._enable())
        bar = self.pane.attachments
        self.files.serve(bar, lambda: self.pane.rendered.message_id if self.pane.rendered else None)
        bar.stop_wanted.connect(self.verbs.stop)
        self.files.began.connect(self.pane.fetch_began)
        self.files.ended.connect(self.pane.fetch_ended)
        self.pane.rest.wanted.connect(self.verbs.download_shown)
        self.pane.rest.stop_wanted.connect(self.verbs.stop)
        self.pane.rest.delete_wanted.connect(self.summaries.delete_shown)
        self.status_line.act_wanted.connect(self.windows.see_to)
        self.windows.account_added.connect(self._on_account_added)
        self.status_line.pause_wanted.connect(self.verbs.pause)
        self.status_line.stop_wanted.connect(self.verbs.stop)
        self.search.typed.connect(self.looking.search)
        self.search.wanted.connect(self.looking.enter)
        self.search.over.connect(self.looking.leave)

    def _connect_top(self) -> None:
        """What stands above the message, and its inside."""
        top = self.pane.top
        top.write_wanted.connect(self.verbs.write_to)
        top.search_wanted.connect(self.verbs.search_from)
        top.source_wanted.connect(self.verbs.source)
        top.open_wanted.connect(lambda each: self._with_shown(self.files.open, each))
        top.save_wanted.connect(lambda each: self._with_shown(self.files.save, [each]))
        top.said.connect(self.say)
        for doors in (self.inside, self.files):
            doors.message_wanted.connect(
                lambda message, part: self.windows.message(message, View(part=part))
            )
        self.windows.search_wanted.connect(self.verbs.search_from)
        self.windows.done.connect(lambda words: self.say(words, undo=True))

    # What is said and shown

    def say(self, words: str, undo: bool = False, *, stays: bool = False) -> None:
        """Says in passing what was done; what went wrong before is over then.

        What can be taken back, and what stays, is said even when another message is chosen.
        """
        self.notices.over()
        self.toast.say(words, self.verbs.undo if undo else None, passing=not undo and not stays)

    def _say_saved(self, path: str) -> None:
        self.say(self.tr("Saved {path}").format(path=path))

    def say_downloading(self, count: int) -> None:
        """Says what becomes of a download of so many messages; `batches` says its end."""
        if not count:
            self.say(self.tr("All of it is here already."))
        elif count == 1:
            self.say(self.tr("Downloading 1 message…"))
        else:
            words = self.tr("Downloading {count} messages…")
            self.say(words.format(count=self.locale().toString(count)))

    def show_error(self, error: MailError) -> None:
        """Shows an error until it is over."""
        self.notices.error(error)

    def refresh_accounts(self) -> None:
        """Reads accounts and folders again."""
        accounts = self.reader.accounts()
        self._pages.setCurrentIndex(0 if accounts else 1)
        self.folders.refresh()
        self.status_line.forget_accounts({account.id for account in accounts})
        self.notices.forget_accounts({account.id for account in accounts})
        if accounts and not self.folders.currentIndex().isValid():
            self.folders.choose_first()
        self._on_chosen()

    def refresh_folders(self) -> None:
        """Reads folders and counts again; an inbox that has just appeared is shown."""
        self.folders.refresh()
        if self._open_inbox_of:
            self._open_awaited_inbox()
        if not self.folders.currentIndex().isValid():
            self.folders.choose_first()
        self.list_pane.show_count()
        folder = self.folders.current_folder()
        if folder is not None:
            self.looking.say_parked(folder)
        self._enable()

    def current_account(self) -> Account | None:
        """That which is chosen or of the folder shown, else the first."""
        if (chosen := self.folders.current_account()) is not None:
            return chosen
        folder = self.folders.current_folder()
        accounts = self.reader.accounts()
        own = (a for a in accounts if folder is not None and a.id == folder.account_id)
        return next(own, accounts[0] if accounts else None)

    # What the panes say

    def _on_chosen(self) -> None:
        chosen = self.list.selectionModel().selectedRows()
        self._enable()
        if len(chosen) == 1 and self.panes.reading:
            row = self.list_model.row_at(chosen[0].row())
            envelope = self.reader.envelope(row.id) if row is not None else None
            if row is not None and envelope is not None:
                pop3 = self.summaries.wait_there([row]) > 0
                beside = self._beside(chosen[0].row())
                if self.pane.show_message(row.id, envelope, pop3=pop3, beside=beside):
                    self.notices.over()
                    self.toast.turn()
                self.pane.top.show_tags(row.tags)
                self.pane.top.bar.show_draft(self.verbs.at_draft())
                self.reading.look_at(row)
                self.ledger.look_at(row.id, envelope)
                return
        if not chosen:
            self.panes.back()
        self.reading.look_away()
        self.ledger.look_away()
        self.pane.clear(
            self.tr("{count} messages chosen").format(count=len(chosen)) if len(chosen) > 1 else ""
        )

    def show_tags(self) -> None:
        """Those of the message in the pane, which may have others now."""
        row = self.reader.row(self.pane.message_id) if self.pane.message_id else None
        if row is not None:
            self.pane.top.show_tags(row.tags)

    def _tagged(self) -> list[MessageRow]:
        return self.list.selected_rows()

    def _beside(self, at: int) -> list[MessageId]:
        """The next and the one before, as far as they are here."""
        rows = (self.list_model.row_at(n) for n in (at + 1, at - 1) if n >= 0)
        return [row.id for row in rows if row is not None and (row.has_body or row.partial)]

    def _enable(self) -> None:
        """Greys out commands that have nothing to work on or are not allowed there."""
        chosen = self.list.selectionModel().selectedRows()
        row = self.list_model.row_at(chosen[0].row()) if chosen else None
        holder = self.reader.folder(row.folder_id) if row is not None else None
        current = self.folders.current_folder()
        self.commands.enable(
            account=self._pages.currentIndex() == 0,
            messages=len(chosen),
            granted=lambda needed: holder is None or rights.may(holder, needed),
            folder=lambda verb: self.folder_verbs.can(verb, current),
            deleted=self.looking.at_deleted,
            makes_sense=self.verbs.can_begin,
        )

    def _on_account_added(self, account_id: int) -> None:
        """The inbox its mail goes to is opened, now or as soon as it is known."""
        added = self.reader.account(account_id)
        shared = added.into if added is not None else NO_ACCOUNT
        self._open_inbox_of = shared or AccountId(account_id)
        self.refresh_accounts()
        self._open_awaited_inbox()

    def _open_awaited_inbox(self) -> None:
        inbox = next(
            (
                f
                for f in self.reader.folders()
                if f.account_id == self._open_inbox_of and f.role is Role.INBOX
            ),
            None,
        )
        if inbox is not None:
            self._open_inbox_of = NO_ACCOUNT
            self.folders.choose(inbox.id)

    def _on_opened(self, row: MessageRow) -> None:
        folder = self.reader.folder(row.folder_id)
        if folder is not None and folder.role is Role.DRAFTS:
            self.letters.open(row.id)
        elif self.panes.narrow:
            self.panes.open()
            self.pane.body().setFocus()
        else:
            self.windows.message(row.id)

    def _on_row_clicked(self, row: MessageRow) -> None:
        if self.panes.narrow:
            self._on_opened(row)

    def _on_turned(self) -> None:
        self.pane.top.show_back(self.panes.may_go_back)
        self._on_chosen()

    def _open_place(self, place: Place) -> None:
        if place is Place.OUTBOX:
            self.windows.outbox()
        else:
            self.windows.drafts()

    def _see_to_account(self, account: Account) -> None:
        state = self.status_line.states().get(account.id)
        if state is not None:
            self.windows.see_to(state)

    def _show_list_menu(self, point: QPoint) -> None:
        if self.list.selectionModel().hasSelection():
            entries = DELETED_MENU if self.looking.at_deleted else LIST_MENU
            self.commands.some(entries, self).popup(point)

    def _follow(self, url: QUrl) -> None:
        risky = self.pane.rendered.links if self.pane.rendered is not None else ()
        links.follow(self, url, lambda to: self.windows.mailto(to, self.current_account()), risky)

    def _with_shown(self, do: object, *arguments: object) -> None:
        rendered = self.pane.rendered
        if rendered is not None and callable(do):
            do(rendered.message_id, *arguments)

    def _on_states(self, states: list[AccountState]) -> None:
        for state in states:
            self._changes.state(state)

    def _try_demo(self) -> None:
        self.windows.demo()
        self.close()

    def event(self, event: QEvent) -> bool:
        return pressing.press(event) or super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not (self.leaving.may_go() and self.letters.may_quit() and self.windows.close_all()):
            event.ignore()
            return
        self.inside.close_all()
        self.letters.leave()
        remember(self)
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.top_bar.search.setMaximumWidth(max(240, self.width() // 2))
