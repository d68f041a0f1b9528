"""The command line with mail of which POP3 has shown the header only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cli.running import Cli
from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource
from martlet.paths import Profile
from support.dovecot import Dovecot, installed
from support.passes import letter

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as running:
        running.deliver_many("ada", [letter(1), letter(2), letter(3, "long " * 40_000)])
        yield running


def there(dovecot: Dovecot) -> int:
    said = dovecot.doveadm("mailbox", "status", "-u", "ada", "messages", "INBOX")
    return int(said.rpartition("=")[2])


def test_headers_are_listed_fetched_and_deleted(tmp_path: Path, dovecot: Dovecot) -> None:
    cli = Cli(tmp_path)
    engine = Engine(Profile(cli.profile))
    account = Account(
        AccountId(0),
        "ada",
        "ada@example.org",
        incoming=dovecot.server(Protocol.POP3),
        secret=SecretSource.COMMAND,
        password_command=f"echo {dovecot.password}",
        ca_file=dovecot.ca_file,
    )
    engine.account_add(replace(account, summary_first=True), "")
    engine.close()
    cli.ok("sync")
    rows = {row["subject"]: row for row in cli.ok("list", "Inbox", "--json").rows}
    assert sorted(rows) == ["1", "2", "3"]
    assert rows["3"]["size"] > 200_000
    assert rows["1"]["from"] == "Anna <a@example.org>"
    said = cli.ok("download", str(rows["1"]["id"]), str(rows["3"]["id"]))
    assert "Fetched 2 messages" in said.out
    assert "Everything is here already" in cli.ok("download", str(rows["3"]["id"])).out
    assert "body 1" in cli.ok("show", str(rows["1"]["id"])).out
    cli.ok("delete", "--permanently", str(rows["2"]["id"]))
    assert there(dovecot) == 3
    cli.ok("sync")
    assert there(dovecot) == 2
    assert "Everything is here already" in cli.ok("download", "--folder", "Inbox").out
