"""Access tokens: renewed when they must be, once, and never in a loop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from martlet.engine.grants import AT_MOST, KEPT_S, Grants
from martlet.engine.secrets import Secrets
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.changes import Change
from martlet.mail.errors import AuthFailed, MailError, Offline, Refused
from martlet.mail.route import STRAIGHT
from martlet.mail.sign_in import TOKEN, OAuthSettings
from martlet.net import oauth
from martlet.net.oauth import Tokens
from support.oauth_server import OAuthServer
from support.scripted import Scripted, reset
from support.vaults import DictVault, VanishingVault

IMAP = Server(Protocol.IMAP, "imap.a.example", 993, Security.TLS, "a", "BEARER")


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def provider() -> Iterator[OAuthServer]:
    with OAuthServer(lasts_s=600) as running:
        yield running


def signed_in(provider: OAuthServer, secrets: Secrets) -> Account:
    """An account whose refresh token is kept, with no access token yet."""
    settings = provider.settings()
    asked = oauth.asking("http://127.0.0.1:9")
    code = provider.consented(oauth.page(settings, asked, ""))["code"]
    tokens = oauth.exchange(settings, asked, code, "", route=STRAIGHT)
    work = Account(AccountId(3), "work", "a@b.example", secret=SecretSource.OAUTH, oauth=settings)
    secrets.keep(work, tokens.refresh, TOKEN)
    return work


def test_one_is_used_until_shortly_before_its_end(
    tmp_path: Path, clock: Clock, provider: OAuthServer
) -> None:
    secrets = Secrets(tmp_path, DictVault(), clock=clock)
    work = signed_in(provider, secrets)
    first = secrets.for_server(work, IMAP)
    clock.now += 600 - 121
    assert secrets.for_server(work, IMAP) == first
    clock.now += 1
    assert secrets.for_server(work, IMAP) != first
    assert provider.refreshes == 2


def test_a_short_one_is_used_for_half_its_time(
    tmp_path: Path, clock: Clock, provider: OAuthServer
) -> None:
    provider.lasts_s = 60
    secrets = Secrets(tmp_path, DictVault(), clock=clock)
    work = signed_in(provider, secrets)
    first = secrets.for_server(work, IMAP)
    clock.now += 29
    assert secrets.for_server(work, IMAP) == first
    clock.now += 2
    assert secrets.for_server(work, IMAP) != first


def test_many_at_once_renew_once(tmp_path: Path, clock: Clock, provider: OAuthServer) -> None:
    vault = DictVault()
    secrets = Secrets(tmp_path, vault, clock=clock)
    work = signed_in(provider, secrets)
    got: list[str] = []
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait()
        got.append(secrets.for_server(work, IMAP))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(got) == 8
    assert len(set(got)) == 1
    assert provider.refreshes == 1
    # The rotated one is what another run finds.
    again = Secrets(tmp_path, vault, clock=clock)
    assert again.for_server(work, IMAP) == provider.granted[-1]


def test_a_refused_one_is_renewed_unless_it_is_fresh(
    tmp_path: Path, clock: Clock, provider: OAuthServer
) -> None:
    secrets = Secrets(tmp_path, DictVault(), clock=clock)
    work = signed_in(provider, secrets)
    first = secrets.for_server(work, IMAP)
    assert not secrets.refused(work, IMAP, first)
    clock.now += 61
    assert secrets.refused(work, IMAP, first)
    second = secrets.for_server(work, IMAP)
    assert second != first
    # Another worker comes with the old one: that has been dealt with.
    assert secrets.refused(work, IMAP, first)
    assert not secrets.refused(work, IMAP, second)
    assert provider.refreshes == 2


def test_a_sign_in_that_has_ended_is_asked_about_once(
    tmp_path: Path, clock: Clock, provider: OAuthServer
) -> None:
    secrets = Secrets(tmp_path, DictVault(), clock=clock)
    work = signed_in(provider, secrets)
    provider.revoke()
    asked = len(provider.forms)
    for _ in range(3):
        with pytest.raises(AuthFailed) as caught:
            secrets.for_server(work, IMAP)
        assert caught.value.summary == "Testmail wants you to sign in again."
    assert len(provider.forms) == asked + 1


@pytest.mark.parametrize(
    "says", [(500, b""), (503, b"<html>"), (400, b'{"error": "temporarily_unavailable"}')]
)
def test_a_provider_in_trouble_is_asked_again_later(
    tmp_path: Path, clock: Clock, provider: OAuthServer, says: tuple[int, bytes]
) -> None:
    secrets = Secrets(tmp_path, DictVault(), clock=clock)
    work = signed_in(provider, secrets)
    provider.says = says
    with pytest.raises(Offline):
        secrets.for_server(work, IMAP)
    provider.says = None
    assert secrets.for_server(work, IMAP) == provider.granted[-1]


def test_without_a_network_it_is_offline(tmp_path: Path, clock: Clock) -> None:
    secrets = Secrets(tmp_path, DictVault(), clock=clock)
    with Scripted([reset()]) as nobody:
        url = f"http://127.0.0.1:{nobody.port}/"
        work = Account(
            AccountId(3), "work", "a@b.example", secret=SecretSource.OAUTH,
            oauth=OAuthSettings("T", url, url, "mail", "c"),
        )  # fmt: skip
        secrets.keep(work, "refresh", TOKEN)
        with pytest.raises(Offline):
            secrets.for_server(work, IMAP)


def test_a_rotated_token_the_keyring_does_not_take_is_used_and_told(
    tmp_path: Path, clock: Clock, provider: OAuthServer
) -> None:
    vault = VanishingVault()
    told: list[Change] = []
    secrets = Secrets(tmp_path, vault, clock=clock)
    secrets.listen(told.append)
    work = signed_in(provider, secrets)
    secrets.for_server(work, IMAP)
    vault.gone = True
    for run in (2, 3, 4):
        clock.now += 700
        assert secrets.for_server(work, IMAP) == provider.granted[-1]
        assert provider.refreshes == run
    assert len(told) == 1


def test_a_grant_taken_late_is_as_old_as_it_is(
    tmp_path: Path, clock: Clock, provider: OAuthServer
) -> None:
    secrets = Secrets(tmp_path, DictVault(), clock=clock)
    work = signed_in(provider, secrets)
    assert work.oauth is not None
    tokens = oauth.refresh(work.oauth, secrets.part(work, TOKEN), "", route=STRAIGHT)
    secrets.grants.put("ticket", work.oauth, tokens, "")
    clock.now += 599
    secrets.take(work, "ticket")
    assert secrets.for_server(work, IMAP) != tokens.access
    with pytest.raises(Refused):
        secrets.take(work, "ticket")


def test_grants_are_few_and_short_lived(clock: Clock) -> None:
    grants = Grants(clock)
    settings = OAuthSettings("T", "https://t.example/", "https://t.example/", "mail", "c")
    for number in range(AT_MOST + 1):
        grants.put(f"t{number}", settings, Tokens(f"a{number}", "r", 60.0), "secret")
    with pytest.raises(Refused):
        grants.look("t0")
    clock.now += KEPT_S - 1
    assert grants.look("t1").tokens.access == "a1"
    clock.now += 2
    assert grants.look("t1").tokens.access == "a1"
    error: MailError | None = None
    try:
        grants.look("t2")
    except MailError as caught:
        error = caught
    assert isinstance(error, Refused)
    grants.drop("t1")
    with pytest.raises(Refused):
        grants.look("t1")
