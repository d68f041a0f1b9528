"""Profiles, log redaction and assets."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

import pytest

from martlet import assets, log
from martlet.paths import Profile, default_profile, expanded


def test_everything_lies_below_the_root(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "p")
    places = (
        profile.database, profile.blobs, profile.blob_files, profile.lock,
        profile.log_file, profile.open_folder, profile.settings,
    )  # fmt: skip
    assert all(place.is_relative_to(profile.root) for place in places)
    assert not profile.root.exists()


def test_a_home_of_nobody_is_a_name_like_others() -> None:
    assert expanded("~/a.txt") == Path.home() / "a.txt"
    for name in ("~nosuchuser/a.txt", "~no\0body/a.txt", "~\ud800/a.txt", "a~", ""):
        assert expanded(name) == Path(name)


@pytest.mark.skipif(os.name == "nt", reason="folders have modes on Unix only")
def test_create_makes_a_private_folder_even_of_an_open_one(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "p")
    profile.root.mkdir(mode=0o755)
    profile.create()
    assert stat.S_IMODE(profile.root.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name == "nt", reason="Unix sockets")
def test_a_long_path_gets_a_short_private_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    profile = Profile(tmp_path / ("long" * 30))
    assert len(os.fsencode(profile.socket)) <= 103
    profile.create()
    folder = Path(profile.socket).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert profile.socket != Profile(tmp_path / ("long" * 31)).socket


def test_one_profile_by_two_names_is_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert Profile(tmp_path / "link") == Profile(tmp_path / "real")


def test_the_environment_names_the_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARTLET_PROFILE", str(tmp_path / "mine"))
    assert default_profile().root == tmp_path / "mine"
    monkeypatch.delenv("MARTLET_PROFILE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_profile().root.name == "default"


@pytest.mark.parametrize(
    "said",
    [
        "a1 LOGIN anna hunter2",
        'a1 LOGIN "an na" "hunter2"',
        "C: AUTHENTICATE PLAIN hunter2",
        "AUTH LOGIN hunter2",
        "PASS hunter2",
        "AccountAdd(account=..., password='hunter2')",
        '{"password": "hunter2"}',
        "Authorization: Bearer hunter2",
    ],
)
def test_secrets_are_redacted(said: str) -> None:
    assert "hunter2" not in log.redact(said)
    assert "***" in log.redact(said)


def test_ordinary_words_stay() -> None:
    said = "a1 LOGOUT; the account asks for its password again; AUTH PLAIN LOGIN offered?"
    assert "asks for its password again" in log.redact(said)


def test_stacks_in_the_log_are_redacted_too(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    log.setup(profile)
    try:
        raise ValueError("password='hunter2'")
    except ValueError:
        logging.getLogger("martlet.test").exception("it %s", "password=hunter2")
    log.setup(None)
    written = profile.log_file.read_text()
    assert "hunter2" not in written
    assert "ValueError" in written


def test_assets_are_found_or_named(tmp_path: Path) -> None:
    assert assets.path("resources").is_dir()
    with pytest.raises(FileNotFoundError, match="no-such-file"):
        assets.path("resources/no-such-file")
