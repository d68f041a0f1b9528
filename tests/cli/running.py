"""Runs `python -m martlet` as scripts do, on a profile of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import martlet

SOURCE = str(Path(martlet.__file__).resolve().parent.parent)
TIMEOUT_S = 120


class Ran(NamedTuple):
    status: int
    out: str
    err: str
    raw: bytes

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


class Cli:
    """One profile's command line."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "MARTLET_PROFILE"}
        return {**kept, "PYTHONPATH": SOURCE}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "martlet", "--profile", str(self.profile), *words]

    def __call__(self, *words: str, stdin: bytes = b"") -> Ran:
        done = subprocess.run(
            self.command(*words),
            input=stdin,
            capture_output=True,
            env=self.environment(),
            timeout=TIMEOUT_S,
            check=False,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode(), done.stdout)

    def ok(self, *words: str, stdin: bytes = b"") -> Ran:
        ran = self(*words, stdin=stdin)
        assert (ran.status, ran.err) == (0, ""), ran
        return ran

    def refused(self, *words: str, status: int = 1, stdin: bytes = b"") -> str:
        """What the one line on stderr says."""
        ran = self(*words, stdin=stdin)
        assert ran.status == status, ran
        assert ran.err.startswith("martlet: "), ran.err
        assert ran.err.count("\n") == 1, ran.err
        return ran.err.removeprefix("martlet: ").rstrip("\n")
