"""For whom pictures from the internet are always shown: listed, added, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.running import Cli


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "profile")


def test_listed_allowed_and_forgotten(cli: Cli) -> None:
    assert cli.ok("pictures", "list").out == ""
    cli.ok("pictures", "allow", "Eve@Example.org", "@example.net")
    assert cli.ok("pictures", "list").out == "@example.net\neve@example.org\n"
    assert cli.ok("pictures", "list", "--json").rows == [
        {"who": "@example.net"},
        {"who": "eve@example.org"},
    ]
    cli.ok("pictures", "forget", "EVE@example.org")
    assert cli.ok("pictures", "list").out == "@example.net\n"


@pytest.mark.parametrize("who", ["example.org", "@", "@org", "eve@", "@exa mple.org", ""])
def test_what_is_nobody_is_refused(cli: Cli, who: str) -> None:
    assert "neither an address" in cli.refused("pictures", "allow", who)
    assert "not shown by themselves" in cli.refused("pictures", "forget", who)
