"""What is understood, what is not, and how that is said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cli.running import Cli
from martlet.cli.commands import COMMANDS, parse


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "profile")


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["list"],
        ["list", "INBOX", "--limit", "0"],
        ["list", "INBOX", "--limit", "many"],
        ["list", "INBOX", "--lim", "3"],
        ["show", "abc"],
        ["flag", "1"],
        ["flag", "1", "--add", "seen", "--remove", "seen"],
        ["tag", "1", "--add", "two words"],
        ["move", "Archive"],
        ["move", "x", "Archive"],
        ["account"],
        ["account", "add", "a"],
        ["send"],
        ["send", "--to", "nobody"],
        ["send", "x.eml", "--subject", "y"],
        ["outbox", "resolve", "1"],
        ["list", "INBOX", "--demo"],
        ["--screenshot", "/no/such/folder/picture.png"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line_and_2(words: list[str], tmp_path: Path) -> None:
    cli = Cli(tmp_path / "profile")
    if words[0] in ("flag", "tag"):  # these are judged after the message is found
        from cli.stored import fill

        fill(cli.profile, 1)
    cli.refused(*words, status=2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["list", "INBOX"], "no account yet"),
        (["show", "1"], "no message 1"),
        (["sync"], "no account yet"),
        (["sync", "home"], "no account 'home'"),
        (["account", "show", "home"], "no account 'home'"),
        (["folder", "create", "x"], "no account yet"),
        (["send", "--to", "a@example.org", "--body", "x"], "No account can send"),
        (["outbox", "cancel", "4"], "no message 4 in the outbox"),
        (["open", "missing.eml"], "no file missing.eml"),
        (["send", "missing.eml"], "missing.eml cannot be read"),
    ],
)
def test_what_is_not_there_is_named(cli: Cli, words: list[str], said: str) -> None:
    assert said in cli.refused(*words)
    assert not cli.profile.exists()


def test_reading_an_empty_profile_creates_nothing(cli: Cli) -> None:
    for words in (["account", "list"], ["folder", "list"], ["search", "x"], ["outbox", "list"]):
        assert cli.ok(*words, "--json").out == ""
    assert cli.ok("search", "x", "--count").out == "0\n"
    assert not cli.profile.exists()


def test_profile_and_json_stand_before_or_after() -> None:
    for words in (
        ["--profile", "p", "--json", "account", "list"],
        ["account", "--profile", "p", "list", "--json"],
        ["account", "list", "--json", "--profile", "p"],
    ):
        args, command = parse(words)
        assert (args.profile, args.json, args.action) == ("p", True, "list")
        assert command is not None
    args, command = parse(["--profile", "a", "list", "INBOX", "--profile", "b"])
    assert (args.profile, args.json) == ("b", False)


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit) as ended:
            parse([command.name, "--help"])
        assert ended.value.code == 0
        assert "--profile" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        parse(["--help"])
    said = capsys.readouterr().out
    assert all(command.name in said for command in COMMANDS)
    assert "{id, account, folder, uid, subject, from, to, date, flags, tags, size," in said


def test_a_word_that_is_a_command_may_be_an_argument_too() -> None:
    args, command = parse(["search", "list", "show"])
    assert args.query == ["list", "show"]
    assert command is not None
    assert command.name == "search"


def test_what_reads_the_store_waits_for_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys; sys.argv = ['martlet', '--profile', sys.argv[1], 'list', 'INBOX', '--json']\n"
        "from martlet.__main__ import main\n"
        "main()\n"
        "heavy = {'PySide6', 'cryptography', 'keyring', 'martlet.engine', 'martlet.mime',"
        " 'martlet.net', 'multiprocessing', 'logging', 'filelock', 'asyncio', 'ssl'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        env=Cli(tmp_path).environment(),
        check=True,
    )
    assert done.stdout == "[]\n"


def test_the_version_is_told(cli: Cli) -> None:
    assert cli.ok("--version").out.startswith("martlet ")


def test_the_help_of_inspect_says_that_it_is_json(cli: Cli) -> None:
    assert "always as JSON" in cli.ok("inspect", "--help").out
