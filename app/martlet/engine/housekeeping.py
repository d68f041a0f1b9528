"""Clears up while nothing else happens: raw mail that no message, letter or outbox entry needs."""

from __future__ import annotations

import logging
from threading import Event, Thread

from martlet.mail.errors import MailError
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from martlet.store.living import living_blobs

log = logging.getLogger("martlet.housekeeping")

FIRST_S = 120.0
EVERY_S = 6 * 3600.0


class Housekeeping:
    """A thread that collects now and then, from two minutes after the start on."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs
        self._ended = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        self._thread = Thread(target=self._run, name="housekeeping", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def collect(self) -> int:
        """Throws away blobs nobody needs; answers how many."""
        return self._blobs.collect(living_blobs(self._database))

    def _run(self) -> None:
        wait_s = FIRST_S
        while not self._ended.wait(wait_s):
            wait_s = EVERY_S
            try:
                gone = self.collect()
            except MailError as error:
                log.warning("%s %s", error.summary, error.detail)
            else:
                log.info("%s unneeded blobs removed", gone)
