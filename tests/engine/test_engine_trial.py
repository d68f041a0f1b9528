"""What was just given goes only where it is what the server is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.secrets import Secrets
from martlet.engine.trial import Given, Trial
from martlet.mail.account import Account, AccountId, SecretSource
from martlet.mail.errors import AuthFailed, Refused
from martlet.mail.server import Protocol, Security, Server
from martlet.mail.sign_in import OAuthSettings
from martlet.net.oauth import Tokens

IMAP = Server(Protocol.IMAP, "imap.example.org", 993, Security.TLS, "ada")
SETTINGS = OAuthSettings(
    "Example", "https://a.example/auth", "https://a.example/token", "mail", client_id="ours"
)
BY_BROWSER = Account(
    AccountId(0),
    "work",
    "ada@example.org",
    incoming=IMAP,
    secret=SecretSource.OAUTH,
    oauth=SETTINGS,
)
BY_PASSWORD = replace(BY_BROWSER, secret=SecretSource.ASK, oauth=None)


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    secrets = Secrets(tmp_path)
    secrets.grants.put("ticket", SETTINGS, Tokens("token", "refresh", 60.0), "")
    return secrets


def test_a_token_is_given_to_who_asks_for_one(secrets: Secrets) -> None:
    given = Given("password", grant="ticket")
    assert Trial(secrets, given).for_server(BY_BROWSER, IMAP) == "token"
    assert Trial(secrets, given).for_server(BY_PASSWORD, IMAP) == "password"


def test_neither_takes_the_others_place(secrets: Secrets) -> None:
    with pytest.raises(AuthFailed):
        Trial(secrets, Given("password")).for_server(BY_BROWSER, IMAP)
    with pytest.raises(AuthFailed):
        Trial(secrets, Given(grant="ticket")).for_server(BY_PASSWORD, IMAP)


@pytest.mark.parametrize(
    "other",
    [None, replace(SETTINGS, token_url="https://b.example/token"), replace(SETTINGS, client_id="")],
)
def test_a_token_of_another_provider_is_not_shown(
    secrets: Secrets, other: OAuthSettings | None
) -> None:
    with pytest.raises(Refused, match="other settings"):
        Trial(secrets, Given(grant="ticket")).for_server(replace(BY_BROWSER, oauth=other), IMAP)
