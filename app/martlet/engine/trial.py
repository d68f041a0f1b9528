"""Secrets a person has just given, for settings that are not stored yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from martlet.engine.secrets import Secrets
from martlet.mail.account import Account
from martlet.mail.route import Route
from martlet.mail.server import Protocol, Server
from martlet.mail.sign_in import CERTIFICATE, PROXY, SMTP, part_of_identity


@dataclass(frozen=True, slots=True)
class Given:
    """What came with an account's settings. password "": the stored one.

    secrets: by part (mail.sign_in). grant: the ticket of a finished sign-in by browser, or "".
    """

    password: str = field(default="", repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    grant: str = ""


class Trial:
    """The stored secrets with what was given on top; nothing is kept. See Secrets."""

    def __init__(self, secrets: Secrets, given: Given) -> None:
        self._secrets = secrets
        self._given = given

    def for_server(self, account: Account, server: Server, identity: int = 0) -> str:
        own = part_of_identity(identity) if identity else ""
        if not own and account.smtp_secret and server.protocol is Protocol.SMTP:
            own = SMTP
        given = self._given.secrets.get(own, "") if own else self._given.password
        return given or self._secrets.for_server(account, server, identity)

    def refused(self, account: Account, server: Server, secret: str, identity: int = 0) -> bool:
        """What a person has just given is not tried twice."""
        return False

    def route(self, account: Account) -> Route:
        stored = self._secrets.route(account)
        return replace(
            stored,
            proxy_secret=self._given.secrets.get(PROXY, stored.proxy_secret),
            certificate_secret=self._given.secrets.get(CERTIFICATE, stored.certificate_secret),
        )
