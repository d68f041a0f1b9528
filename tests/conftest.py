"""What every test gets: a home of its own, no screen unless one is given, no keyring, patience.

Tests never see the user's profile, settings or keyring, whoever runs them.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from support.patient_bot import PatientBot

# How long an example takes says what else the machine does. `steady`, for packaging/test, takes the
# same examples each time, so that it speaks of what was changed; all other runs look for new ones.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", settings.get_profile("patient"), derandomize=True)
settings.load_profile("patient")

_home = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Runs before any of our modules is imported, so that none can have read the old values."""
    home = Path(tempfile.mkdtemp(prefix="martlet-test-"))
    config.stash[_home] = home
    for name in ("config", "data", "cache", "state"):
        (home / name).mkdir()
        os.environ[f"XDG_{name.upper()}_HOME"] = str(home / name)
    os.environ["HOME"] = str(home)
    os.environ.pop("MARTLET_PROFILE", None)
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    # packaging/test brings an X server and says xcb; else nothing flickers over the user's screen.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if sys.platform == "linux" and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
    # A shell has what it starts in the background ignore it, and so would all that tests start.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_home], ignore_errors=True)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """In place of pytest-qt's own, which gives up after five seconds."""
    return PatientBot(request)
