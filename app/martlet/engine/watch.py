"""Other folders watched by IDLE, each over a connection of its own, within the account's number.

Only where the server has no NOTIFY. A watcher looks (EXAMINE) and says that something happened;
what happened is found out over the account's main connection. When the server will not have so
many connections, or the line breaks, the watcher ends quietly: the poll finds the news as well.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Thread

from martlet.mail.errors import MailError
from martlet.mail.folder import Folder, FolderId
from martlet.net.connect import Waker
from martlet.net.imap import ImapSession, Selected

log = logging.getLogger("martlet.imap")

IDLE_S = 25 * 60.0
JOIN_S = 2.0


# Told of a folder and, when watching begins, what SELECT said of it.
News = Callable[[FolderId, Selected | None], None]


class Watcher:
    """One folder, one connection, one thread."""

    def __init__(self, folder: Folder, connect: Callable[[], ImapSession], news: News) -> None:
        self.folder_id = folder.id
        self._name = folder.name
        self._connect = connect
        self._news = news
        self._waker = Waker()
        self._session: ImapSession | None = None
        self._stopping = False
        self.refused = False
        self._thread = Thread(target=self._run, name=f"watch:{folder.id}", daemon=True)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def ask_to_stop(self) -> None:
        self._stopping = True
        self._waker.wake()

    def stop(self) -> None:
        """Ends the thread; a server that keeps silent is not waited for."""
        self.ask_to_stop()
        self._thread.join(JOIN_S)
        session = self._session
        if self._thread.is_alive() and session is not None:
            session.close()
            self._thread.join(JOIN_S)
        if not self._thread.is_alive():
            self._waker.close()

    def _run(self) -> None:
        try:
            session = self._session = self._connect()
        except MailError as error:
            log.info("a folder is not watched: %s", error.summary)
            self.refused = True
            return
        try:
            # What came before the watch began shows in the numbers.
            self._news(self.folder_id, session.select(self._name, read_only=True))
            while not self._stopping and "IDLE" in session.capabilities:
                if session.idle(self._waker, IDLE_S).changed and not self._stopping:
                    self._news(self.folder_id, None)
            session.logout()
        except MailError as error:
            log.info("a folder is watched no more: %s", error.summary)
        finally:
            session.close()


class Watch:
    """The watchers of an account.

    spare: how many connections there are beside the main one.
    """

    def __init__(self, spare: int, connect: Callable[[], ImapSession], news: News) -> None:
        self._spare = spare
        self._connect = connect
        self._news = news
        self._watchers: list[Watcher] = []

    def watch(self, folders: list[Folder]) -> None:
        """Watches the first of these, as many as connections allow; others no more.

        After a server refused one more connection, none is tried until `stop`.
        """
        if any(watcher.refused for watcher in self._watchers):
            return
        wanted = {folder.id: folder for folder in folders[: self._spare]}
        for watcher in list(self._watchers):
            if watcher.folder_id not in wanted or not watcher.alive:
                watcher.stop()
                self._watchers.remove(watcher)
        known = {watcher.folder_id for watcher in self._watchers}
        for folder_id, folder in wanted.items():
            if folder_id not in known:
                watcher = Watcher(folder, self._connect, self._news)
                self._watchers.append(watcher)
                watcher.start()

    def stop(self) -> None:
        """Ends them all."""
        for watcher in self._watchers:
            watcher.ask_to_stop()
        for watcher in self._watchers:
            watcher.stop()
        self._watchers.clear()
