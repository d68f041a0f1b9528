"""Passwords: kept where the account says, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.parts import parts_for
from martlet.engine.secrets import Secrets
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.changes import Change, Notice
from martlet.mail.errors import AuthFailed, MailError, Refused
from martlet.mail.identity import Identity
from martlet.mail.route import Proxy, ProxyKind
from martlet.mail.sign_in import (
    CERTIFICATE,
    CLIENT,
    PASSWORD,
    PROXY,
    SMTP,
    TOKEN,
    OAuthSettings,
    part_of_identity,
)
from support.vaults import DictVault, HangingVault, LockedVault, TalkativeVault, VanishingVault

IMAP = Server(Protocol.IMAP, "imap.a.example", 993, Security.TLS, "a")
OUT = Server(Protocol.SMTP, "smtp.a.example", 465, Security.TLS, "a")
ELSEWHERE = Server(Protocol.SMTP, "smtp.b.example", 465, Security.TLS, "b")


def account(source: SecretSource, command: str = "") -> Account:
    return Account(
        AccountId(3),
        "work",
        "a@b.example",
        secret=source,
        password_command=command,
        incoming=IMAP,
        outgoing=OUT,
    )


def test_keyring_keeps_gives_and_forgets(tmp_path: Path) -> None:
    vault = DictVault()
    work = account(SecretSource.KEYRING)
    Secrets(tmp_path, vault).keep(work, "pass wörd")
    fresh = Secrets(tmp_path, vault)
    assert fresh.password(work) == "pass wörd"
    fresh.forget(work)
    assert vault.kept == {}
    with pytest.raises(AuthFailed):
        fresh.password(work)


def test_profiles_do_not_share_passwords(tmp_path: Path) -> None:
    vault = DictVault()
    work = account(SecretSource.KEYRING)
    Secrets(tmp_path / "one", vault).keep(work, "first")
    with pytest.raises(AuthFailed):
        Secrets(tmp_path / "two", vault).password(work)


def test_another_name_and_address_keep_the_secret(tmp_path: Path) -> None:
    vault = DictVault()
    work = account(SecretSource.KEYRING)
    Secrets(tmp_path, vault).keep(work, "mine")
    renamed = replace(work, name="private", address="z@y.example")
    assert Secrets(tmp_path, vault).password(renamed) == "mine"


def test_asked_passwords_live_for_the_run_only(tmp_path: Path) -> None:
    vault = DictVault()
    work = account(SecretSource.ASK)
    secrets = Secrets(tmp_path, vault)
    secrets.keep(work, "once")
    secrets.keep(work, "other", SMTP)
    assert secrets.password(work) == "once"
    assert secrets.part(work, SMTP) == "other"
    assert vault.kept == {}
    with pytest.raises(AuthFailed):
        Secrets(tmp_path, vault).password(work)


@pytest.mark.parametrize("source", list(SecretSource))
def test_every_part_is_kept_by_itself_and_goes_with_the_account(
    tmp_path: Path, source: SecretSource
) -> None:
    vault = DictVault()
    work = replace(account(source), identities=(Identity(7, "x@b.example"),))
    parts = (SMTP, PROXY, CERTIFICATE, CLIENT, TOKEN, part_of_identity(7))
    secrets = Secrets(tmp_path, vault)
    for part in parts:
        secrets.keep(work, f"secret of {part}", part)
        assert secrets.part(work, part) == f"secret of {part}"
    assert len(vault.kept) == (0 if source is SecretSource.ASK else len(parts))
    fresh = Secrets(tmp_path, vault)
    if source is not SecretSource.ASK:
        assert [fresh.part(work, part) for part in parts] == [f"secret of {p}" for p in parts]
    fresh.forget(work)
    assert vault.kept == {}
    assert fresh.part(work, SMTP) == ""


def test_settings_that_need_a_secret_no_more_take_it_with_them(tmp_path: Path) -> None:
    vault = DictVault()
    oauth = OAuthSettings("T", "https://t.example/", "https://t.example/", "mail", "c")
    proxy = Proxy(ProxyKind.SOCKS5, "127.0.0.1", 9, "me")
    old = replace(
        account(SecretSource.OAUTH), oauth=oauth, proxy=proxy, smtp_secret=True, certificate="/c",
        identities=(Identity(7, "x@b.example", outgoing=ELSEWHERE),),
    )  # fmt: skip
    secrets = Secrets(tmp_path, vault)
    for part in (TOKEN, CLIENT, PROXY, SMTP, CERTIFICATE, part_of_identity(7)):
        secrets.keep(old, part, part)
    secrets.forget_unused(old, replace(old, proxy=None, identities=()))
    assert sorted(vault.kept.values()) == ["certificate", "client", "smtp", "token"]
    assert secrets.part(old, PROXY) == ""
    secrets.forget_unused(old, account(SecretSource.KEYRING))
    assert vault.kept == {}


def test_one_providers_password_is_not_for_another(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, DictVault())
    work = replace(account(SecretSource.KEYRING), smtp_secret=True)
    secrets.keep(work, "mine")
    assert secrets.for_server(work, IMAP) == "mine"
    with pytest.raises(AuthFailed) as caught:
        secrets.for_server(work, OUT)
    assert caught.value.summary == "The password for smtp.a.example is needed."
    secrets.keep(work, "out", SMTP)
    assert secrets.for_server(work, OUT) == "out"
    # An identity's own server elsewhere has its own password or none; on the same host it shares.
    with pytest.raises(AuthFailed):
        secrets.for_server(work, ELSEWHERE, 7)
    secrets.keep(work, "elsewhere", part_of_identity(7))
    assert secrets.for_server(work, ELSEWHERE, 7) == "elsewhere"
    assert secrets.for_server(work, OUT, 8) == "out"
    with pytest.raises(AuthFailed):
        secrets.for_server(work, replace(OUT, user="somebody else"), 8)
    assert parts_for(account(SecretSource.KEYRING), OUT, 8) == (part_of_identity(8), PASSWORD)
    # Two hosts, however alike they look when folded.
    sharp = replace(account(SecretSource.KEYRING), outgoing=replace(OUT, host="mail.straße.de"))
    assert parts_for(sharp, replace(OUT, host="mail.strasse.de"), 8) == (part_of_identity(8),)


def test_a_refused_password_is_looked_up_once_more(tmp_path: Path) -> None:
    vault = DictVault()
    work = account(SecretSource.KEYRING)
    secrets = Secrets(tmp_path, vault)
    secrets.keep(work, "old")
    assert secrets.for_server(work, IMAP) == "old"
    assert not secrets.refused(work, IMAP, "old")
    Secrets(tmp_path, vault).keep(work, "new")  # by another program, or another run
    assert secrets.for_server(work, IMAP) == "new"
    assert not secrets.refused(work, IMAP, "new")


def test_a_command_gives_its_first_line(tmp_path: Path) -> None:
    work = account(SecretSource.COMMAND, "printf 'secret one\\nsecond line\\n'")
    assert Secrets(tmp_path, DictVault()).password(work) == "secret one"


@pytest.mark.parametrize("command", ["false", "true", "exit 3", "no-such-program-at-all"])
def test_a_command_that_gives_nothing_is_one_sentence(tmp_path: Path, command: str) -> None:
    with pytest.raises(AuthFailed) as caught:
        Secrets(tmp_path, DictVault()).password(account(SecretSource.COMMAND, command))
    said = caught.value.summary
    assert said.startswith("The password command of work gave no password (exit status ")
    assert caught.value.detail == ""


def test_a_refused_command_is_run_once_more(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    work = account(SecretSource.COMMAND, f"echo x >>{runs}; wc -l <{runs}")
    secrets = Secrets(tmp_path, DictVault())
    first = secrets.for_server(work, IMAP)
    assert secrets.refused(work, IMAP, first)
    second = secrets.for_server(work, IMAP)
    assert first != second
    assert runs.read_text() == "x\nx\n"
    steady = account(SecretSource.COMMAND, f"echo x >>{runs}; echo same")
    assert not secrets.refused(steady, IMAP, "same")


def test_a_keyring_in_trouble_is_told_without_its_words(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, TalkativeVault())
    with pytest.raises(AuthFailed) as caught:
        secrets.password(account(SecretSource.KEYRING))
    assert "hunter2" not in caught.value.summary + caught.value.detail
    with pytest.raises(Refused):
        secrets.keep(account(SecretSource.KEYRING), "x")


def test_a_locked_keyring_says_so(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, LockedVault())
    errors: list[MailError] = []
    for ask in (
        lambda: secrets.password(account(SecretSource.KEYRING)),
        lambda: secrets.keep(account(SecretSource.KEYRING), "x"),
    ):
        with pytest.raises(MailError) as caught:
            ask()
        errors.append(caught.value)
    assert [type(error) for error in errors] == [AuthFailed, Refused]
    assert {error.summary for error in errors} == {"The system keyring is locked."}


def test_what_a_keyring_will_not_forget_is_told(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, LockedVault())
    told: list[Notice] = []
    secrets.listen(told.append)
    secrets.forget(account(SecretSource.COMMAND, "pass show mail"))
    assert told == []
    secrets.forget(account(SecretSource.KEYRING))
    assert [one.summary for one in told] == [
        "The system keyring may still hold the password of work."
    ]
    assert "hunter2" not in repr(told)


def test_a_keyring_that_hangs_is_not_waited_for_twice(tmp_path: Path) -> None:
    vault = HangingVault()
    work = account(SecretSource.KEYRING)
    secrets = Secrets(tmp_path, vault, ask_s=0.1)
    for _ in range(3):
        with pytest.raises(AuthFailed) as caught:
            secrets.password(work)
        assert caught.value.summary == "The system keyring does not answer."
    with pytest.raises(Refused):
        secrets.keep(work, "given up")
    assert vault.asked == 1
    vault.release()
    patient = Secrets(tmp_path, vault)
    patient.keep(work, "mine")
    assert patient.password(work) == "mine"


def test_what_was_given_up_is_not_done_later(tmp_path: Path) -> None:
    vault = HangingVault()
    secrets = Secrets(tmp_path, vault, ask_s=0.1)
    work = account(SecretSource.KEYRING)
    with pytest.raises(Refused):
        secrets.keep(work, "first")
    secrets.forget(work)
    vault.release()
    assert vault.asked == 1


def test_a_keyring_that_vanishes_leaves_what_was_read(tmp_path: Path) -> None:
    vault = VanishingVault()
    work = account(SecretSource.KEYRING)
    Secrets(tmp_path, vault).keep(work, "mine")
    secrets = Secrets(tmp_path, vault)
    assert secrets.password(work) == "mine"
    vault.gone = True
    assert secrets.password(work) == "mine"
    with pytest.raises(AuthFailed):
        Secrets(tmp_path, vault).password(work)
    secrets.forget(work)  # the account goes all the same
    vault.gone = False
    assert len(vault.kept) == 1


def test_a_keyring_that_comes_late_is_found(tmp_path: Path) -> None:
    found: list[DictVault] = []
    secrets = Secrets(tmp_path, find=lambda: found[0] if found else None)
    work = account(SecretSource.KEYRING)
    kept = [secrets.lasting]
    with pytest.raises(Refused) as caught:
        secrets.keep(work, "mine")
    assert caught.value.summary == "There is no system keyring here to keep the password in."
    found.append(DictVault())
    kept.append(secrets.lasting)
    secrets.keep(work, "mine")
    assert (kept, len(found[0].kept)) == ([False, True], 1)


def test_a_sign_in_by_browser_is_kept_for_the_run_without_a_keyring(tmp_path: Path) -> None:
    told: list[Change] = []
    secrets = Secrets(tmp_path, find=lambda: None)
    secrets.listen(told.append)
    work = account(SecretSource.OAUTH)
    for token in ("one", "two"):
        secrets.keep(work, token, TOKEN)
        assert secrets.part(work, TOKEN) == token
    assert len(told) == 1
    with pytest.raises(Refused):
        secrets.keep(work, "x", PROXY)
