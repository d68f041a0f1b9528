"""What servers take at most is asked in good time, as a stranger, and what they say is weighed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.secrets import Secrets
from martlet.engine.size_limits import AGAIN_S, FRESH_S, SizeLimits
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.errors import Refused
from martlet.mail.identity import Identity
from martlet.mail.letter_size import SizeLimit
from martlet.store import size_limits
from martlet.store.database import Database
from support.scripted import Script, Scripted, close, expect, send

NOW = 1_800_000_000.0
BYE: Script = [expect("QUIT"), send("221 bye\r\n")]


def says(*offers: str) -> Script:
    """What greets, and offers this to a stranger, who leaves again."""
    lines = ["hi", *offers]
    marks = ["-"] * (len(lines) - 1) + [" "]
    answer = "".join(f"250{mark}{line}\r\n" for mark, line in zip(marks, lines, strict=True))
    return [send("220 hi\r\n"), expect("EHLO"), send(answer), *BYE]


class Bench:
    """An account that sends by the server of a test."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.database = Database(folder)
        self.account = Account(AccountId(1), "work", "ada@example.org", secret=SecretSource.ASK)
        self.limits = SizeLimits(
            self.database,
            Secrets(folder),
            clock=lambda: self.now,
            account=self.found,
            timeout_s=0.5,
        )

    def found(self, account_id: AccountId) -> Account:
        if account_id != self.account.id:
            raise Refused("There is no such account.")
        return self.account

    def sends_by(self, server: Server, identity: int = 0) -> None:
        if identity:
            mine = Identity(identity, "ada@other.example", outgoing=server)
            self.account = replace(self.account, identities=(mine,))
        else:
            self.account = replace(self.account, outgoing=server)

    def ask(self, script: Script, identity: int = 0) -> SizeLimit | None:
        """What is known after a server that follows this script was asked."""
        with Scripted(script) as scripted:
            server = scripted.account(Protocol.SMTP)
            self.sends_by(server, identity)
            self.limits.ask(AccountId(1), identity)
        return self.known(server)

    def known(self, server: Server) -> SizeLimit | None:
        found = size_limits.said(self.database, server)
        return found.limit if found is not None else None


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.database.close()


@pytest.mark.parametrize(
    ("offer", "size"),
    [
        ("SIZE 26214400", 26_214_400),
        ("size 1", 1),
        ("SIZE 0", 0),
        ("SIZE", 0),
        ("SIZE -5", 0),
        ("SIZE 10M", 0),
        ("SIZE 99999999999999999999999999", 0),
        ("SIZE 999999999999999999", 999_999_999_999_999_999),
        ("SIZE ٣٥", 0),
        ("8BITMIME", 0),
    ],
)
def test_what_a_server_says_is_kept_as_a_strangers_knowledge(
    bench: Bench, offer: str, size: int
) -> None:
    assert bench.ask(says(offer, "AUTH PLAIN")) == SizeLimit(size, sure=False)


def test_an_identitys_own_server_is_asked(bench: Bench) -> None:
    assert bench.ask(says("SIZE 1000"), identity=3) == SizeLimit(1000)


@pytest.mark.parametrize(
    "script",
    [
        [close()],
        [send("554 not you\r\n")],
        [send("* OK IMAP4rev1 ready\r\n")],
        [send("220 hi\r\n"), expect("EHLO"), close()],
        [send("220 hi\r\n"), expect("EHLO"), send("500 what\r\n"), expect("HELO"), close()],
        [send("220 hi\r\n"), expect("EHLO")],
    ],
    ids=["gone", "refuses", "no smtp", "hangs up", "knows no command", "ends"],
)
def test_a_server_that_does_not_say_is_left_alone_for_a_while(bench: Bench, script: Script) -> None:
    connected = 0

    def counted(step: Script) -> Script:
        def come(_talk: object) -> None:
            nonlocal connected
            connected += 1

        return [come, *step]

    with Scripted(counted(script)) as scripted:
        bench.sends_by(scripted.account(Protocol.SMTP))
        bench.limits.ask(AccountId(1), 0)
        bench.limits.ask(AccountId(1), 0)
        assert connected == 1
        bench.now += AGAIN_S
        bench.limits.ask(AccountId(1), 0)
        assert connected == 2
        assert bench.known(scripted.account(Protocol.SMTP)) is None


def test_a_server_is_asked_once_a_day(bench: Bench) -> None:
    with Scripted(says("SIZE 1000"), says("SIZE 2000")) as scripted:
        server = scripted.account(Protocol.SMTP)
        bench.sends_by(server)
        for _ in range(3):
            bench.limits.ask(AccountId(1), 0)
        assert bench.known(server) == SizeLimit(1000)
        bench.now += FRESH_S
        bench.limits.ask(AccountId(1), 0)
        assert bench.known(server) == SizeLimit(2000)


def test_a_clock_that_was_wrong_keeps_nothing_fresh(bench: Bench) -> None:
    with Scripted(says("SIZE 1000"), says("SIZE 2000")) as scripted:
        server = scripted.account(Protocol.SMTP)
        bench.sends_by(server)
        bench.now = NOW + 10 * 365 * 86_400
        bench.limits.ask(AccountId(1), 0)
        bench.now = NOW
        bench.limits.ask(AccountId(1), 0)
        assert bench.known(server) == SizeLimit(2000)


def test_who_signed_in_is_believed(bench: Bench) -> None:
    """The same, heard as a stranger a day later, stays sure; something else does not."""
    with Scripted(says("SIZE 1000"), says("SIZE 10")) as scripted:
        server = scripted.account(Protocol.SMTP)
        bench.sends_by(server)
        bench.limits.learn(server, SizeLimit(1000, sure=True))
        bench.now += FRESH_S
        bench.limits.ask(AccountId(1), 0)
        assert bench.known(server) == SizeLimit(1000, sure=True)
        bench.now += FRESH_S
        bench.limits.ask(AccountId(1), 0)
        assert bench.known(server) == SizeLimit(10)
        bench.limits.learn(server, SizeLimit(10, sure=True))
        assert bench.known(server) == SizeLimit(10, sure=True)


def test_where_nothing_is_sent_nobody_is_asked(bench: Bench) -> None:
    bench.limits.ask(AccountId(1), 0)
    assert not bench.database.query("SELECT server FROM size_limit")


def test_an_account_that_is_gone_is_nobodys_trouble(bench: Bench) -> None:
    bench.limits.ask(AccountId(9), 0)
    assert not bench.database.query("SELECT server FROM size_limit")


def test_a_store_that_cannot_be_read_is_nobodys_trouble(bench: Bench) -> None:
    bench.sends_by(Server(Protocol.SMTP, "smtp.example.org", 587, Security.STARTTLS, "ada"))
    bench.database.close()
    bench.limits.ask(AccountId(1), 0)
