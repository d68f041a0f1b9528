"""What the commands do with folders, and with what is fetched: download, pause, stop, undelete."""

from __future__ import annotations

from martlet.link import messages as ask
from martlet.mail.message import MessageRow
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
            self._w.link.ask(ask.Download(ids), self._w.say_downloading)
        elif self._w.list.selected_rows():
            self._w.say(self.tr("All of it is here already."))

    def download_shown(self) -> None:
        """The rest of the message that is shown."""
        shown = self._w.pane.rendered
        if shown is not None:
            self._w.link.ask(ask.Download([shown.message_id]))

    def only_missing(self) -> None:
        self._w.looking.toggle_missing()

    def pause(self) -> None:
        """Stops fetching ahead in all accounts, or goes on with it."""
        if self._w.status_line.paused:
            self._w.link.ask(ask.ResumeSync())
        else:
            self._w.link.ask(ask.PauseSync())

    def stop(self) -> None:
        self._w.files.stop()
        self._w.pane.attachments.forget_waiting()
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
