"""Commands that open a window: they take their picture and leave nothing behind."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from cli.running import Cli

pytest.importorskip("PySide6.QtWebEngineWidgets")
linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
TIMEOUT_S = 150


def photograph(cli: Cli, picture: Path, temporary: Path, *words: str) -> tuple[int, int]:
    """Runs without a display; the picture's width and height."""
    temporary.mkdir()
    environment = cli.environment()
    environment.pop("DISPLAY", None)
    environment.pop("WAYLAND_DISPLAY", None)
    environment.pop("XDG_RUNTIME_DIR", None)
    environment.update(QT_QPA_PLATFORM="offscreen", TMPDIR=str(temporary))
    if os.name == "posix" and os.geteuid() == 0:
        environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # Chromium refuses root otherwise
    done = subprocess.run(
        [*cli.command()[:3], *words, "--screenshot", str(picture)],
        capture_output=True,
        env=environment,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


@linux
def test_without_a_display_it_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    said = Cli(tmp_path / "unused").refused()
    assert "no display" in said
    assert not (tmp_path / "unused").exists()


def test_a_folder_is_no_mail_file(tmp_path: Path) -> None:
    said = Cli(tmp_path / "unused").refused("open", str(tmp_path))
    assert said == f"{tmp_path} is a folder, not a mail file."


def test_a_profile_that_cannot_be_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    (tmp_path / "file").write_text("in the way")
    assert "cannot be used" in Cli(tmp_path / "file" / "profile").refused()


def test_the_demo_takes_a_picture_and_leaves_nothing(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    width, height = photograph(Cli(tmp_path / "unused"), tmp_path / "demo.png", temporary, "--demo")
    assert width >= 800
    assert height >= 500
    assert not list(temporary.glob("martlet-*"))
    assert not (tmp_path / "unused").exists()


def test_a_mail_file_is_shown_without_a_profile(tmp_path: Path) -> None:
    file = tmp_path / "letter.eml"
    file.write_bytes(b"From: a@example.org\r\nSubject: x\r\nContent-Type: text/plain\r\n\r\nhi\r\n")
    temporary = tmp_path / "tmp"
    photograph(Cli(tmp_path / "unused"), tmp_path / "file.png", temporary, "open", str(file))
    assert not list(temporary.rglob("mail-*"))
    assert not (tmp_path / "unused").exists()


def test_a_mail_file_is_shown_with_its_pictures(tmp_path: Path) -> None:
    """Those it would have from this computer's own network it does not get."""
    file = tmp_path / "letter.eml"
    file.write_bytes(
        b"From: a@example.org\r\nContent-Type: text/html\r\n\r\n<p>hi"
        b"<img src='http://10.1.2.3/a.png' width=80 height=80>"
        b"<img src='http://localhost/b.png' width=80 height=80>"
    )
    words = ("open", str(file), "--remote-images")
    photograph(Cli(tmp_path / "unused"), tmp_path / "file.png", tmp_path / "tmp", *words)
    assert not (tmp_path / "unused").exists()
