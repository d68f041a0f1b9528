"""Passwords: kept where the account says, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.engine.secrets import Secrets
from martlet.mail.account import Account, AccountId, SecretSource
from martlet.mail.errors import AuthFailed, Refused


class DictVault:
    """A keyring in memory, with the calls of a real backend."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class LockedVault(DictVault):
    """A keyring that nobody unlocks."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("locked, and the password is hunter2")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError("locked")


def account(source: SecretSource, command: str = "") -> Account:
    return Account(AccountId(3), "work", "a@b.example", secret=source, password_command=command)


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


def test_asked_passwords_live_for_the_run_only(tmp_path: Path) -> None:
    vault = DictVault()
    work = account(SecretSource.ASK)
    secrets = Secrets(tmp_path, vault)
    secrets.keep(work, "once")
    assert secrets.password(work) == "once"
    assert vault.kept == {}
    with pytest.raises(AuthFailed):
        Secrets(tmp_path, vault).password(work)


def test_a_command_gives_its_first_line(tmp_path: Path) -> None:
    work = account(SecretSource.COMMAND, "printf 'secret one\\nsecond line\\n'")
    assert Secrets(tmp_path, DictVault()).password(work) == "secret one"


@pytest.mark.parametrize("command", ["false", "true", "exit 3", "no-such-program-at-all"])
def test_a_command_that_gives_nothing_is_one_sentence(tmp_path: Path, command: str) -> None:
    with pytest.raises(AuthFailed) as caught:
        Secrets(tmp_path, DictVault()).password(account(SecretSource.COMMAND, command))
    assert caught.value.summary == "The password command of work gave no password."


def test_a_locked_keyring_is_told_without_its_words(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, LockedVault())
    with pytest.raises(AuthFailed) as caught:
        secrets.password(account(SecretSource.KEYRING))
    assert "hunter2" not in caught.value.summary + caught.value.detail
    with pytest.raises(Refused):
        secrets.keep(account(SecretSource.KEYRING), "x")
