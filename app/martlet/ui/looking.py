"""What the list shows instead of a whole folder: what a search found, what is not downloaded,
what is marked as deleted on the server. Each can be left again, back to the folder.

    folder --search--> found --not downloaded--> found, only what is not here
       |                                              |
       +--not downloaded--> ... ; --show deleted--> ...   Escape or the cross: the folder again
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from martlet.link.messages import FolderOpened
from martlet.mail.account import Account
from martlet.mail.errors import MailError
from martlet.mail.folder import Folder, FolderId
from martlet.mail.message import MessageId, MessageRow
from martlet.ui import dates

if TYPE_CHECKING:
    from martlet.ui.window import MainWindow

_SEARCH_LIMIT = 500
_NOT_HERE_LIMIT = 1000
_NOT_HERE = "-is:here"
_AGAIN_MS = 200


class Looking(QObject):
    """For one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
        self._query = ""
        self._deleted: Folder | None = None
        self.only_missing = False
        self._more = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self._sift)

    @property
    def at_deleted(self) -> bool:
        """Whether the list shows messages marked as deleted."""
        return self._deleted is not None

    def folder(self, folder: Folder) -> None:
        """Shows a folder's messages and lets the engine know that someone looks."""
        w = self._w
        self._begin()
        w.list_pane.show_folder(folder)
        w.reading.look_away()
        w.pane.clear()
        w.link.ask(FolderOpened(folder.id), None, lambda _error: None)
        self.say_parked(folder)
        w.summaries.look(folder)

    def barren(self, name: str, node: object) -> None:
        """Shows a row of the folder pane that has no messages of its own."""
        self._begin()
        words = self.tr("This folder holds folders, but no messages.")
        if isinstance(node, Account):
            words = self.tr("Choose a folder of this account.")
        self._w.list_pane.show_barren(name, words)
        self._w.reading.look_away()
        self._w.pane.clear()

    def _begin(self) -> None:
        """Nothing is searched for or left out any more."""
        w = self._w
        if w.search.text():
            w.search.blockSignals(True)
            w.search.clear()
            w.search.blockSignals(False)
        self._set(query="", missing=False, deleted=None)
        w.panes.back()

    def say_parked(self, folder: Folder) -> None:
        """A folder that is left alone says why, and offers to try again."""
        bar = self._w.list_pane.bar
        if folder.parked and not self.only_missing and not self._deleted:
            bar.say(
                folder.parked,
                self.tr("Try again"),
                lambda: self._w.folder_verbs.try_again(folder),
                symbol="pause",
            )
        elif bar.about == "pause":
            bar.leave()

    def enter(self, query: str) -> None:
        """Shows what is found and goes to it."""
        if self.search(query):
            self._w.list.choose(0)
        self._w.list.setFocus()

    def search(self, query: str) -> bool:
        """Shows what is found in all mail, newest first; False when nothing is."""
        if not query:
            return False
        self._set(query=query, missing=self.only_missing, deleted=None)
        return self._show()

    def toggle_missing(self, on: bool | None = None) -> None:
        """Shows only what is not downloaded, of the folder or of what was found; or all again."""
        wanted = not self.only_missing if on is None else on
        if wanted == self.only_missing:
            return
        self._set(query=self._query, missing=wanted, deleted=None)
        if wanted or self._query:
            self._show()
        else:
            self._w.folders.announce()

    def show_deleted(self, folder: Folder) -> None:
        """Shows what is marked as deleted on the server and not yet gone."""
        w = self._w
        if w.folders.current_folder() != folder:
            w.folders.choose(folder.id)
        rows = self._rows(lambda: w.reader.deleted(folder.id, _NOT_HERE_LIMIT))
        if rows is None:
            return
        self._set(query="", missing=False, deleted=folder)
        w.list_pane.show_found(
            rows,
            more=len(rows) == _NOT_HERE_LIMIT,
            title=self.tr("Deleted on the server"),
            nothing=self.tr("Nothing here is marked as deleted."),
        )
        w.list_pane.bar.say(
            self.tr("Marked as deleted, not gone from the server yet."),
            self.tr("Undelete all") if rows else "",
            lambda: w.verbs.undelete_rows(rows),
            symbol="trash",
            left=self.leave,
        )
        w.pane.clear()

    def again(self) -> None:
        """Reads anew what is shown, where it does not follow the store by itself."""
        if self._deleted is not None:
            self.show_deleted(self._deleted)

    def leave(self) -> None:
        """Back to the folder."""
        if self._w.list_pane.searching:
            self._w.folders.announce()
        self._w.list.setFocus()

    def _show(self) -> bool:
        w, folder = self._w, self._w.folders.current_folder()
        limit = _NOT_HERE_LIMIT if self.only_missing else _SEARCH_LIMIT
        words = f"({self._query}) {_NOT_HERE}" if self._query else _NOT_HERE
        query = words if self.only_missing else self._query
        scope = None if self._query or folder is None else folder.id
        rows = self._rows(lambda: w.reader.search(query, folder_id=scope, limit=limit))
        if rows is None:
            return False
        w.panes.back()
        more = len(rows) == limit
        if not self.only_missing:
            w.list_pane.show_found(rows, more=more)
        else:
            w.list_pane.show_found(
                rows,
                more=more,
                title=self.tr("Not downloaded"),
                nothing=self.tr("Everything here is downloaded."),
            )
            self._more = more
            self._say_missing(rows)
        w.pane.clear()
        return bool(rows)

    def look_again(self) -> None:
        """Something has come: of what is not downloaded there may be less."""
        if self.only_missing and not self._timer.isActive():
            self._timer.start()

    def _sift(self) -> None:
        """Takes out what has come. The one that is read stays: else the next would be fetched."""
        if not self.only_missing:
            return
        w = self._w
        fresh = self._rows(lambda: w.reader.rows(w.list_model.ids()))
        if fresh is None:
            return
        chosen = w.list.selected_rows()
        read = chosen[0].id if len(chosen) == 1 else None
        w.list_model.drop([row.id for row in fresh if row.has_body and row.id != read])
        missing = [row for row in fresh if not row.has_body]
        if self._more and not missing:
            self._show()
        else:
            self._say_missing(missing)

    def _say_missing(self, rows: list[MessageRow]) -> None:
        """How much is not here, and that it can be fetched."""
        folder = self._w.folders.current_folder()
        scope = None if self._query or folder is None else folder.id
        size = dates.size(sum(row.size for row in rows))
        words = self.tr("{size} only on the server").format(size=size)
        if self._more:
            words = self.tr("More than {size} only on the server").format(size=size)
        elif not rows:
            words = self.tr("Everything here is downloaded.")
        ids = [row.id for row in rows]
        self._w.list_pane.bar.say(
            words,
            self.tr("Download all") if rows else "",
            lambda: self._download_all(scope, ids, self._more),
            symbol="cloud-down",
            left=lambda: self.toggle_missing(False),
        )

    def _rows(self, read: Callable[[], list[MessageRow]]) -> list[MessageRow] | None:
        """None when the store could not be read, which was said."""
        try:
            return read()
        except MailError as error:
            self._w.show_error(error)
            return None

    def _download_all(self, scope: FolderId | None, ids: list[MessageId], more: bool) -> None:
        folder = self._w.folders.current_folder()
        if more and scope is not None and folder is not None:
            self._w.verbs.download_folder(folder.id)
        else:
            self._w.verbs.download_ids(ids)

    def _set(self, *, query: str, missing: bool, deleted: Folder | None) -> None:
        self._query, self._deleted = query, deleted
        self.only_missing = missing
        self._w.list_pane.show_filter(missing)
        self._w.list_pane.bar.leave()
