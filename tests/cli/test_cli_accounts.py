"""`martlet account`: every setting given, shown, changed and taken back; secrets over stdin."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from cli.running import Cli
from martlet.mail.account import Account, SentCopies
from martlet.mail.route import Proxy, ProxyKind
from martlet.store.reader import Reader

DIGEST = "ab" * 32
POP3 = ("--address", "a@example.org", "--pop3", "pop.example.org", "--no-discover")


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "profile")


def stored(cli: Cli, name: str = "old") -> Account:
    return next(one for one in Reader(cli.profile).accounts() if one.name == name)


def test_pop3_in_words(cli: Cli) -> None:
    cli.ok("account", "add", "main", *POP3, "--ask-password")
    cli.ok(
        "account", "add", "old", *POP3, "--ask-password", "--leave-days", "14", "--leave-count",
        "500", "--leave-mb", "20", "--keep-there", "--limit-kb", "300", "--into", "main",
        "--smtp", "smtp.example.org", "--sent-copies", "never",
    )  # fmt: skip
    said = cli.ok("account", "show", "old").out.splitlines()
    assert (
        "On the server: mail stays for 14 days, at most the newest 500 messages and 20 MB" in said
    )
    assert "What is deleted here for good: left there" in said
    assert "Comes by itself: whole messages, of those over 300 kB only the beginning" in said
    assert "Goes into: the inbox of main" in said
    assert "Copies in Sent: never put there" in said
    cli.ok("account", "edit", "old", "--take-away", "--summaries", "--into", "")
    said = cli.ok("account", "show", "old").out.splitlines()
    assert "On the server: nothing stays once it is here" in said
    assert "Comes by itself: only the beginning of each message" in said
    assert not any(line.startswith("Goes into") for line in said)
    old = stored(cli)
    assert (old.leave_on_server, old.leave_days, old.limit_kb) == (False, 14, 300)
    assert old.sent_copies is SentCopies.NEVER
    cli.ok("account", "edit", "old", "--leave", "--whole", "--delete-there", "--leave-days", "0")
    row = cli.ok("account", "show", "old", "--json").rows[0]
    assert (row["leave_on_server"], row["delete_there"], row["summaries"]) == (True, True, False)
    assert (row["leave_days"], row["leave_count"], row["leave_mb"]) == (0, 500, 20)
    assert (row["into"], row["sent_copies"]) == (0, "never")


def test_the_way_to_the_servers(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text("PEM")
    cli.ok(
        "account", "add", "old", *POP3, "--ask-password", "--certificate", str(own),
        "--pin", f"pop.example.org={DIGEST}", "--pin", f"b.example={DIGEST}",
        "--proxy", "socks5://me%40home@proxy.example:9050",
    )  # fmt: skip
    assert stored(cli).proxy == Proxy(ProxyKind.SOCKS5, "proxy.example", 9050, "me@home")
    said = cli.ok("account", "show", "old").out
    assert "Proxy: socks5://me@home@proxy.example:9050\n" in said
    assert f"Own certificate: {own}\n" in said
    cli.ok("account", "edit", "old", "--unpin", "b.example", "--proxy", "http://[::1]",
        "--certificate", "")  # fmt: skip
    row = cli.ok("account", "show", "old", "--json").rows[0]
    assert row["proxy"] == "http://[::1]:8080"
    assert row["certificate"] == ""
    assert [pin["host"] for pin in row["pins"]] == ["pop.example.org"]
    cli.ok("account", "edit", "old", "--proxy", "none")
    assert stored(cli).proxy is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--proxy", "socks5://me:geheim@p.example"], "given by --proxy-password-stdin"),
        (["--proxy", "ftp://p.example"], "a proxy is socks5://"),
        (["--proxy", "http://p.example:0"], "a proxy is socks5://"),
        (["--proxy", "http://p.example:99999"], "a proxy is socks5://"),
        (["--proxy", "http://p.example/path"], "a proxy is socks5://"),
        (["--proxy", "http://p p.example"], "a proxy is socks5://"),
        (["--certificate", "/no/file"], "the certificate /no/file cannot be read"),
        (["--unpin", "nobody.example"], "no certificate of 'nobody.example' is trusted here"),
        (["--leave-days", "-1"], "--leave-days is a number from 0 to"),
        (["--leave-count", "-1"], "--leave-count is a number from 0 to"),
        (["--limit-kb", "9999999999"], "--limit-kb is a number from 0 to"),
        (["--take-away", "--leave"], "not allowed with"),
        (["--client-id", "x"], "go with --oauth"),
        (["--client-secret-stdin"], "there is no client's secret on stdin"),
    ],
)
def test_what_makes_no_sense_is_said(cli: Cli, words: list[str], said: str) -> None:
    told = cli.refused("account", "add", "x", *POP3, "--ask-password", *words, status=2)
    assert said in told
    assert "geheim" not in told
    assert not cli.profile.exists()


def test_into_is_for_pop3_and_not_in_circles(cli: Cli) -> None:
    cli.ok("account", "add", "a", *POP3, "--ask-password")
    cli.ok("account", "add", "b", *POP3, "--ask-password", "--into", "a")
    assert "goes into another account" in cli.refused(
        "account", "edit", "a", "--into", "b", status=2
    )
    cli.ok("account", "edit", "a", "--into", "a")
    assert stored(cli, "a").into == 0
    assert "no account 'zzz'" in cli.refused("account", "edit", "a", "--into", "zzz")
    cli.ok("account", "add", "i", "--address", "a@example.org", "--imap", "h.example",
        "--no-discover", "--ask-password")  # fmt: skip
    assert "receive by POP3" in cli.refused("account", "edit", "i", "--into", "a", status=2)


def test_whoever_went_into_a_removed_account_has_an_inbox_again(cli: Cli) -> None:
    cli.ok("account", "add", "a", *POP3, "--ask-password")
    cli.ok("account", "add", "b", *POP3, "--ask-password", "--into", "a")
    assert cli.ok("account", "remove", "a", "--yes").out == (
        "Account a removed. New mail of b goes into an inbox of its own again.\n"
    )
    assert stored(cli, "b").into == 0
    cli.ok("account", "edit", "b", "--name", "Bea")


def test_what_is_not_the_accounts_is_no_change(cli: Cli) -> None:
    cli.ok("account", "add", "p", *POP3, "--ask-password")
    cli.ok("account", "add", "i", "--address", "a@example.org", "--imap", "h.example",
        "--no-discover", "--ask-password")  # fmt: skip
    for name, words, by in (
        ("i", ["--leave-days", "3"], "--leave-days is for accounts that receive by POP3"),
        ("i", ["--take-away"], "--leave or --take-away is for accounts that receive by POP3"),
        ("p", ["--keep", "all"], "--keep is for accounts that receive by IMAP"),
        ("p", ["--connections", "3"], "--connections is for accounts that receive by IMAP"),
        ("p", [], "say what is to be changed; see: martlet account edit --help"),
        ("p", ["--json"], "say what is to be changed; see: martlet account edit --help"),
    ):
        assert cli.refused("account", "edit", name, *words, status=2) == by
    cli.ok("account", "edit", "p", "--take-away")
    cli.ok("account", "edit", "p", "--month-mb", "5")
    assert "Fetched whole in a month: 5 MB" in cli.ok("account", "show", "p").out


def test_an_account_that_cannot_send_is_told_of(cli: Cli) -> None:
    assert cli.ok("account", "add", "my p", *POP3, "--ask-password").out == (
        "Account my p added. It cannot send; to give it a server: "
        "martlet account edit 'my p' --smtp HOST\n"
    )
    both = (*POP3, "--smtp", "s.example", "--ask-password")
    assert cli.ok("account", "add", "q", *both).out == "Account q added.\n"
    ours, theirs = pty.openpty()
    subprocess.run(
        cli.command("account", "add", "r", *both),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs,
        env=cli.environment(), check=True,
    )  # fmt: skip
    os.close(theirs)
    said = os.read(ours, 65536).decode()
    os.close(ours)
    assert said == "martlet: note: not tried yet; to try it: martlet account test r\r\n"


def test_a_profile_that_cannot_be_says_so(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    assert Cli(file).refused("list", "INBOX") == (
        f"The profile {file} cannot be used: it is no folder."
    )  # fmt: skip
    below = Cli(file / "below").refused("account", "list")
    assert below == f"The profile {file / 'below'} cannot be used: {file} is no folder."


def test_nothing_yet_is_said(cli: Cli) -> None:
    assert cli.ok("outbox", "list").out == "The outbox is empty.\n"
    assert cli.ok("account", "desktop").out == "The desktop has no mail accounts.\n"
    assert cli.ok("account", "desktop", "--json").out == ""


def test_secrets_come_one_a_line_in_their_order(cli: Cli) -> None:
    # No keyring here: what is refused is the first that would have been kept.
    said = cli.refused(
        "account", "add", "x", *POP3, "--smtp", "s.example", "--smtp-password-stdin",
        "--proxy", "socks5://me@p.example", "--proxy-password-stdin", "--password-stdin",
        stdin=b"one\ntwo\nthree\n",
    )  # fmt: skip
    assert "keyring" in said
    assert said.endswith("use --password-command CMD or --ask-password instead.")
    assert cli.ok("account", "list").out.startswith("No accounts yet")
    assert cli.ok("account", "list", "--json").out == ""
    said = cli.refused(
        "account", "add", "x", *POP3, "--password-stdin", "--smtp-password-stdin",
        stdin=b"one\n", status=2,
    )  # fmt: skip
    assert said == "there is no password for sending on stdin"


def test_a_password_for_sending_alone(cli: Cli) -> None:
    cli.ok("account", "add", "old", *POP3, "--smtp", "s.example", "--ask-password")
    cli.ok("account", "password", "old", "--smtp-password-stdin", stdin=b"other\n")
    assert stored(cli).smtp_secret
    assert "another password for sending" in cli.ok("account", "show", "old").out
    cli.ok("account", "edit", "old", "--no-smtp-password")
    assert not stored(cli).smtp_secret


def test_the_browser_where_nothing_is_known_of_it(cli: Cli) -> None:
    said = cli.refused("account", "add", "x", *POP3, "--oauth", status=2)
    assert "no sign-in by browser is known for 'a@example.org'" in said
    said = cli.refused("account", "add", "x", *POP3, "--oauth", "--oauth-token-url", "https://a/",
        status=2)  # fmt: skip
    assert "go together" in said
    said = cli.refused(
        "account", "add", "x", *POP3, "--oauth", "T", "--client-id", "c", "--no-browser",
        "--oauth-token-url", "http://a.example/", "--oauth-authorize-url", "https://a.example/",
    )  # fmt: skip
    assert "must begin with https://" in said


def test_the_desktop_where_there_is_none(cli: Cli) -> None:
    said = cli.refused("account", "add", "x", "--desktop", "goa:1")
    assert said == "The desktop has no mail account 'goa:1'; there are: none."
    assert "--address" in cli.refused("account", "add", "x", "--ask-password", status=2)
