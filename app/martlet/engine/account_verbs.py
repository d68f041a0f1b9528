"""The verbs of the engine that are about accounts: adding, trying, finding servers, signing in. The
work is done by `accounts`, `testing`, `discovery` and `oauth`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from martlet.engine.accounts import Accounts
from martlet.engine.bearer import settled
from martlet.engine.events import Announcer
from martlet.engine.network import Network
from martlet.engine.oauth import SignIns
from martlet.engine.secrets import Secrets
from martlet.engine.testing import Testing
from martlet.engine.trial import Given
from martlet.mail.account import Account, AccountId, AccountState, TestStep
from martlet.mail.discovery import Discovery
from martlet.mail.letter_size import SizeLimit
from martlet.mail.route import Proxy, Route
from martlet.mail.server import Server
from martlet.mail.sign_in import DesktopAccount, OAuthPending, OAuthSettings

NOTHING: Mapping[str, str] = MappingProxyType({})


class AccountVerbs:
    """The part of `Engine` that keeps accounts."""

    def __init__(
        self,
        accounts: Accounts,
        secrets: Secrets,
        sign_ins: SignIns,
        announcer: Announcer,
        network: Network,
        learned: Callable[[Server, SizeLimit], None],
    ) -> None:
        self._accounts = accounts
        self._secrets = secrets
        self._sign_ins = sign_ins
        self._testing = Testing(secrets, announcer, learned)
        self._announcer = announcer
        self._network = network

    def account_add(
        self,
        account: Account,
        password: str,
        secrets: Mapping[str, str] = NOTHING,
        grant: str = "",
    ) -> AccountId:
        return self._accounts.add(account, Given(password, secrets, grant))

    def account_edit(
        self,
        account: Account,
        password: str,
        secrets: Mapping[str, str] = NOTHING,
        grant: str = "",
    ) -> None:
        self._accounts.edit(account, Given(password, secrets, grant))

    def account_remove(self, account_id: AccountId) -> None:
        self._accounts.remove(account_id)

    def account_test(
        self,
        account: Account,
        password: str,
        secrets: Mapping[str, str] = NOTHING,
        grant: str = "",
        ticket: str = "",
    ) -> list[TestStep]:
        account = settled(account, self._secrets.desktop)
        return self._testing.test(account, Given(password, secrets, grant), ticket)

    def sign_in_begin(
        self,
        oauth: OAuthSettings,
        user: str = "",
        client_secret: str = "",
        ca_file: str = "",
        proxy: Proxy | None = None,
        proxy_secret: str = "",
    ) -> OAuthPending:
        route = Route(ca_file, proxy=proxy, proxy_secret=proxy_secret)
        secret = client_secret or self._accounts.client_secret(oauth)
        return self._sign_ins.begin(oauth, user, secret, route)

    def sign_in_wait(self, ticket: str) -> None:
        self._sign_ins.wait(ticket)

    def sign_in_cancel(self, ticket: str) -> None:
        self._sign_ins.cancel(ticket)

    def desktop_accounts(self) -> list[DesktopAccount]:
        return self._secrets.desktop.accounts()

    def discover(self, address: str, ispdb: bool = True) -> Discovery:
        from martlet.engine.discovery import discover  # it brings HTTP, seldom wanted

        return discover(address, ispdb, self._network)

    def has_keyring(self) -> bool:
        return self._secrets.lasting

    def set_password(self, account_id: AccountId, password: str, part: str = "") -> None:
        self._accounts.set_password(account_id, password, part)

    def trust_certificate(self, account_id: AccountId, host: str, sha256: str) -> None:
        self._accounts.trust(account_id, host, sha256)

    def account_states(self) -> list[AccountState]:
        return self._announcer.states()
