"""Sound of attachments: played in a process of its own, or it is said that it cannot be."""

from __future__ import annotations

import functools
import math
import struct
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from martlet.ui.player.process import Player
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Two seconds of a hum."""
    path = tmp_path / "录音.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        waves = (struct.pack("<h", int(9000 * math.sin(n / 4))) for n in range(16000))
        file.writeframes(b"".join(waves))
    return path


class Heard:
    """What a player told."""

    def __init__(self, parent: QObject, command: list[str]) -> None:
        self.missing = self.failed = False
        self.player = Player(parent, self._missing, self._failed, command=command)

    def _missing(self) -> None:
        self.missing = True

    def _failed(self) -> None:
        self.failed = True


@pytest.mark.parametrize(
    ("program", "missing", "failed"),
    [
        ("raise SystemExit(3)", True, False),
        ("import os; os.abort()", False, True),
        ("raise SystemExit(1)", False, True),
        ("raise SystemExit(0)", False, False),
    ],
)
def test_how_a_player_ends_is_told(qtbot: QtBot, program: str, missing: bool, failed: bool) -> None:
    parent = QObject()
    heard = Heard(parent, [sys.executable, "-c", program])
    heard.player.play("a.wav", "a.wav")
    assert heard.player.playing
    qtbot.waitUntil(lambda: not heard.player.playing)
    assert (heard.missing, heard.failed) == (missing, failed)


def test_where_there_is_none_that_is_told(qtbot: QtBot) -> None:
    parent = QObject()
    heard = Heard(parent, ["/nonexistent/player"])
    heard.player.play("a.wav", "a.wav")
    qtbot.waitUntil(lambda: heard.missing)
    assert not heard.player.playing


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_the_real_one_locks_itself_in_and_goes_with_its_window(
    qtbot: QtBot, recording: Path
) -> None:
    if not played():
        pytest.skip("no libpulse")
    parent = QObject()
    heard = Heard(parent, [])
    heard.player.play(str(recording), recording.name)
    status = Path(f"/proc/{heard.player.pid}/status")
    qtbot.waitUntil(lambda: "Seccomp:\t2" in status.read_text())
    parent.deleteLater()
    qtbot.waitUntil(lambda: not status.exists())


# In a process of their own here, too: what Qt loads for this stays in a process to its end.
WATCHED = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
application = QApplication([])
from martlet.ui.player.window import PlayerWindow
window = PlayerWindow("a")
window.show()
def look():
    if window.player.position() > 0:
        print(window.time.text())
        window.button.click()
        print(window.player.isPlaying())
        application.quit()
    elif "damaged" in window.view.words:
        print("damaged")
        application.quit()
timer = QTimer()
timer.timeout.connect(look)
timer.start(10)
window.play(Path(sys.argv[1]))
application.exec()
"""


@functools.cache
def played() -> bool:
    """Whether this computer has what Qt loads for sound."""
    command = [sys.executable, "-c", "import PySide6.QtMultimedia"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def watched(path: Path) -> list[str]:
    if not played():
        pytest.skip("no libpulse")
    command = [sys.executable, "-c", WATCHED, str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return ended.stdout.split("\n")[:-1]


def test_it_plays_and_says_where_it_is(recording: Path) -> None:
    shown, playing = watched(recording)
    assert shown.endswith("/ 0:02")
    assert playing == "False"


def test_a_damaged_recording_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(b"no recording at all")
    assert watched(path) == ["damaged"]
