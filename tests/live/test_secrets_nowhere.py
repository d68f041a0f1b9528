"""A secret is looked for everywhere but in the keyring: files, logs, errors, what children see."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from martlet import log
from martlet.engine.engine import Engine
from martlet.engine.oauth import SignIns
from martlet.engine.secrets import Secrets
from martlet.engine.trial import Given
from martlet.link.messages import AccountAdd, AccountTest, SetPassword, SignInBegin
from martlet.mail.account import Account, AccountId, Protocol, SecretSource
from martlet.mail.errors import MailError
from martlet.mail.identity import Identity
from martlet.mail.route import STRAIGHT, Proxy, ProxyKind, Route
from martlet.mail.sign_in import PROXY, SMTP, OAuthSettings
from martlet.net.oauth import Tokens, asking
from martlet.net.oauth_post import Answer
from martlet.paths import Profile
from support.dovecot import Dovecot, installed
from support.oauth_server import OAuthServer, browse
from support.passes import letter
from support.vaults import DictVault, TalkativeVault

SECRET = "s3cr3t-zwölf-密码"
FORMS = (SECRET, SECRET.encode().hex(), repr(SECRET)[1:-1], ascii(SECRET)[1:-1])


def holds(text: str | bytes) -> bool:
    """Whether the secret is in it, in any of its likely forms."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    encoded = (base64.b64encode(SECRET.encode()).decode(), json.dumps(SECRET)[1:-1], quote(SECRET))
    return any(form.encode() in raw for form in (*FORMS, *encoded))


