"""What a person is told of a POP3 server's ways: in the account's log, and once as a notice."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from martlet.engine.events import Announcer
from martlet.mail.account import Account
from martlet.mail.changes import Notice
from martlet.mail.errors import ErrorKind, MailError
from martlet.store import account_log
from martlet.store.database import Database

log = logging.getLogger("martlet.pop3")


class Telling:
    """told: what was said since the program began; it grows."""

    def __init__(
        self, account: Account, database: Database, announcer: Announcer, told: set[str]
    ) -> None:
        self._account = account
        self._database = database
        self._announcer = announcer
        self._told = told

    def once(self, sentence: str) -> None:
        """Says it unless the account's log has it from before."""
        if sentence in self._told:
            return
        self._told.add(sentence)
        entries = account_log.newest(self._database, self._account.id, account_log.KEPT)
        if any(entry.sentence == sentence for entry in entries):
            return
        self._write(account_log.INFO, sentence, "")
        self._announcer.tell(Notice(self._account.name, ErrorKind.REFUSED, sentence))

    def expiry(self, days: int | None) -> None:
        """The server deletes by itself after so many days, 0: what was fetched (EXPIRE)."""
        if days is None or not self._account.leave_on_server:
            return
        if not days:
            self.once(
                "The server deletes mail once it was fetched, whatever the account says of leaving"
                " it there. What is fetched is kept here."
            )
        elif not self._account.leave_days or days < self._account.leave_days:
            self.once(f"The server deletes mail by itself after {days} days.")

    def came(self, number: int) -> None:
        """So many new messages were fetched."""
        self._write(account_log.INFO, f"{account_log.count(number, 'new message')}.", "")

    def refused(self, verb: str, said: Mapping[str, str]) -> str:
        """The sentence for messages the server would not give, show or delete; what it said, by
        message. Written down the first time."""
        what = account_log.count(len(said), "message")
        sentence = f"The server would not {verb} {what}."
        keys = {f"{verb} {key}" for key in said}
        if keys - self._told:
            self._told |= keys
            self._write(ErrorKind.REFUSED.value, sentence, next(iter(said.values())))
        return sentence

    def _write(self, kind: str, sentence: str, detail: str) -> None:
        try:
            with self._database.write() as tx:
                account_log.write(tx, self._account.id, kind, sentence, detail)
        except MailError as trouble:
            log.warning("%s: not noted: %s", self._account.name, trouble.summary)
