"""The folder of a process: private, gone with it, and swept when it was killed."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from martlet.engine.own_folder import own_folder
from martlet.mail.errors import StoreError

_HOLD = """
import sys
from pathlib import Path
from martlet.engine.own_folder import own_folder
with own_folder(Path(sys.argv[1])) as folder:
    (folder / "1").mkdir()
    (folder / "1" / "secret.txt").write_text("copy")
    (folder / "1" / "secret.txt").chmod(0o400)
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_it_is_private_and_goes_with_its_user(tmp_path: Path) -> None:
    parent = tmp_path / "run" / "open"
    with own_folder(parent) as one, own_folder(parent) as other:
        assert one != other
        for folder in (parent, one, other):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (one / "copy").write_text("x")
    assert [entry.name for entry in parent.iterdir() if entry.name != "lock"] == []


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    parent = tmp_path / "run" / "open"
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(parent)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        left = Path(process.stdout.readline().decode().strip())
        with own_folder(parent):
            assert (left / "1" / "secret.txt").exists()
    finally:
        process.kill()
        process.communicate()
    assert (left / "1" / "secret.txt").exists()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    (parent / "mail-link").symlink_to(outside)
    (left / "inner").symlink_to(outside)
    (parent / "another").mkdir()
    with own_folder(parent) as mine:
        assert mine.is_dir()
        assert not left.exists()
        assert not (parent / "mail-link").is_symlink()
    assert (outside / "kept").exists()
    assert (parent / "another").is_dir()


def test_what_lies_elsewhere_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError), own_folder(tmp_path / "run" / "open"):
        pass
    assert not list((tmp_path / "elsewhere").iterdir())
