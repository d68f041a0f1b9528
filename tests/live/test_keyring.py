"""Secrets in a real gnome-keyring, in a D-Bus session of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.session import Session, missing

MISSING = missing("gnome-keyring-daemon")
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {MISSING}")

BEGIN = """
import sys
from dataclasses import replace
from pathlib import Path
from martlet.engine.secrets import Secrets
from martlet.mail.account import Account, AccountId, SecretSource
from martlet.mail.errors import MailError
from martlet.mail.identity import Identity
from martlet.mail.sign_in import CERTIFICATE, CLIENT, PROXY, SMTP, TOKEN

root = Path(sys.argv[1])
account = Account(
    AccountId(1), "work", "ada@example.org", identities=(Identity(4, "b@example.org"),)
)
PARTS = ("", SMTP, PROXY, CERTIFICATE, CLIENT, TOKEN, "identity:4")

def tried(call, *arguments):
    try:
        return call(*arguments)
    except MailError as error:
        return f"{type(error).__name__}: {error.summary}"
"""
KEEPS = (
    BEGIN
    + """
secrets = Secrets(root)
print(secrets.lasting)
for part in PARTS:
    secrets.keep(account, f"pässword 密码 {part}", part)
fresh = Secrets(root)
renamed = replace(account, name="other", address="c@example.org")
print(fresh.password(renamed) == "pässword 密码 ")
print(all(fresh.part(renamed, part) == f"pässword 密码 {part}" for part in PARTS[1:]))
other = replace(account, id=AccountId(11))
print(fresh.part(other, SMTP) == "")
"""
)
ROTATES = (
    BEGIN
    + """
oauth = replace(account, secret=SecretSource.OAUTH)
for token in ("first", "second", "third"):
    Secrets(root).keep(oauth, token, TOKEN)
    print(Secrets(root).part(oauth, TOKEN))
"""
)
FORGETS = (
    BEGIN
    + """
Secrets(root).forget(account)
fresh = Secrets(root)
print(tried(fresh.password, account))
print([fresh.part(account, part) for part in PARTS[1:]])
"""
)
TRIES = (
    BEGIN
    + """
print(tried(Secrets(root).keep, account, "secret"))
print(tried(Secrets(root).password, account))
print(Secrets(root).lasting)
"""
)
HANGS = (
    BEGIN
    + """
import os, signal
os.kill(int(sys.argv[2]), signal.SIGSTOP)
secrets = Secrets(root, ask_s=0.5)
print(tried(secrets.keep, account, "mine"))
print(tried(secrets.password, account))
os.kill(int(sys.argv[2]), signal.SIGCONT)
again = Secrets(root)
print(tried(again.keep, account, "mine"), tried(again.password, account))
"""
)
VANISHES = (
    BEGIN
    + """
import os, select, signal
secrets = Secrets(root)
secrets.keep(account, "mine")
read = Secrets(root)
print(read.password(account))
pid = int(sys.argv[2])
watch = os.pidfd_open(pid)
os.kill(pid, signal.SIGKILL)
select.select([watch], [], [], 30)
print(read.password(account))
print(tried(secrets.keep, account, "another"))
print(tried(Secrets(root).password, account))
"""
)


def test_every_part_is_kept_by_account_and_forgotten_with_it(tmp_path: Path) -> None:
    root = str(tmp_path / "profile")
    with Session(tmp_path / "session", keyring="unlocked") as session:
        assert session.python(KEEPS, root) == ["True"] * 4
        assert session.items() == 7
        assert session.python(FORGETS, root) == [
            "AuthFailed: The password of work is needed.",
            "['', '', '', '', '', '']",
        ]
        assert session.items() == 0
    # Nothing of it is in a file of ours.
    assert not Path(root).exists()


def test_a_rotated_token_replaces_the_one_before(tmp_path: Path) -> None:
    with Session(tmp_path / "session", keyring="unlocked") as session:
        said = session.python(ROTATES, str(tmp_path / "profile"))
        assert said == ["first", "second", "third"]
        assert session.items() == 1


def test_a_locked_keyring_that_nobody_can_unlock_fails_fast(tmp_path: Path) -> None:
    with Session(tmp_path / "session", keyring="locked") as session:
        assert session.python(TRIES, str(tmp_path / "profile")) == [
            "Refused: The system keyring is locked.",
            "AuthFailed: The system keyring is locked.",
            "True",
        ]


def test_a_bus_without_a_keyring_has_none(tmp_path: Path) -> None:
    with Session(tmp_path / "session") as session:
        assert session.python(TRIES, str(tmp_path / "profile")) == [
            "Refused: There is no system keyring here to keep the password in.",
            "AuthFailed: The password of work is needed.",
            "False",
        ]


def test_a_keyring_that_dies_in_mid_run(tmp_path: Path) -> None:
    with Session(tmp_path / "session", keyring="unlocked") as session:
        pid = session.owner("org.freedesktop.secrets")
        first, second, third, fourth = session.python(VANISHES, str(tmp_path / "profile"), str(pid))
    assert (first, second) == ("mine", "mine")
    assert third == "Refused: The system keyring refused to keep the password."
    # A new program finds no keyring at all.
    assert fourth == "AuthFailed: The password of work is needed."


def test_a_keyring_that_hangs_holds_nobody_up(tmp_path: Path) -> None:
    with Session(tmp_path / "session", keyring="unlocked") as session:
        pid = session.owner("org.freedesktop.secrets")
        assert session.python(HANGS, str(tmp_path / "profile"), str(pid)) == [
            "Refused: The system keyring does not answer.",
            "AuthFailed: The system keyring does not answer.",
            "None mine",
        ]
