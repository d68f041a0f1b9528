"""What the preview process can no longer do once it has locked itself in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")

LOCKED = """
import os, socket, subprocess, sys
from pathlib import Path
from martlet.ui.preview import cell
cell.enter_alone()
cell.lock([Path(sys.prefix) / "lib", Path(sys.base_prefix) / "lib"], 200_000_000)
def tried(do):
    try:
        do()
    except (OSError, MemoryError) as error:
        print(type(error).__name__)
    else:
        print("done")
"""


def run(tried: str, *arguments: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", LOCKED + tried, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return ended.stdout.strip() or f"exit {ended.returncode}: {ended.stderr}"


def landlocked() -> bool:
    import ctypes

    return int(ctypes.CDLL(None).syscall(444, None, 0, 1)) > 0


def test_it_has_no_network() -> None:
    assert run("tried(lambda: socket.socket())") == "PermissionError"


def test_somebody_who_is_not_root_stays_who_they_are() -> None:
    """With a network of its own, or as before where a system allows none."""
    script = """
import os
from pathlib import Path
from martlet.ui.preview import cell
if os.getuid() == 0:
    os.setgid(12345)
    os.setuid(12345)
    cell.ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # such a change forbids writing to /proc/self
before = os.getuid(), os.getgid(), os.readlink("/proc/self/ns/net")
cell.enter_alone()
print(before[:2] == (os.getuid(), os.getgid()), before[2] != os.readlink("/proc/self/ns/net"))
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.startswith("True ")


def test_it_starts_nothing() -> None:
    assert run("tried(lambda: os.execv('/bin/true', ['true']))") == "PermissionError"


def test_it_takes_no_other_process_and_no_namespace() -> None:
    """By the numbers that all architectures share, and by those of libc."""
    for call in ("syscall(434, os.getpid(), 0)", "syscall(430, b'tmpfs', 0)",
                 "unshare(0x10000000)", "umount2(b'/', 0)"):  # fmt: skip
        said = run(f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print(libc.{call}, ctypes.get_errno())
""")
        assert said == "-1 1", call


def test_it_has_so_much_memory() -> None:
    assert run("tried(lambda: bytearray(20_000_000))") == "done"
    assert run("tried(lambda: bytearray(900_000_000))") == "MemoryError"


@pytest.mark.skipif(not landlocked(), reason="this kernel has no Landlock")
def test_it_reads_no_mail_and_writes_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "martlet.db"
    secret.write_text("mail")
    assert run("tried(lambda: open(sys.argv[1]).read())", str(secret)) == "PermissionError"
    assert run("tried(lambda: open(sys.argv[1], 'w'))", str(tmp_path / "new")) == "PermissionError"
    assert run("tried(lambda: os.listdir('/home'))") == "PermissionError"
    assert run("tried(lambda: os.unlink(sys.argv[1]))", str(secret)) == "PermissionError"
    assert secret.exists()


def test_it_has_so_much_time() -> None:
    spin = "cell.allow_time(0)\nwhile True: pass"
    assert run(spin).startswith("exit -")
