"""Passwords in a real gnome-keyring, in a D-Bus session of the test's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NEEDED = ("dbus-run-session", "gnome-keyring-daemon")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {MISSING}")

SCRIPT = """
import sys
from pathlib import Path
from martlet.engine.secrets import Secrets
from martlet.mail.account import Account, AccountId
from martlet.mail.errors import AuthFailed

root = Path(sys.argv[1])
account = Account(AccountId(1), "work", "ada@example.org")
Secrets(root).keep(account, "pässword 密码")
fresh = Secrets(root)
print("kept", fresh.password(account) == "pässword 密码")
fresh.forget(account)
try:
    Secrets(root).password(account)
except AuthFailed:
    print("forgotten")
"""


def test_secret_service_keeps_gives_and_forgets(tmp_path: Path) -> None:
    unlock = 'printf "\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null'
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    environment = os.environ | {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
    done = subprocess.run(
        [
            "dbus-run-session",
            "--",
            "sh",
            "-c",
            f'{unlock} && exec "$0" "$1" "$2"',
            sys.executable,
            str(script),
            str(tmp_path / "profile"),
        ],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split("\n")[:2] == ["kept True", "forgotten"], done.stderr
    # Nothing of it is in a file of ours.
    assert not (tmp_path / "profile").exists()
