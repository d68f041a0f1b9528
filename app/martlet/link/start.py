"""`connect`: finds the engine of a profile, or starts one and waits until it can be asked."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import martlet
from martlet.link.client import Client, greet
from martlet.mail.errors import Offline, StoreError
from martlet.paths import Profile

RUNNING = "The mail engine of this profile runs already."
"""What an engine says, and then ends, that found another one at work."""

_START_S = 45.0
_RETRY_S = 0.02
_SAID = "martlet: "


def connect(
    profile: Profile,
    *,
    start: bool = True,
    lasting: bool = True,
    command: Sequence[str] | None = None,
) -> Client:
    """A client of the profile's engine; `start` one when none runs.

    command: what starts an engine; tests start a small one. lasting: see `messages.Hello`.

    Raises Offline: none runs, or it did not come up (`summary` says why); Refused: it is of
    another version; StoreError: the profile cannot be used.
    """
    try:
        return greet(profile, lasting=lasting)
    except Offline:
        if not start:
            raise
    try:
        profile.create()
        said_before = _log_size(profile)
        process = _spawn(profile, command)
    except OSError as error:
        raise StoreError("The mail engine could not be started.", str(error)) from error
    until = time.monotonic() + _START_S
    while True:
        try:
            return greet(profile, lasting=lasting)
        except Offline:
            status = process.poll()
            if status is not None:
                said = _last_words(profile, said_before)
                if said != RUNNING:
                    raise Offline(
                        said or "The mail engine could not be started.", f"exit status {status}"
                    ) from None
                # Another window or command was quicker: its engine is the one to wait for, and
                # a new one is needed if it was only ending.
                said_before = _log_size(profile)
                process = _spawn(profile, command)
            if time.monotonic() > until:
                raise Offline("The mail engine did not start in time.") from None
            time.sleep(_RETRY_S)


def _spawn(profile: Profile, command: Sequence[str] | None) -> subprocess.Popen[bytes]:
    """An engine of its own session, that outlives this process; what it prints goes to the log."""
    environment = dict(os.environ)
    if getattr(sys, "frozen", False):
        martlet_command = [sys.executable]
    else:
        martlet_command = [sys.executable, "-P", "-m", "martlet"]
        # Found wherever this process found it, and never in the folder it happens to run in.
        package = str(Path(martlet.__file__).resolve().parent.parent)
        others = environment.get("PYTHONPATH", "")
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (package, others)))
    with open(profile.log_file, "ab") as log:
        process = subprocess.Popen(
            command or [*martlet_command, "engine", "--profile", str(profile.root)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            cwd=profile.root,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    # Fetches its exit status whenever it ends, so that no zombie stays.
    threading.Thread(target=process.wait, name="link:child", daemon=True).start()
    return process


def _log_size(profile: Profile) -> int:
    try:
        return profile.log_file.stat().st_size
    except FileNotFoundError:
        return 0


def _last_words(profile: Profile, since: int) -> str:
    """The last `martlet: ...` line printed since then, without the prefix."""
    try:
        with open(profile.log_file, "rb") as log:
            log.seek(since if since <= _log_size(profile) else 0)
            lines = log.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    said = [line for line in lines if line.startswith(_SAID)]
    return said[-1].removeprefix(_SAID) if said else ""
