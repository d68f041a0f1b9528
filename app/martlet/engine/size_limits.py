"""What servers take at most: kept whenever one says it, and asked ahead of a large letter.

    a letter goes out, settings are tried   said to who has signed in
    a letter gets large files               said to a stranger: EHLO and leave, nobody signs in
Asking is a kindness: nobody waits for it, and what goes wrong with it is no trouble of anybody's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock

from martlet.engine.secrets import Secrets
from martlet.mail.account import Account, AccountId
from martlet.mail.errors import MailError, StoreError
from martlet.mail.letter_size import SizeLimit
from martlet.mail.server import Server
from martlet.net import smtp
from martlet.store import size_limits
from martlet.store.database import Database

FRESH_S = 24 * 3600.0
"""For so long a server is not asked again."""
AGAIN_S = 600.0
"""After so long one is that was not reached."""
TIMEOUT_S = 20.0

log = logging.getLogger("martlet.send")


class SizeLimits:
    """Of one profile. Any thread may use it."""

    def __init__(
        self,
        database: Database,
        secrets: Secrets,
        *,
        clock: Callable[[], float],
        account: Callable[[AccountId], Account],
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._clock = clock
        self._account = account
        self._timeout_s = timeout_s
        self._lock = Lock()
        # By host and port: since when nobody needs to ask it.
        self._asked: dict[tuple[str, int], float] = {}

    def ask(self, account_id: AccountId, identity: int) -> None:
        """See the request. Returns when the answer, if there is one, is kept."""
        try:
            account = self._account(account_id)
            server = account.sends_by(identity)
            if server is None or not self._worth_asking(server):
                return
            route = self._secrets.route(account)
            found = smtp.size_limit(server, route=route, timeout_s=self._timeout_s)
            self.learn(server, SizeLimit(found))
        except MailError as error:
            log.info("what is taken for account %d is not known: %s", account_id, error.summary)

    def learn(self, server: Server, limit: SizeLimit) -> None:
        """Keeps what a server said just now."""
        learned(self._database, server, limit, self._clock())

    def _worth_asking(self, server: Server) -> bool:
        """Whether it is; then it has begun."""
        now = self._clock()
        if _fresh(size_limits.said(self._database, server), now):
            return False
        name = (server.host.lower(), server.port)
        with self._lock:
            if 0 <= now - self._asked.get(name, -AGAIN_S) < AGAIN_S:
                return False
            self._asked[name] = now
        return True


def learned(database: Database, server: Server, limit: SizeLimit, now: float) -> None:
    """Keeps what a server said. now: Unix seconds. What cannot be written is asked again.

    The same, said to a stranger, does not make doubtful what is sure.
    """
    try:
        known = size_limits.said(database, server)
        if known is not None and known.limit.bytes == limit.bytes:
            if _fresh(known, now) and known.limit.sure >= limit.sure:
                return
            limit = SizeLimit(limit.bytes, known.limit.sure or limit.sure)
        with database.write() as tx:
            size_limits.remember(tx, server, limit, now)
    except StoreError as error:
        log.info("what %s takes is not kept: %s", server.host, error.summary)


def _fresh(known: size_limits.Said | None, now: float) -> bool:
    """A clock that was set back makes nothing fresh for years."""
    return known is not None and 0 <= now - known.at < FRESH_S
