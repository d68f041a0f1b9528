"""What becomes of an account's secrets when the account is added, edited and removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.engine.secrets import Secrets
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.errors import AuthFailed, Refused
from martlet.mail.sign_in import CLIENT, PROXY, SMTP, TOKEN
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.vaults import DictVault

SERVER = Server(Protocol.IMAP, "127.0.0.1", 1, Security.NONE, "a")
WORK = Account(AccountId(0), "work", "a@example.org", incoming=SERVER)


class Here:
    """An engine whose keyring is `vault`; None for no keyring at all."""

    def __init__(self, root: Path, vault: DictVault | None) -> None:
        self.vault = vault
        self.secrets = Secrets(root, vault, find=lambda: None)
        self.engine = Engine(Profile(root), secrets=self.secrets)
        self.reader = Reader(root)

    def kept(self) -> list[str]:
        return sorted(self.vault.kept.values()) if self.vault is not None else []

    def one(self, name: str = "work") -> Account:
        return next(account for account in self.reader.accounts() if account.name == name)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    made = Here(tmp_path / "profile", DictVault())
    yield made
    made.engine.close()


def test_removing_an_account_removes_all_its_secrets(here: Here) -> None:
    account_id = here.engine.account_add(WORK, "mine", {SMTP: "out", PROXY: "through"})
    other = here.engine.account_add(replace(WORK, name="other"), "theirs")
    assert here.kept() == ["mine", "out", "theirs", "through"]
    here.engine.account_remove(account_id)
    assert here.kept() == ["theirs"]
    here.engine.account_remove(other)
    assert here.kept() == []


def test_a_new_name_and_address_keep_them(here: Here) -> None:
    here.engine.account_add(WORK, "mine")
    here.engine.account_edit(replace(here.one(), name="new", address="b@example.net"), "")
    assert here.secrets.password(here.one("new")) == "mine"


def test_an_edit_that_is_refused_changes_no_secret(here: Here) -> None:
    here.engine.account_add(WORK, "mine")
    here.engine.account_add(replace(WORK, name="other"), "theirs")
    with pytest.raises(Refused):
        here.engine.account_edit(replace(here.one(), name="other"), "new password")
    assert here.kept() == ["mine", "theirs"]
    assert here.secrets.password(here.one()) == "mine"


def test_secrets_that_are_refused_leave_the_settings(tmp_path: Path) -> None:
    here = Here(tmp_path / "profile", None)
    here.engine.account_add(replace(WORK, secret=SecretSource.ASK), "mine")
    edited = replace(here.one(), secret=SecretSource.KEYRING, name="new")
    with pytest.raises(Refused) as caught:
        here.engine.account_edit(edited, "new password")
    assert "keyring" in caught.value.summary
    assert here.one().secret is SecretSource.ASK
    with pytest.raises(Refused):
        here.engine.account_add(replace(WORK, name="another"), "x")
    assert [account.name for account in here.reader.accounts()] == ["work"]
    here.engine.close()


def test_asked_for_instead_of_kept(here: Here) -> None:
    here.engine.account_add(WORK, "mine")
    here.engine.account_edit(replace(here.one(), secret=SecretSource.ASK), "for now")
    assert here.kept() == []
    assert here.secrets.password(here.one()) == "for now"
    here.engine.account_edit(replace(here.one(), secret=SecretSource.KEYRING), "kept again")
    assert here.kept() == ["kept again"]


def test_a_command_instead_of_a_password(here: Here) -> None:
    here.engine.account_add(WORK, "mine")
    here.engine.account_edit(
        replace(here.one(), secret=SecretSource.COMMAND, password_command="echo printed"), ""
    )
    assert here.kept() == []
    assert here.secrets.password(here.one()) == "printed"


@pytest.mark.parametrize("part", [TOKEN])
def test_a_sign_in_is_not_handed_in(here: Here, part: str) -> None:
    with pytest.raises(Refused):
        here.engine.account_add(WORK, "", {part: "x"})
    account_id = here.engine.account_add(WORK, "mine")
    for one in (TOKEN, CLIENT):
        with pytest.raises(Refused):
            here.engine.set_password(account_id, "x", one)
    assert here.kept() == ["mine"]


def test_a_part_of_its_own_is_given_later(here: Here) -> None:
    out = replace(SERVER, protocol=Protocol.SMTP)
    account_id = here.engine.account_add(replace(WORK, outgoing=out, smtp_secret=True), "mine")
    with pytest.raises(AuthFailed):
        here.secrets.for_server(here.one(), out)
    here.engine.set_password(account_id, "out", SMTP)
    assert here.secrets.for_server(here.one(), out) == "out"
    assert here.secrets.for_server(here.one(), SERVER) == "mine"