def files(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@contextmanager
def overheard(profile: Profile) -> Iterator[io.StringIO]:
    """Everything that is logged, unredacted, besides the log file at its most talkative."""
    log.setup(profile, verbose=True)
    heard = io.StringIO()
    spy = logging.StreamHandler(heard)
    root = logging.getLogger()
    before = root.level
    root.addHandler(spy)
    logging.getLogger("martlet").addHandler(spy)
    root.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        root.setLevel(before)
        root.removeHandler(spy)
        log.setup(None)


def settings(dovecot: Dovecot) -> Account:
    return Account(
        AccountId(0),
        "ada",
        "ada@example.org",
        incoming=dovecot.server(Protocol.IMAP),
        ca_file=dovecot.ca_file,
    )


@pytest.mark.skipif(not installed(), reason="Dovecot is not installed")
@pytest.mark.parametrize("auth", ["", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"])
def test_nowhere_in_the_profile_or_the_log(tmp_path: Path, auth: str) -> None:
    profile = Profile(tmp_path / "profile")
    vault = DictVault()
    with Dovecot({"ada": SECRET}) as dovecot, overheard(profile) as heard:
        dovecot.deliver("ada", letter(1))
        new = settings(dovecot)
        assert new.incoming is not None
        new = replace(new, incoming=replace(new.incoming, auth=auth))
        engine = Engine(profile, secrets=Secrets(profile.root, vault))
        try:
            assert engine.account_test(new, SECRET)[-1].ok
            account_id = engine.account_add(new, SECRET, {SMTP: SECRET, PROXY: SECRET})
            assert engine.sync([], False)[0].error == ""
            engine.set_password(account_id, SECRET + " but wrong")
        finally:
            engine.close()
        again = Engine(profile, secrets=Secrets(profile.root, vault))
        try:
            assert again.sync([], False)[0].error != ""
        finally:
            again.close()
    assert SECRET in vault.kept.values()
    assert heard.getvalue()
    assert not holds(heard.getvalue())
    found = files(profile.root)
    assert profile.log_file in found
    assert [path for path, content in found.items() if holds(content)] == []


def test_nowhere_in_what_is_shown_of_it() -> None:
    proxy = Proxy(ProxyKind.SOCKS5, "127.0.0.1", 1, "me")
    account = Account(AccountId(1), "a", "a@example.org", identities=(Identity(1, "b@c.example"),))
    oauth = OAuthSettings("T", "https://t.example/a", "https://t.example/t", "mail", "c")
    shown = [
        AccountAdd(account, SECRET, {SMTP: SECRET}),
        AccountTest(account, SECRET, {SMTP: SECRET}),
        SetPassword(AccountId(1), SECRET),
        SignInBegin(oauth, "ada", SECRET, "", proxy, SECRET),
        Given(SECRET, {SMTP: SECRET}),
        Route(proxy=proxy, proxy_secret=SECRET, certificate="/c", certificate_secret=SECRET),
        Tokens(SECRET, SECRET, 60.0),
        Answer(200, SECRET.encode()),
        replace(asking("http://127.0.0.1:1"), verifier=SECRET, state=SECRET),
    ]
    for one in shown:
        assert not holds(repr(one)), type(one)
        assert not holds(str(one)), type(one)


def test_nowhere_in_an_error_or_what_led_to_it(tmp_path: Path) -> None:
    class Loud(TalkativeVault):
        def get_password(self, service: str, username: str) -> str | None:
            raise RuntimeError(f"cannot say {SECRET}")

    work = Account(AccountId(3), "work", "a@b.example")
    secrets = Secrets(tmp_path, Loud())
    printed = replace(work, secret=SecretSource.COMMAND, password_command="cat pw; exit 3")
    command = replace(printed, password_command=f"cat {tmp_path}/pw; exit 3")
    (tmp_path / "pw").write_text(SECRET)
    tries = (
        lambda: secrets.password(work),
        lambda: secrets.keep(work, SECRET),
        lambda: secrets.password(command),
    )
    for attempt in tries:
        with pytest.raises(MailError) as caught:
            attempt()
        error = caught.value
        assert not holds("".join(traceback.format_exception(error)))
        assert not holds(f"{error!r} {error} {error.summary} {error.detail}")


@pytest.mark.skipif(not installed(), reason="Dovecot is not installed")
def test_nowhere_in_an_error_of_a_refused_token(tmp_path: Path) -> None:
    with OAuthServer() as provider, Dovecot(oauth=provider.introspection) as dovecot:
        secrets = Secrets(tmp_path, DictVault())
        engine = Engine(Profile(tmp_path / "profile"), secrets=secrets)
        try:
            work = replace(
                settings(dovecot),
                secret=SecretSource.COMMAND,
                password_command=f"cat {tmp_path}/pw",
            )
            assert work.incoming is not None
            (tmp_path / "pw").write_text("token-" + SECRET.encode("ascii", "ignore").decode())
            work = replace(work, incoming=replace(work.incoming, auth="XOAUTH2"))
            steps = engine.account_test(work, "")
            assert not steps[-1].ok
            assert "token-" not in steps[-1].said
        finally:
            engine.close()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc")
def test_nowhere_in_what_a_child_can_see(tmp_path: Path) -> None:
    vault = DictVault()
    work = Account(AccountId(3), "work", "a@b.example")
    secrets = Secrets(tmp_path, vault)
    secrets.keep(work, SECRET)
    command = replace(
        work,
        id=AccountId(4),
        secret=SecretSource.COMMAND,
        password_command=(
            "cat /proc/self/environ /proc/$PPID/environ /proc/self/cmdline /proc/$PPID/cmdline "
            "| tr '\\0\\n' '  '; ls -l /proc/self/fd | tr '\\n' ' '"
        ),
    )
    seen = secrets.password(command)
    assert "PATH=" in seen
    assert not holds(seen)
    assert not holds(Path("/proc/self/environ").read_bytes())
    assert not holds(Path("/proc/self/cmdline").read_bytes())
    assert SECRET not in os.environ.values()


def test_the_browser_is_told_no_secret() -> None:
    with OAuthServer() as provider:
        secrets = Secrets(Path("/nonexistent"), DictVault())
        sign_ins = SignIns(secrets.grants)
        pending = sign_ins.begin(provider.settings(), "ada", SECRET, STRAIGHT)
        assert not holds(pending.url)
        assert "code_verifier" not in pending.url
        assert "code_challenge_method=S256" in pending.url
        sign_ins.close()
        with pytest.raises(OSError, match=r"refused|unreachable|urlopen"):
            browse(provider_redirect(pending.url))


def provider_redirect(url: str) -> str:
    return parse_qs(urlsplit(url).query)["redirect_uri"][0]
