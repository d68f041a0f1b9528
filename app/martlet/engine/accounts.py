"""Accounts as verbs: add, edit, remove, and their passwords. Trying them out is in testing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from martlet.engine import identities
from martlet.engine.bearer import settled
from martlet.engine.events import Announcer
from martlet.engine.pop3_into import check_into
from martlet.engine.roster import Roster
from martlet.engine.secrets import Secrets
from martlet.engine.trial import Given
from martlet.mail.account import Account, AccountId, Pin, Protocol, SecretSource
from martlet.mail.errors import MailError, Refused
from martlet.mail.sign_in import CLIENT, PASSWORD, TOKEN
from martlet.net import oauth
from martlet.store import accounts
from martlet.store.database import Database

TEST_TIMEOUT_S = 20.0

log = logging.getLogger("martlet.accounts")


class Accounts:
    """The accounts of a profile."""

    def __init__(
        self, database: Database, secrets: Secrets, roster: Roster, announcer: Announcer
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._roster = roster
        self._announcer = announcer
        self.started: Callable[[AccountId], None] | None = None

    def get(self, account_id: AccountId) -> Account:
        found = accounts.get(self._database, account_id)
        if found is None:
            raise Refused("There is no such account.")
        return found

    def all(self) -> list[Account]:
        return accounts.all_accounts(self._database)

    def add(self, account: Account, given: Given) -> AccountId:
        check_settings(account)
        check_into(account, self.all())
        account = settled(account, self._secrets.desktop)
        with self._database.write() as tx:
            account_id = accounts.add(tx, account)
        stored = replace(account, id=account_id)
        try:
            self._keep(stored, given)
        except MailError:
            # An account whose password cannot be kept as asked is not half added.
            self._secrets.forget(stored)
            with self._database.write() as tx:
                accounts.remove(tx, account_id)
            raise
        if self.started is not None:
            self.started(account_id)
        return account_id

    def edit(self, account: Account, given: Given) -> None:
        check_settings(account)
        check_into(account, self.all())
        account = settled(account, self._secrets.desktop)
        old = self.get(account.id)
        with self._database.write() as tx:
            accounts.edit(tx, account)
        if old.secret is not account.secret:
            self._secrets.drop_cached(account.id)
        try:
            self._keep(account, given)
        except MailError:
            # Settings and secrets go together, or not at all.
            with self._database.write() as tx:
                accounts.edit(tx, old)
            raise
        self._secrets.forget_unused(old, account)
        self._roster.reform(account.id)

    def _keep(self, account: Account, given: Given) -> None:
        if TOKEN in given.secrets:
            raise Refused("A sign-in by browser comes from the browser only.", "", account.name)
        # First what may turn out to be gone, so that nothing else is kept in vain.
        if given.grant:
            self._secrets.take(account, given.grant)
        if given.password:
            self._secrets.keep(account, given.password)
        for part, secret in given.secrets.items():
            self._secrets.keep(account, secret, part)
        if CLIENT in given.secrets:
            self._secrets.tokens.drop(account.id)

    def remove(self, account_id: AccountId) -> None:
        account = self.get(account_id)
        with self._roster.without(account_id), self._database.write() as tx:
            accounts.remove(tx, account_id)
        self._secrets.forget(account)

    def set_password(self, account_id: AccountId, password: str, part: str = PASSWORD) -> None:
        account = self.get(account_id)
        if part in (TOKEN, CLIENT):
            raise Refused("A sign-in by browser comes from the browser only.", "", account.name)
        self._secrets.keep(account, password, part)
        self._roster.retry(account_id)

    def trust(self, account_id: AccountId, host: str, sha256: str) -> None:
        account = self.get(account_id)
        pins = tuple(pin for pin in account.pins if pin.host != host)
        with self._database.write() as tx:
            accounts.edit(tx, replace(account, pins=(*pins, Pin(host, sha256))))
        self._roster.reform(account_id)


def check_settings(account: Account) -> None:
    """Refuses settings that cannot work, in one sentence."""
    name, address = account.name, account.address
    if not name.strip() or any(ord(c) < 32 for c in name):
        raise Refused("The account needs a name.")
    if address.count("@") < 1 or any(c.isspace() or ord(c) < 32 for c in address):
        raise Refused(f"{address[:80]!r} is not an e-mail address.")
    if any(ord(c) < 32 for c in account.full_name):
        raise Refused("The full name must be on one line.")
    if account.secret is SecretSource.COMMAND and not account.password_command.strip():
        raise Refused("The command that prints the password is missing.")
    if account.secret is SecretSource.OAUTH:
        if account.oauth is None:
            raise Refused("It is not known where to sign in by browser.")
        oauth.check(account.oauth)
    if account.secret is SecretSource.DESKTOP and not account.desktop:
        raise Refused("The desktop's account is missing.")
    for server in (account.incoming, account.outgoing):
        if server is None:
            continue
        what = server.protocol.name
        if not server.host or any(c.isspace() or ord(c) < 33 for c in server.host):
            raise Refused(f"The {what} server's name is missing or has spaces in it.")
        if not 0 < server.port < 65536:
            raise Refused(f"The {what} port must be a number from 1 to 65535.")
        if any(ord(c) < 32 for c in server.user):
            raise Refused(f"The {what} user name must be on one line.")
    if account.incoming is not None and account.incoming.protocol is Protocol.SMTP:
        raise Refused("SMTP cannot receive mail; incoming is IMAP or POP3.")
    if account.outgoing is not None and account.outgoing.protocol is not Protocol.SMTP:
        raise Refused("Mail goes out by SMTP.")
    identities.check(account)
