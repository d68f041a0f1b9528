"""Signing in by browser from end to end: a real authorization server, Dovecot asking it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.engine.secrets import Secrets
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security
from martlet.mail.changes import Change, Notice
from martlet.mail.errors import AuthFailed, MailError, Refused
from martlet.mail.route import Route
from martlet.net.imap import ImapSession
from martlet.net.pop3 import Pop3Session
from martlet.net.smtp import check
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot, installed
from support.oauth_server import OAuthServer, Page, browse
from support.passes import letter
from support.postfix import AUTH_LISTENER, Postfix, unusable
from support.vaults import DictVault

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")
WAIT_S = 20.0


class Clock:
    """Time that goes on when told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def provider() -> Iterator[OAuthServer]:
    with OAuthServer() as running:
        yield running


@pytest.fixture
def dovecot(provider: OAuthServer) -> Iterator[Dovecot]:
    with Dovecot(oauth=provider.introspection) as running:
        running.deliver("ada", letter(1))
        yield running


class Program:
    """An engine with a keyring in memory, and the person before it."""

    def __init__(self, root: Path, vault: DictVault | None, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.told: list[Change] = []
        self._root = root
        self._secrets = Secrets(root, vault, clock=self.clock, find=lambda: None)
        self.engine = self._engine()
        self.reader = Reader(root)

    def sign_in(self, provider: OAuthServer, user: str = "ada", *, client_secret: str = "") -> str:
        """Goes through the browser; the ticket."""
        pending = self.engine.sign_in_begin(provider.settings(), user, client_secret)
        pages: list[Page] = []
        browser = threading.Thread(target=lambda: pages.append(browse(pending.url)))
        browser.start()
        try:
            self.engine.sign_in_wait(pending.ticket)
        finally:
            browser.join(WAIT_S)
        assert pages[0].status == 200
        return pending.ticket

    def error(self) -> str:
        """What a pass on a connection of its own says of its trouble."""
        self.engine.close()
        self.engine = self._engine()
        (report,) = self.engine.sync([], False)
        return report.error

    def _engine(self) -> Engine:
        """With the secrets of this run, access tokens and all."""
        engine = Engine(Profile(self._root), clock=self.clock, secrets=self._secrets)
        engine.listen(self.told.append)
        return engine


@pytest.fixture
def vault() -> DictVault:
    return DictVault()


@pytest.fixture
def program(tmp_path: Path, vault: DictVault) -> Iterator[Program]:
    one = Program(tmp_path / "profile", vault)
    yield one
    one.engine.close()


def account(provider: OAuthServer, dovecot: Dovecot, protocol: Protocol) -> Account:
    return Account(
        AccountId(0),
        "ada",
        "ada@example.org",
        incoming=dovecot.server(protocol),
        secret=SecretSource.OAUTH,
        oauth=provider.settings(),
        ca_file=dovecot.ca_file,
    )


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_imap_and_pop3_take_the_token_either_way(
    provider: OAuthServer,
    dovecot: Dovecot,
    program: Program,
    mechanism: str,
    security: Security,
) -> None:
    program.sign_in(provider)
    token, route = provider.granted[-1], Route(dovecot.ca_file)
    imap = dovecot.server(Protocol.IMAP, security=security, auth=mechanism)
    session = ImapSession.open(imap, token, route=route, timeout_s=WAIT_S)
    session.logout()
    session.close()
    pop3 = dovecot.server(Protocol.POP3, security=security, auth=mechanism)
    with Pop3Session.open(pop3, token, route=route, timeout_s=WAIT_S) as visit:
        visit.quit()
    with pytest.raises(AuthFailed) as caught:
        ImapSession.open(imap, token[:-1], route=route, timeout_s=WAIT_S)
    assert token[:-1] not in f"{caught.value.summary} {caught.value.detail}"


@pytest.mark.parametrize("protocol", [Protocol.IMAP, Protocol.POP3])
def test_an_account_by_browser_fetches_its_mail(
    provider: OAuthServer, dovecot: Dovecot, program: Program, vault: DictVault, protocol: Protocol
) -> None:
    ticket = program.sign_in(provider)
    new = account(provider, dovecot, protocol)
    for _ in range(2):  # trying uses nothing up
        steps = program.engine.account_test(new, "", grant=ticket)
        assert all(step.ok for step in steps), steps
    program.engine.account_add(new, "", grant=ticket)
    assert program.error() == ""
    assert provider.refreshes == 0
    (stored,) = program.reader.accounts()
    assert stored.incoming is not None
    assert stored.incoming.auth == "BEARER"
    inbox = next(f for f in program.reader.folders() if f.name.upper() == "INBOX")
    assert [row.subject for row in program.reader.page(inbox.id, None, 10)] == ["1"]
    # The refresh token is in the keyring, the access token in memory alone.
    assert len(vault.kept) == 1
    assert provider.granted[0] not in vault.kept.values()
    with pytest.raises(Refused):
        program.engine.account_add(replace(new, name="again"), "", grant=ticket)


def test_the_clients_secret_is_typed_once(tmp_path: Path, vault: DictVault) -> None:
    with (
        OAuthServer(client_secret="s3cret of the client") as provider,
        Dovecot(oauth=provider.introspection) as dovecot,
    ):
        one = Program(tmp_path / "profile", vault)
        try:
            with pytest.raises(MailError):
                one.sign_in(provider)
            ticket = one.sign_in(provider, client_secret=provider.client_secret)
            one.engine.account_add(account(provider, dovecot, Protocol.IMAP), "", grant=ticket)
            assert one.sign_in(provider)
        finally:
            one.engine.close()


def test_after_a_restart_the_token_is_renewed_and_rotated(
    provider: OAuthServer, dovecot: Dovecot, tmp_path: Path, vault: DictVault
) -> None:
    root = tmp_path / "profile"
    first = Program(root, vault)
    ticket = first.sign_in(provider)
    first.engine.account_add(account(provider, dovecot, Protocol.IMAP), "", grant=ticket)
    first.engine.close()
    before = dict(vault.kept)
    for run in (1, 2):
        again = Program(root, vault)
        assert again.error() == ""
        assert provider.refreshes == run
        again.engine.close()
        assert vault.kept.keys() == before.keys()
        assert vault.kept != before
        before = dict(vault.kept)


def test_an_expired_token_is_renewed_once_and_the_pass_goes_on(
    provider: OAuthServer, dovecot: Dovecot, program: Program
) -> None:
    ticket = program.sign_in(provider)
    program.engine.account_add(account(provider, dovecot, Protocol.IMAP), "", grant=ticket)
    program.clock.now += 3600 - 119
    assert program.error() == ""
    assert provider.refreshes == 1
    # One that the server takes back before its time costs one refusal and one renewal.
    provider.expire_access()
    program.clock.now += 300
    assert program.error() == ""
    assert provider.refreshes == 2
    # So does a test of the account as it is stored.
    provider.expire_access()
    program.clock.now += 300
    (stored,) = program.reader.accounts()
    assert [step.said for step in program.engine.account_test(stored, "") if not step.ok] == []
    assert provider.refreshes == 3


def test_a_sign_in_taken_back_asks_for_another_and_is_not_tried_in_a_loop(
    provider: OAuthServer, dovecot: Dovecot, program: Program
) -> None:
    ticket = program.sign_in(provider)
    account_id = program.engine.account_add(
        account(provider, dovecot, Protocol.IMAP), "", grant=ticket
    )
    assert program.error() == ""
    provider.revoke()
    program.clock.now += 300
    asked = len(provider.forms)
    assert program.error() == "Testmail wants you to sign in again."
    assert program.error() == "Testmail wants you to sign in again."
    assert len(provider.forms) == asked + 1
    # Signing in again by the browser, for the same account.
    ticket = program.sign_in(provider)
    (stored,) = program.reader.accounts()
    program.engine.account_edit(stored, "", grant=ticket)
    assert program.error() == ""
    assert stored.id == account_id


def test_a_server_that_takes_no_tokens_gets_none(provider: OAuthServer, program: Program) -> None:
    with Dovecot() as plain:
        ticket = program.sign_in(provider)
        (step,) = program.engine.account_test(
            account(provider, plain, Protocol.IMAP), "", grant=ticket
        )[-1:]
        assert not step.ok
        assert step.said.startswith("The server does not offer to sign in by browser or token.")


def test_a_wrong_token_is_refused_in_words_and_not_twice(
    provider: OAuthServer, dovecot: Dovecot, program: Program
) -> None:
    ticket = program.sign_in(provider)
    provider.expire_access()
    steps = program.engine.account_test(account(provider, dovecot, Protocol.IMAP), "", grant=ticket)
    assert not steps[-1].ok
    assert provider.refreshes == 0


def test_without_a_keyring_the_sign_in_holds_for_this_run_and_is_told_once(
    provider: OAuthServer, dovecot: Dovecot, tmp_path: Path
) -> None:
    root = tmp_path / "profile"
    program = Program(root, None)
    ticket = program.sign_in(provider)
    program.engine.account_add(account(provider, dovecot, Protocol.IMAP), "", grant=ticket)
    for _ in range(2):
        program.clock.now += 7200
        assert program.error() == ""
    assert provider.refreshes == 2
    notices = [change for change in program.told if isinstance(change, Notice)]
    assert [one.summary for one in notices] == [
        "The sign-in of ada could not be kept in a system keyring; it holds until Martlet ends."
    ]
    program.engine.close()
    again = Program(root, None)
    assert again.error() == "ada needs you to sign in by browser."
    again.engine.close()


def test_smtp_signs_in_by_token(provider: OAuthServer, program: Program) -> None:
    if why := unusable():
        pytest.skip(why)
    with (
        Dovecot(oauth=provider.introspection, settings=AUTH_LISTENER) as dovecot,
        Postfix(dovecot) as postfix,
    ):
        ticket = program.sign_in(provider)
        new = replace(account(provider, dovecot, Protocol.IMAP), outgoing=postfix.server())
        steps = program.engine.account_test(new, "", grant=ticket)
        assert all(step.ok for step in steps), steps
        assert any(step.what.startswith("SMTP") for step in steps)
        for mechanism in ("XOAUTH2", "OAUTHBEARER"):
            server = postfix.server(auth=mechanism)
            token, route = provider.granted[-1], Route(dovecot.ca_file)
            check(server, token, route=route, timeout_s=WAIT_S)


def test_a_token_command_is_run_again_once_when_its_token_is_refused(
    provider: OAuthServer, dovecot: Dovecot, program: Program, tmp_path: Path
) -> None:
    program.sign_in(provider)
    good, tokens = provider.granted[-1], tmp_path / "tokens"
    runs = tmp_path / "runs"
    # Prints the first line and takes it away, as a token that is renewed meanwhile.
    tokens.write_text(f"stale\n{good}\n")
    command = f"echo >>{runs}; head -n 1 {tokens}; sed -i 1d {tokens}"
    by_command = replace(
        account(provider, dovecot, Protocol.IMAP),
        secret=SecretSource.COMMAND,
        password_command=command,
        incoming=replace(dovecot.server(Protocol.IMAP), auth="XOAUTH2"),
    )
    program.engine.account_add(by_command, "")
    assert program.error() == ""
    assert len(runs.read_text()) == 2
    # The same wrong token again: that it is, and no third try.
    runs.unlink()
    tokens.write_text("stale\nstale\nstale\n")
    program.engine.close()
    again = Program(tmp_path / "profile", None)
    assert "refused" in again.error()
    assert len(runs.read_text()) == 2
    again.engine.close()


def test_the_person_said_no(provider: OAuthServer, program: Program) -> None:
    provider.consent = False
    with pytest.raises(Refused) as caught:
        program.sign_in(provider)
    assert caught.value.detail == "The <b>person</b> said no (access_denied)"


def test_many_sign_ins_at_once_and_one_is_cancelled(
    provider: OAuthServer, program: Program
) -> None:
    begun = [program.engine.sign_in_begin(provider.settings()) for _ in range(10)]
    for gone in begun[:7]:
        with pytest.raises(Refused):
            program.engine.sign_in_wait(gone.ticket)
    ended: list[MailError] = []

    def wait() -> None:
        try:
            program.engine.sign_in_wait(begun[8].ticket)
        except MailError as error:
            ended.append(error)

    waiter = threading.Thread(target=wait)
    waiter.start()
    program.engine.sign_in_cancel(begun[8].ticket)
    program.engine.sign_in_cancel("never heard of")
    waiter.join(WAIT_S)
    assert isinstance(ended[0], Refused)
    assert not isinstance(ended[0], AuthFailed)


def test_a_grant_is_for_the_settings_it_was_got_by(
    provider: OAuthServer, dovecot: Dovecot, program: Program, vault: DictVault
) -> None:
    ticket = program.sign_in(provider)
    other = replace(
        account(provider, dovecot, Protocol.IMAP),
        oauth=replace(provider.settings(), client_id="another"),
    )
    with pytest.raises(Refused):
        program.engine.account_add(other, "", grant=ticket)
    assert program.reader.accounts() == []
    assert vault.kept == {}
