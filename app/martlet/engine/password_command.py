"""The command that prints a password, or an access token: its first line, and no more.

It runs in a session of its own: without a terminal to ask on, and so that whatever it has started
ends with it when time is up.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from threading import Thread

TIMEOUT_S = 60.0
OUTPUT_LIMIT = 65_536
_LAST_WORDS_S = 1.0


class CommandFailed(Exception):
    """It gave nothing; the text says why, without anything that it printed."""


def first_line(command: str, timeout_s: float = TIMEOUT_S) -> str:
    """The first line of what the shell command prints, read as UTF-8. Raises CommandFailed."""
    try:
        process = subprocess.Popen(
            command,
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise CommandFailed(type(error).__name__) from None
    reading = _Reading(process)
    reading.start()
    try:
        status = process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        end_all(process)
        reading.join(_LAST_WORDS_S)
        raise CommandFailed(f"no answer in {timeout_s:g} s") from None
    # What it has left in the background may hold the pipe open; nothing more is waited for.
    reading.join(_LAST_WORDS_S)
    if reading.too_much:
        raise CommandFailed(f"more than {OUTPUT_LIMIT >> 10} KB of output")
    first = bytes(reading.heard).split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8", "replace")
    if status != 0 or not first:
        raise CommandFailed(f"exit status {status}")
    return first


def end_all(process: subprocess.Popen[bytes]) -> None:
    """Ends the command with all that it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


class _Reading(Thread):
    """Reads what a command prints, at most OUTPUT_LIMIT bytes; who prints more is ended."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__(name="password-command", daemon=True)
        self._process = process
        self.heard = bytearray()
        self.too_much = False

    def run(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as pipe:
            while data := os.read(pipe.fileno(), OUTPUT_LIMIT):
                self.heard += data
                if len(self.heard) > OUTPUT_LIMIT:
                    self.too_much = True
                    end_all(self._process)
                    return
