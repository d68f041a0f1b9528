"""The password command: its first line, within bounds, and nothing left running."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from martlet.engine.password_command import CommandFailed, first_line

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sh")
WAIT_S = 60.0


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("echo one", "one"),
        ("printf 'one\\ntwo\\nthree'", "one"),
        ("printf 'one\\r\\ntwo\\r\\n'", "one"),
        ("printf 'no end'", "no end"),
        ("printf '  spaces stay  \\n'", "  spaces stay  "),
        ("printf 'gr\\303\\274n \\345\\257\\206\\n'", "grün 密"),
        ("echo out; echo err >&2", "out"),
        ("head -c 60000 /dev/zero | tr '\\0' a", "a" * 60_000),
    ],
)
def test_the_first_line(command: str, line: str) -> None:
    assert first_line(command) == line


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("echo secret; exit 3", "exit status 3"),
        ("printf '\\nsecond'", "exit status 0"),
        ("yes secret", "more than 64 KB of output"),
        ("kill -9 $$", "exit status -9"),
        ("echo \0", "ValueError"),
    ],
)
def test_what_gives_none_says_why_without_what_it_printed(command: str, why: str) -> None:
    with pytest.raises(CommandFailed) as caught:
        first_line(command, WAIT_S)
    assert str(caught.value) == why
    assert "secret" not in repr(caught.value)


def test_one_that_hangs_ends_with_all_it_has_started(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    # Held open by a child of a child; reading ends only when that is gone, too.
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(CommandFailed) as caught:
        first_line(f"exec 3>{fifo}; (sleep 1000 & sleep 1000) & trap '' TERM HUP; wait", 0.5)
    assert str(caught.value) == "no answer in 0.5 s"
    os.set_blocking(reading, True)
    assert os.read(reading, 1) == b""
    os.close(reading)


def test_one_that_leaves_something_running_is_not_waited_for(tmp_path: Path) -> None:
    left = tmp_path / "left"
    assert first_line(f"sleep 1000 & echo $! >{left}; echo mine", WAIT_S) == "mine"
    os.kill(int(left.read_text()), signal.SIGKILL)


def test_it_has_no_terminal() -> None:
    assert first_line("if sh -c ': </dev/tty'; then echo one; else echo none; fi") == "none"
    assert first_line("cat; echo end of file") == "end of file"
