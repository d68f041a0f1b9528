"""Requests about accounts: adding, testing, finding servers, signing in."""

from __future__ import annotations

from collections.abc import Mapping

from martlet.link.request import Request
from martlet.mail.account import (
    Account,
    AccountId,
    AccountState,
    TestStep,
)
from martlet.mail.discovery import Discovery
from martlet.mail.route import Proxy
from martlet.mail.sign_in import DesktopAccount, OAuthPending, OAuthSettings


class AccountAdd(Request[AccountId]):
    """secrets: beside the password, by part (mail.sign_in). grant: the ticket of a finished sign-in
    by browser.
    """

    account: Account
    password: str = ""
    secrets: Mapping[str, str] = {}
    grant: str = ""


class AccountEdit(Request[None]):
    """As AccountAdd; a secret that is not given stays as it is."""

    account: Account
    password: str = ""
    secrets: Mapping[str, str] = {}
    grant: str = ""


class AccountRemove(Request[None]):
    account_id: AccountId


class AccountTest(Request[list[TestStep]]):
    """Tries the settings of `account`, stored or not; password "" takes the stored one.

    ticket: when given, each step is told as a Tested change as soon as it is done.
    """

    slow = True
    account: Account
    password: str = ""
    secrets: Mapping[str, str] = {}
    grant: str = ""
    ticket: str = ""


class Discover(Request[Discovery]):
    """Finds the servers of an address. ispdb: whether the public table of settings may be asked
    (for the domain, never for the address).
    """

    slow = True
    address: str
    ispdb: bool = True


class SignInBegin(Request[OAuthPending]):
    """Begins a sign-in by browser; the caller opens the url. user: who is to sign in, or "".

    client_secret: for providers that gave one with the client id; "" for the one that an account
    with this client has already. ca_file, proxy, proxy_secret: how
    the provider is reached, as for an account.
    """

    oauth: OAuthSettings
    user: str = ""
    client_secret: str = ""
    ca_file: str = ""
    proxy: Proxy | None = None
    proxy_secret: str = ""


class SignInWait(Request[None]):
    """Answers when the browser has come back with a grant, which stays in the engine under the
    ticket. Refused when the person or the provider said no, Offline when nobody came.
    """

    slow = True
    ticket: str


class SignInCancel(Request[None]):
    ticket: str


class DesktopAccounts(Request[list[DesktopAccount]]):
    """The mail accounts the desktop is signed in to."""

    slow = True


class HasKeyring(Request[bool]):
    """Whether a password can be kept on this computer."""

    slow = True


class SetPassword(Request[None]):
    """part: of mail.sign_in, for a server that has a password of its own."""

    account_id: AccountId
    password: str
    part: str = ""


class TrustCertificate(Request[None]):
    account_id: AccountId
    host: str
    sha256: str


class AccountStates(Request[list[AccountState]]):
    pass
