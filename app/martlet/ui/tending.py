"""What the commands do with folders, and with what is fetched: download, pause, stop, undelete."""

from __future__ import annotations

from martlet.link import messages as ask
from martlet.mail.errors import MailError
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId, MessageRow
from martlet.ui.going import Going


class Tending(Going):
    """The part of the verbs of one main window that is about folders and fetching."""

    # Folders

    def on_folder(self, verb: str) -> None:
        """A verb of folders, on the one that is chosen."""
        self._w.folder_verbs.do(verb, self._w.folders.current_folder())

    def new_folder(self) -> None:
        """Inside the folder chosen, else at the account's top."""
        folder = self._w.folders.current_folder()
        where = folder if self._w.folder_verbs.can("folder.new", folder) else None
        self._w.folder_verbs.do("folder.new", where or self._w.current_account())

    # What is fetched

    def download(self) -> None:
        """The whole of what is chosen."""
        ids = [row.id for row in self._w.list.selected_rows() if not row.has_body]
        if ids:
            self.download_ids(ids)
            if self._w.looking.only_missing and len(ids) > 1:
                self._w.list.clearSelection()  # they go from there, one by one
        elif self._w.list.selected_rows():
            self._w.say(self.tr("All of it is here already."))

    def download_ids(self, ids: list[MessageId]) -> None:
        """The whole of these; that they have come is said."""

        def asked(count: int) -> None:
            self._w.say_downloading(count)
            self._w.batches.begin(count, ids)

        self._w.link.ask(ask.Download(ids), asked)

    def download_folder(self, folder_id: FolderId) -> None:
        """All of a folder."""

        def asked(count: int) -> None:
            self._w.say_downloading(count)
            self._w.batches.begin_folder(count, folder_id)

        self._w.link.ask(ask.DownloadFolder(folder_id), asked)

    def download_shown(self) -> None:
        """The rest of the message that is shown."""
        shown = self._w.pane.fetch_rest()
        if shown is None:
            return
        message = shown

        def asked(count: int) -> None:
            if not count:
                self._w.pane.rest_ended(message)

        def failed(error: MailError) -> None:
            self._w.pane.rest_ended(message)
            self._w.show_error(error)

        self._w.link.ask(ask.Download([message]), asked, failed)

    def only_missing(self) -> None:
        self._w.looking.toggle_missing()

    def pause(self) -> None:
        """Stops fetching ahead in all accounts, or goes on with it."""
        if self._w.status_line.paused:
            self._w.link.ask(ask.ResumeSync())
        else:
            self._w.link.ask(ask.PauseSync())

    def stop(self) -> None:
        """Gives up what is fetched, if anything is."""
        w = self._w
        running = w.pane.downloads.running or w.batches.running or w.status_line.fetching
        w.files.stop()
        w.pane.stop_fetching()
        w.batches.stop()
        if not running:
            w.say(self.tr("Nothing is being downloaded."))
            return
        self._w.link.ask(
            ask.StopDownloads(),
            lambda _none: self._w.say(self.tr("Stopped. The rest comes with the next check.")),
        )

    def undelete(self) -> None:
        self.undelete_rows(self._w.list.selected_rows())

    def undelete_rows(self, rows: list[MessageRow]) -> None:
        """Takes back that these are marked as deleted."""
        if not rows or not self._w.looking.at_deleted:
            return

        def done(count: int) -> None:
            words = self.tr("1 message is back")
            if count != 1:
                words = self.tr("{count} messages are back").format(count=count)
            self._w.say(words, undo=count > 0)
            self._w.looking.again()

        self._w.link.ask(ask.Undelete([row.id for row in rows]), done)

    def account_log(self) -> None:
        account = self._w.current_account()
        if account is not None:
            self._w.windows.account_log(account)
