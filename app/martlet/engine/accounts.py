"""Accounts as verbs: add, edit, remove, and their passwords. Trying them out is in testing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from martlet.engine.bearer import settled
from martlet.engine.events import Announcer
from martlet.engine.pop3_into import housed
from martlet.engine.roster import Roster
from martlet.engine.secrets import Secrets
from martlet.engine.settings import check_settings
from martlet.engine.trial import Given
from martlet.mail.account import NO_ACCOUNT, Account, AccountId, Pin
from martlet.mail.errors import MailError, Refused
from martlet.mail.sign_in import CLIENT, PASSWORD, TOKEN, OAuthSettings
from martlet.store import accounts, outbox
from martlet.store.database import Database


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

    def chosen(self, account_ids: list[AccountId]) -> list[Account]:
        """Those of these ids; all when there are none."""
        return [self.get(account_id) for account_id in account_ids] or self.all()

    def add(self, account: Account, given: Given) -> AccountId:
        check_settings(account)
        account = settled(housed(account, self.all()), self._secrets.desktop)
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
        account = settled(housed(account, self.all()), self._secrets.desktop)
        old = self.get(account.id)
        with self._database.write() as tx:
            accounts.edit(tx, account)
            outbox.without_identity(tx, account.id, [one.id for one in account.identities])
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
        """Also, the accounts whose mail went into its inbox have their own from then on."""
        account = self.get(account_id)
        with self._roster.without(account_id), self._database.write() as tx:
            accounts.remove(tx, account_id)
            guests = [one for one in accounts.all_accounts(tx) if one.into == account_id]
            for guest in guests:
                accounts.edit(tx, replace(guest, into=NO_ACCOUNT))
        self._secrets.forget(account)
        for guest in guests:
            self._roster.reform(guest.id)

    def set_password(self, account_id: AccountId, password: str, part: str = PASSWORD) -> None:
        account = self.get(account_id)
        if part in (TOKEN, CLIENT):
            raise Refused("A sign-in by browser comes from the browser only.", "", account.name)
        self._secrets.keep(account, password, part)
        self._roster.retry(account_id)

    def client_secret(self, oauth: OAuthSettings) -> str:
        """The secret of an OAuth client that an account signs in with already, or "".

        It goes to the same place as before: the same client at the same token endpoint.
        """
        for account in self.all():
            known = account.oauth
            if known is None or (known.token_url, known.client_id) != (
                oauth.token_url,
                oauth.client_id,
            ):
                continue
            if secret := self._secrets.part(account, CLIENT):
                return secret
        return ""

    def trust(self, account_id: AccountId, host: str, sha256: str) -> None:
        account = self.get(account_id)
        pins = tuple(pin for pin in account.pins if pin.host != host)
        with self._database.write() as tx:
            accounts.edit(tx, replace(account, pins=(*pins, Pin(host, sha256))))
        self._roster.reform(account_id)
