"""Secrets a person has just given, for settings that are not stored yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from martlet.engine.parts import needed, parts_for
from martlet.engine.secrets import Secrets
from martlet.mail.account import Account, SecretSource
from martlet.mail.errors import Refused
from martlet.mail.route import Route
from martlet.mail.server import Server
from martlet.mail.sign_in import CERTIFICATE, PROXY


@dataclass(frozen=True, slots=True)
class Given:
    """What came with an account's settings. password "": the stored one.

    secrets: by part (mail.sign_in). grant: the ticket of a finished sign-in by browser, or "".
    """

    password: str = field(default="", repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    grant: str = field(default="", repr=False)


class Trial:
    """The stored secrets with what was given on top; nothing is kept. See Secrets."""

    def __init__(self, secrets: Secrets, given: Given) -> None:
        self._secrets = secrets
        self._given = given

    def for_server(self, account: Account, server: Server, identity: int = 0) -> str:
        if server.auth.upper() == "EXTERNAL":
            return ""
        for part in parts_for(account, server, identity):
            given = self._just_given(account, part)
            if given:
                return given
            if not part:
                return self._secrets.password(account, server.protocol)
            if kept := self._secrets.part(account, part):
                return kept
        raise needed(account, server)

    def refused(self, account: Account, server: Server, secret: str, identity: int = 0) -> bool:
        """What a person has just given is not tried twice."""
        if any(self._just_given(account, part) for part in parts_for(account, server, identity)):
            return False
        return self._secrets.refused(account, server, secret, identity)

    def _just_given(self, account: Account, part: str) -> str:
        """A token is no password and a password no token: each goes only where it is one."""
        if part:
            return self._given.secrets.get(part, "")
        if account.secret is not SecretSource.OAUTH:
            return self._given.password
        if not self._given.grant:
            return ""
        got_by, ours = self._secrets.grants.look(self._given.grant).settings, account.oauth
        if ours is None or (ours.token_url, ours.client_id) != (got_by.token_url, got_by.client_id):
            raise Refused("This sign-in by browser belongs to other settings.", "", account.name)
        return self._secrets.granted(self._given.grant)

    def route(self, account: Account) -> Route:
        stored = self._secrets.route(account)
        return replace(
            stored,
            proxy_secret=self._given.secrets.get(PROXY, stored.proxy_secret),
            certificate_secret=self._given.secrets.get(CERTIFICATE, stored.certificate_secret),
        )
