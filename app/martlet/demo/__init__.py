"""A private mail host on loopback for `martlet --demo`: IMAP, POP3 and SMTP over one mailbox.

`start` runs it as a process of its own and says where it listens. The mail lives in memory, is
made anew for each run and is gone with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import martlet

STOP_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Demo:
    """A running host. imap, pop3, smtp: ports on 127.0.0.1, without TLS."""

    imap: int
    pop3: int
    smtp: int
    user: str
    password: str = field(repr=False)
    address: str
    name: str
    process: subprocess.Popen[str] = field(repr=False)

    def stop(self) -> None:
        """Ends the host; it also ends by itself when the process that started it does."""
        if self.process.stdin is not None and not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def start() -> Demo:
    """Starts the host and waits for its ports. Raises OSError when it does not come up."""
    source = str(Path(martlet.__file__).resolve().parents[1])
    paths = [source, os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    process = subprocess.Popen(
        [sys.executable, "-m", "martlet.demo"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment,
    )
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line:
        process.wait()
        raise OSError("the demo's mail host did not start")
    told = json.loads(line)
    return Demo(process=process, **told)
