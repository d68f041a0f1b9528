"""Secrets in a real KWallet without a screen: its wallet is opened as a log-in does it (PAM)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.session import Session, missing, unpacked

PROGRAM = "usr/bin/kwalletd5"
DAEMON = unpacked("kwallet", PROGRAM)
pytestmark = pytest.mark.skipif(
    DAEMON is None or bool(missing()), reason="kwalletd5 or D-Bus is not installed"
)

OPENS = """
import sys
from martlet.engine.dbus import Place, session_bus
wallet = Place("org.kde.kwalletd5", "/modules/kwalletd5", "org.kde.KWallet")
with session_bus() as bus:
    bus.call(wallet, "pamOpen", "sayi", ("kdewallet", bytes(56), 0))
    print(bus.call(wallet, "isOpen", "s", ("kdewallet",))[0])
"""
KEEPS = """
import sys
from pathlib import Path
from martlet.engine.kwallet import KWallet
from martlet.engine.secrets import Secrets
from martlet.mail.account import Account, AccountId
from martlet.mail.errors import MailError

account = Account(AccountId(1), "work", "ada@example.org")

def secrets():
    return Secrets(Path(sys.argv[1]), KWallet.found(), ask_s=float(sys.argv[2]))

def tried(call, *arguments):
    try:
        return call(*arguments)
    except MailError as error:
        return f"{type(error).__name__}: {error.summary}"

print(tried(secrets().keep, account, "pässword 密码"))
print(tried(secrets().password, account))
for token in ("first", "second"):
    print(tried(secrets().keep, account, token, "token"), tried(secrets().part, account, "token"))
secrets().forget(account)
print(tried(secrets().password, account), repr(tried(secrets().part, account, "token")))
"""
CONFIG = """[Wallet]
Enabled={enabled}
First Use=false
Default Wallet=kdewallet
Prompt on Open=false
Use One Wallet=true
"""


@contextmanager
def kwallet(folder: Path, *, enabled: bool = True) -> Iterator[Session]:
    assert DAEMON is not None
    with Session(folder) as session:
        config = folder / "config" / "kwalletrc"
        config.write_text(CONFIG.format(enabled=str(enabled).lower()))
        with session.daemon(DAEMON, PROGRAM, "org.kde.kwalletd5"):
            yield session


def test_it_keeps_gives_and_forgets(tmp_path: Path) -> None:
    with kwallet(tmp_path / "session") as session:
        assert session.python(OPENS) == ["True"]
        assert session.python(KEEPS, str(tmp_path / "profile"), "60") == [
            "None",
            "pässword 密码",
            "None first",
            "None second",
            "AuthFailed: The password of work is needed. ''",
        ]


def test_one_that_is_switched_off_is_none(tmp_path: Path) -> None:
    with kwallet(tmp_path / "session", enabled=False) as session:
        said = session.python(
            "from martlet.engine.kwallet import KWallet\nprint(KWallet.found())\n"
        )
        assert said == ["None"]


def test_a_wallet_whose_prompt_nobody_answers_is_given_up(tmp_path: Path) -> None:
    with kwallet(tmp_path / "session") as session:
        said = session.python(KEEPS, str(tmp_path / "profile"), "0.5")
        assert said[0] == "Refused: The system keyring does not answer."
        assert said[1] == "AuthFailed: The system keyring does not answer."
